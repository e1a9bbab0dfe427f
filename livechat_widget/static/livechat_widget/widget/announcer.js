const KEPT = 5;

/**
 * Reads a message to those who listen to the page: once, with its author. The log itself is no live
 * region, since a swap of all of it would be read as a whole.
 *
 * @param {HTMLElement} region
 * @param {HTMLElement} event
 */
export function announce(region, event) {
  const parts = [".lc-event__author", ".lc-event__text"].map(
    (part) => event.querySelector(part)?.textContent?.trim() ?? "",
  );
  const line = document.createElement("p");
  line.textContent = parts.filter(Boolean).join(": ");
  region.append(line);
  while (region.children.length > KEPT) region.firstElementChild?.remove();
}
