import { swap } from "../widget/fragments.js";
import { Pane } from "./pane.js";

/** @typedef {import("../sdk/frames.js").Frame} Frame */

/** The chats that are open, of which one is looked at. */
export class Panes {
  /** @type {Map<string, Pane>} */
  #panes = new Map();
  /** Panes on their way, and what came meanwhile.
   * @type {Map<string, { missed: Frame[], done: Promise<void> }>} */
  #coming = new Map();
  #wanted = "";
  #surroundings;
  #changed;
  #failed;

  /**
   * @param {import("./pane.js").Surroundings} surroundings
   * @param {{ changed: () => void, failed: (message: string) => void }} options `changed`: another
   *   pane is there, or looked at
   */
  constructor(surroundings, { changed, failed }) {
    this.#surroundings = surroundings;
    this.#changed = changed;
    this.#failed = failed;
  }

  /** @returns {Pane[]} in the order in which they were opened */
  get all() {
    return [...this.#panes.values()];
  }

  /** The one that is looked at, or is about to be. @returns {Pane | undefined} */
  get current() {
    return this.#panes.get(this.#wanted);
  }

  /** @param {string} chat */
  has(chat) {
    return this.#panes.has(chat) || this.#coming.has(chat);
  }

  /** @param {string} chat */
  get(chat) {
    return this.#panes.get(chat);
  }

  /**
   * @param {string} chat
   * @returns {Promise<Pane | undefined>} none if it could not be fetched
   */
  async open(chat) {
    const before = this.#wanted;
    this.#wanted = chat;
    if (!this.#panes.has(chat)) await this.#fetch(chat);
    if (this.#wanted === chat) {
      if (!this.#panes.has(chat)) this.#wanted = before;
      this.#show();
    }
    return this.#panes.get(chat);
  }

  /** @param {string} chat */
  leave(chat) {
    const place = this.all.findIndex((pane) => pane.chat === chat);
    this.#panes.get(chat)?.remove();
    this.#panes.delete(chat);
    if (this.#wanted === chat) {
      const next = this.all[Math.max(0, place - 1)];
      this.#wanted = next?.chat ?? "";
    }
    this.#show();
  }

  /**
   * @param {string} chat
   * @param {Frame} push its fragments are on the page already
   */
  hear(chat, push) {
    this.#coming.get(chat)?.missed.push(push);
    this.#panes.get(chat)?.hear(push);
  }

  /**
   * Once, however often it is asked for.
   *
   * @param {string} chat
   */
  #fetch(chat) {
    /** @type {Frame[]} */
    const missed = [];
    const coming = this.#coming.get(chat) ?? { missed, done: this.#bring(chat, missed) };
    this.#coming.set(chat, coming);
    return coming.done;
  }

  /**
   * @param {string} chat
   * @param {Frame[]} missed
   */
  async #bring(chat, missed) {
    const { server, urlOf, texts } = this.#surroundings;
    const { ok, text, message } = await server.get(urlOf(chat));
    this.#coming.delete(chat);
    if (ok) this.#add(chat, text, missed);
    else this.#failed(message || texts.textFailed || "");
  }

  /**
   * @param {string} chat
   * @param {string} html
   * @param {Frame[]} missed what came while the pane was drawn and fetched
   */
  #add(chat, html, missed) {
    swap(html);
    const element = document.getElementById(`lc-pane-${chat}`);
    if (!element) return;
    const pane = new Pane(element, this.#surroundings);
    this.#panes.set(chat, pane);
    for (const push of missed.filter(({ seq }) => seq === undefined || seq > pane.seq)) {
      if (push.html) swap(push.html);
      pane.hear(push);
    }
  }

  #show() {
    for (const pane of this.all) pane.show(pane.chat === this.#wanted);
    this.#changed();
  }
}
