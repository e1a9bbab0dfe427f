/**
 * Waiting times between attempts, with full jitter: each is drawn between nothing and a bound
 * that doubles, so that a thousand clients of a restarted server do not come back as one.
 *
 * @example
 * const backoff = new Backoff();
 * setTimeout(connect, backoff.next());
 */
export class Backoff {
  #attempts = 0;
  #base;
  #cap;
  #random;

  /** @param {{ base?: number, cap?: number, random?: () => number }} [options] milliseconds */
  constructor({ base = 500, cap = 30_000, random = Math.random } = {}) {
    this.#base = base;
    this.#cap = cap;
    this.#random = random;
  }

  /** The next waiting time in milliseconds. */
  next() {
    const bound = Math.min(this.#cap, this.#base * 2 ** this.#attempts);
    this.#attempts += 1;
    return this.#random() * bound;
  }

  reset() {
    this.#attempts = 0;
  }
}
