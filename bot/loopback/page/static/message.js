// Draws one message: who, when, what; the note that only you see it; the push text of an unasked one.

import { announce, fill, h, icon } from "./dom.js";
import { openForm } from "./form.js";
import { plainText } from "./marks.js";
import { drawParts, fileLink } from "./parts.js";
import { nameNode, prose } from "./prose.js";
import { channelOf, inspect, nameOf, now, perform, person, personOf, state, tell } from "./store.js";
import { sent as sentAt, write } from "./times.js";

const V2 = 1 << 15;
const CROSSPOSTED = 1;
const SILENT = 1 << 12;

/** The words of a message, for readers and notifications. */
export function wordsOf(message) {
  const texts = [];
  const walk = (parts) => parts?.forEach((part) => {
    if (part.type === 10) texts.push(part.content);
    walk(part.components);
  });
  walk(message.components);
  return plainText([message.content, ...texts].filter(Boolean).join("\n"), nameNode);
}

/** Draw a message. */
export function drawMessage(view) {
  const { message } = view;
  const byBot = message.author.id === state.places.bot.id;
  const name = byBot ? state.places.bot.name : personOf(message.author.id)?.label ?? message.author.username;
  const nameId = `by-${message.id}`;
  const box = h("article.message", { id: `message-${message.id}`, tabindex: "-1", "aria-labelledby": nameId, "data-message": message.id });
  if (view.only_for) box.classList.add("is-private");
  const body = h("div.message-body", {}, asked(message), head(view, name, nameId, byBot), content(view), trouble(message.id), foot(view));
  box.append(avatar(name, byBot), body);
  const push = pushCard(view, byBot);
  if (push) box.append(push);
  return box;
}

/** Draw somebody's picture: our mark for the bot, a letter for people. */
export function avatar(name, byBot) {
  if (byBot) return h("img.avatar", { src: "mark.svg", alt: "", width: "40", height: "40" });
  return h("span.avatar.is-letter", { "aria-hidden": "true", "data-tint": String(name.length % 3) }, [...name][0] ?? "?");
}

function asked(message) {
  const about = message.interaction_metadata;
  if (!about?.name) return null;
  const who = personOf(about.user.id)?.label ?? about.user.username;
  return h("p.asked", {}, icon("reply"), h("strong", {}, who), " used ", h("span.mention", {}, `/${about.name}`));
}

function head(view, name, nameId, byBot) {
  const at = Date.parse(view.message.timestamp);
  return h("div.message-head", {},
    h("span.author", { id: nameId }, name), byBot && h("span.app", {}, "App"),
    view.message.flags & SILENT ? h("span.quiet", { title: "Sent without a notification" }, icon("bell"), h("span.unseen", {}, "Sent silently")) : null,
    h("time.sent", { datetime: view.message.timestamp, title: write(at, "F", person()?.locale, now()) }, sentAt(at, person()?.locale, now())),
    inspectButton(view));
}

function content(view) {
  const { message } = view;
  if (view.loading) return h("p.thinking", { role: "status" }, h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i")), `${state.places.bot.name} is thinking…`);
  const used = new Set(JSON.stringify(message.components).match(/attachment:\/\/[^"]+/g) ?? []);
  const files = message.attachments.filter((file) => !used.has(`attachment://${file.filename}`));
  return h("div.message-content", {},
    message.content && prose(message.content),
    drawParts(message.components, view, (action, body, element) => touch(view, action, body, element)),
    files.map((file) => fileLink(message.id, file.filename, file.size)),
    message.edited_timestamp && h("p.edited", {}, "(edited)"));
}

async function touch(view, action, body, element) {
  const id = view.message.id;
  if (element.classList.contains("is-busy")) return;
  element.classList.add("is-busy");
  element.setAttribute("aria-busy", "true");
  state.troubles.delete(id);
  const told = await perform(action, { message: id, ...body }, view.channel);
  element.classList.remove("is-busy");
  element.removeAttribute("aria-busy");
  if (told.error) {
    state.troubles.set(id, told.error);
    announce(`That failed: ${told.error}`);
  }
  const place = document.querySelector(`#message-${id} .trouble`);
  if (place) fill(place, told.error && troubleText(told.error));
  if (told.modal) openForm(told.modal, told.form, view.channel);
}

state.troubles = new Map();

function trouble(id) {
  const text = state.troubles.get(id);
  return h("div.trouble", {}, text && troubleText(text));
}

const troubleText = (text) => h("p", {}, h("strong", {}, "This interaction failed. "), text);

function foot(view) {
  const published = view.message.flags & CROSSPOSTED && h("p.published", {}, icon("horn"), "Published to the servers that follow this channel");
  if (!view.only_for) return published || null;
  const dismiss = () => {
    state.dismissed.add(view.message.id);
    tell("gone", view.message.id);
  };
  return h("p.private-note", {}, icon("eye"), "Only you can see this · ", h("button.plain-link", { type: "button", onclick: dismiss }, "Dismiss"));
}

function inspectButton(view) {
  const toggle = () => inspect(state.inspected === view.message.id ? null : view.message.id);
  return h("button.tool", { type: "button", "aria-pressed": String(state.inspected === view.message.id), onclick: toggle }, icon("search"), h("span", {}, "Inspect"));
}

/** The card beside an unasked message: what a phone shows of it, and the plain form it was sent as. */
export function pushCard(view, byBot) {
  const sent = view.steps.find((step) => step.body)?.body;
  if (!byBot || view.only_for || view.message.interaction_metadata || !sent) return null;
  const first = JSON.parse(sent);
  const dressed = view.message.flags & V2 && first.content;
  const words = plainText(first.content ?? "", nameNode) || "(no text: the notification is empty)";
  const place = channelOf(view.channel);
  const from = place?.guild ? nameOf(place) : "Direct message";
  const quiet = first.flags & SILENT;
  return h("aside.push", { "aria-label": "Notification" },
    h("p.push-title", {}, icon("bell"), quiet ? "Sent silently: no notification" : "What a phone shows"),
    !quiet && h("div.push-card", {}, h("p.push-from", {}, h("strong", {}, state.places.bot.name), ` ${from}`), h("p.push-text", {}, words)),
    dressed && plainForm(first.content));
}

function plainForm(text) {
  const details = h("details.plain-form", {}, h("summary", {}, "Sent first as plain text"));
  details.addEventListener("toggle", () => details.open && details.children.length === 1 && details.append(h("div.plain-text", {}, prose(text))));
  return details;
}
