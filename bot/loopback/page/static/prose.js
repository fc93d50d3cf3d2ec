// Draws the tree of `marks.js`: names from the world, times from the simulated clock.

import { h, icon } from "./dom.js";
import { parse } from "./marks.js";
import { channelOf, jumpTo, nameOf, now, open, person, personOf, roleOf, sees, state, tell } from "./store.js";
import { write } from "./times.js";

const TAGS = { strong: "strong", underline: "u", emphasis: "em", strike: "s" };

/** Draw a text with Discord's markdown. */
export function prose(text) {
  return h("div.prose", {}, parse(text).map(block));
}

function block(node) {
  switch (node.type) {
    case "heading": return h(`h${node.level + 2}.prose-h${node.level}`, {}, run(node.children));
    case "subtext": return h("p.subtext", {}, run(node.children));
    case "quote": return h("blockquote", {}, node.children.map(block));
    case "list": return list(node);
    case "block-code": return h("pre.code-block", { tabindex: "0" }, h("code", {}, node.text));
    case "text-run": return h("span", {}, run(node.children));
    default: return h("p", {}, run(node.children));
  }
}

function list(node) {
  const items = node.items.map((item) => h("li", {}, item.map(block)));
  return node.ordered ? h("ol", { start: node.start }, items) : h("ul", {}, items);
}

const run = (nodes) => nodes.map(span);

function span(node) {
  switch (node.type) {
    case "text": return node.text;
    case "break": return h("br");
    case "code": return h("code", {}, node.text);
    case "link": return anchor(node);
    case "spoiler": return spoiler(node);
    case "time": return moment(node);
    case "emoji": return h("span.emoji", {}, `:${node.name}:`);
    case "command": return command(node);
    case "channel": return channelMention(node);
    case "user": case "role": case "everyone": return h("span.mention", {}, nameNode(node));
    default: return h(TAGS[node.type], {}, run(node.children));
  }
}

function anchor(node) {
  const safe = /^https?:\/\//i.test(node.url);
  const shown = run(node.children);
  if (!safe) return h("span", {}, shown);
  const jump = jumpTo(node.url);
  if (jump) return h("button.plain-link", { type: "button", onclick: jump }, shown);
  return h("a", { href: node.url, target: "_blank", rel: "noopener noreferrer", title: node.masked ? node.url : null }, shown);
}

function spoiler(node) {
  const cover = h("span.spoiler", { role: "button", tabindex: "0", "aria-label": "Spoiler, hidden", "aria-expanded": "false" });
  const inner = h("span.spoiler-text", { "aria-hidden": "true" }, run(node.children));
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (cover.classList.contains("is-open")) return;
    event.preventDefault();
    cover.classList.add("is-open");
    for (const name of ["aria-label", "role", "tabindex", "aria-expanded"]) cover.removeAttribute(name);
    inner.removeAttribute("aria-hidden");
  };
  cover.append(inner);
  cover.addEventListener("click", show);
  cover.addEventListener("keydown", show);
  return cover;
}

function moment(node) {
  const at = node.seconds * 1000;
  if (Math.abs(at) > 8.64e15) return h("span", {}, "Invalid date");
  const full = write(at, "F", person()?.locale, now());
  const time = h("time.stamp", { datetime: new Date(at).toISOString(), title: full, "data-style": node.style });
  time.textContent = write(at, node.style, person()?.locale, now());
  return time;
}

/** Bring the relative times of a part of the page up to date. */
export function refreshTimes(root) {
  for (const time of root.querySelectorAll("time.stamp[data-style=R]")) {
    time.textContent = write(Date.parse(time.dateTime), "R", person()?.locale, now());
  }
}

function command(node) {
  return h("button.mention", { type: "button", onclick: () => tell("command", node.name) }, `/${node.name}`);
}

function channelMention(node) {
  const place = channelOf(node.id);
  if (!place || !sees(place)) return h("span.mention", {}, "#No access");
  return h("button.mention", { type: "button", onclick: () => open(place.id) }, nameOf(place));
}

/** Name what a mention stands for. */
export function nameNode(node) {
  if (node.type === "channel") return nameOf(channelOf(node.id)) || "#unknown";
  if (node.type === "role") return `@${roleOf(node.id)?.name.replace(/^@/, "") ?? "unknown-role"}`;
  if (node.type === "user") return `@${node.id === state.places.bot.id ? state.places.bot.name : personOf(node.id)?.label ?? "unknown-user"}`;
  if (node.type === "time") return write(node.seconds * 1000, node.style, person()?.locale, now());
  if (node.type === "command") return `/${node.name}`;
  if (node.type === "emoji") return `:${node.name}:`;
  return node.text;
}
