const BUTTON = "[data-lc-older]";

/**
 * What was said before: fetched when somebody scrolls up to where it would be, or presses the button
 * that stands there, and put above without moving what is being read.
 *
 * @example
 * const history = new History({ scroller, get: (url) => server.get(url), put: (html) => swap(html) });
 * history.look(); // after each change of the page
 */
export class History {
  #scroller;
  #get;
  #put;
  #watched;
  /** @type {Element | null} */
  #button = null;
  #busy = false;

  /**
   * @param {{
   *   scroller: () => HTMLElement,
   *   get: (url: string) => Promise<any>,
   *   put: (html: string) => void,
   *   Observer?: typeof IntersectionObserver,
   * }} options
   */
  constructor({ scroller, get, put, Observer = IntersectionObserver }) {
    this.#scroller = scroller;
    this.#get = get;
    this.#put = put;
    this.#watched = new Observer((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) this.load();
    });
    document.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest(BUTTON)) this.load();
    });
  }

  /** The button may be another one, or gone. */
  look() {
    const button = this.#scroller().querySelector(BUTTON);
    if (button === this.#button) return;
    this.#watched.disconnect();
    this.#button = button;
    if (button) this.#watched.observe(button);
  }

  async load() {
    const { lcOlder = "" } = /** @type {HTMLElement | null} */ (this.#button)?.dataset ?? {};
    if (this.#busy || !lcOlder) return;
    this.#busy = true;
    const html = await this.#get(lcOlder);
    if (html !== null) this.#putAbove(html);
    this.#busy = false;
    this.look();
  }

  /** @param {string} html */
  #putAbove(html) {
    const scroller = this.#scroller();
    const below = scroller.scrollHeight - scroller.scrollTop;
    this.#put(html);
    scroller.scrollTop = scroller.scrollHeight - below;
  }
}
