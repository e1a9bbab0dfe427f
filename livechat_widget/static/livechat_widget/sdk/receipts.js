const EVERY_PUSHES = 20;
const EVERY = 5_000;

/**
 * Tells the server how many numbered pushes a socket has brought, so that it never sends more than
 * we can take: at once, then every twenty pushes or five seconds.
 *
 * @example
 * const receipts = new Receipts({ send, timers });
 * receipts.begin(); // logged in
 * receipts.count(frame);
 */
export class Receipts {
  #received = 0;
  #told = 0;
  #send;
  #timers;

  /**
   * @param {{
   *   send: (frame: import("./frames.js").Frame) => unknown,
   *   timers: import("./timers.js").Timers,
   * }} options
   */
  constructor({ send, timers }) {
    this.#send = send;
    this.#timers = timers;
  }

  /** A fresh socket is logged in; pushes may have come before the answer to the login. */
  begin() {
    this.#tell();
  }

  /** The socket is gone, and its count with it. */
  reset() {
    this.#received = 0;
    this.#told = 0;
  }

  /** @param {import("./frames.js").Frame} frame */
  count(frame) {
    if (frame.type !== "push" || typeof frame.seq !== "number") return;
    this.#received += 1;
    if (this.#received - this.#told >= EVERY_PUSHES) this.#tell();
    else if (!this.#timers.has("receipt")) this.#timers.set("receipt", EVERY, () => this.#tell());
  }

  #tell() {
    this.#timers.stop("receipt");
    this.#told = this.#received;
    this.#send({ action: "ack", payload: { received: this.#received } });
  }
}
