// Pictures and files that were sent together stand together.

import { make } from "./dom.js";

// Where a new message goes: the album it belongs to, when that is the newest, else the list itself.
export function albumFor(list, { media_group_id: album }, mine) {
  if (!album) return list;
  const last = list.lastElementChild;
  if (last?.dataset.album === album) return last;
  const node = make("div", { class: `album ${mine ? "mine" : "theirs"}`, role: "group", "aria-label": "Album", "data-album": album });
  list.append(node);
  return node;
}

export function leaveAlbum(node) {
  const album = node.closest(".album");
  node.remove();
  if (album && !album.children.length) album.remove();
}
