// Joins the two chats, the faults and the stream of news from the sandbox.

import { get } from "./api.js";
import { badge } from "./dom.js";
import { FaultsPanel } from "./faults.js";
import { Pane } from "./pane.js";

const all = (selector) => [...document.querySelectorAll(selector)];
const tabs = all("[data-show]");
const badgeOf = (name) => document.querySelector(`[data-show="${name}"] .badge`);
const seen = new Map();

const customer = new Pane(document.getElementById("customer"), { onSeen: noteSeen });
const group = new Pane(document.getElementById("group"), { group: true, onSeen: noteSeen });
const faultsToggle = document.querySelector(".faults-toggle");
const faults = new FaultsPanel(document.getElementById("faults"), [badgeOf("faults"), faultsToggle.querySelector(".badge")]);

function noteSeen(pane) {
  seen.set(pane.chat.id, pane.revision);
}

function showOnly(name) {
  document.body.dataset.shown = name;
  for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.show === name));
  badge(badgeOf(name === "faults" ? "customer" : name), 0);
  for (const pane of [customer, group]) if (pane.root.id === name) pane.toEnd();
}

async function loadPeople() {
  const world = await get("/world");
  const withUnread = (person) => ({ ...person, unread: (seen.get(person.id) ?? person.revision) < person.revision });
  const people = world.customers.map(withUnread);
  // Operators have a private chat with the bot as well.
  const operators = world.operators.map((person) => ({ ...withUnread(person), role: "" }));
  customer.setPeople([...people, ...operators], world.bot);
  group.setPeople(world.operators, world.bot);
  for (const person of [...world.customers, ...world.operators]) {
    if (!seen.has(person.id)) seen.set(person.id, person.revision);
  }
}

function markHidden(pane) {
  const name = pane.root.id;
  const narrow = getComputedStyle(document.querySelector(".tabs")).display !== "none";
  if (narrow && document.body.dataset.shown !== name) badge(badgeOf(name), Number(badgeOf(name).textContent || 0) + 1);
}

async function heard(event) {
  const news = JSON.parse(event.data);
  document.querySelector(".offline").hidden = true;
  await loadPeople();
  const places = [[customer, customer.person], [group, news.group]];
  for (const [pane, chat] of places) {
    if (news.chats[chat] === pane.revision && pane.chat?.id === chat) continue;
    if (pane.revision >= 0) markHidden(pane);
    pane.refresh();
  }
}

for (const tab of tabs) tab.addEventListener("click", () => showOnly(tab.dataset.show));
faultsToggle.addEventListener("click", () => {
  const open = faultsToggle.getAttribute("aria-expanded") !== "true";
  faultsToggle.setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("with-faults", open);
});
customer.root.addEventListener("newcomer", async ({ detail }) => {
  await loadPeople();
  customer.find(".who select").value = detail;
  customer.become();
});
window.addEventListener("focus", () => faults.refresh());

await loadPeople();
await Promise.all([customer.refresh(), group.refresh(), faults.load()]);
const news = new EventSource("/events");
news.addEventListener("message", heard);
news.addEventListener("error", () => { document.querySelector(".offline").hidden = false; });
news.addEventListener("open", () => { document.querySelector(".offline").hidden = true; });
