/** @typedef {Record<string, any>} Frame one JSON object */

/**
 * @param {unknown} data
 * @returns {Frame | null} null for what is no frame: not worth losing the line for
 */
export function parseFrame(data) {
  try {
    const frame = JSON.parse(String(data));
    return typeof frame === "object" && !Array.isArray(frame) ? frame : null;
  } catch {
    return null;
  }
}

/**
 * Whether a request may be sent twice: it only reads, or all that it would add has a name of ours,
 * by which the server knows it again.
 *
 * @param {string} action
 * @param {Frame} payload
 */
export function isRepeatable(action, payload) {
  const added = payload.event ? [payload.event] : (payload.chat?.thread?.events ?? []);
  const named = added.length > 0 && added.every((/** @type {Frame} */ event) => event.custom_id);
  return named || /^(get|list)_/.test(action);
}
