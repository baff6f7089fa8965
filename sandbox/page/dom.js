// Elements without markup strings: whatever people write stays text.

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

const built = new WeakMap();

// Build a node's children only when what they show has changed: focus and open lists survive the rest.
export function rebuild(node, shown, build) {
  const looks = JSON.stringify(shown);
  if (built.get(node) === looks) return;
  built.set(node, looks);
  const buttons = () => [...node.querySelectorAll("button")];
  const focused = buttons().indexOf(document.activeElement);
  node.replaceChildren(...build());
  if (focused >= 0) (buttons()[focused] ?? buttons().at(-1))?.focus();
}

const dialog = document.getElementById("alert");

// Ask or tell; the text typed or true when OK was pressed, null when not.
export function ask(text, { label = "", value = "", ok = "OK", cancel = true } = {}) {
  dialog.querySelector("p").textContent = text;
  const field = dialog.querySelector("label");
  field.hidden = !label;
  field.querySelector("span").textContent = label;
  const input = field.querySelector("input");
  input.value = value;
  const [no, yes] = dialog.querySelectorAll("button");
  no.hidden = !cancel;
  yes.textContent = ok;
  if (dialog.open) dialog.close();
  dialog.returnValue = "";
  // Enter in the field means the strong button, not the first one.
  input.onkeydown = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    yes.click();
  };
  dialog.showModal();
  (label ? input : yes).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "ok" ? (label ? input.value : true) : null);
    }, { once: true });
  });
}

export const tell = (text) => ask(text, { cancel: false });

// A list that opens under its button and closes by Escape, by a press elsewhere or by a choice.
export function dropdown(button, list) {
  const show = (open) => {
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    show(list.hidden);
    if (!list.hidden) list.querySelector("button")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (!button.contains(event.target)) show(false);
  });
  list.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      show(false);
      button.focus();
    } else if (step) {
      event.preventDefault();
      items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
    }
  });
}

export function badge(node, count) {
  node.hidden = !count;
  node.textContent = count || "";
}
