/**
 * The line to the host page, if there is one. In comes whether the panel is open; out go that it
 * should close, how much is unread, and whether a chat is going on. Nothing that was written, and
 * nothing that says who writes.
 */
export class Bridge {
  /** @type {MessagePort | null} */
  #port = null;
  /** What the host is to know when it is there. @type {Map<string, object>} */
  #told = new Map();
  #changed;
  framed = window.parent !== window;
  /** A page of its own is always open; a frame may have been loaded behind a closed panel. */
  opened = !this.framed;

  /** @param {(focus: boolean) => void} changed told whether the visitor is on their way in */
  constructor(changed) {
    this.#changed = changed;
    addEventListener("message", (event) => this.#accept(event));
  }

  close() {
    this.#port?.postMessage({ type: "close" });
  }

  /**
   * @param {"unread" | "chat"} type
   * @param {object} details
   */
  tell(type, details) {
    const message = { type, ...details };
    if (JSON.stringify(this.#told.get(type)) === JSON.stringify(message)) return;
    this.#told.set(type, message);
    this.#port?.postMessage(message);
  }

  /**
   * Which sites may frame us is decided by the page's CSP: whoever is our parent may talk to us;
   * any other window may not, and nobody twice.
   *
   * @param {MessageEvent} event
   */
  #accept({ source, data, ports: [port] }) {
    if (this.#port || !this.framed || source !== window.parent) return;
    if (data?.livechat !== "port" || !port) return;
    this.#port = port;
    port.onmessage = ({ data }) => this.#hear(data);
    port.postMessage({ type: "ready" });
    for (const message of this.#told.values()) port.postMessage(message);
  }

  /** @param {any} message */
  #hear(message) {
    if (message?.type !== "opened" && message?.type !== "closed") return;
    this.opened = message.type === "opened";
    this.#changed(this.opened && message.focus === true);
  }
}
