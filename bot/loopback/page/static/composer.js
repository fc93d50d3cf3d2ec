// Where the speaker writes: words, or `/` and a command with its options.

import { announce, fill, h, icon } from "./dom.js";
import { givenBehind, loadCommands, matching } from "./commands.js";
import { drawCommand } from "./command.js";
import { openForm } from "./form.js";
import { channel, isDirect, nameOf, note, on, open, perform, person, state, writes } from "./store.js";

let box;
let commands = [];
let found = [];
let active = 0;
let drawn = "";

/** Begin to offer the composer. */
export function startComposer() {
  box = document.getElementById("composer");
  on("channel", drawLine);
  on("places", () => drawn !== standing() && drawLine());
  on("command", pickByName);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, dialog, [role=listbox], [role=combobox]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    openPicker();
  });
}

/** Who may do what where; what was typed stays as long as this does. */
const standing = () => `${state.person} ${state.channel} ${nameOf(channel())} ${channel() && writes(channel())}`;

function drawLine() {
  const place = channel();
  drawn = standing();
  if (!place) return fill(box);
  if (!writes(place)) return drawReadOnly(place);
  const name = isDirect(place) ? `@${nameOf(place)}` : nameOf(place);
  const input = h("input.line", {
    type: "text", id: "line", role: "combobox", "aria-expanded": "false", "aria-controls": "picker", "aria-autocomplete": "list",
    "aria-label": `Message ${name}, or type / for commands`, placeholder: `Message ${name} or type /`, autocomplete: "off",
    spellcheck: "false", oninput: typed, onkeydown: keys, onblur: () => setTimeout(hidePicker, 120),
  });
  const slash = h("button.icon-button", { type: "button", "aria-label": "Commands", title: "Commands", onpointerdown: (event) => event.preventDefault(), onclick: openPicker }, icon("slash"));
  fill(box, h("div.picker", { id: "picker", role: "listbox", "aria-label": "Commands", hidden: true }),
    h("form.composer-line", { onsubmit: say }, slash, input, h("button.icon-button.is-send", { type: "submit", "aria-label": "Send" }, icon("send"))));
}

function drawReadOnly(place) {
  const other = state.places.channels.find((one) => one.guild === place.guild && one.guild && writes(one) && !one.parent);
  fill(box, h("p.composer-closed", {}, icon("lock"), h("span", {}, `${person().label} can read ${nameOf(place)} but not write here. `,
    other && h("button.plain-link", { type: "button", onclick: () => open(other.id) }, `Write in ${nameOf(other)}`))));
}

async function say(event) {
  event.preventDefault();
  const input = box.querySelector(".line");
  const text = input.value.trim();
  if (!text) return;
  if (text.startsWith("/")) {
    await typed(); // quicker than the commands came
    if (found.length) pick(found[0]);
    return;
  }
  input.value = "";
  const told = await perform("say", { text });
  if (told.error) note(told.error);
}

// The picker

async function openPicker() {
  const input = box.querySelector(".line");
  if (!input) return;
  input.focus();
  if (!input.value.startsWith("/")) input.value = "/";
  await typed();
}

async function typed() {
  const input = box.querySelector(".line");
  if (!input.value.startsWith("/")) return hidePicker();
  if (!box.querySelector("#picker").childElementCount || input.value === "/") commands = await loadCommands();
  found = matching(commands, input.value);
  active = 0;
  drawPicker(input);
}

function drawPicker(input) {
  const picker = box.querySelector("#picker");
  if (!picker) return;
  fill(picker, found.map((command, at) => h("div.option", { id: `pick-${at}`, role: "option", "aria-selected": String(at === active), onpointerdown: (event) => event.preventDefault(), onclick: () => pick(command), onpointermove: () => point(at) },
    h("img.option-mark", { src: "mark.svg", alt: "", width: "24", height: "24" }),
    h("span.option-text", {},
      h("span.option-label", {}, h("strong", {}, `/${command.words}`), command.options.map((option) => h("span.option-chip", {}, option.shown, option.required && " *"))),
      h("span.option-note", {}, command.description)),
    command.needs && h("span.needs", {}, icon("lock"), command.needs))));
  if (!found.length) fill(picker, h("p.hint.picker-none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, "No command here begins like that."));
  picker.hidden = false;
  input.setAttribute("aria-expanded", "true");
  point(0);
}

function point(at) {
  active = Math.max(0, Math.min(at, found.length - 1));
  box.querySelectorAll("#picker .option").forEach((item, index) => {
    item.classList.toggle("is-active", index === active);
    item.setAttribute("aria-selected", String(index === active));
    if (index === active) item.scrollIntoView({ block: "nearest" });
  });
  box.querySelector(".line")?.setAttribute("aria-activedescendant", `pick-${active}`);
}

function hidePicker() {
  const picker = box.querySelector("#picker");
  if (!picker) return;
  picker.hidden = true;
  box.querySelector(".line").setAttribute("aria-expanded", "false");
  box.querySelector(".line").removeAttribute("aria-activedescendant");
}

function keys(event) {
  if (box.querySelector("#picker").hidden) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    point((active + step + found.length) % found.length);
  } else if (event.key === "Escape") {
    event.preventDefault();
    box.querySelector(".line").value = "";
    hidePicker();
  } else if ((event.key === "Enter" || event.key === "Tab") && found[active]) {
    event.preventDefault();
    pick(found[active]);
  }
}

async function pickByName(words) {
  commands = await loadCommands();
  const command = commands.find((one) => one.words === words);
  if (!command || !writes(channel())) return note(command ? `${person().label} can’t write in ${nameOf(channel())}, so commands don’t start there.` : `${person().label} has no command /${words} here.`);
  pick(command);
}

function pick(command) {
  const given = givenBehind(command, box.querySelector(".line")?.value ?? "");
  if (!command.options.length) {
    drawLine();
    box.querySelector(".line").focus();
    return run(command, {});
  }
  const form = drawCommand(command, { send: (options) => close() || run(command, options), close, given });
  fill(box, form);
  form.querySelector("input, .select, button[type=submit]").focus();
  return announce(`/${command.words}: ${command.options.length} options`);
}

function close() {
  drawLine();
  box.querySelector(".line")?.focus();
}

async function run(command, options) {
  const place = state.channel;
  box.classList.add("is-busy");
  const told = await perform("invoke", { command: command.words, options }, place);
  box.classList.remove("is-busy");
  if (told.error) note(`/${command.words}: ${told.error}`, place);
  if (told.modal) openForm(told.modal, told.form, place);
}
