// Shows letters that have come since the page was opened, and gives an opened one the height it needs.

const letters = document.getElementById("letters");

async function look() {
  const answer = await fetch(`/news${location.search}`).catch(() => null);
  if (!answer?.ok) return;
  const { revision, html } = await answer.json();
  if (revision === letters.dataset.revision) return;
  letters.dataset.revision = revision;
  letters.innerHTML = html;
}

if (letters) {
  setInterval(look, 1000);
  window.addEventListener("focus", look);
}

const sheet = document.querySelector("iframe.sheet");

function fit() {
  const page = sheet.contentDocument?.documentElement;
  if (!page) return;
  sheet.style.height = "0"; // else it is never measured smaller than it stands
  sheet.style.height = `${page.scrollHeight + 2}px`;
}

if (sheet) {
  sheet.addEventListener("load", fit);
  window.addEventListener("resize", fit);
  if (sheet.contentDocument?.readyState === "complete") fit();
}
