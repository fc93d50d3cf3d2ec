// Starts the page: listens to the event stream and keeps what is known up to date.

import { startComposer } from "./composer.js";
import { fill, icon } from "./dom.js";
import { startInspector } from "./inspector.js";
import { showScene } from "./scene.js";
import { closeSide, openSide, startSide } from "./side.js";
import { channel, channelOf, isDirect, isShown, sees, speakAs, state, tell } from "./store.js";
import { startStream } from "./stream.js";
import { startSwitch } from "./switch.js";
import { listen } from "./wire.js";

const asked = new URLSearchParams(location.search);
const HEARD = { state: begin, message: keep, gone: drop, places: learn, clock: tick };

function begin(event) {
  state.messages = new Map(event.messages.map((view) => [view.message.id, view]));
  state.places = event.places;
  tick(event.clock);
  if (!state.places.people.some((one) => one.id === state.person)) enter(event.opening);
  else tell("channel");
  tell("places");
  tell("messages");
  document.documentElement.dataset.ready = "yes";
  if (asked.has("view") && !document.documentElement.dataset.view) showScene(asked);
}

function enter(opening) {
  const { people, channels } = state.places;
  const who = asked.get("as") ?? opening.person;
  const where = asked.get("channel") ?? opening.channel;
  const speaker = people.find((one) => one.id === who || one.name === who) ?? people[0];
  state.person = speaker.id;
  state.opening = channels.find((one) => one.guild && one.name === opening.channel)?.id;
  const place = where === "dm" ? speaker.dm : channels.find((one) => one.id === where || (one.guild && one.name === where))?.id;
  state.channel = place ?? channels.find((one) => one.guild && sees(one))?.id;
  speakAs(speaker.id);
}

function keep({ message: view }) {
  const before = state.messages.get(view.message.id);
  state.messages.set(view.message.id, view);
  const place = channelOf(view.channel);
  const mine = place && sees(place) && (view.only_for === null || view.only_for === state.person);
  if (!isShown(view) && mine && !before && view.channel !== state.channel && !(isDirect(place) && place.recipient !== state.person)) {
    state.unread.add(view.channel);
    tell("unread");
  }
  tell("message", { view, isNew: !before });
}

function drop({ id }) {
  state.messages.delete(id);
  tell("gone", id);
}

function learn({ places }) {
  state.places = places;
  if (!channel() || !sees(channel())) speakAs(state.person);
  else tell("places");
}

function tick(clock) {
  state.clock = { now: clock.now, heard: performance.now(), leaping: clock.leaping };
  tell("clock");
}

function start() {
  fill(document.getElementById("open-side"), icon("menu"));
  document.getElementById("open-side").setAttribute("aria-label", "Places, people and clock");
  document.getElementById("open-side").addEventListener("click", openSide);
  document.getElementById("scrim").addEventListener("click", closeSide);
  document.getElementById("side").addEventListener("keydown", (event) => event.key === "Escape" && closeSide());
  startSwitch();
  startSide();
  startStream();
  startComposer();
  startInspector();
  listen((event) => HEARD[event.kind](event), (isLost) => document.documentElement.toggleAttribute("data-lost", isLost));
}

start();
