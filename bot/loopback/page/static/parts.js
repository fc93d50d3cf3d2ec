// Draws message components: containers, sections, texts, pictures, separators, buttons and selects.

import { chosenOf, optionsOf } from "./choices.js";
import { h, icon } from "./dom.js";
import { prose } from "./prose.js";
import { makeSelect } from "./select.js";
import { jumpTo } from "./store.js";
import { fileAddress } from "./wire.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };
const LINK = 5;

/** Draw components; `touch(action, body, element)` is told what the reader does with them. */
export function drawParts(parts, view, touch) {
  return parts.map((part) => DRAW[part.type]?.(part, view, touch) ?? unknown(part));
}

function unknown(part) {
  return h("p.subtext", {}, `This part (type ${part.type}) is not drawn here.`);
}

function container(part, view, touch) {
  const box = h("div.container", {}, drawParts(part.components, view, touch));
  if (part.accent_color !== null && part.accent_color !== undefined) {
    box.classList.add("has-accent");
    box.style.setProperty("--accent-line", `#${part.accent_color.toString(16).padStart(6, "0")}`);
  }
  return part.spoiler ? covered(box) : box;
}

function covered(inner) {
  const button = h("button.cover", { type: "button", onclick: () => wrap.classList.add("is-open") || button.remove() }, "Spoiler");
  const wrap = h("div.covered", {}, inner, button);
  return wrap;
}

function section(part, view, touch) {
  return h("div.section", {}, h("div.section-text", {}, drawParts(part.components, view, touch)),
    h("div.section-accessory", {}, drawParts([part.accessory], view, touch)));
}

function separator(part) {
  return h(`div.separator.spacing-${part.spacing ?? 1}`, { role: part.divider === false ? null : "separator", "data-divider": String(part.divider !== false) });
}

const row = (part, view, touch) => h("div.row", {}, drawParts(part.components, view, touch));

function button(part, view, touch) {
  const label = [part.emoji && h("span.button-emoji", {}, part.emoji.id ? `:${part.emoji.name}:` : part.emoji.name), part.label];
  if (part.style === LINK) {
    const jump = jumpTo(part.url);
    if (jump) return h("button.button.is-link", { type: "button", disabled: part.disabled, onclick: jump }, label);
    const safe = /^https?:\/\//i.test(part.url) && !part.disabled;
    return h("a.button.is-link", { href: safe ? part.url : null, target: "_blank", rel: "noopener noreferrer", "aria-disabled": safe ? null : "true" },
      label, icon("out"), h("span.unseen", {}, " (opens a new tab)"));
  }
  const press = () => touch("press", { control: part.custom_id }, element);
  const element = h(`button.button.is-${STYLES[part.style]}`, { type: "button", disabled: part.disabled, "data-control": part.custom_id, onclick: press }, label);
  return element;
}

function select(part, view, touch) {
  const element = makeSelect({
    name: part.placeholder || "Make a selection",
    placeholder: part.placeholder || "Make a selection",
    options: optionsOf(part, view.channel),
    chosen: chosenOf(part),
    low: part.min_values ?? 1,
    high: part.max_values ?? 1,
    disabled: part.disabled,
    done: (values) => touch("choose", { control: part.custom_id, values }, element),
  });
  element.querySelector("button").dataset.control = part.custom_id;
  return element;
}

function picture(media, description, view) {
  const name = mediaName(media.url, view);
  if (name) return h("img.picture", { src: fileAddress(view.message.id, name), alt: description || "Picture without a description" });
  const host = hostOf(media.url);
  return h("div.picture.is-away", { role: "img", "aria-label": description || "Picture without a description" },
    icon("picture"), h("span", {}, description || "No description"), h("span.picture-host", {}, `${host} · not loaded here`));
}

function mediaName(url, view) {
  const name = url.startsWith("attachment://") ? url.slice(13) : null;
  const files = view.message.attachments ?? [];
  return files.find((file) => file.filename === name || file.url === url)?.filename ?? null;
}

function hostOf(url) {
  try { return new URL(url).host; } catch { return "unknown address"; }
}

const thumbnail = (part, view) => h("div.thumbnail", {}, picture(part.media, part.description, view));

function gallery(part, view) {
  return h("div.gallery", { "data-count": Math.min(part.items.length, 4) },
    part.items.map((item) => (item.spoiler ? covered(picture(item.media, item.description, view)) : picture(item.media, item.description, view))));
}

function file(part, view) {
  const name = mediaName(part.file.url, view) ?? part.file.url.split("/").at(-1);
  return fileLink(view.message.id, name, view.message.attachments?.find((one) => one.filename === name)?.size);
}

/** Draw a file to save. */
export function fileLink(message, name, size) {
  return h("a.file", { href: fileAddress(message, name), download: name }, icon("file"),
    h("span", {}, name), size !== undefined && h("span.subtext", {}, `${Math.max(1, Math.round(size / 1024))} KB`));
}

const DRAW = {
  1: row, 2: button, 3: select, 5: select, 6: select, 7: select, 8: select, 9: section,
  10: (part) => prose(part.content), 11: thumbnail, 12: gallery, 13: file, 14: separator, 17: container,
};
