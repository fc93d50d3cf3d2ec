// What selects of channels, roles and people offer in a server.

import { channelOf, nameOf, sees, state } from "./store.js";

const CHANNEL_KINDS = { 0: "Text channel", 5: "Announcement channel", 10: "Thread", 11: "Thread", 15: "Forum" };

function channels(guild, kinds) {
  const fits = (one) => one.guild === guild && sees(one) && (!kinds?.length || kinds.includes(one.kind));
  return state.places.channels.filter(fits).map((one) => ({ value: one.id, label: nameOf(one), description: CHANNEL_KINDS[one.kind] }));
}

function roles(guild) {
  const fits = (role) => role.guild === guild && role.id !== guild;
  return state.places.roles.filter(fits).map((role) => ({ value: role.id, label: `@${role.name}`, description: role.managed ? "Managed by an app" : "Role" }));
}

function people() {
  return state.places.people.map((one) => ({ value: one.id, label: `@${one.label}`, description: one.roles.join(", ") || "Member" }));
}

/** The options of a select component (types 3 and 5–8), for a channel. */
export function optionsOf(part, channelId) {
  const guild = channelOf(channelId)?.guild ?? null;
  switch (part.type) {
    case 5: return people();
    case 6: return roles(guild);
    case 7: return [...people(), ...roles(guild)];
    case 8: return channels(guild, part.channel_types);
    default: return part.options ?? [];
  }
}

/** What is chosen in a select from the start. */
export function chosenOf(part) {
  if (part.default_values) return part.default_values.map((one) => String(one.id));
  return (part.options ?? []).filter((option) => option.default).map((option) => option.value);
}

const OPTION_SELECTS = { 6: 5, 7: 8, 8: 6, 9: 7 };

/** The options of a slash command's option that is picked from a list; null when it is typed. */
export function listOf(option, channelId) {
  if (option.choices?.length) return option.choices.map((choice) => ({ value: String(choice.value), label: choice.shown ?? choice.name }));
  if (option.type === 5) return [{ value: "true", label: "True" }, { value: "false", label: "False" }];
  const type = OPTION_SELECTS[option.type];
  return type ? optionsOf({ type, channel_types: option.channel_types }, channelId) : null;
}
