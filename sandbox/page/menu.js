// What a person can do besides writing: the entries behind the three dots.

import { post } from "./api.js";
import { ask } from "./dom.js";

export function chatMenu(pane) {
  return pane.group ? groupMenu(pane) : customerMenu(pane);
}

function customerMenu(pane) {
  const { blocked } = pane.chat;
  return [
    ["Share my phone number", () => pane.act("contact")],
    ["Open a start link…", () => openLink(pane)],
    ["Get the last Stars back", () => pane.act("refund")],
    [blocked ? "Unblock the bot" : "Block the bot", () => pane.act(blocked ? "unblock" : "block")],
    ["New customer…", () => newCustomer(pane)],
  ];
}

function groupMenu(pane) {
  return [
    ["New topic…", () => newTopic(pane)],
    ...(pane.chat.kind === "group" ? [["Turn into a supergroup", () => attempt(pane, "/group/migrate")]] : []),
  ];
}

async function openLink(pane) {
  const start = await ask(`t.me/${pane.bot.username}?start=…`, { label: "Parameter", ok: "Open" });
  if (start !== null) await pane.act("open", { start });
}

async function newCustomer(pane) {
  const name = await ask("A new customer", { label: "Name", ok: "Add" });
  if (!name) return;
  const added = await attempt(pane, "/people", { name, language: /[а-яё]/i.test(name) ? "ru" : "en" });
  if (added) pane.root.dispatchEvent(new CustomEvent("newcomer", { detail: added.id }));
}

async function newTopic(pane) {
  const name = await ask("A new topic", { label: "Name", ok: "Open" });
  if (name) await attempt(pane, "/group/topic", { person: pane.person, name });
}

async function attempt(pane, path, body) {
  try {
    return await post(path, body);
  } catch (error) {
    pane.toast(error.message);
    return null;
  }
}
