import { announce } from "../widget/announcer.js";
import { Composer } from "../widget/composer.js";
import { Peek } from "../widget/peek.js";
import { Scrolling } from "../widget/scrolling.js";
import { Seen } from "../widget/seen.js";
import { arrange, markSeen, timesAfter } from "../widget/timeline.js";
import { Files } from "./files.js";
import { showVisited } from "./visited.js";

/** @typedef {import("../sdk/frames.js").Frame} Frame */
/** @typedef {import("./row.js").Status} Status */

/**
 * What all panes share.
 *
 * @typedef {object} Surroundings
 * @property {import("./server.js").Server} server
 * @property {(chat: string) => string} urlOf the address of a chat, with a slash at its end
 * @property {string} me the id that stands on this agent's own events
 * @property {string} csrf
 * @property {string} language
 * @property {DOMStringMap} texts data-text-… of the page
 * @property {HTMLElement} announcer
 * @property {() => void} hurry there should be news
 */

/** One chat that is open: what was said, and where the answer is written. */
export class Pane {
  /** @type {Status} */
  #status = "closed";
  #seenByThem = "";
  /** Where the visitor was last said to be. @type {import("./visited.js").Visited | null} */
  #visited = null;
  #looked = false;
  /** The agent has just taken the chat, and is about to write. */
  #eager = false;
  /** Where the site takes any. @type {Files | null} */
  #files = null;
  #closing = new AbortController();
  #element;
  #around;
  #url;
  #composer;
  #peek;
  #seen;
  #scrolling;

  /**
   * @param {HTMLElement} element
   * @param {Surroundings} around
   */
  constructor(element, around) {
    const { server, texts } = around;
    this.#element = element;
    this.#around = around;
    this.chat = element.dataset.chat ?? "";
    this.seq = Number(element.dataset.seq);
    this.#url = around.urlOf(this.chat);
    this.#composer = new Composer({
      form: /** @type {HTMLFormElement} */ (this.#part("form")),
      texts: { held: texts.textHeld ?? "", refused: texts.textUnsent ?? "" },
      post: (values) => server.post(`${this.#url}messages`, values),
      written: (text) => this.#peek.write(text),
      sent: () => {
        this.#peek.forget();
        around.hurry();
      },
    });
    this.#peek = new Peek({
      post: (text) => server.post(`${this.#url}typing`, { is_typing: text.trim() ? "1" : "0" }),
    });
    this.#seen = new Seen({
      upTo: "",
      unseen: (after) => timesAfter(this.#events, "customer", after),
      post: (upTo) => server.post(`${this.#url}seen`, { seen_up_to: upTo }),
      counted: () => {},
    });
    this.#scrolling = new Scrolling({
      scroller: () => this.#part(".lc-conversation"),
      button: this.#part(".lc-newer"),
      around: [this.#part(".lc-conversation"), this.#part("form")],
      signal: this.#closing.signal,
    });
    if (element.querySelector(".lc-attach")) this.#files = this.#takeFiles();
    this.#draw();
    this.#scrolling.toEnd();
  }

  /** @returns {string} whose chat it is */
  get name() {
    return this.#head.dataset.name ?? "";
  }

  get draft() {
    return this.#composer.draft;
  }

  set draft(text) {
    this.#composer.draft = text;
  }

  get status() {
    return this.#status;
  }

  /** @param {Status} status */
  set status(status) {
    this.#status = this.#element.dataset.status = status;
    if (status === "mine" && this.#eager) this.focus();
    if (status === "mine") this.#eager = false;
  }

  /** @param {boolean} shown */
  show(shown) {
    this.#element.toggleAttribute("data-current", shown);
    this.#element.inert = !shown;
  }

  /** @param {boolean} looking whether the agent has it before their eyes */
  look(looking) {
    this.#looked = looking;
    this.#seen.look(looking && this.#status === "mine");
  }

  /** To where the next step is: the answer, or the button that allows to write one. */
  focus() {
    if (this.#status === "mine") return this.#composer.focus();
    const button = [...this.#element.querySelectorAll(".lc-foot button")].find(
      (one) => one instanceof HTMLElement && one.offsetParent,
    );
    /** @type {HTMLElement} */ (button ?? this.#part(".lc-conversation")).focus();
  }

  /**
   * The server has drawn something of this chat anew.
   *
   * @param {Frame} push
   */
  hear({ action, payload }) {
    if (action === "events_marked_as_seen" && payload.user_id === this.#element.dataset.customer) {
      this.#seenByThem = later(this.#seenByThem, payload.seen_up_to);
    }
    if (action === "customer_page_updated") this.#visited = payload;
    this.#draw();
    const author = payload.event?.author_id;
    if (action === "incoming_chat" || author === this.#around.me) this.#scrolling.toEnd();
    else if (action === "incoming_event") this.#scrolling.grown();
    else this.#scrolling.keep();
    const heard = action === "incoming_event" && author !== this.#around.me;
    if (heard && this.#looked) this.#announce(payload.event);
    this.#seen.update();
  }

  /** @param {string} text what is being written on the other side */
  showTyping(text) {
    const place = this.#part(".lc-peek");
    place.textContent = text;
    place.hidden = !text;
    this.#scrolling.keep();
  }

  /** The line seems to be back. */
  retry() {
    this.#composer.retry();
  }

  async take() {
    this.#eager = this.#status !== "mine";
    if (this.#eager) await this.#act("take");
    else this.focus();
  }

  end() {
    return this.#act("close");
  }

  remove() {
    this.#closing.abort();
    this.#files?.stop();
    this.#element.remove();
  }

  #takeFiles() {
    const { csrf, texts, hurry } = this.#around;
    return new Files({
      form: /** @type {HTMLFormElement} */ (this.#part("form")),
      zone: this.#element,
      url: `${this.#url}files`,
      csrf,
      failed: texts.textFailed ?? "",
      sent: hurry,
    });
  }

  /** @param {string} act */
  async #act(act) {
    const { ok, message } = await this.#around.server.post(`${this.#url}${act}`);
    const failed = message || this.#around.texts.textFailed || "";
    this.#part(".lc-pane__note").textContent = ok ? "" : failed;
    this.#around.hurry();
  }

  /** @param {Frame} event that has just come from somebody else */
  #announce({ author_id = "system", id }) {
    const drawn = document.getElementById(`lc-${author_id}-${id}`);
    if (drawn) announce(this.#around.announcer, drawn);
  }

  #draw() {
    arrange(this.#events, this.#around.language);
    this.#seenByThem = later(this.#seenByThem, this.#head.dataset.seen ?? "");
    markSeen(this.#events, "agent", this.#seenByThem);
    if (this.#visited) showVisited(this.#part(".lc-head__page"), this.#visited);
  }

  get #events() {
    return this.#part(".lc-events");
  }

  get #head() {
    return this.#part(".lc-head");
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.#element.querySelector(selector));
  }
}

/**
 * @param {string} one
 * @param {string} other
 */
function later(one, other) {
  return one > other ? one : other;
}
