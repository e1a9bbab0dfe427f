const NEAR = 80;

/**
 * Keeps the newest message in view for who reads at the end, and leaves alone who reads further up:
 * they get a button.
 */
export class Scrolling {
  #atEnd = true;
  #scroller;
  #button;

  /**
   * @param {{
   *   scroller: () => HTMLElement,
   *   button: HTMLElement,
   *   around: Element[],
   *   signal?: AbortSignal,
   * }} options `scroller` may be another element after a swap; `around`: what takes its room away;
   *   `signal` ends it all where the place goes before the page does
   */
  constructor({ scroller, button, around, signal }) {
    this.#scroller = scroller;
    this.#button = button;
    // Scrolling does not bubble, but it can be caught on its way down.
    const how = { capture: true, passive: true, signal };
    document.addEventListener("scroll", () => this.#look(), how);
    button.addEventListener("click", () => this.toEnd());
    const room = new ResizeObserver(() => this.keep());
    for (const element of around) room.observe(element);
    signal?.addEventListener("abort", () => room.disconnect());
  }

  toEnd() {
    const scroller = this.#scroller();
    scroller.scrollTop = scroller.scrollHeight;
    this.#look();
  }

  /**
   * To the beginning of what stands last, as far as the rest of it leaves room.
   *
   * @param {HTMLElement} last
   */
  to(last) {
    this.#scroller().scrollTop = last.offsetTop;
    this.#look();
  }

  /** Something changed its size. */
  keep() {
    if (this.#atEnd) this.toEnd();
  }

  /** There is something new at the end. */
  grown() {
    this.#button.hidden = this.#atEnd;
    this.keep();
  }

  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller();
    this.#atEnd = scrollHeight - clientHeight - scrollTop < NEAR;
    if (this.#atEnd) this.#button.hidden = true;
  }
}
