// A command with its options as fields: typed, suggested while typing, or picked from a list.

import { listOf } from "./choices.js";
import { announce, fill, freshId, h, icon } from "./dom.js";
import { float } from "./popup.js";
import { makeSelect } from "./select.js";
import { perform, state } from "./store.js";

const PAUSE_MS = 90;
const NUMBERS = { 4: "numeric", 10: "decimal" };

/** Draw the form of a command; `send(options)` and `close()` are what the speaker can do with it, `given` was typed already. */
export function drawCommand(command, { send, close, given = {} }) {
  const values = {};
  const trouble = h("p.trouble", { role: "alert" });
  const fields = command.options.map((option) => drawOption(command, option, values, given[option.name] ?? ""));
  const form = h("form.command", { "aria-label": `/${command.words}`, novalidate: true, onsubmit: submit, onkeydown: (event) => event.key === "Escape" && close() },
    h("div.command-head", {}, h("strong", {}, `/${command.words}`), h("span.option-note", {}, command.description),
      h("button.icon-button", { type: "button", "aria-label": "Close the command", onclick: close }, icon("close"))),
    h("div.command-fields", {}, fields), trouble,
    h("div.command-foot", {}, h("span.hint", {}, "Enter sends, Esc closes"), h("button.button.is-primary", { type: "submit" }, "Send")));

  function submit(event) {
    event.preventDefault();
    const missing = command.options.find((option) => option.required && !(option.name in values));
    if (missing) fill(trouble, `“${missing.shown}” is required.`);
    else send(values);
  }

  return form;
}

function drawOption(command, option, values, given) {
  const id = freshId("option");
  const keep = (value) => {
    if (value === "" || value === undefined) delete values[option.name];
    else values[option.name] = value;
  };
  const list = listOf(option, state.channel);
  const shared = { id, "aria-describedby": `${id}-hint`, value: given };
  if (!list && option.type !== 11) keep(given);
  return h("div.field", {},
    h("label", { for: id }, option.shown, option.required && h("span.needed", { "aria-hidden": "true" }, " *")),
    list ? picked(option, list, keep, id, given) : option.autocomplete ? suggested(command, option, values, keep, shared) : typed(option, keep, shared),
    h("p.hint", { id: `${id}-hint` }, option.description));
}

function picked(option, list, keep, id, given) {
  const wanted = given.toLowerCase();
  const meant = list.find((one) => wanted && [one.value, one.label, one.label.replace(/^[#@]/, "")].some((name) => name.toLowerCase() === wanted));
  keep(meant?.value);
  return makeSelect({ id, chosen: meant ? [meant.value] : [], name: option.shown, placeholder: option.required ? "Choose" : "Not set", options: list, low: option.required ? 1 : 0, done: ([value]) => keep(value) });
}

function typed(option, keep, shared) {
  if (option.type === 11) return h("p.hint", { id: shared.id }, "Files can’t be sent here.");
  const bounds = [option.min_value, option.max_value].filter((one) => one !== undefined && one !== null);
  return h("input.text", {
    ...shared, type: "text", inputmode: NUMBERS[option.type], autocomplete: "off", maxlength: option.max_length,
    placeholder: bounds.length === 2 ? bounds.join(" to ") : null, oninput: (event) => keep(event.target.value.trim()),
  });
}

function suggested(command, option, values, keep, shared) {
  let choices = [];
  let active = -1;
  let hide = null;
  let timer;
  let asked = 0;
  const listId = freshId("suggestions");
  const list = h("div", { role: "listbox", id: listId, "aria-label": "Suggestions" });
  const popup = h("div.list", {}, list);
  popup.hidden = true;
  const input = h("input.text", {
    ...shared, type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list", autocomplete: "off",
    oninput: () => { keep(input.value.trim()); later(); }, onfocus: later, onkeydown: keys, onblur: close,
  });

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  }

  async function ask() {
    const mine = (asked += 1);
    const others = Object.fromEntries(Object.entries(values).filter(([name]) => name !== option.name));
    const told = await perform("suggest", { command: command.words, option: option.name, typed: input.value, options: others });
    if (mine !== asked || document.activeElement !== input) return;
    choices = told.choices ?? [];
    active = -1;
    draw(told.error);
  }

  function draw(error) {
    fill(list, choices.map((choice, at) => h("div.option", { id: `${listId}-${at}`, role: "option", "aria-selected": "false", onpointerdown: (event) => event.preventDefault(), onclick: () => take(at), onpointermove: () => point(at) },
      h("span.option-label", {}, choice.name))));
    if (!choices.length) fill(list, h("p.hint.picker-none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, error || "No suggestions for that."));
    popup.hidden = false;
    hide?.();
    hide = float(popup, input);
    input.setAttribute("aria-expanded", "true");
  }

  function point(at) {
    active = at;
    list.querySelectorAll(".option").forEach((item, index) => {
      item.classList.toggle("is-active", index === at);
      item.setAttribute("aria-selected", String(index === at));
      if (index === at) item.scrollIntoView({ block: "nearest" });
    });
    input.setAttribute("aria-activedescendant", `${listId}-${at}`);
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    hide?.();
    hide = null;
    popup.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function take(at) {
    const choice = choices[at];
    close();
    input.value = choice.name;
    keep(choice.value);
    announce(`${option.shown}: ${choice.name}`);
  }

  function keys(event) {
    if (!hide) return event.key === "ArrowDown" && later();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && choices.length) {
      event.preventDefault();
      point((active + step + choices.length) % choices.length);
    } else if ((event.key === "Enter" || event.key === "Tab") && active >= 0) {
      if (event.key === "Enter") event.preventDefault();
      take(active);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    return undefined;
  }

  return h("div.select-wrap", {}, input, popup);
}
