import { makeId } from "../sdk/ids.js";
import { upload } from "../sdk/upload.js";

/**
 * Files that the agent chooses, drops or pastes: sent one after the other, each as an event.
 */
export class Files {
  /** @type {File[]} */
  #waiting = [];
  /** @type {AbortController | null} what is under way */
  #giving = null;
  #form;
  #row;
  #url;
  #csrf;
  #failed;
  #sent;
  #upload;

  /**
   * @param {{
   *   form: HTMLFormElement,
   *   zone: HTMLElement,
   *   url: string,
   *   csrf: string,
   *   failed: string,
   *   sent: () => void,
   *   send?: typeof upload,
   * }} options `zone`: where files may be dropped; `failed`: what is said where the server says nothing
   */
  constructor({ form, zone, url, csrf, failed, sent, send = upload }) {
    this.#form = form;
    this.#row = this.#part(".lc-upload");
    this.#url = url;
    this.#csrf = csrf;
    this.#failed = failed;
    this.#sent = sent;
    this.#upload = send;
    const input = /** @type {HTMLInputElement} */ (this.#part("[type=file]"));
    this.#part(".lc-attach").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      this.add(input.files ?? []);
      input.value = ""; // so that the same file can be chosen again
    });
    this.#part(".lc-upload button").addEventListener("click", () => this.stop());
    form.addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    zone.addEventListener("drop", (event) => this.#take(event, event.dataTransfer));
    zone.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
  }

  /** @param {Iterable<File>} files */
  add(files) {
    this.#waiting.push(...files);
    if (!this.#giving) this.#next();
  }

  /** Give up what is under way, and what waits. */
  stop() {
    this.#waiting = [];
    this.#giving?.abort();
  }

  /**
   * @param {Event} event
   * @param {DataTransfer | null} given
   */
  #take(event, given) {
    if (!given?.files.length) return;
    event.preventDefault();
    // Nobody can take a chat by dropping a file onto it.
    if (this.#form.offsetParent) this.add(given.files);
  }

  async #next() {
    for (let file; (file = this.#waiting.shift()); ) await this.#send(file);
  }

  /** @param {File} file */
  async #send(file) {
    this.#giving = new AbortController();
    this.#show(file.name, 0);
    const query = new URLSearchParams({ name: file.name.slice(-200), custom_id: makeId() });
    const options = {
      headers: { "X-CSRFToken": this.#csrf, "Content-Type": "application/octet-stream" },
      signal: this.#giving.signal,
      progress: (/** @type {number} */ part) => this.#show(file.name, part),
    };
    const note = await this.#upload(`${this.#url}?${query}`, file, options).then(
      () => "",
      ({ code, message }) => this.#explain(code, message),
    );
    this.#giving = null;
    this.#row.hidden = true;
    this.#part("[role=alert]").textContent = note;
    if (!note) this.#sent();
  }

  /**
   * @param {string} code
   * @param {string} message
   */
  #explain(code, message) {
    if (code === "UPLOAD_CANCELED") return "";
    return code === "UPLOAD_FAILED" ? this.#failed : message;
  }

  /**
   * @param {string} name
   * @param {number} part
   */
  #show(name, part) {
    this.#row.hidden = false;
    this.#part(".lc-upload__name").textContent = name;
    /** @type {HTMLProgressElement} */ (this.#part("progress")).value = part;
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.#form.querySelector(selector));
  }
}
