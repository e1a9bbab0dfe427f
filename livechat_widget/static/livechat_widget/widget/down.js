import { Bridge } from "./bridge.js";

const bridge = new Bridge(() => {});
const close = /** @type {HTMLElement} */ (document.querySelector("[data-lc-close]"));
close.hidden = !bridge.framed;
close.addEventListener("click", () => bridge.close());
document.addEventListener("keydown", ({ key }) => key === "Escape" && bridge.close());
