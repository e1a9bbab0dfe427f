import { connectionLost, LivechatError, requestTimeout } from "./errors.js";
import { isRepeatable } from "./frames.js";
import { makeId } from "./ids.js";
import { Timers } from "./timers.js";

/** @typedef {import("./frames.js").Frame} Frame */

/**
 * @typedef {object} AskOptions
 * @property {AbortSignal} [signal] gives up waiting; what was sent is not called back
 * @property {string} [settledBy] the push that settles it, instead of the response
 * @property {boolean} [early] sent at once, before anybody is logged in
 *
 * @typedef {object} Pending
 * @property {string} id
 * @property {string} action
 * @property {Frame} payload
 * @property {string | undefined} settledBy
 * @property {boolean} repeatable
 * @property {boolean} sent
 * @property {(payload: any) => void} resolve
 * @property {(error: unknown) => void} reject
 */

const TIMEOUT = 15_000;
/** More unanswered ones than this the server refuses. */
const MOST_AT_ONCE = 10;

/**
 * Joins questions to answers. While the line is down questions are held; those that were under way
 * are asked again if that is harmless, and fail with `CONNECTION_LOST` if it is not.
 *
 * The 15 seconds for an answer count from the sending. A held question that is harmless to repeat
 * waits for the line as long as that takes: give a `signal` to wait less.
 *
 * @example
 * const requests = new Requests({ send: (frame) => connection.send(frame) });
 * const chat = await requests.ask("get_chat", { chat_id }, { signal: AbortSignal.timeout(5000) });
 */
export class Requests {
  /** In the order in which they were asked. @type {Map<string, Pending>} */
  #pending = new Map();
  #up = false;
  #send;
  #makeId;
  #timers;

  /**
   * @param {{ send: (frame: Frame) => boolean, makeId?: () => string }
   *   & import("./timers.js").Clock} options
   */
  constructor({ send, makeId: makeOwnId = makeId, ...clock }) {
    this.#send = send;
    this.#makeId = makeOwnId;
    this.#timers = new Timers(clock);
  }

  /**
   * @param {string} action
   * @param {Frame} payload as on the wire
   * @param {AskOptions} [options]
   * @returns {Promise<any>} the payload of what settles it; rejected with a `LivechatError`
   */
  ask(action, payload, { signal, settledBy, early = false } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#makeId();
      const repeatable = isRepeatable(action, payload);
      const sent = false;
      const pending = { id, action, payload, settledBy, repeatable, sent, resolve, reject };
      this.#pending.set(id, pending);
      const giveUp = () => this.#settle(id)?.reject(signal?.reason);
      signal?.addEventListener("abort", giveUp, { once: true });
      if (!repeatable) this.#limit(id);
      if (!early) this.#flush();
      else if (!this.#dispatch(pending)) this.#settle(id)?.reject(connectionLost());
    });
  }

  /**
   * Take what came in.
   *
   * @param {Frame} frame
   * @returns {boolean} whether it settled a question, and concerns nobody else
   */
  take(frame) {
    const pending = this.#pending.get(frame.request_id);
    if (frame.type === "response") {
      if (pending) this.#takeResponse(pending, frame);
      return true;
    }
    if (!pending || pending.settledBy !== frame.action) return false;
    this.#settle(pending.id)?.resolve(frame.payload);
    return true;
  }

  /** We are logged in: ask what was held, and again what can be repeated. */
  up() {
    this.#up = true;
    this.#flush();
  }

  /** The line is down. */
  down() {
    this.#up = false;
    for (const pending of [...this.#pending.values()].filter(({ sent }) => sent)) {
      if (pending.repeatable) this.#hold(pending);
      else this.#settle(pending.id)?.reject(connectionLost());
    }
  }

  /** @param {unknown} error what every open question ends with */
  rejectAll(error) {
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
  }

  #flush() {
    if (!this.#up) return;
    const all = [...this.#pending.values()];
    const room = MOST_AT_ONCE - all.filter(({ sent }) => sent).length;
    for (const pending of all.filter(({ sent }) => !sent).slice(0, Math.max(room, 0))) {
      this.#dispatch(pending);
    }
  }

  /** @param {Pending} pending */
  #dispatch(pending) {
    const { id, action, payload } = pending;
    pending.sent = this.#send({ request_id: id, action, payload });
    if (pending.sent) this.#limit(id);
    return pending.sent;
  }

  /** @param {Pending} pending */
  #hold(pending) {
    pending.sent = false;
    this.#timers.stop(pending.id);
  }

  /**
   * @param {Pending} pending
   * @param {Frame} frame
   */
  #takeResponse(pending, { success, payload }) {
    if (!success) this.#settle(pending.id)?.reject(LivechatError.fromWire(payload?.error));
    else if (!pending.settledBy) this.#settle(pending.id)?.resolve(payload ?? {});
  }

  /** @param {string} id */
  #limit(id) {
    this.#timers.set(id, TIMEOUT, () => this.#settle(id)?.reject(requestTimeout()));
  }

  /**
   * Forget a question, which makes room for the next.
   *
   * @param {string} id
   */
  #settle(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    this.#timers.stop(id);
    this.#flush();
    return pending;
  }
}
