// What the page knows: the world as the server tells it, who speaks, where, and what was dismissed.

import { act } from "./wire.js";

const listeners = new Map();

export const state = {
  places: { bot: { id: "0", name: "" }, guilds: [], roles: [], people: [], channels: [] },
  messages: new Map(),
  notes: [],
  clock: { now: Date.now(), heard: performance.now(), leaping: false },
  person: null,
  channel: null,
  inspected: null,
  unread: new Set(),
  dismissed: new Set(),
};

/** Call `listener` when a topic changes: places, messages, message, gone, channel, person, clock, inspected, notes. */
export function on(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

/** Tell that a topic changed. */
export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export const person = () => state.places.people.find((one) => one.id === state.person);
export const channel = () => channelOf(state.channel);
export const channelOf = (id) => state.places.channels.find((one) => one.id === id);
export const roleOf = (id) => state.places.roles.find((one) => one.id === id);
export const personOf = (id) => state.places.people.find((one) => one.id === id);
export const sees = (place) => place.sees.includes(state.person);
export const writes = (place) => place.writes.includes(state.person);
export const isDirect = (place) => place.kind === 1;

/** The channels of a server that the speaker sees, in the server's order, threads under their parents. */
export function channelsOf(guild) {
  const mine = state.places.channels.filter((one) => one.guild === guild.id && sees(one));
  const threads = (parent) => mine.filter((one) => one.parent === parent.id);
  return mine.filter((one) => !one.parent).flatMap((one) => [one, ...threads(one)]);
}

/** What a place is called. */
export function nameOf(place) {
  if (!place) return "";
  return isDirect(place) ? state.places.bot.name : `#${place.name}`;
}

/** The messages the speaker sees in the open channel, oldest first. */
export function shown() {
  return [...state.messages.values()].filter(isShown).sort((a, b) => Number(BigInt(a.message.id) - BigInt(b.message.id)));
}

/** Whether a message belongs into the open channel for the speaker. */
export function isShown(view) {
  const mine = view.only_for === null || view.only_for === state.person;
  return view.channel === state.channel && mine && !state.dismissed.has(view.message.id);
}

/** The simulated time now, in milliseconds. */
export const now = () => state.clock.now + (state.clock.leaping ? 0 : performance.now() - state.clock.heard);

/** Open a channel. */
export function open(id) {
  state.channel = id;
  state.unread.delete(id);
  tell("channel");
}

const HERE = /^https:\/\/discord\.com\/channels\/(?:\d+|@me)\/(\d+)(?:\/(\d+))?$/;

/** Give what follows an address into this simulated Discord: open its channel, go to its message; null for others. */
export function jumpTo(address) {
  const [, place, message] = HERE.exec(address) ?? [];
  const target = place && channelOf(place);
  if (!target || !sees(target)) return null;
  return () => {
    open(place);
    document.getElementById(`message-${message}`)?.focus();
  };
}

/** Speak as somebody; a channel that person does not see is left. */
export function speakAs(id) {
  const before = channel();
  state.person = id;
  if (before && isDirect(before)) state.channel = person().dm;
  else if (!before || !sees(before)) state.channel = state.places.channels.find((one) => one.guild && sees(one))?.id;
  tell("person");
  tell("channel");
}

/** Look closer at a message; null closes the inspector. */
export function inspect(id) {
  state.inspected = id;
  tell("inspected", id);
}

/** Leave a note in the open channel that only the page shows: an action that failed. */
export function note(text, place = state.channel) {
  state.notes.push({ id: `${performance.now()}`, text, channel: place });
  tell("notes");
}

/** Do something as the speaker in a channel; gives what the server told. */
export const perform = (name, body, place = state.channel) => act(name, { as: state.person, channel: place, ...body });
