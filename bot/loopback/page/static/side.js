// The left column: the server's channels, the direct messages, whom one speaks as.

import { drawClock } from "./clock.js";
import { fill, h, icon } from "./dom.js";
import { avatar } from "./message.js";
import { channel, channelsOf, isDirect, nameOf, on, open, person, speakAs, state, writes } from "./store.js";

const ICONS = { 0: "hash", 1: "letter", 5: "horn", 10: "thread", 11: "thread", 15: "thread" };
const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" });

/** Begin to show the column and the head of the channel. */
export function startSide() {
  const side = document.getElementById("side");
  const clock = drawClock();
  const places = h("div.places");
  const people = h("fieldset.people");
  fill(side, places, people, clock);
  const redraw = () => {
    drawPlaces(places);
    drawPeople(people);
    drawHead();
  };
  for (const topic of ["places", "channel", "person", "unread"]) on(topic, redraw);
}

function drawPlaces(places) {
  const held = places.contains(document.activeElement) ? document.activeElement.dataset.place : null;
  fill(places, state.places.guilds.map((guild) => group(guild.name, channelsOf(guild))), person() && group("Direct messages", directs()));
  if (held) places.querySelector(`[data-place="${held}"]`)?.focus();
}

const directs = () => state.places.channels.filter((one) => isDirect(one) && one.recipient === state.person);

function group(title, places) {
  return h("section.place-group", {}, h("h2.side-title", {}, title), h("ul", {}, places.map(place)));
}

function place(one) {
  const isOpen = one.id === state.channel;
  const unread = state.unread.has(one.id);
  return h("li", {}, h(`button.place${one.parent ? ".is-thread" : ""}`, { type: "button", "data-place": one.id, "aria-current": isOpen ? "page" : null, onclick: () => { open(one.id); closeSide(); } },
    icon(ICONS[one.kind] ?? "hash"), h("span.place-name", {}, isDirect(one) ? nameOf(one) : one.name),
    !writes(one) && h("span.place-lock", { title: "Read-only" }, icon("lock"), h("span.unseen", {}, " read-only")),
    unread && h("span.place-new", {}, "New")));
}

function drawPeople(people) {
  const held = people.contains(document.activeElement) ? state.person : null;
  fill(people, h("legend.side-title", {}, "Speak as"), state.places.people.map((one) => {
    const radio = h("input", { type: "radio", name: "speak-as", value: one.id, checked: one.id === state.person, onchange: () => speakAs(one.id) });
    if (one.id === held) queueMicrotask(() => radio.focus());
    return h("label.person", {}, radio, avatar(one.label, false), h("span.person-text", {}, h("strong", {}, one.label), h("span", {}, describe(one))));
  }));
}

function describe(one) {
  const parts = [one.roles[0] ? `Role ${one.roles[0]}` : "No role"];
  if (!one.locale.startsWith("en")) parts.push(`reads ${LANGUAGES.of(one.locale)}`);
  return parts.join(", ");
}

function drawHead() {
  const head = document.getElementById("channel-head");
  const one = channel();
  if (!one) return fill(head);
  const kind = { 1: "Direct messages", 5: "Announcement channel", 10: "Thread", 11: "Thread", 15: "Forum" }[one.kind] ?? "Text channel";
  document.title = `${nameOf(one)} · Dateline try mode`;
  return fill(head, icon(ICONS[one.kind] ?? "hash"), h("h1", {}, isDirect(one) ? nameOf(one) : one.name),
    h("p.channel-note", {}, one.topic || `${kind}${writes(one) ? "" : ", read-only for you"}`));
}

/** Open the column on a narrow screen. */
export function openSide() {
  document.getElementById("side").classList.add("is-open");
  document.getElementById("scrim").hidden = false;
  document.getElementById("open-side").setAttribute("aria-expanded", "true");
  document.querySelector("#side .place[aria-current]")?.focus();
}

/** Close it again. */
export function closeSide() {
  const side = document.getElementById("side");
  if (!side.classList.contains("is-open")) return;
  side.classList.remove("is-open");
  document.getElementById("scrim").hidden = true;
  const button = document.getElementById("open-side");
  button.setAttribute("aria-expanded", "false");
  button.focus();
}
