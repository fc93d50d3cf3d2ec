// Builds elements. Text always goes in as text; there is no other way in.

/** Make an element: `h("p.note", {id: "x", onclick: f}, "text", child)`. */
export function h(what, props = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SHAPES = {
  menu: "M4 7h16M4 12h16M4 17h10",
  close: "M6 6l12 12M18 6L6 18",
  hash: "M5 9h14M5 15h14M10 4L8 20M16 4l-2 16",
  horn: "M4 10v4l9 4V6zM13 8.5c3 0 5 1.2 6 3.5-1 2.3-3 3.5-6 3.5M6.5 15l1 4h2.5l-1-3.4",
  thread: "M6 4v9a3 3 0 003 3h9M14 12l4 4-4 4",
  letter: "M4 6h16v12H4zM4 7l8 6 8-6",
  lock: "M7 11h10v8H7zM9 11V8a3 3 0 016 0v3",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18M12 7v5l3.5 2",
  out: "M9 6H6v12h12v-3M13 5h6v6M19 5l-8 8",
  eye: "M3 12c2.5-4 5.5-6 9-6s6.5 2 9 6c-2.5 4-5.5 6-9 6s-6.5-2-9-6M12 9.500a2.5 2.5 0 100 5 2.5 2.5 0 000-5",
  down: "M6 9.500l6 6 6-6",
  check: "M5 12.500l4.5 4.500L19 7.5",
  search: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13M15.5 15.500L20 20",
  send: "M5 12h13M12.5 6l6 6-6 6",
  bell: "M6 17h12l-1.5-3v-4a4.5 4.5 0 00-9 0v4zM10.5 20h3",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.600L7 7M17 17l1.4 1.400M5.6 18.400L7 17M17 7l1.4-1.4",
  moon: "M19 14.500A7.5 7.5 0 019.5 5 7.5 7.5 0 1019 14.5",
  half: "M12 4a8 8 0 100 16zM12 4a8 8 0 010 16",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.500h.01",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  reply: "M6 20v-8a3 3 0 013-3h9M14 5l4 4-4 4",
  slash: "M4 4h16v16H4zM14 8l-4 8",
};

/** Draw one of our icons; they are ornaments, so readers skip them. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

let count = 0;

/** Give an id no other element has. */
export function freshId(prefix) {
  count += 1;
  return `${prefix}-${count}`;
}

/** Put new children in place of the old ones. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
}

/** Say something to screen readers. */
export function announce(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}
