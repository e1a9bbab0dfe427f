/** A page that is no better after a reload must not reload for ever. */
const YOUNGEST = 10_000;

/**
 * Load the page anew, and keep what was being written in the history entry, which no other page and
 * no storage sees.
 *
 * @param {string} draft
 */
export function reload(draft) {
  if (performance.now() < YOUNGEST) return;
  history.replaceState({ draft }, "");
  location.reload();
}

/** @returns {string} what was being written before the reload */
export function takeDraft() {
  const draft = history.state?.draft ?? "";
  history.replaceState(null, "");
  return draft;
}
