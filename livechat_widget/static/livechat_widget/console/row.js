/** @typedef {"waiting" | "mine" | "others" | "closed"} Status */

/** The badge counts no further, since the server does not. */
const MOST_COUNTED = 10;

/**
 * What a row of the list says of its chat. Its markup is the same for every agent; who looks is known
 * here only.
 *
 * @example
 * const { status, unread } = read(row, me);
 *
 * @param {HTMLElement} row
 * @param {string} me the public id of the agent who looks
 */
export function read({ dataset: data }, me) {
  const agents = (data.agents ?? "").split(" ").filter(Boolean);
  const status = statusOf(data.active === "true", agents, me);
  const seen = seenBy(data.seen ?? "", me);
  const said = (data.said ?? "").split(" ").filter((time) => time > seen);
  return {
    chat: data.chat ?? "",
    seq: Number(data.seq),
    status,
    unread: status === "mine" ? said.length : 0,
    since: data.since ?? "",
    unansweredSince: status === "waiting" ? data.since : unanswered(data),
  };
}

/**
 * @param {number} unread
 * @returns {string}
 */
export function badge(unread) {
  return unread < MOST_COUNTED ? String(unread) : `${MOST_COUNTED - 1}+`;
}

/**
 * @param {boolean} active
 * @param {string[]} agents
 * @param {string} me
 * @returns {Status}
 */
function statusOf(active, agents, me) {
  if (!active) return "closed";
  if (agents.includes(me)) return "mine";
  return agents.length ? "others" : "waiting";
}

/**
 * @param {string} marks "agent=time agent=time"
 * @param {string} me
 */
function seenBy(marks, me) {
  const mark = marks.split(" ").find((one) => one.startsWith(`${me}=`));
  return mark?.slice(me.length + 1) ?? "";
}

/** @param {DOMStringMap} data */
function unanswered({ active, lastKind, lastAt }) {
  return active === "true" && lastKind === "customer" ? lastAt : undefined;
}
