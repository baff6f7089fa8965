// The clock of the street: what day it is there, and the buttons that skip hours, days and months.

import { get, post } from "./api.js";

const OFTEN = 250;
const SELDOM = 2000;
const words = new Intl.DateTimeFormat("en-GB", {
  weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
});

export class TimePanel {
  constructor(root) {
    this.root = root;
    this.panel = root.querySelector("#time");
    this.toggle = root.querySelector(".time-toggle");
    this.shown = root.querySelector("time");
    this.progress = root.querySelector("progress");
    this.way = root.querySelector(".way");
    this.whole = 0;
    this.toggle.addEventListener("click", () => this.open(this.panel.hidden));
    for (const button of this.panel.querySelectorAll("button")) {
      button.addEventListener("click", () => this.skip(button.dataset));
    }
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.panel.hidden) return;
      this.open(false);
      this.toggle.focus();
    });
    document.addEventListener("click", (event) => {
      if (!root.contains(event.target)) this.open(false);
    });
    this.look();
  }

  open(open) {
    this.panel.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    if (open) this.look();
  }

  async skip({ hours = 0, days = 0, months = 0 }) {
    try {
      this.show(await post("/time", { hours: Number(hours), days: Number(days), months: Number(months) }));
    } catch (error) {
      this.way.textContent = error.message;
    }
    this.look();
  }

  async look() {
    clearTimeout(this.next);
    let moving = false;
    try {
      moving = this.show(await get("/time"));
    } catch {
      // the page says elsewhere that the sandbox does not answer
    }
    clearTimeout(this.next);
    this.next = setTimeout(() => this.look(), moving ? OFTEN : SELDOM);
  }

  // True while it moves.
  show({ now, left, waits }) {
    this.shown.dateTime = now;
    this.shown.textContent = words.format(new Date(now)).replaceAll(",", "");
    this.whole = left > 0 ? Math.max(this.whole, left) : 0;
    this.progress.hidden = !this.whole;
    this.progress.value = this.whole ? 1 - left / this.whole : 0;
    const said = this.whole ? "Skipping. The bot does what is due on the way." : waits ? "The bot catches up." : "";
    if (this.way.textContent !== said) this.way.textContent = said;
    return left !== 0 || waits;
  }
}
