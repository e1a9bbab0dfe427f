import { Connection } from "../sdk/connection.js";
import { Cursor } from "../sdk/cursor.js";
import { Requests } from "../sdk/requests.js";
import { State } from "../sdk/states.js";
import { Timers } from "../sdk/timers.js";
import { Polling } from "../widget/polling.js";

/** @typedef {import("../sdk/frames.js").Frame} Frame */
/** @typedef {{ epoch: string, pushes: Frame[] } | null} News null: the server was not reached */
/** @typedef {"connecting" | "open" | "waiting" | "polling" | "refused"} LineState */

const HOLE_PATIENCE = 1_000;

/**
 * How news of all chats reach the page: by the socket, and by polls while there is none. Each push
 * of a chat is handed on once and in order, whichever way it came.
 *
 * @example
 * line.begin("ABC", 17); // this is what the page shows already
 * line.open();
 */
export class Line {
  /** @type {Map<string, Cursor>} */
  #cursors = new Map();
  #polled = false;
  #over = false;
  #wasUp = false;
  #language;
  #epoch;
  #chatOf;
  #take;
  #changed;
  #back;
  #stale;
  #connection;
  #requests;
  #polling;
  #timers;

  /**
   * @param {{
   *   url: string,
   *   language: string,
   *   epoch: string,
   *   chatOf: (payload: Frame) => string,
   *   fetchNews: () => Promise<News>,
   *   take: (push: Frame, chat: string) => void,
   *   changed: (state: LineState) => void,
   *   back: () => void,
   *   stale: () => void,
   * } & import("../sdk/connection.js").Surroundings} options `back`: the server can be reached again;
   *   `stale`: the page must be loaded anew
   */
  constructor({
    url,
    language,
    epoch,
    chatOf,
    fetchNews,
    take,
    changed,
    back,
    stale,
    ...surroundings
  }) {
    this.#language = language;
    this.#epoch = epoch;
    this.#chatOf = chatOf;
    this.#take = take;
    this.#changed = changed;
    this.#back = back;
    this.#stale = stale;
    this.#timers = new Timers(surroundings);
    this.#connection = new Connection({ url, login: () => this.#logIn(), ...surroundings });
    this.#requests = new Requests({
      send: (frame) => this.#connection.send(frame),
      ...surroundings,
    });
    this.#polling = new Polling({
      fetchNews,
      take: (news) => this.#takeNews(/** @type {News} */ (news)),
      ...surroundings,
    });
    this.#connection.on("frame", (frame) => this.#receive(frame));
    this.#connection.on("state", () => this.#follow());
  }

  /** The last number that is held of each chat. @returns {Record<string, number>} */
  get known() {
    const held = [...this.#cursors].filter(([, { seq }]) => seq !== undefined);
    return Object.fromEntries(held.map(([chat, { seq }]) => [chat, Number(seq)]));
  }

  /**
   * What the page shows of a chat; what is known of it already stands.
   *
   * @param {string} chat
   * @param {number} seq
   */
  begin(chat, seq) {
    if (this.#cursors.get(chat)?.seq === undefined) this.#cursors.set(chat, new Cursor({ seq }));
  }

  /** @param {string} chat not shown any more; when it opens again it is a new one */
  forget(chat) {
    this.#cursors.delete(chat);
  }

  open() {
    this.#connection.connect();
  }

  /** There should be news. */
  hurry() {
    this.#polling.hurry();
  }

  /** Nothing will come any more, and nothing should be asked. */
  end() {
    this.#over = true;
    this.#polling.end();
    this.#connection.disconnect();
    this.#changed("refused");
  }

  async #logIn() {
    const payload = { fragments: this.#language, known: this.known };
    const { sync } = await this.#requests.ask("login", payload, { early: true });
    if (sync?.epoch !== this.#epoch) this.#stale();
  }

  /** @param {Frame} frame */
  #receive(frame) {
    if (this.#requests.take(frame) || frame.type !== "push") return;
    if (frame.action === "sync_reset") this.#stale();
    else this.#deliver(frame);
  }

  /** @param {Frame} frame */
  #deliver(frame) {
    const chat = this.#chatOf(frame.payload ?? {});
    if (!chat) return;
    const cursor = this.#cursors.get(chat) ?? new Cursor();
    this.#cursors.set(chat, cursor);
    for (const push of cursor.take(frame)) this.#take(push, chat);
    const mended = () => ![...this.#cursors.values()].some(({ hole }) => hole);
    if (mended()) this.#timers.stop("hole");
    else if (!this.#timers.has("hole")) {
      this.#timers.set("hole", HOLE_PATIENCE, () => mended() || this.#connection.restart());
    }
  }

  #follow() {
    const { state, up } = this.#connection;
    if (state === State.refused) return this.end();
    if (!up) this.#requests.down();
    else if (!this.#wasUp) this.#requests.up();
    if (state === State.open) {
      this.#polled = false;
      this.#polling.end();
      this.#back();
    } else if (!up && !this.#over) {
      this.#polling.begin();
    }
    this.#wasUp = up;
    this.#show();
  }

  /** @param {News} news */
  #takeNews(news) {
    this.#polled = news !== null;
    this.#show();
    if (!news) return;
    if (news.epoch !== this.#epoch) return this.#stale();
    this.#back();
    for (const push of news.pushes) this.#deliver(push);
  }

  #show() {
    if (this.#over) return;
    if (this.#connection.up) this.#changed("open");
    else if (this.#polled) this.#changed("polling");
    else this.#changed(this.#connection.state === State.connecting ? "connecting" : "waiting");
  }
}
