import { Backoff } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { parseFrame } from "./frames.js";
import { watchPage as watchBrowserPage } from "./page.js";
import { Receipts } from "./receipts.js";
import { State } from "./states.js";
import { Timers } from "./timers.js";

/** @typedef {import("./frames.js").Frame} Frame */

/**
 * @typedef {import("./timers.js").Clock & {
 *   WebSocket?: typeof WebSocket,
 *   random?: () => number,
 *   watchPage?: import("./page.js").WatchPage,
 * }} Surroundings
 */

const CLOSE_REFUSED = 4401;
const CONNECT_TIMEOUT = 15_000;
const PING_EVERY = 15_000;
const PING_TIMEOUT = 10_000;
const STABLE_AFTER = 10_000;
const RETURN_SPREAD = 500;

/**
 * One socket that stays: it comes back after every loss, notices a dead line, and heeds what the
 * browser says about page and network. It knows no request but `ping` and `ack`, and no push but
 * `goodbye`.
 *
 * Emits `state` (state, previous), `frame` (every frame but pings), `pong` (the ping's payload).
 *
 * @example
 * const connection = new Connection({ url, login: () => requests.ask("login", { token }) });
 * connection.on("frame", (frame) => requests.take(frame));
 * connection.connect();
 */
export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {string} */
  #state = State.closed;
  /** Goes on with each socket: what an older one still has to say is not heard. */
  #clock = 0;
  #pings = 0;
  #emitter = new Emitter();
  #url;
  #login;
  #WebSocket;
  #random;
  #timers;
  #backoff;
  #receipts;
  #unwatch;

  /**
   * @param {{ url: string, login: () => Promise<unknown> } & Surroundings} options `login` says who
   *   we are once a socket is open; the connection is `open` when its promise is kept
   */
  constructor({
    url,
    login,
    WebSocket = globalThis.WebSocket,
    random = Math.random,
    watchPage = watchBrowserPage,
    ...clock
  }) {
    this.#url = url;
    this.#login = login;
    this.#WebSocket = WebSocket;
    this.#random = random;
    this.#timers = new Timers(clock);
    this.#backoff = new Backoff({ random });
    this.#receipts = new Receipts({ send: (frame) => this.send(frame), timers: this.#timers });
    this.#unwatch = watchPage({
      shown: () => this.#look(),
      online: () => this.#look(),
      offline: () => this.#suspect(),
      leaving: () => this.#wanted && this.#drop(State.waiting),
    });
  }

  /** One of `State`. */
  get state() {
    return this.#state;
  }

  /** Whether requests get through. */
  get up() {
    return this.#state === State.open || this.#state === State.unstable;
  }

  /**
   * @param {"state" | "frame" | "pong"} event
   * @param {import("./emitter.js").Listener} listener
   */
  on(event, listener) {
    return this.#emitter.on(event, listener);
  }

  /** Open the socket, and keep it open from now on. */
  connect() {
    if (!this.#socket) this.#open();
  }

  /** Close the socket, and leave it closed. */
  disconnect() {
    this.#drop(State.closed);
    this.#backoff.reset();
  }

  /** Come back with a fresh socket, after the usual wait. */
  restart() {
    if (this.#wanted) this.#retry();
  }

  /** Disconnect for good and take every listener away. */
  destroy() {
    this.disconnect();
    this.#unwatch();
    this.#emitter.clear();
  }

  /**
   * @param {Frame} frame
   * @returns {boolean} whether it went out; that it arrived is for an answer to tell
   */
  send(frame) {
    if (this.#socket?.readyState !== this.#WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  get #wanted() {
    return this.#state !== State.closed && this.#state !== State.refused;
  }

  #open() {
    this.#detach();
    const clock = this.#clock;
    /** @param {(event: any) => unknown} act */
    const unlessStale = (act) => (/** @type {any} */ event) => {
      if (clock === this.#clock) act(event);
    };
    const socket = new this.#WebSocket(this.#url);
    socket.onopen = unlessStale(() => this.#logIn(clock));
    socket.onmessage = unlessStale(({ data }) => this.#receive(data));
    socket.onclose = unlessStale(({ code }) => this.#lose(code));
    this.#socket = socket;
    this.#timers.set("connect", CONNECT_TIMEOUT, () => this.#retry());
    this.#setState(State.connecting);
  }

  /** @param {number} clock */
  async #logIn(clock) {
    const loggedIn = await this.#login().then(
      () => true,
      () => false,
    );
    if (clock !== this.#clock) return;
    if (!loggedIn) return this.#retry();
    this.#timers.stop("connect");
    this.#timers.set("stable", STABLE_AFTER, () => this.#backoff.reset());
    this.#timers.set("ping", PING_EVERY, () => this.#ping());
    this.#receipts.begin();
    this.#setState(State.open);
  }

  /** @param {unknown} data */
  #receive(data) {
    const frame = parseFrame(data);
    if (!frame) return;
    if (frame.action === "ping") return this.#takePong(frame.payload ?? {});
    this.#receipts.count(frame);
    if (frame.type === "push" && frame.action === "goodbye") this.#leaveSoon(frame.payload ?? {});
    this.#emitter.emit("frame", frame);
  }

  #ping() {
    this.#pings += 1;
    this.send({ action: "ping", request_id: `ping-${this.#pings}` });
    this.#timers.set("ping", PING_EVERY, () => this.#ping());
    // Only the answer counts: a line on which pushes still come may have gone dead upwards.
    if (!this.#timers.has("pong")) this.#timers.set("pong", PING_TIMEOUT, () => this.#retry());
  }

  /** @param {Frame} payload */
  #takePong(payload) {
    this.#timers.stop("pong");
    if (this.up) this.#setState(State.open);
    this.#emitter.emit("pong", payload);
  }

  /** Somebody looks, or a network is back: be there at once. */
  #look() {
    if (this.#state === State.waiting) this.#open();
    else if (this.up) this.#ping();
  }

  /** Browsers are often wrong about being offline: ask, and believe the answer. */
  #suspect() {
    if (!this.up) return;
    this.#setState(State.unstable);
    this.#ping();
  }

  /**
   * The server is about to stop. It closes when its last answers are out; we come back when we are
   * told to, whether it has closed by then or not.
   *
   * @param {Frame} payload
   */
  #leaveSoon({ reconnect_after_ms = 0 }) {
    const delay = Number(reconnect_after_ms) + this.#random() * RETURN_SPREAD;
    this.#timers.set("return", delay, () => this.#open());
  }

  /** @param {number} code of the close frame */
  #lose(code) {
    if (code === CLOSE_REFUSED) this.#drop(State.refused);
    else if (this.#timers.has("return")) this.#drop(State.waiting, "return");
    else this.#retry();
  }

  #retry() {
    this.#drop(State.waiting);
    this.#timers.set("return", this.#backoff.next(), () => this.#open());
  }

  /**
   * @param {string} state
   * @param {string} [timer] the one that goes on
   */
  #drop(state, timer) {
    this.#detach(timer);
    this.#setState(state);
  }

  /** @param {string} [timer] the one that goes on */
  #detach(timer) {
    this.#clock += 1;
    this.#receipts.reset();
    this.#timers.stopAll(timer);
    this.#socket?.close();
    this.#socket = null;
  }

  /** @param {string} state */
  #setState(state) {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#emitter.emit("state", state, previous);
  }
}
