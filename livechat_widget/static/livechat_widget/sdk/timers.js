/**
 * @typedef {object} Clock
 * @property {(act: () => void, milliseconds: number) => any} [setTimeout]
 * @property {(timer: any) => void} [clearTimeout]
 */

/**
 * Timers by name: setting one anew stops the one before it.
 *
 * @example
 * timers.set("ping", 15_000, () => send(ping));
 * timers.stop("ping");
 */
export class Timers {
  /** @type {Map<string, any>} */
  #running = new Map();
  #setTimeout;
  #clearTimeout;

  /** @param {Clock} [clock] */
  constructor({
    setTimeout = (act, milliseconds) => globalThis.setTimeout(act, milliseconds),
    clearTimeout = (timer) => globalThis.clearTimeout(timer),
  } = {}) {
    this.#setTimeout = setTimeout;
    this.#clearTimeout = clearTimeout;
  }

  /**
   * @param {string} name
   * @param {number} milliseconds
   * @param {() => void} act
   */
  set(name, milliseconds, act) {
    this.stop(name);
    const timer = this.#setTimeout(() => {
      this.#running.delete(name);
      act();
    }, milliseconds);
    this.#running.set(name, timer);
  }

  /** @param {string} name */
  has(name) {
    return this.#running.has(name);
  }

  /** @param {string} name */
  stop(name) {
    this.#clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  /** @param {string} [kept] the one that goes on */
  stopAll(kept) {
    for (const name of [...this.#running.keys()]) if (name !== kept) this.stop(name);
  }
}
