// The tabs of a forum: everything, the general topic, and each topic by its name.

import { make, rebuild } from "./dom.js";

const GENERAL = 1;

export const topicOf = (view) => view.body.message_thread_id ?? GENERAL;

export function showTopics(pane, chat) {
  const bar = pane.find(".topics");
  bar.hidden = !chat.forum;
  if (!chat.topics.some((topic) => topic.id === pane.topic) && pane.topic !== GENERAL) pane.topic = 0;
  const tabs = [{ id: 0, name: "All" }, { id: GENERAL, name: "General" }, ...chat.topics];
  rebuild(bar, [pane.topic, tabs], () => tabs.map((topic) => tab(pane, topic)));
}

// Named on a message only where messages of several topics stand together.
export function topicLabel(pane, view) {
  if (!pane.group || pane.topic) return "";
  return pane.chat.topics.find((topic) => topic.id === view.body.message_thread_id)?.name ?? "";
}

function tab(pane, topic) {
  const chosen = topic.id === pane.topic;
  return make("button", {
    type: "button", "aria-pressed": String(chosen),
    onclick: () => {
      pane.topic = topic.id;
      pane.become();
    },
  }, topic.closed ? `🔒 ${topic.name}` : topic.name);
}
