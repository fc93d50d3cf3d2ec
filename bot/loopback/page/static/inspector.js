// The inspector: what a message uses of the limits, its flags, and the exact JSON, as sent and as it stands.

import { announce, fill, h, icon } from "./dom.js";
import { inspect, on, person, personOf, state } from "./store.js";
import { write } from "./times.js";

const FLAGS = [
  [1, "Published"], [4, "Previews of links suppressed"], [64, "Only one person sees it"], [128, "Thinking"],
  [4096, "Without a notification"], [32768, "Components V2"],
];
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?)|(true|false|null)/g;
let panel;

/** Begin to show the inspector when a message is chosen. */
export function startInspector() {
  panel = document.getElementById("inspector");
  panel.addEventListener("keydown", (event) => event.key === "Escape" && close());
  on("inspected", (id) => draw(id, true));
  on("message", ({ view }) => view.message.id === state.inspected && draw(view.message.id, false));
  on("gone", (id) => id === state.inspected && inspect(null));
  on("channel", () => state.inspected && inspect(null));
}

function close() {
  const id = state.inspected;
  inspect(null);
  document.querySelector(`#message-${id} .tool`)?.focus();
}

function draw(id, focus) {
  const view = id && state.messages.get(id);
  panel.hidden = !view;
  document.getElementById("frame").classList.toggle("has-inspector", Boolean(view));
  if (!view) return;
  const title = h("h2", { tabindex: "-1" }, "Inspector");
  fill(panel, h("div.inspector-head", {}, title, h("button.icon-button", { type: "button", "aria-label": "Close the inspector", onclick: close }, icon("close"))),
    verdict(view), meters(view), facts(view), steps(view), source("As it stands now", JSON.stringify(view.message, null, 2), true));
  if (focus) title.focus({ preventScroll: true });
}

function verdict(view) {
  const over = view.meters.filter((one) => one.used > one.limit);
  if (over.length) return h("p.verdict.is-bad", {}, `Over the limit: ${over.map((one) => one.name.toLowerCase()).join(", ")}.`);
  return h("p.verdict", {}, icon("check"), "Valid: within every limit of Discord.");
}

function meters(view) {
  return h("section", {}, h("h3", {}, "Limits"), h("dl.meters", {}, view.meters.map((one) => {
    const part = Math.min(1, one.used / one.limit);
    const bar = h("span.meter-fill");
    bar.style.inlineSize = `${part * 100}%`;
    const figures = `${one.used.toLocaleString("en")} / ${one.limit.toLocaleString("en")}`;
    return h("div.meter", {}, h("dt", {}, one.name), h("dd", {}, figures, h("span.meter-bar", { "aria-hidden": "true" }, bar)));
  })));
}

function facts({ message, only_for: onlyFor, steps: made }) {
  const flags = FLAGS.filter(([bit]) => message.flags & bit).map(([, name]) => name);
  const allowed = JSON.parse(made.find((step) => step.body)?.body ?? "null");
  const mentions = allowed?.allowed_mentions ?? allowed?.data?.allowed_mentions;
  const lines = [
    ["Form", message.flags & 32768 ? "Components V2" : "Plain message"],
    ["Seen by", onlyFor ? `${personOf(onlyFor)?.label ?? "One person"} only` : "Everyone in the channel"],
    ["Flags", flags.length ? `${message.flags}: ${flags.join(", ")}` : "None"],
    mentions && ["May mention", mentions.parse?.length || mentions.users?.length || mentions.roles?.length ? JSON.stringify(mentions) : "Nobody"],
    message.nonce && ["Nonce", String(message.nonce)],
    ["Message id", message.id],
  ].filter(Boolean);
  return h("section", {}, h("h3", {}, "Facts"), h("dl.facts", {}, lines.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}

function steps(view) {
  if (!view.steps.length) return null;
  const items = view.steps.map((step) => h("li", {}, source(step.route.replace(/\{(\w+)\}/g, "…"), step.body ?? "No body", false, write(step.at, "T", person()?.locale, step.at))));
  return h("section", {}, h("h3", {}, view.steps.length > 1 ? `How it came to be, in ${view.steps.length} steps` : "As it was sent"), h("ol.steps", {}, items));
}

function source(title, text, isSection, note) {
  const copy = h("button.plain-link", { type: "button", onclick: () => navigator.clipboard?.writeText(text).then(() => announce("Copied")) }, "Copy");
  const details = h("details.source", {}, h("summary", {}, h("code", {}, title), note && h("span.hint", {}, note)));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(h("div.source-body", {}, copy, h("pre", { tabindex: "0", "aria-label": `${title}, JSON` }, colour(text))));
  });
  return isSection ? h("section", {}, h("h3", {}, title), h("div", {}, relabel(details))) : details;
}

function relabel(details) {
  details.querySelector("summary").replaceChildren(h("code", {}, "Message object"));
  return details;
}

function colour(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(end, match.index));
    const kind = match[2] ? "key" : match[1] ? "string" : match[3] ? "number" : "word";
    parts.push(h(`span.json-${kind}`, {}, match[1] ?? match[0]), match[2] ?? "");
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}
