/**
 * What a host page loads: it turns the launcher link into a button that opens the chat in a frame.
 * Until somebody presses it nothing is stored, fetched or connected, unless the site greets: then a
 * frame of its own asks whether there is a greeting for this page.
 */
(() => {
  const page = /** @type {any} */ (window);
  const mark = Symbol.for("livechat.embed");
  // Turbo and hx-boost run scripts again with each page that they swap in.
  if (page[mark]) return page[mark]();

  const KEY = "livechat";
  /** @type {HTMLIFrameElement | undefined} */
  let frame;
  /** @type {HTMLIFrameElement | undefined} */
  let greeting;
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
    const { title = "", widgetUrl = "" } = button.dataset;
    frame = add("livechat-panel", title, widgetUrl, hear, (opened) => {
      port?.close();
      port = opened;
    });
  }

  /**
   * @param {string} id
   * @param {string} title
   * @param {string} src
   * @param {(event: MessageEvent) => void} hear
   * @param {(port: MessagePort) => void} [take]
   */
  function add(id, title, src, hear, take) {
    const added = document.createElement("iframe");
    Object.assign(added, { id, title, src, allow: "" });
    added.onload = () => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = hear;
      take?.(port1);
      added.contentWindow?.postMessage({ livechat: "port" }, new URL(added.src).origin, [port2]);
    };
    // Beside the body, not in it: a page swap replaces the body and would end the conversation.
    document.documentElement.append(added);
    return added;
  }

  /** A page has opened on which the visitor is not in a chat. */
  function greet() {
    const { greetingUrl, title = "" } = launcher()?.dataset ?? {};
    greeting?.remove();
    if (!greetingUrl || frame) return;
    const { origin, pathname, search } = location;
    const { title: pageTitle, referrer } = document;
    // What stands behind "#" is nobody else's business.
    const page = { url: origin + pathname + search, title: pageTitle, referrer };
    const src = `${greetingUrl}?${new URLSearchParams(page)}`;
    greeting = add("livechat-greeting", title, src, hearGreeting);
    // It shows itself when it knows its size, and not at all where there is none.
    greeting.hidden = true;
  }

  /** @param {MessageEvent} event */
  function hearGreeting({ data }) {
    if (!greeting) return;
    greeting.style.height = `${data.height}px`;
    greeting.hidden = opened;
    if (data.type !== "size") greeting.remove();
    if (data.type === "accepted") set(true, true);
    if (data.type === "canceled") launcher()?.focus();
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
    if (open) greeting?.remove();
    build();
    draw();
    tell();
    if (byVisitor) (open ? frame : launcher())?.focus();
  }

  function draw() {
    const button = launcher();
    // On a small screen the panel covers the page: nothing behind it is to be reached.
    document.body.inert = opened && !!frame && matchMedia("(width < 480px)").matches;
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
    greet();
  }

  document.addEventListener("click", press);
  document.addEventListener("keydown", press);
  addEventListener("resize", draw);
  for (const swapped of ["turbo:load", "htmx:load"]) addEventListener(swapped, start);
  page[mark] = start;
  start();
})();
