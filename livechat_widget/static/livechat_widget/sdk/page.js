/**
 * What happens to the page around a connection.
 *
 * @typedef {object} PageWatcher
 * @property {() => void} shown the page is looked at again, or back from the cache of the browser
 * @property {() => void} online
 * @property {() => void} offline
 * @property {() => void} leaving the page is about to be cached or left
 *
 * @typedef {(watcher: PageWatcher) => () => void} WatchPage
 */

/**
 * Tell `watcher` of the browser's hints. Outside of a browser nothing ever happens.
 *
 * @type {WatchPage}
 */
export function watchPage({ shown, online, offline, leaving }) {
  if (typeof document === "undefined") return () => {};
  const until = new AbortController();
  const options = { signal: until.signal };
  const visible = () => document.visibilityState === "visible" && shown();
  document.addEventListener("visibilitychange", visible, options);
  // An open socket keeps a page out of the cache, hence `leaving`; only a cached page comes back.
  addEventListener("pagehide", leaving, options);
  addEventListener("pageshow", ({ persisted }) => persisted && shown(), options);
  addEventListener("online", online, options);
  addEventListener("offline", offline, options);
  return () => until.abort();
}
