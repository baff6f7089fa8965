// The panel of bad days: one section for each service, one choice for each fault.

import { get, post } from "./api.js";
import { badge, make } from "./dom.js";

export class FaultsPanel {
  constructor(root, badges, places) {
    this.root = root;
    this.places = places;
    this.badges = badges;
    this.values = new Map();
    this.wellButton = root.querySelector(".all-well");
    this.wellButton.addEventListener("click", () => this.endAll());
  }

  async load() {
    this.values.clear();
    const others = await get("/services.json");
    this.services = new Map([["telegram", ""], ...Object.entries(others)]);
    this.places.replaceChildren(...Object.entries(others).map(([name, url]) => entrance(name, url)));
    this.root.querySelector(".services").replaceChildren(...[...this.services].map(([name, url]) =>
      make("fieldset", { "data-service": name }, make("legend", {}, entrance(name, url)))));
    await this.refresh();
  }

  async refresh() {
    if (!this.services) return;
    await Promise.all([...this.services].map(([name, url]) => this.loadService(name, url)));
    const on = [...this.values.values()].flatMap(Object.values).filter((fault) => fault.value !== fault.choices[0]);
    for (const node of this.badges) badge(node, on.length);
    this.wellButton.disabled = !on.length;
  }

  async loadService(name, url) {
    const section = this.root.querySelector(`[data-service="${CSS.escape(name)}"]`);
    try {
      const faults = await get(`${url.replace(/\/$/, "")}/faults`);
      if (JSON.stringify(faults) === JSON.stringify(this.values.get(name))) return;
      this.values.set(name, faults);
      section.replaceChildren(section.firstElementChild, ...Object.entries(faults).map(([fault, state]) =>
        this.choice(name, fault, state)));
    } catch {
      this.values.delete(name);
      section.replaceChildren(section.firstElementChild, make("p", { class: "hint" }, "This service does not answer."));
    }
  }

  choice(service, fault, { label, value, choices }) {
    const options = choices.includes(value) ? choices : [...choices, value];
    const select = make("select", { onchange: () => this.change(service, { [fault]: select.value }) },
      ...options.map((one) => make("option", { value: one, selected: one === value }, one)));
    return make("label", { class: value === choices[0] ? "" : "on" }, make("span", {}, label), select);
  }

  async change(service, values) {
    await post(`${this.services.get(service).replace(/\/$/, "")}/faults`, values).catch(() => {});
    await this.refresh();
  }

  async endAll() {
    for (const [service, faults] of this.values) {
      const good = Object.entries(faults).map(([name, fault]) => [name, fault.choices[0]]);
      await this.change(service, Object.fromEntries(good));
    }
  }
}

const NAMES = { telegram: "Telegram", yookassa: "YooKassa" };
const titled = (name) => NAMES[name] ?? name.charAt(0).toUpperCase() + name.slice(1);

// A service's own page, where there is one: the shop's cabinet, the terminals.
const entrance = (name, url) =>
  url ? make("a", { href: `${url}/`, target: "_blank", rel: "noopener" }, titled(name)) : titled(name);
