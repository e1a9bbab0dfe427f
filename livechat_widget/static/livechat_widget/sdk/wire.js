/** What users or other programs name: their keys are nobody's to change. */
const OPAQUE = new Set(["properties", "content", "text_vars", "customer_side_storage"]);

/**
 * A payload of the wire as JavaScript likes it: `chat_id` becomes `chatId`, and a list of session
 * fields an object.
 *
 * @param {any} value
 * @returns {any}
 *
 * @example
 * fromWire({ seen_up_to: "…", session_fields: [{ plan: "pro" }] });
 * // { seenUpTo: "…", sessionFields: { plan: "pro" } }
 */
export function fromWire(value) {
  return convert(value, fromWire, (key, inner) => [
    key.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase()),
    key === "session_fields" ? Object.fromEntries(inner.flatMap(Object.entries)) : undefined,
  ]);
}

/**
 * The way back.
 *
 * @param {any} value
 * @returns {any}
 */
export function toWire(value) {
  return convert(value, toWire, (key, inner) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    key === "sessionFields"
      ? Object.entries(inner).map(([name, text]) => ({ [name]: text }))
      : undefined,
  ]);
}

/**
 * @param {any} value
 * @param {(inner: any) => any} again
 * @param {(key: string, inner: any) => [string, any]} rename the new key, and the value if the key
 *   decides it
 */
function convert(value, again, rename) {
  if (Array.isArray(value)) return value.map(again);
  if (value === null || typeof value !== "object") return value;
  // fromEntries makes own members even of `__proto__`.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const [name, decided] = rename(key, inner);
      if (decided !== undefined) return [name, decided];
      return [name, OPAQUE.has(key) ? inner : again(inner)];
    }),
  );
}
