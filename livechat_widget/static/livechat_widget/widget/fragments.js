/**
 * The only file that calls htmx, and the only place where text becomes markup.
 *
 * Under `require-trusted-types-for 'script'` every such place in this page, htmx's own included, is
 * led to the policy below. It lets through what is being swapped at this moment, and nothing else:
 * markup that somebody has smuggled into another path ends in an exception.
 */

/** @typedef {{ swap(target: Element, html: string, how: { swapStyle: string }): void }} Htmx */

/** How htmx 2 wraps a fragment before it parses it. */
const WRAPPER = ['<body><template class="internal-htmx-wrapper">', "</template></body>"];

/** @type {string | null} */
let announced = null;

/** @param {string} input */
function createHTML(input) {
  const [before, after] = WRAPPER;
  const known = announced !== null && [announced, before + announced + after].includes(input);
  if (!known) throw new TypeError("livechat: only fragments from our own server become markup");
  return input;
}

/** Browsers without Trusted Types have nothing to guard with; there escaping alone must hold. */
export function guardMarkup() {
  const { trustedTypes } = /** @type {any} */ (window);
  trustedTypes?.createPolicy("default", { createHTML });
}

/**
 * Put out-of-band fragments in their places.
 *
 * @param {string} html from our own server, over the socket or by a poll
 */
export function swap(html) {
  const { htmx } = /** @type {{ htmx: Htmx }} */ (/** @type {unknown} */ (window));
  announced = html;
  try {
    htmx.swap(document.body, html, { swapStyle: "none" });
  } finally {
    announced = null;
  }
}
