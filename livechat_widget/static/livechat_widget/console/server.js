/** @typedef {import("../widget/server.js").Outcome} Outcome */

const TIMEOUT = 15_000;
const PASSING = new Set([408, 425, 429]);

/**
 * The agent's acts, which go by HTTP with the admin's session: they work without a socket.
 *
 * @example
 * const { ok, message } = await server.post("…/console/chats/ABC/messages", { text, custom_id });
 */
export class Server {
  #headers;
  #signedOut;
  #fetch;

  /**
   * @param {{
   *   csrf: string,
   *   signedOut: () => void,
   *   fetch?: typeof globalThis.fetch,
   * }} options `signedOut` is told when the session is over, or has become somebody else's
   */
  constructor({ csrf, signedOut, fetch = (url, how) => globalThis.fetch(url, how) }) {
    this.#headers = { "X-CSRFToken": csrf };
    this.#signedOut = signedOut;
    this.#fetch = fetch;
  }

  /**
   * @param {string} url
   * @param {Record<string, string>} [values]
   * @returns {Promise<Outcome>} never rejected
   */
  async post(url, values = {}) {
    return outcomeOf(await this.#ask(url, { method: "POST", body: new URLSearchParams(values) }));
  }

  /**
   * @param {string} url
   * @returns {Promise<Outcome & { text: string }>} never rejected
   */
  async get(url) {
    const response = await this.#ask(url, {});
    const text = response?.ok ? await response.text().catch(() => "") : "";
    return { ...(await outcomeOf(response)), text };
  }

  /**
   * @param {string} url
   * @param {unknown} value
   * @returns {Promise<any>} the JSON of the answer, or null if there was none to be had
   */
  async exchange(url, value) {
    const response = await this.#ask(url, { method: "POST", body: JSON.stringify(value) });
    return response?.ok ? response.json().catch(() => null) : null;
  }

  /**
   * @param {string} url
   * @param {RequestInit} how
   * @returns {Promise<Response | null>}
   */
  async #ask(url, how) {
    const signal = AbortSignal.timeout(TIMEOUT);
    // The admin leads whoever is signed out to its login page: that is an answer in itself.
    const all = { ...how, headers: this.#headers, redirect: /** @type {const} */ ("manual"), signal };
    const response = await this.#fetch(url, all).catch(() => null);
    if (response && isSignedOut(response)) this.#signedOut();
    return response;
  }
}

/**
 * @param {string} path of a socket on this server
 * @returns {string}
 */
export function socketAddress(path) {
  const url = new URL(path, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** @param {Response} response */
function isSignedOut(response) {
  // Our own refusals are JSON; Django's, for a token of an earlier session, are a page.
  const ours = response.headers.get("Content-Type")?.startsWith("application/json");
  return response.type === "opaqueredirect" || (response.status === 403 && !ours);
}

/**
 * @param {Response | null} response
 * @returns {Promise<Outcome>}
 */
async function outcomeOf(response) {
  const status = response?.status ?? 0;
  const unauthorized = response !== null && isSignedOut(response);
  const ok = response?.ok ?? false;
  return {
    ok,
    held: unauthorized || status === 0 || status >= 500 || PASSING.has(status),
    unauthorized,
    message: response && !ok ? await messageOf(response) : "",
  };
}

/** @param {Response} response */
async function messageOf(response) {
  const body = await response.json().catch(() => null);
  return String(body?.error?.message ?? "");
}
