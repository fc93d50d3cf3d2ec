// The simulated clock: shown in the masthead, moved ahead from the column.

import { announce, h, icon } from "./dom.js";
import { now, on, person, state } from "./store.js";
import { secondsUntil, write } from "./times.js";
import { moveClock } from "./wire.js";

const LEAPS = [
  ["Tomorrow 08:00", () => secondsUntil(now(), 1, 8), "is-wide"],
  ["+15 min", () => 900],
  ["+1 hour", () => 3600],
  ["+1 day", () => 86400],
  ["+1 week", () => 604800],
];

/** Draw the clock's card. */
export function drawClock() {
  const time = h("time.clock-time");
  const day = h("span.clock-day");
  const buttons = LEAPS.map(([label, seconds, kind]) => h(`button.leap${kind ? `.${kind}` : ""}`, { type: "button", onclick: () => leap(label, seconds()) }, label));
  const card = h("section.clock", { "aria-label": "Clock" }, h("h2.side-title", {}, "Move the clock"),
    h("p.clock-face", {}, icon("clock"), time, day), h("div.leaps", {}, buttons));
  const show = () => {
    const at = now();
    time.textContent = write(at, "t", person()?.locale, at);
    day.textContent = new Intl.DateTimeFormat(person()?.locale, { weekday: "short", day: "numeric", month: "short" }).format(at);
    card.classList.toggle("is-leaping", state.clock.leaping);
    buttons.forEach((button) => button.toggleAttribute("aria-disabled", state.clock.leaping));
    showEdition(at);
  };
  on("clock", show);
  on("person", show);
  setInterval(show, 1000);
  return card;
}

async function leap(label, seconds) {
  if (state.clock.leaping) return;
  const told = await moveClock(seconds);
  announce(told.error ?? `The clock moved: ${label}.`);
}

function showEdition(at) {
  const locale = person()?.locale;
  document.getElementById("edition-day").textContent = new Intl.DateTimeFormat(locale, { dateStyle: "full" }).format(at);
  document.getElementById("edition-time").textContent = write(at, "t", locale, at);
  document.querySelector(".edition").classList.toggle("is-leaping", state.clock.leaping);
}
