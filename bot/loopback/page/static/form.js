// Draws the forms (modals) that the bot opens, and hands them in.

import { chosenOf, optionsOf } from "./choices.js";
import { fill, freshId, h } from "./dom.js";
import { prose } from "./prose.js";
import { makeSelect } from "./select.js";
import { note, perform } from "./store.js";

/** Open a form; `number` is what the server calls it, `channel` where it was opened. */
export function openForm(modal, number, channel) {
  const values = {};
  const trouble = h("p.trouble", { role: "alert" });
  const titleId = freshId("form");
  const submit = h("button.button.is-primary", { type: "submit" }, "Submit");
  const dialog = h("dialog.form", { "aria-labelledby": titleId },
    h("form", { novalidate: true, onsubmit: send },
      h("h2", { id: titleId }, modal.title), trouble,
      h("div.form-fields", {}, modal.components.map((row) => drawRow(row, values, channel))),
      h("div.form-foot", {}, h("button.button.is-secondary", { type: "button", onclick: () => dialog.close() }, "Cancel"), submit)));

  async function send(event) {
    event.preventDefault();
    submit.classList.add("is-busy");
    const told = await perform("submit", { form: number, values }, channel);
    submit.classList.remove("is-busy");
    if (told.error && told.latency_ms === undefined) {
      fill(trouble, told.error);
      return;
    }
    dialog.close();
    if (told.error) note(told.error, channel);
    if (told.modal) openForm(told.modal, told.form, channel);
  }

  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function drawRow(row, values, channel) {
  if (row.type === 10) return prose(row.content);
  if (row.type === 1) return row.components.map((part) => field(part.label, null, part, values, channel));
  return field(row.label, row.description, row.component, values, channel);
}

function field(label, description, part, values, channel) {
  const id = freshId("field");
  const needed = part.required !== false && part.type !== 23;
  const named = [label, needed && h("span.needed", { "aria-hidden": "true" }, " *")];
  const hint = description && h("p.hint", { id: `${id}-hint` }, description);
  const context = { id, label, part, values, channel, needed, hint: hint ? `${id}-hint` : null };
  if (part.type === 21 || part.type === 22) {
    return h("fieldset.field", { "aria-describedby": context.hint }, h("legend", {}, named), hint, group(context));
  }
  return h("div.field", {}, h("label", { for: id }, named), hint, control(context));
}

function control(context) {
  const { part, id, values } = context;
  if (part.type === 4) return textInput(context);
  if (part.type === 23) {
    values[part.custom_id] = Boolean(part.default);
    return h("input", { type: "checkbox", id, checked: part.default, onchange: (event) => { values[part.custom_id] = event.target.checked; } });
  }
  if (part.type === 19) return h("p.hint", { id }, "Files can’t be handed in here.");
  return select(context);
}

function textInput({ part, id, values, needed, hint }) {
  values[part.custom_id] = part.value ?? "";
  const count = h("span.count", { "aria-hidden": "true" });
  const tell = (text) => fill(count, part.max_length ? `${text.length} / ${part.max_length}` : "");
  const props = {
    id, placeholder: part.placeholder, maxlength: part.max_length, minlength: part.min_length, required: needed,
    "aria-describedby": hint, value: part.value ?? "", autocomplete: "off",
    oninput: (event) => { values[part.custom_id] = event.target.value; tell(event.target.value); },
  };
  tell(part.value ?? "");
  return h("div.text-input", {}, part.style === 2 ? h("textarea", { rows: "4", ...props }) : h("input", { type: "text", ...props }), count);
}

function select({ part, id, label, values, channel }) {
  values[part.custom_id] = chosenOf(part);
  return makeSelect({
    id, name: label, placeholder: part.placeholder || "Make a selection", options: optionsOf(part, channel), chosen: chosenOf(part),
    low: part.required === false ? 0 : part.min_values ?? 1, high: part.max_values ?? 1,
    done: (chosen) => { values[part.custom_id] = chosen; },
  });
}

function group({ part, id, values }) {
  const one = part.type === 21;
  const chosen = new Set(chosenOf(part));
  const keep = () => { values[part.custom_id] = one ? [...chosen][0] ?? null : [...chosen]; };
  const change = (event) => {
    if (one) chosen.clear();
    if (event.target.checked) chosen.add(event.target.value);
    else chosen.delete(event.target.value);
    keep();
  };
  keep();
  return h("div.group", {}, part.options.map((option, at) => h("label.group-item", { for: `${id}-${at}` },
    h("input", { type: one ? "radio" : "checkbox", name: id, id: `${id}-${at}`, value: option.value, checked: option.default, onchange: change }),
    h("span", {}, option.label, option.description && h("span.option-note", {}, option.description)))));
}
