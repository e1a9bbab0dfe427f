import { Timers } from "../sdk/timers.js";

const EXPIRES_AFTER = 10_000;

/**
 * What is being written in each chat. Nobody writes for longer than ten seconds without saying so
 * again.
 *
 * @example
 * typing.hear("ABC", visitor, "Do you deli");
 * typing.textOf("ABC");
 */
export class Typing {
  /** By chat, then by author. @type {Map<string, Map<string, string>>} */
  #texts = new Map();
  #changed;
  #timers;

  /** @param {{ changed: (chat: string) => void } & import("../sdk/timers.js").Clock} options */
  constructor({ changed, ...clock }) {
    this.#changed = changed;
    this.#timers = new Timers(clock);
  }

  /**
   * @param {string} chat
   * @returns {string} empty if nobody writes
   */
  textOf(chat) {
    return [...(this.#texts.get(chat)?.values() ?? [])].join("\n");
  }

  /**
   * @param {string} chat
   * @param {string} author
   * @param {string} text what is to be shown; empty when the author has stopped
   */
  hear(chat, author, text) {
    const texts = this.#texts.get(chat) ?? new Map();
    this.#texts.set(chat, texts);
    const name = `${chat} ${author}`;
    if (text) {
      texts.set(author, text);
      this.#timers.set(name, EXPIRES_AFTER, () => this.hear(chat, author, ""));
    } else if (texts.delete(author)) {
      this.#timers.stop(name);
    } else {
      return;
    }
    this.#changed(chat);
  }
}
