import { destroyed, LivechatError } from "./errors.js";

/**
 * @typedef {object} UploadOptions
 * @property {AbortSignal} [signal] gives the upload up; the server keeps nothing of it
 * @property {(part: number) => void} [progress] told how much is out, from 0 to 1
 */

/**
 * Post something large; `fetch` could not tell how much of it is out.
 *
 * @param {string} url
 * @param {XMLHttpRequestBodyInit} body
 * @param {UploadOptions & {
 *   headers: Record<string, string>,
 *   XMLHttpRequest?: typeof globalThis.XMLHttpRequest,
 * }} options
 * @returns {Promise<any>} the JSON of the answer, null without one; rejected with a `LivechatError`:
 *   the server's, `UPLOAD_FAILED` where it gave none, or `UPLOAD_CANCELED`
 */
export function upload(url, body, { headers, signal, progress, XMLHttpRequest }) {
  const Request = XMLHttpRequest ?? globalThis.XMLHttpRequest;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(canceled());
    const request = new Request();
    const abort = () => request.abort();
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => progress?.(total ? loaded / total : 0);
    request.onload = () => {
      const answer = parse(request.responseText);
      const ok = request.status >= 200 && request.status < 300;
      // What is no JSON is no answer of ours: a proxy's page, or one to sign in.
      if (ok && (answer || !request.responseText)) return resolve(answer);
      reject(answer?.error ? LivechatError.fromWire(answer.error) : failed(request.status));
    };
    request.onerror = () => reject(failed(0));
    request.onabort = () => reject(canceled());
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    signal?.addEventListener("abort", abort);
    request.send(body);
  });
}

/**
 * A customer's files, which go by HTTP beside the socket.
 *
 * @example
 * const { url } = await uploads.send(file, { progress: (part) => { bar.value = part; } });
 */
export class Uploads {
  #closing = new AbortController();
  #url;
  #token;
  #XMLHttpRequest;

  /**
   * @param {{
   *   url: string,
   *   token: string | (() => string | Promise<string>),
   *   XMLHttpRequest?: typeof globalThis.XMLHttpRequest,
   * }} options `url` of the socket
   */
  constructor({ url, token, XMLHttpRequest }) {
    this.#url = url.replace(/^ws/, "http").replace("/rtm/ws", "/action/upload_file");
    this.#token = token;
    this.#XMLHttpRequest = XMLHttpRequest;
  }

  /**
   * @param {Blob} file
   * @param {UploadOptions & { name?: string }} options
   * @returns {Promise<{ url: string }>}
   */
  async send(file, { name, signal, progress }) {
    if (this.#closing.signal.aborted) throw destroyed();
    const form = new FormData();
    form.append("file", file, name ?? /** @type {File} */ (file).name ?? "file");
    const token = typeof this.#token === "function" ? await this.#token() : this.#token;
    const giveUp = new AbortController();
    const both = [this.#closing.signal, ...(signal ? [signal] : [])];
    const abort = () => giveUp.abort();
    if (both.some(({ aborted }) => aborted)) abort();
    for (const one of both) one.addEventListener("abort", abort);
    try {
      return await upload(this.#url, form, {
        headers: { Authorization: `Bearer ${token}` },
        signal: giveUp.signal,
        progress,
        XMLHttpRequest: this.#XMLHttpRequest,
      });
    } finally {
      for (const one of both) one.removeEventListener("abort", abort);
    }
  }

  /** Give up what is under way; nothing is sent afterwards. */
  end() {
    this.#closing.abort();
  }
}

const canceled = () => new LivechatError("UPLOAD_CANCELED", "The upload was given up.");

/** @param {number} status */
const failed = (status) =>
  new LivechatError("UPLOAD_FAILED", `The file did not arrive${status ? ` (${status})` : ""}.`);

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // nothing, or a proxy's page
  }
}
