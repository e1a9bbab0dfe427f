import { Connection } from "./connection.js";
import { Cursor } from "./cursor.js";
import { Emitter } from "./emitter.js";
import { connectionLost, destroyed } from "./errors.js";
import { Requests } from "./requests.js";
import { State } from "./states.js";
import { Timers } from "./timers.js";
import { fromWire } from "./wire.js";

/** @typedef {import("./frames.js").Frame} Frame */
/** @typedef {import("./requests.js").AskOptions} AskOptions */
/** @typedef {import("./protocol.js").Pushes} Pushes */
/**
 * What a listener is given: of a push its payload, of our own events what their names say.
 *
 * @template {string} Name
 * @typedef {Name extends keyof Pushes ? Pushes[Name] : any} Detail
 */

/**
 * @typedef {import("./connection.js").Surroundings & {
 *   url: string,
 *   token: string | (() => string | Promise<string>),
 *   customer?: Frame,
 *   fragments?: string,
 *   cursor?: { epoch?: string, seq?: number },
 * }} SessionOptions `customer` as on the wire; `fragments`: a language code, if pushes shall carry
 *   HTML; `cursor`: up to where the caller knows the stream already
 */

const HOLE_PATIENCE = 1_000;
/** After these a new connection would fare no better. */
const FINAL_REASONS = new Set([
  "customer_banned",
  "customer_temporarily_blocked",
  "license_expired",
  "license_not_found",
  "logged_out_remotely",
  "product_version_changed",
  "too_many_connections",
  "unsupported_version",
]);

/**
 * A customer's line to the server: what was asked is answered, what happened arrives once and in
 * order, whatever the line does meanwhile.
 *
 * Emits every push by its name, with a camelCase payload, and beside them `push` (the frame as it
 * came, those that settle a request included), `connected`, `disconnected` ({ reason }),
 * `connection_unstable`, `connection_recovered`, and `sync_reset`: what is known is too old to
 * go on from, read everything anew.
 */
export class Session {
  #emitter = new Emitter();
  #destroyed = false;
  #disconnectReason = "";
  #logins = 0;
  /**
   * Where the server's stream was when we last logged in.
   *
   * @type {{ epoch?: string, seq?: number }}
   */
  #sync = {};
  #token;
  #customer;
  #fragments;
  #cursor;
  #connection;
  #requests;
  #timers;

  /** @param {SessionOptions} options */
  constructor({ url, token, customer = {}, fragments, cursor, ...surroundings }) {
    this.#token = token;
    this.#customer = customer;
    this.#fragments = fragments;
    this.#cursor = new Cursor(cursor);
    this.#timers = new Timers(surroundings);
    this.#connection = new Connection({ url, login: () => this.#logIn(), ...surroundings });
    this.#requests = new Requests({
      send: (frame) => this.#connection.send(frame),
      ...surroundings,
    });
    this.#connection.on("frame", (frame) => this.#receive(frame));
    this.#connection.on("pong", ({ seq }) => this.#compare(seq));
    this.#connection.on("state", (state, previous) => this.#followState(state, previous));
  }

  /** One of `State`: closed, connecting, open, unstable, waiting, refused. */
  get state() {
    return this.#connection.state;
  }

  /** Up to where the stream was received. */
  get cursor() {
    return { epoch: this.#cursor.epoch, seq: this.#cursor.seq };
  }

  connect() {
    if (this.#destroyed) throw destroyed();
    this.#connection.connect();
  }

  disconnect() {
    this.#connection.disconnect();
  }

  /** Disconnect, fail what is open, take all listeners away; nothing works afterwards. */
  destroy() {
    this.#destroyed = true;
    this.#timers.stopAll();
    this.#connection.destroy();
    this.#requests.rejectAll(destroyed());
    this.#emitter.clear();
  }

  /**
   * Ask the server anything.
   *
   * @param {string} action
   * @param {Frame} [payload] as on the wire
   * @param {AskOptions} [options]
   * @returns {Promise<any>} the answer in camelCase; rejected with a `LivechatError`
   */
  async request(action, payload = {}, options = {}) {
    if (this.#destroyed) throw destroyed();
    return fromWire(await this.#requests.ask(action, payload, options));
  }

  /**
   * @template {string} Name
   * @param {Name} event
   * @param {(detail: Detail<Name>, ...more: any[]) => void} listener
   * @returns {() => void} takes the listener away again
   */
  on(event, listener) {
    return this.#emitter.on(event, listener);
  }

  /**
   * @template {string} Name
   * @param {Name} event
   * @param {(detail: Detail<Name>, ...more: any[]) => void} listener
   */
  once(event, listener) {
    return this.#emitter.once(event, listener);
  }

  /**
   * @template {string} Name
   * @param {Name} event
   * @param {(detail: Detail<Name>, ...more: any[]) => void} listener
   */
  off(event, listener) {
    this.#emitter.off(event, listener);
  }

  /** @param {(state: string, previous: string) => void} listener */
  onStateChange(listener) {
    return this.#emitter.on("state", listener);
  }

  /**
   * Take pushes that came by another way than the socket; each is shown once all the same.
   *
   * @param {Frame[]} pushes
   */
  catchUp(pushes) {
    for (const push of pushes) this.#receive(push);
  }

  async #logIn() {
    const { epoch, seq } = this.#cursor;
    const login = ++this.#logins;
    const token = typeof this.#token === "function" ? await this.#token() : this.#token;
    // Meanwhile the socket may have gone, and its successor wants a login of its own.
    if (login !== this.#logins) throw connectionLost();
    const payload = {
      token: `Bearer ${token}`,
      customer: this.#customer,
      fragments: this.#fragments,
      cursor: seq === undefined ? undefined : { epoch, seq },
    };
    const { sync = {}, ...answer } = await this.#requests.ask("login", payload, { early: true });
    this.#sync = sync;
    if (this.#cursor.seq === undefined) this.#cursor.move(sync);
    this.#emitter.emit("connected", fromWire(answer));
  }

  /** @param {Frame} frame */
  #receive(frame) {
    const settled = this.#requests.take(frame);
    if (frame.type === "response") return;
    for (const push of this.#cursor.take(frame)) this.#show(push, settled && push === frame);
    if (!this.#cursor.hole) this.#timers.stop("hole");
    else if (!this.#timers.has("hole")) this.#resyncUnless(() => !this.#cursor.hole);
  }

  /**
   * @param {Frame} push
   * @param {boolean} settled a request's answer is no news to who asked
   */
  #show(push, settled) {
    if (push.action === "sync_reset") this.#cursor.move(this.#sync);
    if (push.action === "customer_disconnected") this.#heedDisconnection(push.payload);
    this.#emitter.emit("push", push);
    if (!settled) this.#emitter.emit(push.action, fromWire(push.payload));
  }

  /** @param {number | undefined} seq the last one that the server knows */
  #compare(seq) {
    const behind = () => seq !== undefined && Number(this.#cursor.seq) < seq;
    if (behind()) this.#resyncUnless(() => !behind());
  }

  /** @param {() => boolean} mended what was missing may only be late */
  #resyncUnless(mended) {
    this.#timers.set("hole", HOLE_PATIENCE, () => mended() || this.#connection.restart());
  }

  /** @param {Frame} payload */
  #heedDisconnection({ reason }) {
    this.#disconnectReason = reason;
    if (FINAL_REASONS.has(reason)) this.#connection.disconnect();
  }

  /**
   * @param {string} state
   * @param {string} previous
   */
  #followState(state, previous) {
    const was = previous === State.open || previous === State.unstable;
    if (!this.#connection.up) this.#requests.down();
    else if (!was) this.#requests.up();
    this.#emitter.emit("state", state, previous);
    if (state === State.unstable) this.#emitter.emit("connection_unstable");
    if (previous === State.unstable && was && this.#connection.up) {
      this.#emitter.emit("connection_recovered");
    }
    if (was && !this.#connection.up) this.#announceDisconnection(state);
  }

  /** @param {string} state */
  #announceDisconnection(state) {
    const reason = this.#disconnectReason || (state === State.closed ? "" : "connection_lost");
    this.#disconnectReason = "";
    if (reason) this.#emitter.emit("disconnected", { reason });
  }
}
