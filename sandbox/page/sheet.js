// Telegram's own payment form: a card and an e-mail for the shop, or Stars from the person's balance.

import { make } from "./dom.js";
import { sum } from "./text.js";

const CARDS = [
  ["2202474301322987", "Mir •• 2987: works"],
  ["5555555555554444", "MasterCard •• 4444: works"],
  ["5555555555554600", "MasterCard •• 4600: no money"],
  ["5555555555554543", "MasterCard •• 4543: expired"],
];

// What was typed, or null when the form was closed.
export function paymentSheet({ title, total_amount: total, currency }, { wants = [], stars = 0 } = {}) {
  const inStars = currency === "XTR";
  const card = make("select", { name: "card", "aria-label": "Card" },
    ...CARDS.map(([number, words]) => make("option", { value: number }, words)));
  const email = make("input", { name: "email", type: "email", required: true, value: "anna@example.org", "aria-label": "E-mail" });
  const dialog = make("dialog", { class: "sheet", "aria-label": "Checkout" },
    make("form", { method: "dialog" },
      make("h2", { dir: "auto" }, title ?? "Checkout"),
      make("p", {}, make("strong", {}, sum(total, currency))),
      inStars ? make("p", { class: "hint" }, `You have ${stars} ⭐`) : make("label", {}, make("span", {}, "Card"), card),
      wants.includes("need_email") ? make("label", {}, make("span", {}, "E-mail for the receipt"), email) : null,
      make("menu", {},
        make("button", { value: "cancel", class: "quiet", formnovalidate: true }, "Close"),
        make("button", { value: "pay", class: "strong" }, inStars ? "Confirm and pay" : `Pay ${sum(total, currency)}`))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      const typed = { card: inStars ? "" : card.value, email: wants.includes("need_email") ? email.value : "" };
      resolve(dialog.returnValue === "pay" ? typed : null);
    }, { once: true });
  });
}
