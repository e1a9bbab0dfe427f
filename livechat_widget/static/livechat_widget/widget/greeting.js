import { Server } from "./server.js";

const data = /** @type {Record<string, string>} */ (document.body.dataset);
const server = new Server(data.token);
/** @type {MessagePort | null} */
let port = null;
let over = false;

/** @param {string} type */
function tell(type) {
  port?.postMessage({ type, height: Math.ceil(document.body.getBoundingClientRect().height) });
}

/**
 * The host takes the frame away when it hears of it, and with it what is still under way.
 *
 * @param {"accepted" | "canceled"} outcome
 */
async function end(outcome) {
  if (over) return;
  over = true;
  await server.post(outcome === "accepted" ? data.acceptUrl : data.cancelUrl, {});
  tell(outcome);
}

/** @param {Event} event */
async function heedClick({ target }) {
  const found = target instanceof Element ? target.closest("button, [data-lc-postback]") : null;
  if (!found) return;
  const { lcPostback, lcCancel, type } = /** @type {HTMLElement} */ (found).dataset;
  if (lcPostback) await server.post(data.pressUrl, { button_id: lcPostback });
  // A link opens its page, and the greeting waits.
  if (found.localName === "a") return;
  end(lcCancel !== undefined || type === "cancel" ? "canceled" : "accepted");
}

addEventListener("message", ({ source, data, ports: [opened] }) => {
  // Which sites may frame us is decided by the page's CSP; any other window is not heard.
  if (port || source !== window.parent || data?.livechat !== "port" || !opened) return;
  port = opened;
  tell("size");
});
new ResizeObserver(() => tell("size")).observe(document.body);
document.addEventListener("click", heedClick);
document.addEventListener("keydown", ({ key }) => key === "Escape" && end("canceled"));
