// Shows what has come since the page was opened; a menu that is open is left alone.

const parts = document.getElementById("parts");

async function look() {
  const answer = await fetch(`/cabinet/news${location.search}`).catch(() => null);
  if (!answer?.ok) return;
  const { revision, html } = await answer.json();
  if (revision === parts.dataset.revision || parts.querySelector("details[open]")) return;
  parts.dataset.revision = revision;
  parts.innerHTML = html;
}

parts.addEventListener("submit", ({ target }) => setTimeout(() => { target.closest("details").open = false; }));
setInterval(look, 1000);
window.addEventListener("focus", look);
