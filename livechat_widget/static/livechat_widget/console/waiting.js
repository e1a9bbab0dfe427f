const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long something has lasted: by the second within the first hour, then coarser.
 *
 * @example
 * lasted(125_000); // "2:05"
 *
 * @param {number} milliseconds
 */
export function lasted(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}:${pad(seconds % MINUTE)}`;
  const [size, unit] = seconds < DAY ? [HOUR, "hour"] : [DAY, "day"];
  const count = new Intl.NumberFormat(undefined, { style: "unit", unit, unitDisplay: "narrow" });
  return count.format(Math.floor(seconds / size));
}

/** @param {number} number */
function pad(number) {
  return String(number).padStart(2, "0");
}
