import { Session } from "../sdk/session.js";
import { announce } from "./announcer.js";
import { Bridge } from "./bridge.js";
import { Composer } from "./composer.js";
import { Drafts } from "./drafts.js";
import { guardMarkup, swap } from "./fragments.js";
import { late } from "./late.js";
import { Line } from "./line.js";
import { Peek } from "./peek.js";
import { reload } from "./reload.js";
import { Scrolling } from "./scrolling.js";
import { Seen } from "./seen.js";
import { Server } from "./server.js";
import { arrange, markSeen, timesAfter } from "./timeline.js";
import { Typing } from "./typing.js";

/** @typedef {import("../sdk/frames.js").Frame} Frame */

guardMarkup();

const data = /** @type {Record<string, string>} */ (document.body.dataset);

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const events = () => element("lc-events");
const asked = () => element("lc-asked");
const conversation = () => element("lc-conversation");
const menu = () => /** @type {HTMLDetailsElement} */ (document.querySelector(".lc-menu"));
const active = () => element("lc-header").dataset.active === "true";

const drafts = new Drafts(data.me);
const server = new Server(data.token);
const client = new Session({
  url: socketUrl(),
  token: data.token,
  fragments: data.language,
  cursor: { epoch: data.epoch, seq: Number(data.seq) },
});
const line = new Line({
  client,
  fetchNews: () => server.get(newsUrl()),
  showBanner: (shown) => (element("lc-banner").hidden = !shown),
  back: () => composer.retry(),
  stale: reload,
});
const composer = new Composer({
  form: /** @type {HTMLFormElement} */ (element("lc-composer")),
  texts: { held: data.textHeld, refused: data.textRefused },
  post: (values) => post(element("lc-composer").getAttribute("action") ?? "", values),
  written: (text) => active() && peek.write(text),
  sent: () => {
    peek.forget();
    line.hurry();
  },
  drafts,
});
const peek = new Peek({ post: (text) => post(data.typingUrl, { text }) });
const typing = new Typing({ changed: showTyping });
const scrolling = new Scrolling({
  scroller: conversation,
  button: element("lc-newer"),
  around: [document.documentElement, ...document.querySelectorAll(".lc-banner, .lc-bottom")],
});
const bridge = new Bridge((focus) => {
  if (focus) welcome();
  look();
});
const seen = new Seen({
  upTo: data.seenByMe,
  unseen: (after) => timesAfter(events(), "agent", after),
  post: (seenUpTo) => post(data.seenUrl, { seen_up_to: seenUpTo }),
  counted: (count) => bridge.tell("unread", { count }),
});

/** @type {() => Promise<typeof import("./more.js")>} */
const loadMore = late(data.moreScript, /** @type {any} */ (element("lc-more")));
const parts = {
  root: asked,
  server: { post, get: (/** @type {string} */ url) => server.get(url) },
  swap,
  drafts,
  failed: data.textFailed,
  answered: (/** @type {boolean} */ more) => {
    line.hurry();
    if (!more) write();
  },
};

/** @type {Record<string, (payload: any) => void>} */
const reactions = {
  incoming_event: ({ event }) => hearEvent(event),
  // Its answer may have been lost on the way.
  incoming_chat: () => drafts.write("lc-prechat", null),
  chat_deactivated: () => ask(""),
  groups_status_updated: showHome,
  incoming_typing_indicator: ({ typing_indicator: { author_id, is_typing } }) =>
    author_id !== data.me && typing.hear(author_id, is_typing),
  events_marked_as_seen: ({ user_id, seen_up_to }) => {
    if (user_id === data.me) seen.move(seen_up_to);
    else noteSeenByThem(seen_up_to);
  },
};

/** @param {Frame} push */
function receive({ action, payload, html }) {
  const greeting = document.getElementById("lc-greeting")?.parentElement;
  if (html) swap(html);
  // What somebody answers to stays before their eyes.
  if (greeting && !greeting.isConnected) conversation().prepend(greeting);
  reactions[action]?.(payload);
  if (!html) return;
  draw();
  const own = payload.event?.author_id === data.me;
  if (own || action === "incoming_chat") scrolling.toEnd();
  else if (action === "incoming_event") scrolling.grown();
  else scrolling.keep();
}

/** @param {{ author_id?: string, id: string, created_at: string }} event */
function hearEvent({ author_id = "system", id, created_at }) {
  const drawn = document.getElementById(`lc-${author_id}-${id}`);
  if (!drawn || author_id === data.me) return;
  typing.hear(author_id, false);
  announce(element("lc-announcer"), drawn);
  // Who answers has read what came before.
  if (drawn.dataset.kind === "agent") noteSeenByThem(created_at);
}

function draw() {
  arrange(events(), data.language);
  markSeen(events(), "customer", conversation().dataset.seen ?? "");
  drawPostbacks().catch(() => {});
  showTyping();
  if (conversation().querySelector("[data-lc-older]")) loadHistory().catch(() => (history = undefined));
  seen.update();
  bridge.tell("chat", { active: active() });
}

/** @param {string} upTo */
function noteSeenByThem(upTo) {
  const { dataset } = conversation();
  if (upTo > (dataset.seen ?? "")) dataset.seen = upTo;
  markSeen(events(), "customer", dataset.seen ?? "");
}

function showTyping() {
  element("lc-typing").hidden = !typing.active;
  scrolling.keep();
}

/** @type {Promise<import("./history.js").History> | undefined} */
let history;

async function loadHistory() {
  history ??= loadMore().then(
    ({ History }) => new History({ scroller: conversation, get: parts.server.get, put: putHistory }),
  );
  (await history).look();
}

/** @param {string} html */
function putHistory(html) {
  swap(html);
  arrange(events(), data.language);
}

/** @type {import("./postbacks.js").Postbacks | undefined} */
let postbacks;

async function drawPostbacks() {
  if (!conversation().querySelector("[data-lc-postback]")) return;
  const { Postbacks } = await loadMore();
  postbacks ??= new Postbacks({
    post: (values) => post(data.postbackUrl, values),
    settled: ({ ok, message }) => {
      element("lc-note").textContent = ok ? "" : message || data.textFailed;
      line.hurry();
    },
  });
  postbacks.draw(conversation(), active() ? (conversation().dataset.thread ?? "") : "");
}

/** @returns {Promise<import("./questions.js").Questions>} */
const loadQuestions = () => loadMore().then(({ open }) => open(parts));

/**
 * @param {string} about what to ask, in the words of the server
 * @returns {Promise<boolean>} whether something is asked now
 */
async function ask(about) {
  const asking = loadQuestions().then((questions) => questions.ask(`${data.questionsUrl}?${about}`));
  const more = await asking.catch(() => false);
  scrolling.to(asked());
  return more;
}

/** @param {string} about */
async function open(about) {
  if (await ask(about)) (await loadQuestions()).focus();
  else write();
}

/** There is nothing to answer: the floor is the visitor's. */
function write() {
  element("lc-foot").toggleAttribute("data-reopened", true);
  composer.focus();
}

function showHome() {
  // Nobody is interrupted who has begun to answer.
  const answering = asked().contains(document.activeElement);
  if (!active() && !answering) ask("home");
}

/** Somebody may have come or gone between the page and its socket. @param {any} login */
function compareHome({ _PrivDynamicConfig: { onlineGroupsIds } }) {
  if (`${onlineGroupsIds.length > 0}` !== element("lc-header").dataset.online) showHome();
}

/** The visitor comes in: with a keyboard to write, with a finger first to read. */
function welcome() {
  if (matchMedia("(pointer: coarse)").matches) conversation().focus();
  else composer.focus();
}

function look() {
  seen.look(bridge.opened && document.visibilityState === "visible");
}

/**
 * @param {string} url
 * @param {Record<string, string> | FormData} values
 */
async function post(url, values) {
  const outcome = await server.post(url, values);
  if (outcome.unauthorized) reload();
  return outcome;
}

function socketUrl() {
  if (!data.socketUrl) return "";
  const url = new URL(data.socketUrl, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function newsUrl() {
  const { epoch = "", seq = 0 } = client.cursor;
  return `${data.newsUrl}?${new URLSearchParams({ epoch, after: String(seq) })}`;
}

/** @param {Event} event */
function heedClick(event) {
  const { target } = event;
  if (!(target instanceof Element)) return;
  const asking = /** @type {HTMLElement | null} */ (target.closest("[data-lc-ask]"));
  if (asking) {
    event.preventDefault();
    open(asking.dataset.lcAsk ?? "");
  }
  postbacks?.press(target);
  if (!target.closest("summary")) menu().open = false;
  if (target.closest("[data-lc-close]")) bridge.close();
  if (target.closest("[data-lc-dismiss]")) {
    asked().replaceChildren();
    composer.focus();
  }
}

/** @param {KeyboardEvent} event */
function heedKey({ key, isComposing }) {
  if (key !== "Escape" || isComposing) return;
  if (menu().open) menu().open = false;
  else bridge.close();
}

document.addEventListener("click", heedClick);
document.addEventListener("keydown", heedKey);
document.addEventListener("visibilitychange", look);
client.on("push", receive);
client.on("connected", compareHome);
for (const close of document.querySelectorAll("[data-lc-close]")) {
  close.toggleAttribute("hidden", !bridge.framed);
}
if (asked().children.length) loadQuestions().catch(() => {});
draw();
scrolling.to(asked());
look();
line.open(Boolean(data.socketUrl));
