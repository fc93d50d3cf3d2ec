// The choice of theme: as the system says, light, or dark. Kept in this browser.

import { fill, h, icon } from "./dom.js";

const THEMES = [["system", "half", "As the system"], ["light", "sun", "Light"], ["dark", "moon", "Dark"]];

/** Draw the choice. */
export function startSwitch() {
  const box = document.getElementById("theme-choice");
  const chosen = document.documentElement.dataset.theme ?? "system";
  fill(box, h("fieldset.themes", {}, h("legend.unseen", {}, "Theme"), THEMES.map(([name, shape, label]) => h("label.theme", { title: label },
    h("input", { type: "radio", name: "theme", value: name, checked: name === chosen, "aria-label": label, onchange: () => choose(name) }), icon(shape)))));
}

function choose(name) {
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  try { localStorage.setItem("dateline-theme", name); } catch { /* storage is switched off */ }
}
