/** @typedef {import("./server.js").Outcome} Outcome */

/** Of the page, not of the visitor. */
const OURS = new Set(["token", "time_zone"]);

/**
 * What stands at the end of the conversation and waits for an answer: forms, the rating, the address
 * of a transcript. They are drawn by the server, before and after each answer; what is typed is kept
 * until the server has it.
 *
 * @example
 * const questions = open({ root, server, swap, drafts, answered, failed: "Try again." });
 * await questions.ask("/livechat/widget/questions?anew");
 */
export class Questions {
  #root;
  #server;
  #swap;
  #drafts;
  #answered;
  #failed;
  #posting = false;

  /**
   * @param {{
   *   root: () => HTMLElement,
   *   server: {
   *     post: (url: string, values: FormData) => Promise<Outcome>,
   *     get: (url: string) => Promise<any>,
   *   },
   *   swap: (html: string) => void,
   *   drafts: import("./drafts.js").Drafts,
   *   answered: (more: boolean) => void,
   *   failed: string,
   * }} options `answered` is told whether something else is asked then
   */
  constructor({ root, server, swap, drafts, answered, failed }) {
    this.#root = root;
    this.#server = server;
    this.#swap = swap;
    this.#drafts = drafts;
    this.#answered = answered;
    this.#failed = failed;
    document.addEventListener("submit", (event) => this.#submit(event));
    for (const type of ["input", "change"]) {
      document.addEventListener(type, ({ target }) => this.#keep(target));
    }
    this.#refill();
  }

  /**
   * @param {string} url where the fragment is
   * @returns {Promise<boolean>} whether something is asked, as far as the server can be reached
   */
  async ask(url) {
    const html = await this.#server.get(url);
    if (html !== null) this.#put(html);
    return this.#isAsking;
  }

  /** The heading, or the first field that is wrong. */
  focus() {
    const places = ["[aria-invalid=true]", ".lc-ask__title", "summary"];
    const found = places.map((place) => this.#root().querySelector(place)).find(Boolean);
    /** @type {HTMLElement | undefined} */ (found)?.focus();
  }

  get #isAsking() {
    return this.#root().children.length > 0;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!this.#root().contains(form)) return;
    event.preventDefault();
    if (this.#posting) return;
    const values = new FormData(form, event.submitter);
    if (values.has("time_zone")) values.set("time_zone", timeZone());
    this.#posting = true;
    form.toggleAttribute("data-busy", true);
    const outcome = await this.#server.post(form.action, values);
    this.#posting = false;
    form.toggleAttribute("data-busy", false);
    this.#conclude(form, outcome);
  }

  /**
   * @param {HTMLFormElement} form
   * @param {Outcome} outcome
   */
  #conclude(form, { ok, html, message }) {
    if (!html) return this.#note(form, message || this.#failed);
    if (ok) this.#drafts.write(form.id, null);
    this.#put(html);
    this.focus();
    if (ok) this.#answered(this.#isAsking);
  }

  /**
   * @param {HTMLFormElement} form
   * @param {string} text
   */
  #note(form, text) {
    const note = form.querySelector("[role=alert]");
    if (note) note.textContent = text;
  }

  /** @param {string} html */
  #put(html) {
    this.#swap(html);
    this.#refill();
  }

  /** @param {EventTarget | null} target */
  #keep(target) {
    const form = target instanceof Element ? target.closest("form") : null;
    if (!form || !this.#root().contains(form)) return;
    const entries = [...new FormData(form)].filter(([name]) => !OURS.has(name));
    this.#drafts.write(form.id, entries);
  }

  #refill() {
    for (const form of this.#root().querySelectorAll("form")) {
      const kept = this.#drafts.read(form.id);
      if (kept) fill(form, kept);
    }
  }
}

/** @type {Questions | undefined} */
let questions;

/**
 * The page's one; it listens to all forms in its root, also to those that are there already.
 *
 * @param {ConstructorParameters<typeof Questions>[0]} parts
 */
export function open(parts) {
  return (questions ??= new Questions(parts));
}

/**
 * @param {HTMLFormElement} form
 * @param {[string, string][]} entries
 */
function fill(form, entries) {
  for (const control of form.elements) {
    const { name, type, value } = /** @type {HTMLInputElement} */ (control);
    const given = entries.filter(([other]) => other === name).map(([, given]) => given);
    if (type === "radio" || type === "checkbox") {
      /** @type {HTMLInputElement} */ (control).checked = given.includes(value);
    } else if (given.length && "value" in control) {
      control.value = given[0];
    }
  }
}

function timeZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
