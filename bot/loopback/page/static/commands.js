// The slash commands the speaker has here, as flat lines: subcommands count as commands of their own.

import { perform, person } from "./store.js";

const [SUBCOMMAND, GROUP] = [1, 2];
const PERMISSIONS = [
  [3n, "Administrator"], [4n, "Manage Channels"], [5n, "Manage Server"], [13n, "Manage Messages"], [28n, "Manage Roles"],
];

/** Ask for the commands; gives `[{words, description, options, needs}]` in the speaker's language. */
export async function loadCommands() {
  const told = await perform("commands", {});
  return (told.commands ?? []).flatMap((command) => flatten(command, command.name, needsOf(command)));
}

function flatten(step, words, needs) {
  const inner = (step.options ?? []).filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
  if (inner.length) return inner.flatMap((option) => flatten(option, `${words} ${option.name}`, needs));
  const options = (step.options ?? []).map((option) => ({ ...option, shown: local(option, "name"), description: local(option, "description"), choices: option.choices?.map((choice) => ({ ...choice, shown: local(choice, "name") })) }));
  return [{ words, description: local(step, "description"), options, needs }];
}

function local(item, name) {
  return item[`${name}_localizations`]?.[person()?.locale] ?? item[name];
}

function needsOf(command) {
  const asked = command.default_member_permissions;
  if (asked === null || asked === undefined) return null;
  const names = PERMISSIONS.filter(([bit]) => BigInt(asked) & (1n << bit)).map(([, name]) => name);
  return names.join(", ") || "Administrator";
}

/** The commands that fit what was typed: those that begin so first, then those that mention it. */
export function matching(commands, typed) {
  const wanted = typed.replace(/^\//, "").trim().toLowerCase();
  const rank = (command) => {
    if (command.words.startsWith(wanted) || wanted.startsWith(`${command.words} `)) return 0;
    if (command.words.split(" ").some((word) => word.startsWith(wanted))) return 1;
    return command.words.includes(wanted) || command.description.toLowerCase().includes(wanted) ? 2 : 3;
  };
  return commands.map((command) => [rank(command), command]).filter(([at]) => at < 3).sort((a, b) => a[0] - b[0]).map(([, command]) => command);
}

/** What was typed behind a command, by option: "topic:world since:week", or free text for its first option. */
export function givenBehind(command, typed) {
  if (!typed.toLowerCase().startsWith(`/${command.words} `)) return {};
  const rest = typed.slice(command.words.length + 1).trim();
  const named = (name) => command.options.find((option) => name === option.name || name === option.shown);
  const marks = [...rest.matchAll(/(?:^|\s)([^\s:]{1,32}):/g)].filter((mark) => named(mark[1]));
  const given = marks.map((mark, at) => [named(mark[1]).name, rest.slice(mark.index + mark[0].length, marks[at + 1]?.index).trim()]);
  const free = rest.slice(0, marks[0]?.index).trim();
  if (free && command.options.length) given.unshift([command.options[0].name, free]);
  return Object.fromEntries(given);
}
