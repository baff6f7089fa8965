// Joins the two chats, the faults and the stream of news from the sandbox.

import { get } from "./api.js";
import { badge } from "./dom.js";
import { FaultsPanel } from "./faults.js";
import { Pane } from "./pane.js";
import { TimePanel } from "./time.js";

const all = (selector) => [...document.querySelectorAll(selector)];
const tabs = all("[data-show]");
const tabBadge = (name) => document.querySelector(`[data-show="${name}"] .badge`);
const offline = document.querySelector(".offline");
const faultsToggle = document.querySelector(".faults-toggle");
// The newest message each private chat had when it was last on the screen.
const read = new Map();

const customer = new Pane(document.getElementById("customer"), { onShown: noteShown });
const group = new Pane(document.getElementById("group"), { group: true, onShown: noteShown });
const faults = new FaultsPanel(document.getElementById("faults"), [tabBadge("faults"), faultsToggle.querySelector(".badge")],
  document.querySelector(".places"));
new TimePanel(document.querySelector(".time"));

function noteShown(pane, fresh) {
  const name = pane.root.id;
  read.set(pane.chat.id, pane.chat.messages.at(-1)?.body.message_id ?? 0);
  const narrow = getComputedStyle(tabs[0].parentElement).display !== "none";
  if (!narrow || document.body.dataset.shown === name) return;
  badge(tabBadge(name), Number(tabBadge(name).textContent) + fresh);
}

function showOnly(name) {
  document.body.dataset.shown = name;
  for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.show === name));
  const pane = [customer, group].find((one) => one.root.id === name);
  if (!pane) return;
  badge(tabBadge(name), 0);
  pane.toEnd();
}

async function loadPeople() {
  const world = await get("/world");
  const everybody = [...world.customers, ...world.operators.map((person) => ({ ...person, operator: true }))];
  for (const person of everybody) if (!read.has(person.id)) read.set(person.id, person.newest);
  const inPrivate = everybody.map((person) => ({ ...person, unread: person.newest > read.get(person.id) }));
  customer.setPeople(inPrivate, world.bot);
  group.setPeople(everybody.filter((person) => person.role), world.bot);
}

async function heard(event) {
  const news = JSON.parse(event.data);
  await loadPeople();
  if (news.chats[customer.person] !== customer.revision) customer.refresh();
  if (news.chats[news.group] !== group.revision) group.refresh();
  clearTimeout(heard.faults);
  heard.faults = setTimeout(() => faults.refresh(), 700);
}

// ?as=1002 opens the page as that customer, ?desk=2002 as that operator; a link to the bot is followed once.
function followAddress() {
  const url = new URL(location);
  customer.choose(url.searchParams.get("as"));
  if (group.choose(url.searchParams.get("desk")) && !url.searchParams.has("as")) showOnly("group");
  if (url.pathname !== "/") customer.open(url);
  if (url.pathname !== "/" || url.search) history.replaceState(null, "", "/");
}

// Also after the sandbox was started anew, when nothing that is on the screen is true any more.
async function begin() {
  offline.hidden = true;
  await loadPeople();
  followAddress();
  customer.become();
  group.become();
  await faults.load();
}

for (const tab of tabs) tab.addEventListener("click", () => showOnly(tab.dataset.show));
faultsToggle.addEventListener("click", () => {
  const open = faultsToggle.getAttribute("aria-expanded") !== "true";
  faultsToggle.setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("with-faults", open);
});
customer.root.addEventListener("newcomer", async ({ detail }) => {
  await loadPeople();
  customer.choose(detail);
  customer.become();
});
window.addEventListener("focus", () => faults.refresh());

const news = new EventSource("/events");
news.addEventListener("open", begin);
news.addEventListener("message", heard);
news.addEventListener("error", () => { offline.hidden = false; });
