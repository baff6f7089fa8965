// One chat on the screen: who looks at it, its messages, its composer.

import { get, post } from "./api.js";
import { Composer } from "./composer.js";
import { ask, badge, dropdown, make, rebuild, tell } from "./dom.js";
import { albumFor, leaveAlbum } from "./albums.js";
import { avatar, color, excerpt, initial, messageElement } from "./message.js";
import { chatMenu } from "./menu.js";
import { day } from "./text.js";
import { groupState, showPeople } from "./people.js";
import { paymentSheet } from "./sheet.js";
import { showTopics, topicLabel, topicOf } from "./topics.js";

const NEAR_END = 80;
const MOST_SHOWN = 300;

export class Pane {
  constructor(root, { group = false, onShown }) {
    this.root = root;
    this.group = group;
    this.onShown = onShown;
    this.revision = -1;
    this.topic = 0;
    this.unread = 0;
    this.shown = new Map();
    root.append(document.getElementById("pane").content.cloneNode(true));
    this.scroll = this.find(".scroll");
    this.list = this.find(".messages");
    this.composer = new Composer(this);
    this.listen();
  }

  find(selector) { return this.root.querySelector(selector); }

  get person() { return Number(this.find(".who select").value); }

  get where() { return this.group ? { chat: "group" } : {}; }

  listen() {
    dropdown(this.find(".more button"), this.find(".menu"));
    this.find(".who select").addEventListener("change", () => this.become());
    this.find(".to-end").addEventListener("click", () => this.toEnd());
    this.scroll.addEventListener("scroll", () => {
      this.stuck = this.atEnd();
      if (this.stuck) this.markRead();
    });
    // A keyboard that opens below must not cover what was just read.
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.scroll);
    // A picture takes its place once it is there.
    this.scroll.addEventListener("load", () => this.stuck && this.toEnd(), true);
    this.list.addEventListener("click", (event) => this.followDeepLink(event));
  }

  become() {
    for (const kept of [sessionStorage, localStorage]) kept.setItem(this.root.id, this.person);
    this.revision = -1;
    this.filled = false;
    this.shown.clear();
    this.list.replaceChildren();
    this.composer.forget();
    this.refresh();
  }

  // People and groups come and go; keep whom the reader chose.
  setPeople(people, bot) {
    const select = this.find(".who select");
    // A bank's page leads back by a new tab; the same person goes on there.
    const chosen = select.value || sessionStorage.getItem(this.root.id) || localStorage.getItem(this.root.id);
    this.bot = bot;
    this.people = people;
    showPeople(select, people, this.group);
    this.choose(chosen);
  }

  // Says whether there is such a person; the reader's choice stays until there is.
  choose(id) {
    const known = this.people.some((person) => String(person.id) === String(id));
    if (known) this.find(".who select").value = id;
    return known;
  }

  // An administrator who hides writes under the group's name.
  wrote(body) {
    return body.from.id === this.person || (this.group && body.sender_chat && this.actor.hidden);
  }

  get actor() { return this.people.find((person) => person.id === this.person); }

  // One request at a time; what changes meanwhile is fetched right after it.
  async refresh() {
    if (this.busy) { this.again = true; return; }
    this.busy = true;
    const person = this.person;
    try {
      const chat = await get(`/chat/${person}?last=${MOST_SHOWN}${this.group ? "&chat=group" : ""}`);
      if (person === this.person) this.show(chat);
    } catch (error) {
      // The stream of news tells when the sandbox is back, and everything is read again.
      this.toast(error.message);
    } finally {
      this.busy = false;
      if (this.again) { this.again = false; this.refresh(); }
    }
  }

  show(chat) {
    this.chat = chat;
    this.revision = chat.revision;
    this.showHead(chat);
    if (this.group) showTopics(this, chat);
    const fresh = this.showMessages(chat);
    this.composer.show(chat);
    this.onShown(this, fresh);
  }

  showHead(chat) {
    const face = this.find(".chat-head .avatar");
    face.className = `avatar ${color(this.group ? chat.id : this.bot.id)}`;
    face.textContent = initial(chat.title);
    this.find(".chat-title bdi").textContent = chat.title;
    clearTimeout(this.typingEnds);
    const state = this.find(".chat-state");
    const resting = this.group ? groupState(chat, this.people.length) : "bot";
    state.textContent = chat.typing ? (chat.typing === "typing" ? "typing…" : "sending a file…") : resting;
    state.classList.toggle("typing", Boolean(chat.typing));
    if (chat.typing) this.typingEnds = setTimeout(() => this.refresh(), 5200);
    const entries = chatMenu(this);
    rebuild(this.find(".menu"), entries.map((entry) => entry?.[0]), () =>
      entries.map((entry) => (entry ? make("button", { type: "button", onclick: entry[1] }, entry[0]) : make("hr"))));
    this.showPinned(chat);
  }

  showPinned(chat) {
    const pinned = chat.messages.find((view) => view.body.message_id === chat.pinned.at(-1));
    const line = this.find(".pinned");
    line.hidden = !pinned;
    line.querySelector("span").textContent = pinned ? excerpt(pinned.body).slice(0, 90) : "";
    line.onclick = () => this.jump(pinned.body.message_id);
  }

  showMessages(chat) {
    this.first = !this.filled;
    this.filled = true;
    this.list.lang = this.group ? "" : this.actor.language;
    // History that was there before is not read aloud.
    this.list.setAttribute("aria-live", this.first ? "off" : "polite");
    const stay = !this.first && !this.stuck;
    const views = chat.messages.filter((view) => !this.topic || topicOf(view) === this.topic);
    const wanted = new Set(views.map((view) => view.body.message_id));
    for (const [id, { node }] of this.shown) {
      if (!wanted.has(id)) { leaveAlbum(node); this.shown.delete(id); }
    }
    let fresh = 0;
    for (const view of views) fresh += this.place(view) ? 1 : 0;
    this.showDays(views);
    this.showEmpty(chat, views);
    if (stay && fresh) this.unread += fresh;
    else if (!stay) this.toEnd();
    this.showUnread();
    return this.first ? 0 : fresh;
  }

  // Only what changed is built anew, so focus and reading place survive; true for a new message.
  place(view) {
    const id = view.body.message_id;
    const known = this.shown.get(id);
    if (known?.revision === view.revision) return false;
    const mine = this.wrote(view.body);
    const node = messageElement(view, {
      mine, inGroup: this.group, topic: topicLabel(this, view), acts: this.actsOn(view),
    });
    this.shown.set(id, { node, revision: view.revision });
    if (!known) {
      node.classList.toggle("new", !this.first);
      albumFor(this.list, view.body, mine).append(node);
      return !mine;
    }
    const keys = [...known.node.querySelectorAll("button, a")];
    const focused = keys.indexOf(document.activeElement);
    known.node.replaceWith(node);
    if (focused >= 0) (node.querySelectorAll("button, a")[focused] ?? this.scroll).focus({ preventScroll: true });
    return false;
  }

  showDays(views) {
    this.list.querySelectorAll(".day").forEach((node) => node.remove());
    let last = "";
    for (const { body } of views) {
      const date = day(body.date);
      const { node } = this.shown.get(body.message_id);
      if (date !== last) (node.closest(".album") ?? node).before(make("div", { class: "day service" }, make("span", {}, date)));
      last = date;
    }
  }

  showEmpty(chat, views) {
    this.list.querySelector(".empty")?.remove();
    if (views.length) return;
    const words = this.group ? "No messages here yet." : chat.description || "Press Start to begin.";
    this.list.append(make("div", { class: "empty" }, avatar(this.group ? chat.id : this.bot.id, chat.title), make("p", { dir: "auto" }, words)));
  }

  actsOn(view) {
    const message = view.body.message_id;
    return {
      tap: (row, column) => this.tap({ message, row, column }),
      pay: () => this.pay({ message }, view),
      reply: () => this.composer.reply(message),
      remove: () => this.act("delete", { message }),
      command: (text) => this.act("send", { text }),
      copy: (text) => navigator.clipboard.writeText(text).then(() => this.toast(`Copied: ${text}`), () => tell(text)),
      jump: (id) => this.jump(id),
    };
  }

  // Every act of the person goes this way, so that a refusal is told and not lost.
  async act(what, body = {}) {
    try {
      return await post(`/chat/${this.person}/${what}`, { ...this.where, ...this.topicField(), ...body });
    } catch (error) {
      this.toast(error.message);
      return null;
    }
  }

  topicField() { return this.topic > 1 ? { thread: this.topic } : {}; }

  async tap(button) {
    const answer = await this.act("tap", button);
    if (!answer) return;
    if (!answer.answered) this.toast("The bot did not answer this press.");
    else if (answer.show_alert) tell(answer.text);
    else if (answer.text) this.toast(answer.text);
  }

  async pay(what, view = {}) {
    const { stars } = this.chat;
    const typed = view.body
      ? await paymentSheet(view.body.invoice, { wants: view.wants, stars })
      : (await ask("Pay this invoice with the sandbox's card?", { ok: "Pay" })) && {};
    if (!typed) return;
    const answer = await this.act("pay", { ...what, ...typed });
    if (answer && answer.outcome !== "paid") tell(answer.error);
  }

  // A link to this bot opens the chat itself, as in a real client.
  followDeepLink(event) {
    const link = event.target.closest("a[href]");
    const url = link && new URL(link.href);
    if (!url || (url.hostname !== "t.me" && url.origin !== location.origin)) return;
    const [name] = url.pathname.slice(1).split("/");
    if (name.startsWith("$")) { event.preventDefault(); this.pay({ slug: name.slice(1) }); }
    if (name !== this.bot.username) return;
    event.preventDefault();
    this.open(url);
  }

  // It leads to the private chat, from the group as well.
  open(url) {
    const start = url.searchParams.get("start");
    if (start) post(`/chat/${this.person}/open`, { start }).catch((error) => this.toast(error.message));
  }

  jump(id) {
    const shown = this.shown.get(id)?.node;
    const node = shown?.closest(".album") ?? shown;
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 1200);
  }

  toast(text) {
    const node = this.find(".toast");
    node.hidden = false;
    node.textContent = text;
    clearTimeout(this.toastEnds);
    this.toastEnds = setTimeout(() => { node.hidden = true; }, 4000);
  }

  atEnd() { return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_END; }

  toEnd() {
    this.stuck = true;
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.markRead();
  }

  markRead() {
    this.unread = 0;
    this.showUnread();
  }

  showUnread() {
    const button = this.find(".to-end");
    button.hidden = this.atEnd();
    badge(button.querySelector(".badge"), this.unread);
  }
}
