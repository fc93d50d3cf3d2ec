// Pictures: shows one message or one form alone, for the camera that makes the pictures in the documents.

import { h } from "./dom.js";
import { openForm } from "./form.js";
import { drawMessage } from "./message.js";
import { speakAs, state } from "./store.js";
import { readForm } from "./wire.js";

/** Show what the address asks for: `?view=message&message=ID[&push=1]` or `?view=form&form=NUMBER`. */
export async function showScene(asked) {
  const root = document.documentElement;
  root.dataset.ready = "no";
  root.dataset.view = asked.get("view");
  if (asked.get("push") !== null) root.dataset.push = "yes";
  document.body.append(h("p.scene-note", {}, "Simulation, not Discord"));
  if (asked.get("view") === "form") await showForm(asked.get("form"));
  else showMessage(state.messages.get(asked.get("message")));
  await document.fonts.ready;
  root.dataset.ready = "scene";
}

function showMessage(view) {
  if (!view) return;
  if (view.only_for) speakAs(view.only_for);
  const scene = h("div.scene", {}, drawMessage(view));
  document.body.append(scene);
}

async function showForm(number) {
  const { modal, channel, user } = await readForm(number);
  speakAs(user);
  const dialog = openForm(modal, number, channel);
  dialog.classList.add("scene");
}
