import { Timers } from "../sdk/timers.js";

const PAUSE = 2_000;

/**
 * Lets the other side know what is being written: at once, then at most every two seconds, and the
 * last state in any case.
 *
 * @example
 * const peek = new Peek({ post: (text) => server.post(url, { text }) });
 * field.oninput = () => peek.write(field.value);
 */
export class Peek {
  #last = "";
  #next = "";
  #post;
  #timers;

  /** @param {{ post: (text: string) => void } & import("../sdk/timers.js").Clock} options */
  constructor({ post, ...clock }) {
    this.#post = post;
    this.#timers = new Timers(clock);
  }

  /** @param {string} text */
  write(text) {
    this.#next = text;
    if (!this.#timers.has("pause")) this.#say();
  }

  /** What was written is sent: the server knows that nothing is being written any more. */
  forget() {
    this.#last = this.#next = "";
  }

  #say() {
    if (this.#next === this.#last) return;
    this.#last = this.#next;
    this.#post(this.#last);
    this.#timers.set("pause", PAUSE, () => this.#say());
  }
}
