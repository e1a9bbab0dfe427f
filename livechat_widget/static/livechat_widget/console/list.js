import { badge, read } from "./row.js";
import { lasted } from "./waiting.js";

/** @typedef {ReturnType<typeof read>} Chat */
/** @typedef {import("./row.js").Status} Status */

/** @type {Status[]} */
const SECTIONS = ["waiting", "mine", "others", "closed"];
const TICK = 1_000;

/**
 * The list of chats. Rows are drawn by the server; here they find their section and their place in
 * it, and are told how long somebody has waited.
 */
export class List {
  /** Not looked at since they came. @type {Set<string>} */
  #fresh = new Set();
  #current = "";
  /** Before the agent's eyes: what comes there is not unread. */
  #looked = "";
  #root;
  #me;
  #ahead;
  #keeps;
  #open;
  #quiet;
  #inbox;

  /**
   * @param {{
   *   root: HTMLElement,
   *   me: string,
   *   now: string,
   *   keeps: (chat: string) => boolean,
   *   open: (chat: string) => void,
   * }} options `now`: the server's time, since clocks differ; `keeps`: whether a chat that has ended
   *   stays in the list
   */
  constructor({ root, me, now, keeps, open }) {
    this.#root = root;
    this.#me = me;
    this.#ahead = Date.parse(now) - Date.now();
    this.#keeps = keeps;
    this.#open = open;
    this.#quiet = /** @type {HTMLElement} */ (root.querySelector("#lc-quiet"));
    this.#inbox = /** @type {HTMLElement} */ (root.querySelector("#lc-inbox"));
    root.addEventListener("click", ({ target }) => this.#heedClick(target));
    root.addEventListener("keydown", (event) => this.#heedKey(event));
    setInterval(() => this.#tick(), TICK);
  }

  /** All chats, in the order in which they are listed. @returns {Chat[]} */
  get chats() {
    return this.#rows.map((row) => this.#read(row));
  }

  /** How many chats want something of this agent. */
  get calling() {
    return this.chats.filter(({ status, unread }) => status === "waiting" || unread > 0).length;
  }

  /**
   * @param {string} chat
   * @returns {Chat | null}
   */
  find(chat) {
    const row = this.#rowOf(chat);
    return row && this.#read(row);
  }

  /** @param {string} [customer] whose chat it is, if it is listed or open */
  chatOf(customer = "") {
    const place = this.#root.querySelector(`[data-customer="${CSS.escape(customer)}"]`);
    return place instanceof HTMLElement ? (place.dataset.chat ?? "") : "";
  }

  /** @param {string} chat about to be drawn for the first time */
  expect(chat) {
    if (this.#rowOf(chat)) return;
    const row = document.createElement("li");
    row.id = `lc-row-${chat}`;
    this.#inbox.append(row);
  }

  /** @param {string} chat not looked at by anybody yet */
  highlight(chat) {
    this.#fresh.add(chat);
  }

  /**
   * Put every row in its place.
   *
   * @returns {string[]} the chats that have left the list
   */
  refresh() {
    const focused = this.#focused?.dataset.chat;
    const gone = this.#rows.filter((row) => this.#isOver(row));
    for (const row of gone) row.remove();
    for (const status of SECTIONS) this.#fill(status);
    this.#quiet.hidden = this.#rows.length > 0;
    this.#tick();
    if (focused) this.focus(focused);
    return gone.map((row) => row.id.slice("lc-row-".length));
  }

  /** @param {string} chat the one before the agent's eyes; none while they look elsewhere */
  look(chat) {
    this.#looked = chat;
    for (const row of this.#rows) this.#decorate(row);
  }

  /** @param {string} chat the one that is open */
  mark(chat) {
    this.#current = chat;
    this.#fresh.delete(chat);
    for (const row of this.#rows) this.#decorate(row);
  }

  /**
   * @param {string} chat
   * @param {boolean} typing
   */
  showTyping(chat, typing) {
    this.#rowOf(chat)?.toggleAttribute("data-typing", typing);
  }

  /** @param {string} [chat] without one, the one that is open, or else the first */
  focus(chat = this.#current) {
    const row = this.#rowOf(chat) ?? this.#rows[0];
    row?.querySelector("button")?.focus();
  }

  /** @param {1 | -1} step to the next row, or the one before */
  move(step) {
    const rows = this.#rows;
    const here = rows.findIndex((row) => row === (this.#focused ?? this.#rowOf(this.#current)));
    const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1);
    rows[next]?.querySelector("button")?.focus();
  }

  /** The chat that has waited longest for this agent or for any. @returns {string} */
  get neediest() {
    const calling = this.chats.filter(({ status, unread }) => status === "waiting" || unread > 0);
    const since = (/** @type {Chat} */ one) => one.unansweredSince ?? one.since;
    return calling.sort((one, other) => (since(one) < since(other) ? -1 : 1))[0]?.chat ?? "";
  }

  /** @returns {HTMLElement[]} */
  get #rows() {
    return [...this.#root.querySelectorAll(".lc-row")].map((row) => /** @type {any} */ (row));
  }

  /** @returns {HTMLElement | null} */
  get #focused() {
    return this.#root.querySelector(".lc-row:focus-within");
  }

  /**
   * @param {string} chat
   * @returns {HTMLElement | null}
   */
  #rowOf(chat) {
    return document.getElementById(`lc-row-${chat}`);
  }

  /**
   * @param {HTMLElement} row
   * @returns {Chat}
   */
  #read(row) {
    const chat = read(row, this.#me);
    return chat.chat === this.#looked ? { ...chat, unread: 0 } : chat;
  }

  /** @param {HTMLElement} row */
  #isOver(row) {
    const { status, chat } = this.#read(row);
    return status === "closed" && !this.#keeps(chat);
  }

  /** @param {Status} status */
  #fill(status) {
    const section = /** @type {HTMLElement} */ (this.#root.querySelector(`#lc-${status}`));
    const place = /** @type {HTMLElement} */ (section.querySelector("ul"));
    const since = (/** @type {HTMLElement} */ row) => row.dataset.since ?? "";
    const rows = this.#rows.filter((row) => this.#read(row).status === status);
    rows.sort((one, other) => (since(one) < since(other) ? -1 : 1));
    for (const [index, row] of rows.entries()) {
      // A row that is moved loses the focus and the mouse: leave it where it stands rightly.
      if (place.children[index] !== row) place.insertBefore(row, place.children[index] ?? null);
      this.#decorate(row);
    }
    section.hidden = rows.length === 0;
    const count = section.querySelector(".lc-section__count");
    if (count) count.textContent = String(rows.length);
  }

  /** @param {HTMLElement} row */
  #decorate(row) {
    const { chat, unread } = this.#read(row);
    const mark = /** @type {HTMLElement} */ (row.querySelector(".lc-row__unread"));
    mark.hidden = unread === 0;
    /** @type {HTMLElement} */ (mark.querySelector("b")).textContent = badge(unread);
    row.toggleAttribute("data-unread", unread > 0);
    row.toggleAttribute("data-fresh", this.#fresh.has(chat));
    row.querySelector("button")?.setAttribute("aria-current", String(chat === this.#current));
  }

  #tick() {
    const now = Date.now() + this.#ahead;
    for (const row of this.#rows) {
      const { unansweredSince } = this.#read(row);
      const text = unansweredSince ? lasted(now - Date.parse(unansweredSince)) : "";
      const time = row.querySelector("time");
      if (time && time.textContent !== text) time.textContent = text;
    }
  }

  /** @param {EventTarget | null} target */
  #heedClick(target) {
    const row = target instanceof Element ? target.closest(".lc-row") : null;
    if (row instanceof HTMLElement) this.#open(row.dataset.chat ?? "");
  }

  /** @param {KeyboardEvent} event */
  #heedKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.#focused || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.move(/** @type {1 | -1} */ (step));
  }
}
