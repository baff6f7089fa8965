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
    ...oddMessages(pane),
    [blocked ? "Unblock the bot" : "Block the bot", () => pane.act(blocked ? "unblock" : "block")],
    ["New customer…", () => newCustomer(pane)],
  ];
}

// What a bot seldom expects.
function oddMessages({ composer }) {
  return [
    ["Send a sticker", () => composer.sendOther("sticker")],
    ["Send a voice message", () => composer.sendOther("voice")],
    ["Send a file of 2 GB", () => composer.sendOther("claim", { name: "film.mp4", size: 2 * 1024 ** 3 })],
  ];
}

function groupMenu(pane) {
  const { forum, topics, bot_status: status } = pane.chat;
  const topic = topics.find(({ id }) => id === pane.topic);
  const bot = (to) => () => attempt(pane, "/group/bot", { status: to });
  return [
    ...oddMessages(pane),
    null,
    [forum ? "Turn topics off" : "Turn topics on", () => attempt(pane, "/group/forum", { on: !forum })],
    forum && ["New topic…", () => newTopic(pane)],
    topic && [`Delete the topic “${topic.name}”`, () => attempt(pane, "/group/topic/delete", { thread: topic.id })],
    ["Turn into a supergroup (a new id)", () => attempt(pane, "/group/migrate")],
    null,
    status !== "restricted" && status !== "kicked" && ["Make the bot silent", bot("restricted")],
    status !== "kicked" && ["Remove the bot from the group", bot("kicked")],
    status !== "administrator" && ["Put the bot back as administrator", bot("administrator")],
  ].filter((entry) => entry !== false && entry !== undefined);
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
