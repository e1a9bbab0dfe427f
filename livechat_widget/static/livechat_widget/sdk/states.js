/** The states of a connection. */
export const State = Object.freeze({
  /** Not wanted, or not any more. */
  closed: "closed",
  /** A socket is being opened and logged in. */
  connecting: "connecting",
  /** Logged in. */
  open: "open",
  /** Logged in, but perhaps nobody hears us: being looked at. */
  unstable: "unstable",
  /** For the next attempt. */
  waiting: "waiting",
  /** The server will not have us: the page must be loaded again. */
  refused: "refused",
});
