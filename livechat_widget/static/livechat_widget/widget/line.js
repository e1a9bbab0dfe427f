import { State } from "../sdk/states.js";
import { Timers } from "../sdk/timers.js";
import { Polling } from "./polling.js";

/** @typedef {import("./polling.js").News} News */

const BANNER_AFTER = 2_000;

/**
 * How news reach the page: by the socket, by polls while there is none, and a banner while there is
 * neither.
 */
export class Line {
  #client;
  #showBanner;
  #back;
  #stale;
  #polling;
  #timers;
  #polled = false;

  /**
   * @param {{
   *   client: import("../sdk/session.js").Session,
   *   fetchNews: () => Promise<News>,
   *   showBanner: (shown: boolean) => void,
   *   back: () => void,
   *   stale: () => void,
   * } & import("../sdk/timers.js").Clock} options `back`: the server can be reached again; `stale`:
   *   the page must be loaded anew
   */
  constructor({ client, fetchNews, showBanner, back, stale, ...clock }) {
    this.#client = client;
    this.#showBanner = showBanner;
    this.#back = back;
    this.#stale = stale;
    this.#timers = new Timers(clock);
    this.#polling = new Polling({ fetchNews, take: (news) => this.#takeNews(news), ...clock });
    client.onStateChange((state) => this.#follow(state));
    client.on("sync_reset", stale);
  }

  /** @param {boolean} sockets whether the site has any */
  open(sockets) {
    if (sockets) this.#client.connect();
    else this.#polling.begin(0);
  }

  /** There should be news. */
  hurry() {
    this.#polling.hurry();
  }

  /** @param {string} state */
  #follow(state) {
    if (state === State.refused) this.#stale();
    if (state === State.open) this.#rejoice();
    else if (state !== State.unstable) this.#miss();
  }

  #rejoice() {
    this.#polled = false;
    this.#polling.end();
    this.#reach();
  }

  #miss() {
    this.#polling.begin();
    if (!this.#timers.has("banner")) {
      this.#timers.set("banner", BANNER_AFTER, () => this.#showBanner(!this.#polled));
    }
  }

  #reach() {
    this.#timers.stop("banner");
    this.#showBanner(false);
    this.#back();
  }

  /** @param {News} news */
  #takeNews(news) {
    this.#polled = news !== null;
    if (!news) return this.#showBanner(true);
    if (news.reset) return this.#stale();
    this.#reach();
    this.#client.catchUp(news.pushes ?? []);
  }
}
