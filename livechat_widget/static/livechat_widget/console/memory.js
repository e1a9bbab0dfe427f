/**
 * What is open and what was being written, kept over a reload in the history entry of the tab, which
 * no other page and no storage sees.
 *
 * @typedef {{ open: string[], current: string, drafts: Record<string, string> }} Memory
 */

const KEY = "livechatConsole";

/** @param {() => Memory} describe asked when the page goes */
export function remember(describe) {
  const write = () => history.replaceState({ ...history.state, [KEY]: describe() }, "");
  // At pagehide a reload has read the entry already; telephones know no beforeunload.
  addEventListener("beforeunload", write);
  addEventListener("pagehide", write);
}

/** @returns {Memory} */
export function recall() {
  return history.state?.[KEY] ?? { open: [], current: "", drafts: {} };
}
