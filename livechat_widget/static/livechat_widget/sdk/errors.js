/**
 * What a rejected request holds. `code` is the server's error type in upper case, such as
 * `VALIDATION`, or one of our own: `CONNECTION_LOST`, `REQUEST_TIMEOUT`, `SDK_DESTROYED`,
 * `UPLOAD_FAILED`, `UPLOAD_CANCELED`.
 *
 * @example
 * client.sendEvent(chatId, event).catch(({ code, message }) => console.log(code, message));
 */
export class LivechatError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {unknown} [data] what the server added
   */
  constructor(code, message, data) {
    super(message);
    this.name = "LivechatError";
    this.code = code;
    this.data = data;
  }

  /** @param {{ type?: string, message?: string, data?: unknown }} [error] as on the wire */
  static fromWire(error) {
    const type = error?.type ?? "internal";
    return new LivechatError(type.toUpperCase(), error?.message ?? type, error?.data);
  }
}

export const connectionLost = () =>
  new LivechatError("CONNECTION_LOST", "The connection was lost before the server answered.");

export const requestTimeout = () =>
  new LivechatError("REQUEST_TIMEOUT", "The server did not answer in time.");

export const destroyed = () =>
  new LivechatError("SDK_DESTROYED", "This client was destroyed; make a new one.");
