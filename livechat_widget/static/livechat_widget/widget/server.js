/**
 * What became of a post. `held`: the server could not be reached or was not able to, so that the
 * same again may go well. `message` is fit to show.
 *
 * @typedef {{ ok: boolean, held: boolean, unauthorized: boolean, message: string }} Outcome
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
   * @param {Record<string, string>} values
   * @returns {Promise<Outcome>} never rejected
   */
  async post(url, values) {
    const response = await this.#ask(url, { method: "POST", body: new URLSearchParams(values) });
    const status = response?.status ?? 0;
    return {
      ok: response?.ok ?? false,
      held: status === 0 || status >= 500 || PASSING.has(status),
      unauthorized: status === 401,
      message: response && !response.ok ? await messageOf(response) : "",
    };
  }

  /**
   * @param {string} url
   * @returns {Promise<any>} the JSON, or null if there was none to be had
   */
  async get(url) {
    const response = await this.#ask(url, {});
    return response?.ok ? response.json().catch(() => null) : null;
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

/** @param {Response} response */
async function messageOf(response) {
  const body = await response.json().catch(() => null);
  return String(body?.error?.message ?? "");
}
