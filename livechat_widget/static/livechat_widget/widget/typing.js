import { Timers } from "../sdk/timers.js";

const EXPIRES_AFTER = 10_000;

/** Who is writing to us. Nobody writes for longer than ten seconds without saying so again. */
export class Typing {
  #author = "";
  #changed;
  #timers;

  /** @param {{ changed: (typing: boolean) => void } & import("../sdk/timers.js").Clock} options */
  constructor({ changed, ...clock }) {
    this.#changed = changed;
    this.#timers = new Timers(clock);
  }

  get active() {
    return this.#author !== "";
  }

  /**
   * @param {string} author
   * @param {boolean} typing
   */
  hear(author, typing) {
    if (typing) this.#set(author);
    else if (author === this.#author) this.#set("");
  }

  /** @param {string} author */
  #set(author) {
    this.#author = author;
    this.#timers.stop("expiry");
    if (author) this.#timers.set("expiry", EXPIRES_AFTER, () => this.#set(""));
    this.#changed(this.active);
  }
}
