/** @typedef {{ url: string, title?: string, opened_at: string }} Visited */

/** What the server makes a link of, too: no user name in it can pass for its host. */
const ON_THE_WEB = /^https?:\/\/(?![^/?#]*[@\\])[!-~]+$/i;

/**
 * Say which page the visitor is on, where nothing later is said already.
 *
 * @param {HTMLElement} place as the server draws it
 * @param {Visited} page
 */
export function showVisited(place, { url, title, opened_at: openedAt }) {
  if ((place.dataset.openedAt ?? "") >= openedAt) return;
  place.dataset.openedAt = openedAt;
  place.replaceChildren(title ? `${title} · ` : "", ON_THE_WEB.test(url) ? link(url) : url);
  place.hidden = false;
}

/** @param {string} url */
function link(url) {
  const how = { href: url, target: "_blank", rel: "noopener noreferrer ugc", textContent: url };
  return Object.assign(document.createElement("a"), how);
}
