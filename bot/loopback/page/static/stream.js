// The list of messages of the open channel: one element per message, redrawn when it changes.

import { announce, fill, h, icon } from "./dom.js";
import { drawMessage, wordsOf } from "./message.js";
import { refreshTimes } from "./prose.js";
import { channel, isDirect, isShown, nameOf, now, on, person, shown, state, tell, writes } from "./store.js";

const NEAR = 160;
const GUIDE = "This is the real bot on a stand-in for Discord; nothing leaves this machine. Press a button, type / for the commands, or move the clock to tomorrow 08:00.";
let stream;

/** Begin to show messages. */
export function startStream() {
  stream = document.getElementById("stream");
  stream.addEventListener("keydown", rove);
  on("channel", redraw);
  on("messages", redraw);
  on("message", change);
  on("gone", remove);
  on("notes", () => withScroll(drawNotes, true));
  on("clock", () => refreshTimes(stream));
  on("inspected", markInspected);
  setInterval(() => refreshTimes(stream), 5000);
}

function redraw() {
  const items = shown().map(item);
  fill(stream, beginning(items.length), items);
  drawNotes();
  if (items.length === 1) stream.scrollTop = 0;
  else toEnd();
}

const item = (view) => h("li", { "data-item": view.message.id }, drawMessage(view));

/** What stands above the first message: where one is, and what there is to try. */
function beginning(count) {
  const place = channel();
  if (!place) return null;
  const title = isDirect(place) ? `Direct messages with ${nameOf(place)}` : nameOf(place);
  return h("li.beginning", {}, h("p.beginning-title", {}, title), h("p", {}, count ? place.id === state.opening && GUIDE : `Nothing here yet. ${writes(place) ? "Type / below to see what there is." : "Only the bot and the admins write here."}`));
}

function change({ view, isNew }) {
  if (!isShown(view)) return;
  withScroll(() => {
    if (!stream.querySelector("[data-item]")) stream.querySelector(".beginning").replaceWith(beginning(1));
    const old = stream.querySelector(`[data-item="${view.message.id}"]`);
    const made = item(view);
    if (old) replace(old, made);
    else insert(made, view.message.id);
  }, isNew);
  if (!view.loading && view.message.author.id === state.places.bot.id) announce(`${state.places.bot.name}: ${wordsOf(view.message).slice(0, 160)}`);
}

function insert(made, id) {
  const later = [...stream.children].find((child) => child.dataset.note || (child.dataset.item && BigInt(child.dataset.item) > BigInt(id)));
  stream.insertBefore(made, later ?? null);
  made.firstChild.classList.add("is-new");
}

function replace(old, made) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const control = held?.dataset.control;
  old.replaceWith(made);
  made.firstChild.classList.add("is-changed");
  if (!held) return;
  const same = control && made.querySelector(`[data-control="${CSS.escape(control)}"]:not(:disabled)`);
  (same || made.firstChild).focus({ preventScroll: true });
}

function remove(id) {
  const gone = stream.querySelector(`[data-item="${id}"]`);
  if (!gone) return;
  const next = gone.previousElementSibling?.firstChild ?? stream;
  const held = gone.contains(document.activeElement);
  gone.remove();
  if (held) next.focus?.();
  if (!stream.querySelector("[data-item]")) stream.querySelector(".beginning").replaceWith(beginning(0));
}

function drawNotes() {
  stream.querySelectorAll("[data-note]").forEach((old) => old.remove());
  for (const note of state.notes.filter((one) => one.channel === state.channel)) {
    const dismiss = () => {
      state.notes = state.notes.filter((one) => one !== note);
      tell("notes");
    };
    stream.append(h("li.note", { "data-note": note.id, role: "alert" }, icon("eye"), h("span", {}, note.text), h("button.plain-link", { type: "button", onclick: dismiss }, "Dismiss")));
  }
}

function withScroll(work, follow) {
  const atEnd = stream.scrollHeight - stream.scrollTop - stream.clientHeight < NEAR;
  work();
  if (atEnd || follow) toEnd();
}

/** Show the newest message: its end, or its beginning when it is taller than the room. */
function toEnd() {
  const last = stream.lastElementChild;
  const tall = last && last.offsetHeight > stream.clientHeight - 24;
  stream.scrollTop = tall ? last.offsetTop - 12 : stream.scrollHeight; // it is placed within the stream
}

function markInspected() {
  for (const button of stream.querySelectorAll(".tool")) {
    const id = button.closest(".message").dataset.message;
    button.setAttribute("aria-pressed", String(id === state.inspected));
    button.closest(".message").classList.toggle("is-inspected", id === state.inspected);
  }
}

function rove(event) {
  const here = document.activeElement;
  if (here !== stream && !here.classList.contains("message")) return;
  const all = [...stream.querySelectorAll(".message")];
  const at = all.indexOf(here);
  const next = { ArrowUp: at < 0 ? all.length - 1 : at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[Math.max(0, Math.min(next, all.length - 1))]?.focus();
}
