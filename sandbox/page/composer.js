// The foot of a chat: what a person writes, attaches and answers, and the bot's keyboard and commands.

import { post } from "./api.js";
import { ask, dropdown, make, rebuild } from "./dom.js";
import { excerpt } from "./message.js";

const TALLEST = 140;
const PICTURES = ["image/png", "image/jpeg"];

export class Composer {
  constructor(pane) {
    this.pane = pane;
    this.replyTo = 0;
    this.input = pane.find("textarea");
    this.listen();
  }

  listen() {
    const { pane } = this;
    dropdown(pane.find(".commands-button"), pane.find(".commands"));
    pane.find(".composer").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
      if (event.key === "Escape") this.setReply(0);
    });
    this.input.addEventListener("input", () => this.fitInput());
    pane.find(".attach input").addEventListener("change", (event) => this.attach(event.target));
    pane.root.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
    pane.root.addEventListener("drop", (event) => this.drop(event));
    pane.find(".start").addEventListener("click", () => pane.act("send", { text: "/start" }));
    pane.find(".replying button").addEventListener("click", () => this.setReply(0));
  }

  show(chat) {
    const idle = !this.pane.group && (!chat.started || chat.blocked);
    const start = this.pane.find(".start");
    start.hidden = !idle;
    start.textContent = chat.blocked ? "Restart bot" : "Start";
    this.pane.find(".composer").hidden = idle;
    this.showCommands(idle ? [] : chat.commands);
    this.showKeyboard(idle ? null : chat.keyboard);
    if (chat.keyboard?.force_reply && this.forced !== chat.keyboard_from) {
      this.forced = chat.keyboard_from;
      this.setReply(chat.keyboard_from);
    }
    this.input.placeholder = chat.keyboard?.input_field_placeholder ?? "Message";
  }

  showCommands(commands) {
    this.pane.find(".commands-button").hidden = !commands.length;
    rebuild(this.pane.find(".commands"), commands, () => commands.map(({ command, description }) =>
      make("button", { type: "button", onclick: () => this.pane.act("send", { text: `/${command}` }) },
        make("b", {}, `/${command}`), make("span", {}, description))));
  }

  showKeyboard(keyboard) {
    const rows = keyboard?.keyboard ?? [];
    const node = this.pane.find(".reply-keyboard");
    node.hidden = !rows.length;
    rebuild(node, rows, () => rows.map((row) => make("div", { class: "row" }, ...row.map((button) =>
      make("button", { type: "button", class: `key ${button.style ?? ""}`, onclick: () => this.pressReply(button) }, button.text)))));
  }

  async pressReply(button) {
    if (!button.request_contact) return this.pane.act("send", { text: button.text });
    if (await ask("Share your phone number with the bot?", { ok: "Share" })) return this.pane.act("contact");
  }

  async send() {
    const text = this.input.value;
    if (!text.trim()) return;
    const sent = await this.pane.act("send", { text, reply_to: this.replyTo });
    if (sent) this.sent();
  }

  sent() {
    this.input.value = "";
    this.fitInput();
    this.setReply(0);
    this.pane.toEnd();
  }

  async attach(input) {
    const files = [...input.files];
    input.value = "";
    await this.sendFiles(files);
  }

  async drop(event) {
    const files = [...event.dataTransfer.files];
    if (!files.length || this.pane.find(".composer").hidden) return;
    event.preventDefault();
    await this.sendFiles(files);
  }

  // Several at once are an album; pictures and other files make two, as in Telegram.
  async sendFiles(files) {
    const isPicture = (file) => PICTURES.includes(file.type);
    const pictures = files.filter(isPicture);
    const others = files.filter((file) => !isPicture(file));
    if (pictures.length) await this.sendAlbum(pictures, "photo");
    if (others.length) await this.sendAlbum(others, "document");
  }

  async sendAlbum(files, kind) {
    const form = new FormData();
    const place = { ...this.pane.where, ...this.pane.topicField(), reply_to: this.replyTo, caption: this.input.value, kind };
    for (const [name, value] of Object.entries(place)) form.append(name, value);
    for (const file of files) form.append("file", file);
    try {
      await post(`/chat/${this.pane.person}/file`, form);
      this.sent();
    } catch (error) {
      this.pane.toast(error.message);
    }
  }

  // Something else than words: a sticker, a voice message.
  async sendOther(what, body = {}) {
    if (await this.pane.act(what, { ...body, reply_to: this.replyTo })) this.sent();
  }

  // Somebody else sits here now, who may have been asked something else.
  forget() {
    this.forced = 0;
    this.setReply(0);
  }

  setReply(id) {
    this.replyTo = id;
    const view = this.pane.chat?.messages.find((one) => one.body.message_id === id);
    const line = this.pane.find(".replying");
    line.hidden = !view;
    line.querySelector("span").textContent = view ? `Reply to: ${excerpt(view.body).slice(0, 70)}` : "";
    if (!view) this.replyTo = 0;
  }

  fitInput() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
  }

  reply(message) {
    this.setReply(message);
    this.input.focus();
  }
}
