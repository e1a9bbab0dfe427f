import { Backoff } from "../sdk/backoff.js";
import { makeId } from "../sdk/ids.js";
import { Timers } from "../sdk/timers.js";

/** @typedef {import("./server.js").Outcome} Outcome */
/** @typedef {"sending" | "sent" | "held" | "refused" | "abandoned"} Step */

const SHORTEST_WAIT = 1_000;

/**
 * The message that is on its way: one at a time, and under one `custom_id` until the server has it,
 * so that posting it again is harmless, after a reload, too.
 *
 * @example
 * const outbox = new Outbox({ post, changed: (step, text, message) => draw(step), drafts });
 * outbox.send("Hello");
 */
export class Outbox {
  /** @type {(Record<string, string> & { text: string, custom_id: string }) | null} */
  #entry = null;
  #busy = false;
  #post;
  #changed;
  #drafts;
  #timers;
  #backoff;

  /**
   * @param {{
   *   post: (values: Record<string, string>) => Promise<Outcome>,
   *   changed: (step: Step, text: string, message?: string) => void,
   *   drafts: import("./composer.js").Kept,
   *   random?: () => number,
   * } & import("../sdk/timers.js").Clock} options
   */
  constructor({ post, changed, drafts, random, ...clock }) {
    this.#post = post;
    this.#changed = changed;
    this.#drafts = drafts;
    this.#entry = drafts.read("outgoing") ?? null;
    this.#timers = new Timers(clock);
    this.#backoff = new Backoff({ random });
  }

  /** What is on its way, or waits for one; empty if there is nothing. */
  get text() {
    return this.#entry?.text ?? "";
  }

  get busy() {
    return this.#busy;
  }

  /**
   * The same text as the one that waits is the same message.
   *
   * @param {string} text
   * @param {Record<string, string>} [details] what else the server is to know
   */
  async send(text, details = {}) {
    if (this.#busy) return;
    const custom_id = this.#entry?.text === text ? this.#entry.custom_id : makeId();
    this.#keep({ ...details, text, custom_id });
    await this.#try();
  }

  /** The line seems to be back. */
  async retry() {
    if (this.#timers.has("retry")) await this.#try();
  }

  /** The writer has changed their mind; what is under way already may still arrive. */
  abandon() {
    this.#keep(null);
    this.#timers.stop("retry");
    this.#changed("abandoned", "");
  }

  /** @param {(Record<string, string> & { text: string, custom_id: string }) | null} entry */
  #keep(entry) {
    this.#entry = entry;
    this.#drafts.write("outgoing", entry);
  }

  async #try() {
    const entry = this.#entry;
    if (!entry) return;
    this.#timers.stop("retry");
    this.#busy = true;
    this.#changed("sending", entry.text);
    const outcome = await this.#post(entry);
    this.#busy = false;
    this.#conclude(entry.text, outcome, entry === this.#entry);
  }

  /**
   * @param {string} text
   * @param {Outcome} outcome
   * @param {boolean} wanted
   */
  #conclude(text, { ok, held, message }, wanted) {
    if (ok) {
      if (wanted) this.#keep(null);
      this.#backoff.reset();
      this.#changed("sent", text);
    } else if (!wanted) {
      this.#changed("abandoned", "");
    } else if (held) {
      this.#timers.set("retry", SHORTEST_WAIT + this.#backoff.next(), () => this.#try());
      this.#changed("held", text);
    } else {
      this.#keep(null);
      this.#changed("refused", text, message);
    }
  }
}
