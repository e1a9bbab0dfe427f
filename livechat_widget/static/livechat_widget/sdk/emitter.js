/** @typedef {(...details: any[]) => void} Listener */

/**
 * Named events. A listener that throws is reported and harms no other.
 *
 * @example
 * const off = emitter.on("incoming_event", ({ event }) => console.log(event.text));
 * off();
 */
export class Emitter {
  /** @type {Map<string, Set<Listener>>} */
  #listeners = new Map();
  #report;

  /** @param {(error: unknown) => void} [report] what becomes of a listener's error */
  constructor(report = globalThis.reportError ?? console.error) {
    this.#report = report;
  }

  /**
   * @param {string} event
   * @param {Listener} listener
   * @returns {() => void} takes the listener away again
   */
  on(event, listener) {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => this.off(event, listener);
  }

  /**
   * @param {string} event
   * @param {Listener} listener
   * @returns {() => void}
   */
  once(event, listener) {
    const off = this.on(event, (...details) => {
      off();
      listener(...details);
    });
    return off;
  }

  /**
   * @param {string} event
   * @param {Listener} listener
   */
  off(event, listener) {
    this.#listeners.get(event)?.delete(listener);
  }

  /**
   * @param {string} event
   * @param {...any} details
   */
  emit(event, ...details) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(...details);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  clear() {
    this.#listeners.clear();
  }
}
