/**
 * What became of a post. `held`: the server could not be reached or was not able to, so that the
 * same again may go well. `message` is fit to show; `html` is a fragment, where that was the answer.
 *
 * @typedef {{
 *   ok: boolean, held: boolean, unauthorized: boolean, message: string, html?: string
 * }} Outcome
 */

const TIMEOUT = 15_000;
const PASSING = new Set([408, 425, 429]);

/**
 * The visitor's acts, which go by HTTP: they work without a socket.
 *
 * @example
 * const { ok, message } = await new Server(token).post("/livechat/widget/messages", { text });
 */
export class Server {
  #headers;
  #fetch;

  /**
   * @param {string} token
   * @param {typeof globalThis.fetch} [fetch]
   */
  constructor(token, fetch = (url, how) => globalThis.fetch(url, how)) {
    this.#headers = { Authorization: `Bearer ${token}` };
    this.#fetch = fetch;
  }

  /**
   * @param {string} url
   * @param {Record<string, string> | FormData} values
   * @returns {Promise<Outcome>} never rejected
   */
  async post(url, values) {
    const body = new URLSearchParams(/** @type {Record<string, string>} */ (values));
    const response = await this.#ask(url, { method: "POST", body });
    const html = (response && (await htmlOf(response))) ?? "";
    const status = response?.status ?? 0;
    return {
      ok: response?.ok ?? false,
      held: status === 0 || status >= 500 || PASSING.has(status),
      unauthorized: status === 401,
      message: response && !response.ok && !html ? await messageOf(response) : "",
      html,
    };
  }

  /**
   * @param {string} url
   * @returns {Promise<any>} the JSON or the fragment, or null if there was none to be had
   */
  async get(url) {
    const response = await this.#ask(url, {});
    if (!response?.ok) return null;
    return (await htmlOf(response)) ?? response.json().catch(() => null);
  }

  /**
   * @param {string} url
   * @param {RequestInit} how
   * @returns {Promise<Response | null>}
   */
  #ask(url, how) {
    // No cookie: the bearer alone says who we are, and an agent's session must not mix in.
    const credentials = /** @type {const} */ ("omit");
    const signal = AbortSignal.timeout(TIMEOUT);
    const all = { ...how, headers: this.#headers, credentials, signal };
    return this.#fetch(url, all).catch(() => null);
  }
}

/**
 * @param {Response} response
 * @returns {Promise<string | null>} null if it is none
 */
async function htmlOf(response) {
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) return null;
  return response.text().catch(() => null);
}

/** @param {Response} response */
async function messageOf(response) {
  const body = await response.json().catch(() => null);
  return String(body?.error?.message ?? "");
}
