/** What most visits do without, in a script of its own: `widget-more.bundle.js`. */
export { History } from "./history.js";
export { Postbacks } from "./postbacks.js";
export { open } from "./questions.js";
