// A select: one or several of a list, by mouse or by keyboard (arrows, Home, End, letters, Enter, Escape).

import { announce, fill, freshId, h, icon } from "./dom.js";
import { float } from "./popup.js";

/**
 * Make a select. `options` are `{value, label, description}`; `done(values)` is told each choice.
 * `low` and `high` bound how many; a select of one closes at the choice, others with Done.
 */
export function makeSelect({ name, placeholder, options, chosen = [], low = 1, high = 1, disabled = false, done, id, invalid }) {
  const several = high > 1;
  const canClear = low === 0;
  let picked = [...chosen];
  let active = 0;
  let hide = null;
  const listId = freshId("list");
  const shown = h("span.select-shown");
  const button = h("button.select", {
    type: "button", id, disabled, role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false",
    "aria-controls": listId, "aria-label": name, "aria-invalid": invalid, onclick: () => (hide ? close(true) : show()), onkeydown: keys,
  }, shown, icon("down"));
  const list = h("div", { id: listId, role: "listbox", "aria-label": name, "aria-multiselectable": several ? "true" : null });
  const popup = h("div.list", {}, list);
  const wrap = h("div.select-wrap", {}, button, popup);
  popup.hidden = true;

  function label(value) {
    return options.find((option) => option.value === value)?.label ?? value;
  }

  function redraw() {
    fill(shown, picked.length ? picked.map(label).join(", ") : placeholder);
    shown.classList.toggle("is-empty", !picked.length);
    button.setAttribute("aria-label", picked.length ? `${name}: ${picked.map(label).join(", ")}` : name);
  }

  function drawList() {
    fill(list, options.map((option, at) => h("div.option", {
      id: `${listId}-${at}`, role: "option", "aria-selected": String(picked.includes(option.value)),
      onpointerdown: (event) => event.preventDefault(), onclick: () => take(at), onpointermove: () => point(at),
    },
    several && h("span.option-box", {}, icon("check")),
    h("span.option-text", {}, h("span.option-label", {}, option.label), option.description && h("span.option-note", {}, option.description)),
    !several && picked.includes(option.value) && icon("check"))));
    if (several) fill(popup, list, doneBar());
  }

  function doneBar() {
    const enough = picked.length >= low;
    return h("button.list-done", { type: "button", tabindex: "-1", disabled: !enough, onpointerdown: (event) => event.preventDefault(), onclick: () => close(true) },
      enough ? `Done · ${picked.length} chosen` : `Choose ${low}`);
  }

  function point(at) {
    active = Math.max(0, Math.min(at, options.length - 1));
    for (const item of list.querySelectorAll(".option")) item.classList.toggle("is-active", item.id === `${listId}-${active}`);
    button.setAttribute("aria-activedescendant", `${listId}-${active}`);
  }

  function show() {
    if (disabled || !options.length) return;
    popup.hidden = false;
    drawList();
    hide = float(popup, button);
    button.setAttribute("aria-expanded", "true");
    point(Math.max(0, options.findIndex((option) => picked.includes(option.value))));
    list.querySelector(".is-active")?.scrollIntoView({ block: "nearest" });
    document.addEventListener("pointerdown", outside);
  }

  function close(keep) {
    document.removeEventListener("pointerdown", outside);
    hide?.();
    hide = null;
    popup.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.removeAttribute("aria-activedescendant");
    if (several && keep && picked.length >= low && picked.join() !== chosen.join()) done((chosen = [...picked]));
    else if (several) picked = [...chosen];
    redraw();
  }

  function outside(event) {
    if (!wrap.contains(event.target)) close(true);
  }

  function take(at) {
    const value = options[at].value;
    if (several) {
      if (picked.includes(value)) picked = picked.filter((one) => one !== value);
      else if (picked.length < high) picked.push(value);
      else announce(`At most ${high}`);
      drawList();
      point(at);
      return;
    }
    picked = canClear && picked[0] === value ? [] : [value];
    close(true);
    button.focus();
    done([...picked]);
  }

  function keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -options.length, End: options.length, PageDown: 8, PageUp: -8 }[event.key];
    if (!hide) {
      if (step === undefined && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      show();
    } else if (step !== undefined) {
      event.preventDefault();
      point(active + step);
      list.querySelector(".is-active")?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close(false);
    } else if (event.key === "Tab") close(true);
    else if (event.key === " " || (event.key === "Enter" && !several)) {
      event.preventDefault();
      take(active);
    } else if (event.key === "Enter") {
      event.preventDefault();
      close(true);
    } else if (event.key.length === 1) jump(event.key);
  }

  function jump(letter) {
    const order = [...options.keys()].map((at) => (at + active + 1) % options.length);
    const found = order.find((at) => options[at].label.toLowerCase().startsWith(letter.toLowerCase()));
    if (found !== undefined) point(found);
    list.querySelector(".is-active")?.scrollIntoView({ block: "nearest" });
  }

  redraw();
  return wrap;
}
