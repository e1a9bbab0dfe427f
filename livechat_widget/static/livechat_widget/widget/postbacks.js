import { makeId } from "../sdk/ids.js";

/** @typedef {import("./server.js").Outcome} Outcome */

const BUTTONS = "[data-lc-postback]";

/**
 * The buttons of rich messages. A press is posted; how the button stands then comes back as a push.
 *
 * @example
 * const postbacks = new Postbacks({ post: (values) => server.post(url, values), settled: showNote });
 * postbacks.draw(document.body, "T1"); // only the buttons of this thread can be pressed
 * document.addEventListener("click", ({ target }) => postbacks.press(target));
 */
export class Postbacks {
  #post;
  #settled;
  #thread = "";
  #posting = false;

  /**
   * @param {{
   *   post: (values: Record<string, string>) => Promise<Outcome>,
   *   settled: (outcome: Outcome) => void,
   * }} options
   */
  constructor({ post, settled }) {
    this.#post = post;
    this.#settled = settled;
  }

  /**
   * @param {Element} list
   * @param {string} thread the one that goes on; empty when none does
   */
  draw(list, thread) {
    this.#thread = thread;
    for (const button of list.querySelectorAll(`button${BUTTONS}`)) {
      button.toggleAttribute("disabled", !this.#isOpen(/** @type {HTMLElement} */ (button)));
    }
  }

  /** @param {Element} target what was clicked */
  async press(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest(BUTTONS));
    if (!button || this.#posting || !this.#isOpen(button) || isAnswered(button)) return;
    const { lcPostback = "", event = "", thread = "" } = button.dataset;
    this.#posting = true;
    const outcome = await this.#post({
      postback_id: lcPostback,
      event_id: event,
      thread_id: thread,
      toggled: isPressed(button) ? "0" : "1",
      custom_id: makeId(),
    });
    this.#posting = false;
    this.#settled(outcome);
  }

  /** @param {HTMLElement} button */
  #isOpen(button) {
    return this.#thread !== "" && button.dataset.thread === this.#thread;
  }
}

/**
 * An answer is given once. The button is not disabled, for that would take the focus away.
 *
 * @param {HTMLElement} button
 */
function isAnswered(button) {
  return button.dataset.once === "true" && isPressed(button);
}

/** @param {HTMLElement} button */
function isPressed(button) {
  return button.getAttribute("aria-pressed") === "true";
}
