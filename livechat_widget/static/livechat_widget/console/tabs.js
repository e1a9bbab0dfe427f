import { badge } from "./row.js";

/**
 * @typedef {{ chat: string, name: string, unread: number, current: boolean }} Tab
 */

/** The open chats, side by side: one of them is looked at, the others are a key or a click away. */
export class Tabs {
  /** @type {Map<string, HTMLElement>} */
  #items = new Map();
  #list;
  #leaveText;

  /**
   * @param {{
   *   list: HTMLElement,
   *   leaveText: string,
   *   open: (chat: string) => void,
   *   leave: (chat: string) => void,
   * }} options
   */
  constructor({ list, leaveText, open, leave }) {
    this.#list = list;
    this.#leaveText = leaveText;
    list.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      const chat = button?.closest("li")?.dataset.chat;
      if (!button || !chat) return;
      if (button.classList.contains("lc-tab__leave")) leave(chat);
      else open(chat);
    });
  }

  /** @param {Tab[]} tabs in order */
  draw(tabs) {
    const known = new Set(tabs.map(({ chat }) => chat));
    for (const [chat, item] of this.#items) {
      if (known.has(chat)) continue;
      item.remove();
      this.#items.delete(chat);
    }
    for (const tab of tabs) this.#drawOne(tab);
    this.#list.hidden = tabs.length === 0;
  }

  /** @param {Tab} tab */
  #drawOne({ chat, name, unread, current }) {
    const item = this.#items.get(chat) ?? this.#add(chat);
    const [open, leave] = item.querySelectorAll("button");
    const [label, mark] = open.querySelectorAll("span");
    label.textContent = name;
    mark.textContent = unread ? badge(unread) : "";
    open.setAttribute("aria-current", String(current));
    leave.setAttribute("aria-label", `${this.#leaveText}: ${name}`);
    item.toggleAttribute("data-current", current);
  }

  /** @param {string} chat */
  #add(chat) {
    const item = document.createElement("li");
    item.className = "lc-tab";
    item.dataset.chat = chat;
    item.append(button("lc-tab__open"), button("lc-tab__leave"));
    const [open, leave] = item.querySelectorAll("button");
    open.append(span("lc-tab__name"), span("lc-tab__unread"));
    leave.textContent = "×";
    this.#items.set(chat, item);
    this.#list.append(item);
    return item;
  }
}

/** @param {string} className */
function button(className) {
  return Object.assign(document.createElement("button"), { type: "button", className });
}

/** @param {string} className */
function span(className) {
  return Object.assign(document.createElement("span"), { className, dir: "auto" });
}
