/** @typedef {Record<string, () => void>} Keymap */

const SETTING = "livechat-console-keys";
const WRITES = "textarea, select, [contenteditable], input:not([type=checkbox])";

/**
 * Single keys for acts, heard only in the console and never while somebody writes. They can be turned
 * off, since speech and switch devices may type them by mistake.
 *
 * @example
 * new Keys({ root, keys: { j: () => list.move(1) }, escape: () => list.focus(), toggle });
 */
export class Keys {
  #root;
  #keys;
  #escape;
  #toggle;

  /**
   * @param {{
   *   root: HTMLElement,
   *   keys: Keymap,
   *   escape: () => void,
   *   toggle: HTMLInputElement,
   * }} options `toggle`: the box that turns the keys off
   */
  constructor({ root, keys, escape, toggle }) {
    this.#root = root;
    this.#keys = keys;
    this.#escape = escape;
    this.#toggle = toggle;
    toggle.checked = localStorage.getItem(SETTING) !== "off";
    toggle.addEventListener("change", () => {
      localStorage.setItem(SETTING, toggle.checked ? "on" : "off");
    });
    document.addEventListener("keydown", (event) => this.#hear(event));
  }

  /** @param {KeyboardEvent} event */
  #hear(event) {
    const { target, key } = event;
    if (!(target instanceof Element) || !this.#isOurs(event, target)) return;
    if (key === "Escape") return this.#escape();
    const act = Object.hasOwn(this.#keys, key) && this.#keys[key];
    if (!act || !this.#toggle.checked || target.matches(WRITES)) return;
    event.preventDefault();
    act();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Element} target
   */
  #isOurs({ isComposing, ctrlKey, metaKey, altKey, defaultPrevented }, target) {
    if (isComposing || ctrlKey || metaKey || altKey || defaultPrevented) return false;
    if (target.closest("dialog, :popover-open")) return false;
    return target === document.body || this.#root.contains(target);
  }
}
