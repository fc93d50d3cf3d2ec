// Discord's markdown as a tree. Pure: text in, nodes out; `prose.js` draws them.

const FENCE = /```(?:([\w+#.-]+)\n)?\n*([^]*?)\n*```/g;
const ITEM = /^( *)([-*]|\d{1,10}\.) +(\S.*)$/;
const HEADING = /^(#{1,3}) +(\S.*)$/;
const SUBTEXT = /^-# +(\S.*)$/;
const DEPTH = 12;

/** Read a text into blocks. */
export function parse(text) {
  const blocks = [];
  let end = 0;
  for (const fence of text.matchAll(FENCE)) {
    if (!fence[2].trim()) continue;
    blocks.push(...readLines(text.slice(end, fence.index)));
    blocks.push({ type: "block-code", language: fence[1] ?? "", text: fence[2] });
    end = fence.index + fence[0].length;
    if (text[end] === "\n") end += 1;
  }
  return [...blocks, ...readLines(text.slice(end))];
}

function readLines(text, quotable = true) {
  if (!text) return [];
  const lines = text.split("\n");
  const blocks = [];
  let plain = [];
  const flush = () => {
    if (plain.length && plain.some((line) => line.trim())) blocks.push({ type: "paragraph", children: inline(plain.join("\n")) });
    plain = [];
  };
  for (let at = 0; at < lines.length; ) {
    const [block, used] = readBlock(lines, at, quotable);
    if (block) {
      if (plain.at(-1) === "") plain.pop();
      flush();
      blocks.push(block);
      at += used;
    } else {
      plain.push(lines[at]);
      at += 1;
    }
  }
  while (plain.at(-1) === "") plain.pop();
  flush();
  return blocks;
}

function readBlock(lines, at, quotable) {
  const line = lines[at];
  const heading = HEADING.exec(line);
  if (heading) return [{ type: "heading", level: heading[1].length, children: inline(heading[2].replace(/ +#+ *$/, "")) }, 1];
  const subtext = SUBTEXT.exec(line);
  if (subtext) return [{ type: "subtext", children: inline(subtext[1]) }, 1];
  if (quotable && line.startsWith(">>> ")) {
    const rest = [line.slice(4), ...lines.slice(at + 1)].join("\n");
    return [{ type: "quote", children: readLines(rest, false) }, lines.length - at];
  }
  if (quotable && line.startsWith("> ")) {
    let used = 1;
    while (at + used < lines.length && (lines[at + used].startsWith("> ") || lines[at + used] === ">")) used += 1;
    const inner = lines.slice(at, at + used).map((quoted) => quoted.slice(2));
    return [{ type: "quote", children: readLines(inner.join("\n"), false) }, used];
  }
  return ITEM.test(line) ? readList(lines, at, 0) : [null, 0];
}

function readList(lines, at, depth) {
  const first = ITEM.exec(lines[at]);
  const indent = first[1].length;
  const ordered = /\d/.test(first[2]);
  const list = { type: "list", ordered, start: ordered ? parseInt(first[2], 10) : null, items: [] };
  let used = 0;
  while (at + used < lines.length) {
    const line = lines[at + used];
    const item = ITEM.exec(line);
    if (item && item[1].length > indent && list.items.length && depth < DEPTH) {
      const [inner, taken] = readList(lines, at + used, depth + 1);
      list.items.at(-1).push(inner);
      used += taken;
    } else if (item && (item[1].length === indent || depth === 0) && /\d/.test(item[2]) === ordered) {
      list.items.push([{ type: "text-run", children: inline(item[3]) }]);
      used += 1;
    } else if (!item && /^ {2,}\S/.test(line)) {
      list.items.at(-1).push({ type: "text-run", children: [{ type: "break" }, ...inline(line.trim())] });
      used += 1;
    } else break;
  }
  return [list, used];
}

const link = /https?:\/\/[^\s<]*[^\s<.,:;"'\])]/y;
const RULES = [
  [/\\([!-/:-@[-`{-~])/y, (m) => ({ type: "text", text: m[1] })],
  [/<(https?:\/\/[^\s<>]+)>/y, (m) => ({ type: "link", url: m[1], children: [{ type: "text", text: m[1] }] })],
  [/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, (m) => ({ type: "time", seconds: Number(m[1]), style: m[2] ?? "f" })],
  [/<#(\d{1,20})>/y, (m) => ({ type: "channel", id: m[1] })],
  [/<@&(\d{1,20})>/y, (m) => ({ type: "role", id: m[1] })],
  [/<@!?(\d{1,20})>/y, (m) => ({ type: "user", id: m[1] })],
  [/<\/([-\w ]{1,100}):(\d{1,20})>/y, (m) => ({ type: "command", name: m[1], id: m[2] })],
  [/<a?:(\w{2,32}):\d{1,20}>/y, (m) => ({ type: "emoji", name: m[1] })],
  [/@(everyone|here)/y, (m) => ({ type: "everyone", text: m[0] })],
  [/\[((?:\\.|\[[^[\]\n]*\]|[^[\]\\\n])+)\]\(\s*<?(https?:\/\/[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+["'][^"'\n]*["'])?\s*\)/y, masked],
  [link, (m) => ({ type: "link", url: m[0], children: [{ type: "text", text: m[0] }] })],
  [/\*\*((?:\\[^]|[^\\])+?)\*\*(?!\*)/y, (m, deep) => ({ type: "strong", children: deep(m[1]) })],
  [/__((?:\\[^]|[^\\])+?)__(?!_)/y, (m, deep) => ({ type: "underline", children: deep(m[1]) })],
  [/\*(?=\S)((?:\*\*|\\[^]|[^\\*])*?[^\s\\*]|(?:\*\*|\\[^]|[^\\*])*?\*\*)\*(?!\*)/y, (m, deep) => ({ type: "emphasis", children: deep(m[1]) })],
  [/_((?:__|\\[^]|[^\\_])+?)_(?!\w)/y, emphasisByLine],
  [/~~(?=\S)([^]*?\S)~~/y, (m, deep) => ({ type: "strike", children: deep(m[1]) })],
  [/\|\|([^]+?)\|\|/y, (m, deep) => ({ type: "spoiler", children: deep(m[1]) })],
  [/\n/y, () => ({ type: "break" })],
];
const PLAIN = /[^\\<@`[h*_~|\n]+|[^]/y;

function masked(m, deep) {
  const looksLikeLink = /https?:\/\//.test(m[1]);
  if (looksLikeLink) return null;
  return { type: "link", url: m[2], masked: true, children: deep(m[1], true) };
}

function emphasisByLine(m, deep, before) {
  return /\w$/.test(before) ? null : { type: "emphasis", children: deep(m[1]) };
}

/** Read one run of text into inline nodes. Links don't nest. */
export function inline(text, depth = 0, inLink = false) {
  const nodes = [];
  const deep = (inner, link = inLink) => (depth < DEPTH ? inline(inner, depth + 1, link) : [{ type: "text", text: inner }]);
  for (let at = 0; at < text.length; ) {
    const [node, used] = readNode(text, at, deep, inLink);
    const last = nodes.at(-1);
    if (node.type === "text" && last?.type === "text") last.text += node.text;
    else nodes.push(node);
    at += used;
  }
  return nodes;
}

/** Read a code span: it ends at the next run of as many ticks; without one, the ticks are words. */
function readCode(text, at) {
  const ticks = /`+/g;
  ticks.lastIndex = at;
  const [opening] = ticks.exec(text);
  for (let run = ticks.exec(text); run; run = ticks.exec(text)) {
    if (run[0].length !== opening.length) continue;
    const inner = text.slice(at + opening.length, run.index);
    return [{ type: "code", text: inner.includes("`") ? inner.trim() : inner }, ticks.lastIndex - at];
  }
  return [{ type: "text", text: opening }, opening.length];
}

function readNode(text, at, deep, inLink) {
  if (text[at] === "`") return readCode(text, at);
  for (const [rule, make] of RULES) {
    rule.lastIndex = at;
    const match = rule.exec(text);
    const node = match && make(match, deep, text.slice(0, at));
    if (node && !(inLink && node.type === "link")) return [node, match[0].length];
  }
  PLAIN.lastIndex = at;
  const plain = PLAIN.exec(text)[0];
  return [{ type: "text", text: plain }, plain.length];
}

/** The bare words of a text, for notifications and labels. */
export function plainText(text, names) {
  const flat = (nodes) => nodes.map((node) => {
    if (node.items) return node.items.map((item, at) => `${node.ordered ? `${node.start + at}.` : "•"} ${flat(item)}`).join("\n");
    if (node.type === "break") return "\n";
    if (node.children) return flat(node.children) + (BLOCKS.has(node.type) ? "\n" : "");
    return node.text ?? names(node);
  }).join("");
  return flat(parse(text)).trim();
}
const BLOCKS = new Set(["paragraph", "heading", "subtext", "quote"]);
