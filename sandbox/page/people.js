// The list behind “Act as”: in the group by role, in private customers first, then operators.

import { make, rebuild } from "./dom.js";

export function showPeople(select, people, inGroup) {
  const sections = inGroup ? [["", people]] : [
    ["Customers", people.filter((person) => !person.operator)],
    ["Operators, in private", people.filter((person) => person.operator)],
  ];
  const label = inGroup ? atTheDesk : inPrivate;
  rebuild(select, people.map((person) => [person.id, label(person)]), () => sections.flatMap(([title, some]) => {
    const options = some.map((person) => make("option", { value: person.id }, label(person)));
    return title ? [make("optgroup", { label: title }, ...options)] : options;
  }));
}

function atTheDesk(person) {
  return `${person.name} · ${person.desk || (person.hidden ? "anonymous" : "no role")}`;
}

function inPrivate(person) {
  return `${person.name} · ${person.desk || (person.operator ? "no role" : person.language)}${person.unread ? " •" : ""}`;
}

export function groupState({ bot_status: status }, people) {
  if (status === "kicked" || status === "left") return "the bot is not in the group";
  return status === "restricted" ? "the bot is silent" : `${people + 1} members`;
}
