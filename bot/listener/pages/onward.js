// Sends the form on by itself. Not inside Telegram's own window, where the payer first reads how to leave it; and not
// when he came back from the payment page by "Back", or he could never get past this one.
"use strict";

const form = document.querySelector("main form");
const elsewhere = document.querySelector(".elsewhere");
const insideTelegram = "TelegramWebviewProxy" in window || "TelegramWebview" in window;
const [arrival] = performance.getEntriesByType("navigation");

if (insideTelegram) {
  elsewhere.hidden = false;
  document.querySelector(".lead").hidden = true;
}
if (elsewhere.hidden && arrival?.type !== "back_forward") form.submit();
