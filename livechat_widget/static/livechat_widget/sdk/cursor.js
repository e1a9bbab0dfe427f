/** @typedef {import("./frames.js").Frame} Frame */

/**
 * How far a stream was read: which pushes are old, which come next, and which come too early.
 *
 * @example
 * for (const push of cursor.take(frame)) show(push);
 */
export class Cursor {
  /** Pushes that came before their predecessors. @type {Map<number, Frame>} */
  #early = new Map();

  /** @param {{ epoch?: string, seq?: number }} [start] without a `seq` everything is news */
  constructor({ epoch = "", seq } = {}) {
    this.epoch = epoch;
    this.seq = seq;
  }

  /** Whether something is missing. */
  get hole() {
    return this.#early.size > 0;
  }

  /**
   * @param {Frame} push
   * @returns {Frame[]} what is to be shown now, in order; pushes without a number pass
   */
  take(push) {
    if (typeof push.seq !== "number") return [push];
    this.seq ??= push.seq - 1;
    if (push.seq > this.seq) this.#early.set(push.seq, push);
    return this.#next();
  }

  /** @param {{ epoch?: string, seq?: number }} start where to go on from */
  move({ epoch = this.epoch, seq }) {
    this.epoch = epoch;
    this.seq = seq;
    this.#early.clear();
  }

  #next() {
    const next = [];
    for (let push; (push = this.#early.get(Number(this.seq) + 1)); next.push(push)) {
      this.#early.delete(push.seq);
      this.seq = push.seq;
    }
    return next;
  }
}
