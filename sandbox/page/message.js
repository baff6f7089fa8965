// One message as an element: bubble, picture, document, contact, invoice, service line, inline keyboard.

import { make } from "./dom.js";
import { clock, formatted, safeAddress, size, sum } from "./text.js";

const COLORS = 7;

export const initial = (name) => [...name.replace(/^[^\p{L}\p{N}]+/u, "")][0]?.toUpperCase() ?? "?";
// Neighbouring ids get different colours.
export const color = (id) => `color-${(Math.imul(Number(BigInt.asIntN(32, BigInt(id))), 2654435761) >>> 16) % COLORS}`;

export function avatar(id, name) {
  return make("span", { class: `avatar ${color(id)}`, "aria-hidden": "true" }, initial(name));
}

export function author(body) {
  return body.sender_chat?.title ?? [body.from.first_name, body.from.last_name].filter(Boolean).join(" ");
}

// `acts`: tap(row, column), pay(), reply(), remove(), command(text), copy(text), jump(id)
export function messageElement(view, { mine, inGroup, topic, acts }) {
  const { body } = view;
  const service = serviceText(body);
  if (service) return make("div", { class: "service", "data-id": body.message_id }, make("span", { dir: "auto" }, service));
  const node = make("div", {
    class: `message ${mine ? "mine" : "theirs"}`, role: "article", "data-id": body.message_id,
    "aria-label": `${author(body)}, ${clock(body.date)}${view.edited ? ", edited" : ""}`,
  });
  if (inGroup && !mine) node.append(avatar(body.from.id, author(body)));
  const column = make("div", { class: "column" }, bubble(view, { mine, inGroup, topic, acts }));
  const rows = keyboardRows(view);
  if (rows.length) column.append(inlineKeyboard(rows, view, acts));
  node.append(column);
  return node;
}

function bubble(view, { mine, inGroup, topic, acts }) {
  const { body } = view;
  const node = make("div", { class: "bubble" });
  if (inGroup && (!mine || topic)) node.append(heading(body, mine, topic));
  if (body.forward_origin) {
    const { sender_user: user, sender_chat: chat } = body.forward_origin;
    node.append(make("p", { class: "forwarded" }, "Forwarded from ", make("bdi", {}, user?.first_name ?? chat.title)));
  }
  const answered = body.reply_to_message;
  if (answered && !answered.forum_topic_created) node.append(quote(answered, acts));
  node.append(...[photo(body), file(body), voice(body), sticker(body), contact(body), invoice(body)].filter(Boolean));
  const text = body.text ?? body.caption;
  if (text) {
    const entities = body.entities ?? body.caption_entities;
    node.append(make("div", { class: "text", dir: "auto" }, formatted(text, entities, acts.command)));
  }
  node.append(foot(view, mine));
  if (view.reactions.length) node.append(make("p", { class: "reactions" }, view.reactions.join(" ")));
  node.append(tools(mine, acts));
  return node;
}

function heading(body, mine, topic) {
  return make("p", { class: `author ${color(body.from.id)}` },
    mine ? null : make("bdi", {}, author(body)), topic ? make("span", { class: "topic" }, topic) : null);
}

function foot({ body, edited }, mine) {
  return make("p", { class: "foot" },
    edited ? make("span", {}, "edited ") : null,
    make("time", { datetime: new Date(body.date * 1000).toISOString() }, clock(body.date)),
    mine ? make("span", { class: "ticks", "aria-hidden": "true" }, "✓✓") : null);
}

function tools(mine, acts) {
  const tool = (label, sign, onclick) => make("button", { type: "button", "aria-label": label, title: label, onclick }, sign);
  return make("div", { class: "tools" }, tool("Reply", "↩", acts.reply), mine ? tool("Delete", "🗑", acts.remove) : null);
}

// What a message is called where it is only named: in a quote, above the composer, on the pin.
export function excerpt(body) {
  return body.text ?? body.caption ?? body.document?.file_name ?? body.video?.file_name ?? body.sticker?.emoji
    ?? (body.voice ? "Voice message" : body.photo ? "Picture" : body.invoice?.title ?? "Message");
}

function quote(answered, acts) {
  const words = excerpt(answered);
  return make("button", { type: "button", class: "quote", onclick: () => acts.jump(answered.message_id) },
    make("b", {}, make("bdi", {}, author(answered))), make("span", { dir: "auto" }, words.slice(0, 80)));
}

function photo(body) {
  const picture = body.photo?.at(-1);
  if (!picture) return null;
  const image = make("img", { src: `/files/${picture.file_id}`, alt: body.caption ?? "Picture",
    width: picture.width, height: picture.height });
  return make("a", { class: "photo", href: `/files/${picture.file_id}`, target: "_blank", rel: "noopener" }, image);
}

function voice({ voice: said }) {
  return said && make("p", { class: "voice" }, make("span", { class: "file-icon", "aria-hidden": "true" }, "▶"), `Voice message, ${said.duration} s`);
}

function sticker({ sticker: stuck }) {
  return stuck && make("p", { class: "sticker", role: "img", "aria-label": `Sticker ${stuck.emoji}` }, stuck.emoji);
}

function file({ document, video }) {
  const kept = document ?? video;
  if (!kept) return null;
  return make("a", { class: "file", href: `/files/${kept.file_id}`, target: "_blank", rel: "noopener" },
    make("span", { class: "file-icon", "aria-hidden": "true" }, "↓"),
    make("span", {}, make("bdi", {}, kept.file_name), make("small", {}, size(kept.file_size))));
}

function contact({ contact: shared }) {
  if (!shared) return null;
  const number = shared.phone_number.startsWith("+") ? shared.phone_number : `+${shared.phone_number}`;
  return make("div", { class: "contact" }, avatar(shared.user_id ?? 0, shared.first_name),
    make("span", {}, make("bdi", {}, shared.first_name), make("small", {}, number)));
}

function invoice({ invoice: asked }) {
  if (!asked) return null;
  return make("div", { class: "invoice" }, make("b", { dir: "auto" }, asked.title),
    make("span", { dir: "auto" }, asked.description), make("strong", {}, sum(asked.total_amount, asked.currency)));
}

function keyboardRows({ body, paid }) {
  const rows = body.reply_markup?.inline_keyboard ?? [];
  if (!body.invoice) return rows;
  const label = paid ? "Paid ✓" : `Pay ${sum(body.invoice.total_amount, body.invoice.currency)}`;
  return rows.length ? rows : [[{ text: label, pay: true }]];
}

function inlineKeyboard(rows, view, acts) {
  const lines = rows.map((row, r) => make("div", { class: "row" },
    ...row.map((button, c) => inlineButton(button, r, c, view, acts))));
  return make("div", { class: "inline-keyboard", role: "group", "aria-label": "Buttons" }, ...lines);
}

function inlineButton(button, row, column, view, acts) {
  const kind = `key ${button.style ?? ""}`;
  const address = button.url ?? button.web_app?.url;
  if (address) {
    const href = safeAddress(address);
    const opens = make("span", { class: "hidden" }, " (opens a new tab)");
    return make("a", { class: `${kind} opens`, href, target: "_blank", rel: "noopener noreferrer" }, button.text, opens);
  }
  const press = button.copy_text ? () => acts.copy(button.copy_text.text)
    : button.pay ? () => acts.pay()
      : async (event) => {
        const key = event.currentTarget;
        key.setAttribute("aria-busy", "true");
        await acts.tap(row, column);
        key.removeAttribute("aria-busy");
      };
  const off = Boolean(button.disabled) || (button.pay && view.paid);
  return make("button", { type: "button", class: `${kind} ${button.copy_text ? "copies" : ""}`, disabled: off, onclick: press },
    button.text);
}

function serviceText(body) {
  const name = author(body);
  if (body.forum_topic_created) return `${name} opened the topic “${body.forum_topic_created.name}”`;
  if (body.forum_topic_edited) return `${name} renamed the topic to “${body.forum_topic_edited.name}”`;
  if (body.forum_topic_closed) return `${name} closed the topic`;
  if (body.forum_topic_reopened) return `${name} opened the topic again`;
  if (body.pinned_message) return `${name} pinned “${excerpt(body.pinned_message).slice(0, 40)}”`;
  if (body.left_chat_member) return `${name} removed ${body.left_chat_member.first_name}`;
  if (body.new_chat_members) return `${name} added ${body.new_chat_members.map((one) => one.first_name).join(", ")}`;
  if (body.migrate_to_chat_id || body.migrate_from_chat_id) return "The group became a supergroup";
  const paid = body.successful_payment;
  if (paid) return `You paid ${sum(paid.total_amount, paid.currency)}`;
  const refunded = body.refunded_payment;
  return refunded ? `You got back ${sum(refunded.total_amount, refunded.currency)}` : "";
}
