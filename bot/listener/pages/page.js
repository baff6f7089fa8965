// Asks whether anything changed, less and less often, and shows the new page when it did. Without this
// script the page refreshes itself; with it, a reader is disturbed only when there is something to tell.
"use strict";

const SLOWEST = 15000;
const GIVE_UP_AFTER = 20 * 60 * 1000;

const main = document.querySelector("main[data-watch]");
const opened = Date.now();
let pause = 1500;
let timer = 0;

async function look() {
  try {
    const answer = await fetch(main.dataset.watch, { cache: "no-store", credentials: "omit" });
    if (answer.ok && (await answer.json()).state !== main.dataset.state) {
      location.reload();
      return;
    }
  } catch {
    // No connection just now: look again later.
  }
  again();
}

function again() {
  clearTimeout(timer);
  if (document.hidden || Date.now() - opened > GIVE_UP_AFTER) return;
  timer = setTimeout(look, pause);
  pause = Math.min(pause * 1.4, SLOWEST);
}

if (main) {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    pause = 1500;
    again();
  });
  again();
}
