// Text with entities. Their offsets count UTF-16 units, as JavaScript's strings do.

import { make } from "./dom.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote" };
const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);

export function formatted(text, entities = [], onCommand) {
  const root = document.createDocumentFragment();
  const open = [{ node: root, end: text.length }];
  let at = 0;
  const writeTo = (end) => {
    if (end > at) open.at(-1).node.append(text.slice(at, end));
    at = Math.max(at, end);
  };
  const closeTo = (offset) => {
    while (open.length > 1 && open.at(-1).end <= offset) {
      writeTo(open.at(-1).end);
      open.pop();
    }
  };
  for (const entity of entities) {
    closeTo(entity.offset);
    writeTo(entity.offset);
    const end = Math.min(entity.offset + entity.length, open.at(-1).end);
    const node = element(entity, text.slice(entity.offset, end), onCommand);
    open.at(-1).node.append(node);
    open.push({ node, end });
  }
  closeTo(text.length);
  writeTo(text.length);
  return root;
}

function element(entity, words, onCommand) {
  switch (entity.type) {
    case "text_link": return link(entity.url);
    case "url": return link(words.includes("://") ? words : `https://${words}`);
    case "email": return link(`mailto:${words}`);
    case "phone_number": return link(`tel:${words.replace(/[^+\d]/g, "")}`);
    case "bot_command": return make("button", { type: "button", class: "linklike", onclick: () => onCommand(words) });
    case "spoiler": return spoiler();
    default: return make(TAGS[entity.type] ?? "span");
  }
}

export function safeAddress(address) {
  try {
    const url = new URL(address);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function link(address) {
  const href = safeAddress(address);
  return href ? make("a", { href, target: "_blank", rel: "noopener noreferrer" }) : make("span");
}

function spoiler() {
  const node = make("span", { class: "spoiler", tabindex: "0", role: "button", "aria-label": "Hidden text, press to show" });
  const reveal = () => {
    node.classList.add("shown");
    node.removeAttribute("role");
    node.removeAttribute("aria-label");
  };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", (event) => event.key === "Enter" && reveal());
  return node;
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

export const day = (seconds) =>
  new Date(seconds * 1000).toLocaleDateString("en", { day: "numeric", month: "long" });

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KB`;
  return bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MB` : `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}

export function sum(minor, currency) {
  if (currency === "XTR") return `${minor} ★`;
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  const whole = minor % 10 ** digits === 0;
  const options = { style: "currency", currency, minimumFractionDigits: whole ? 0 : digits };
  return (minor / 10 ** digits).toLocaleString("ru", options);
}
