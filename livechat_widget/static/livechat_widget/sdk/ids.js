/**
 * A name that nobody else has drawn. (`crypto.randomUUID` is missing on plain http.)
 *
 * @returns {string} 32 hexadecimal digits
 */
export function makeId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
