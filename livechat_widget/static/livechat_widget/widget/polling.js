import { Timers } from "../sdk/timers.js";

/** @typedef {import("../sdk/frames.js").Frame} Frame */
/** @typedef {{ reset?: boolean, pushes?: Frame[] } | null} News null: the server was not reached */

const EVERY = 3_000;
const PATIENCE = 4_000;

/** Asks for news while there is no socket. */
export class Polling {
  #on = false;
  #asking = false;
  #fetchNews;
  #take;
  #timers;

  /**
   * @param {{
   *   fetchNews: () => Promise<News>,
   *   take: (news: News) => void,
   * } & import("../sdk/timers.js").Clock} options
   */
  constructor({ fetchNews, take, ...clock }) {
    this.#fetchNews = fetchNews;
    this.#take = take;
    this.#timers = new Timers(clock);
  }

  /** The socket is gone; it may be back in a moment. */
  begin(patience = PATIENCE) {
    if (this.#on || this.#timers.has("next")) return;
    this.#timers.set("next", patience, () => this.#start());
  }

  /** The socket is there. */
  end() {
    this.#on = false;
    this.#timers.stop("next");
  }

  /** There should be news: ask now. */
  hurry() {
    if (this.#on) this.#ask();
  }

  #start() {
    this.#on = true;
    this.#ask();
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    const news = await this.#fetchNews();
    this.#asking = false;
    if (!this.#on) return;
    this.#timers.set("next", EVERY, () => this.#ask());
    this.#take(news);
  }
}
