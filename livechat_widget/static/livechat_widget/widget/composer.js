import { Outbox } from "./outbox.js";

/** @typedef {import("./server.js").Outcome} Outcome */

/** @typedef {Pick<import("./drafts.js").Drafts, "read" | "write">} Kept */

/** @type {Kept} */
const NOWHERE = { read: () => undefined, write: () => {} };
const FIELD_SIZING = globalThis.CSS?.supports("field-sizing", "content");

/**
 * The form at the foot. What is written stays in it until the server has it; a message that cannot
 * be posted goes out by itself when the line is back, unless somebody has changed it meanwhile.
 */
export class Composer {
  #form;
  #field;
  #note;
  #texts;
  #drafts;
  #outbox;
  #written;
  #sent;
  /** Somebody pressed Enter while the last message was on its way. */
  #again = false;

  /**
   * @param {{
   *   form: HTMLFormElement,
   *   texts: { held: string, refused: string },
   *   post: (values: Record<string, string>) => Promise<Outcome>,
   *   written: (text: string) => void,
   *   sent: () => void,
   *   drafts?: Kept,
   * }} options `written` is told what is in the composer with every change
   */
  constructor({ form, texts, post, written, sent, drafts = NOWHERE }) {
    this.#form = form;
    this.#field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
    this.#note = /** @type {HTMLElement} */ (form.querySelector("[role=alert]"));
    this.#texts = texts;
    this.#written = written;
    this.#sent = sent;
    this.#drafts = drafts;
    this.#outbox = new Outbox({ post, changed: (...step) => this.#show(...step), drafts });
    form.addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("keydown", (event) => this.#heedKey(event));
    this.#field.addEventListener("input", () => this.#heedInput());
    // What was typed before this script ran stays.
    this.draft = this.#field.value || drafts.read("text") || "";
  }

  get draft() {
    return this.#field.value;
  }

  /** @param {string} text */
  set draft(text) {
    this.#field.value = text;
    this.#drafts.write("text", text);
    this.#fit();
  }

  focus() {
    this.#field.focus();
  }

  /** The line seems to be back. */
  retry() {
    this.#outbox.retry();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.#field.value.trim();
    if (!text) return;
    // What waits goes first, in its own words: the rest of the field is the next message.
    const first = this.#outbox.text || text;
    this.#again = first !== text;
    this.#outbox.send(first, this.#details());
  }

  /** @returns {Record<string, string>} who it is, as far as the form asks and somebody answers */
  #details() {
    const fields = new FormData(this.#form);
    for (const ours of ["text", "token", "custom_id"]) fields.delete(ours);
    const answers = [...fields].map(([name, value]) => [name, String(value).trim()]);
    return Object.fromEntries(answers.filter(([, value]) => value));
  }

  /** @param {KeyboardEvent} event */
  #heedKey(event) {
    // While an input method composes, Enter picks a word; Safari says so by the key code only.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #heedInput() {
    this.#drafts.write("text", this.#field.value);
    this.#fit();
    const waiting = this.#outbox.text;
    if (!waiting || !this.#field.value.trimStart().startsWith(waiting)) this.#outbox.abandon();
    this.#written(this.#field.value);
  }

  /**
   * @param {import("./outbox.js").Step} step
   * @param {string} text
   * @param {string} [message]
   */
  #show(step, text, message) {
    this.#form.toggleAttribute("data-busy", step === "sending");
    this.#form.toggleAttribute("data-held", step === "held");
    if (step === "sending") return;
    const { held, refused } = this.#texts;
    const notes = { sent: "", abandoned: "", held, refused: message || refused };
    this.#note.textContent = notes[step];
    const next = this.#again && step === "sent";
    this.#again = false;
    if (step === "sent") this.#clear(text);
    if (next) this.#form.requestSubmit();
  }

  /** @param {string} text what arrived; anything after it was written meanwhile */
  #clear(text) {
    const written = this.#field.value.trimStart();
    if (written.startsWith(text)) this.draft = written.slice(text.length).trimStart();
    this.#sent();
  }

  #fit() {
    if (FIELD_SIZING) return;
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
  }
}
