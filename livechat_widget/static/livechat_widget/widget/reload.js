/** A page that is no better after a reload must not reload for ever. */
const YOUNGEST = 10_000;

export function reload() {
  if (performance.now() >= YOUNGEST) location.reload();
}
