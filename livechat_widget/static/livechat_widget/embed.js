/**
 * What a host page loads: it turns the launcher link into a button that opens the chat in a frame.
 * Until somebody presses it nothing is stored, fetched or connected.
 */
(() => {
  const page = /** @type {any} */ (window);
  const mark = Symbol.for("livechat.embed");
  // Turbo and hx-boost run scripts again with each page that they swap in.
  if (page[mark]) return page[mark]();

  const KEY = "livechat";
  /** @type {HTMLIFrameElement | undefined} */
  let frame;
  /** @type {MessagePort | undefined} */
  let port;
  let opened = false;
  let focus = false;
  let chatting = false;
  let unread = 0;

  const launcher = () => document.getElementById("livechat-launcher");

  /** @param {string} [state] */
  function stored(state) {
    try {
      if (state !== undefined) sessionStorage.setItem(KEY, state);
      return sessionStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function build() {
    const button = launcher();
    if (frame || !button) return;
    frame = document.createElement("iframe");
    frame.id = "livechat-panel";
    frame.title = button.dataset.title ?? "";
    frame.allow = "";
    frame.src = button.dataset.widgetUrl ?? "";
    frame.onload = connect;
    // Beside the body, not in it: a page swap replaces the body and would end the conversation.
    document.documentElement.append(frame);
  }

  function connect() {
    const { port1, port2 } = new MessageChannel();
    port?.close();
    port = port1;
    port.onmessage = hear;
    const { contentWindow, src } = /** @type {HTMLIFrameElement} */ (frame);
    contentWindow?.postMessage({ livechat: "port" }, new URL(src).origin, [port2]);
  }

  /** @param {MessageEvent} event */
  function hear({ data }) {
    if (data.type === "ready") tell();
    if (data.type === "close" && opened) set(false, true);
    if (data.type === "unread") unread = data.count;
    if (data.type === "chat") chatting = data.active;
    draw();
  }

  function tell() {
    port?.postMessage({ type: opened ? "opened" : "closed", focus });
    focus = port ? false : focus;
  }

  /**
   * @param {boolean} open
   * @param {boolean} byVisitor who then goes where things happen
   */
  function set(open, byVisitor) {
    opened = open;
    focus = open && byVisitor;
    build();
    draw();
    tell();
    if (byVisitor) (open ? frame : launcher())?.focus();
  }

  function draw() {
    const button = launcher();
    if (frame) {
      frame.hidden = !opened || !button;
      stored(opened ? "open" : chatting ? "idle" : "");
    }
    if (!button) return;
    button.setAttribute("role", "button");
    button.setAttribute("aria-expanded", String(opened));
    button.setAttribute("aria-controls", "livechat-panel");
    const badge = /** @type {HTMLElement} */ (button.querySelector("b"));
    badge.hidden = opened || !unread;
    badge.children[0].textContent = unread > 99 ? "99+" : String(unread);
  }

  /** @param {MouseEvent | KeyboardEvent} event */
  function press(event) {
    const inside = event.target instanceof Element && event.target.closest("#livechat-launcher");
    const asLink = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!inside || asLink || ("key" in event && event.key !== " ")) return;
    event.preventDefault();
    set(!opened, true);
  }

  function start() {
    const state = frame ? null : stored();
    if (state) set(state === "open", false);
    else draw();
  }

  document.addEventListener("click", press);
  document.addEventListener("keydown", press);
  for (const swapped of ["turbo:load", "htmx:load"]) addEventListener(swapped, start);
  page[mark] = start;
  start();
})();
