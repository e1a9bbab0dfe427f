import { guardMarkup, swap } from "../widget/fragments.js";
import { confirmEnding } from "./ending.js";
import { Keys } from "./keys.js";
import { Line } from "./line.js";
import { List } from "./list.js";
import { recall, remember } from "./memory.js";
import { Panes } from "./panes.js";
import { Server, socketAddress } from "./server.js";
import { Tabs } from "./tabs.js";
import { Typing } from "./typing.js";

/** @typedef {import("../sdk/frames.js").Frame} Frame */

/** A page that is no better after a reload must not reload for ever. */
const YOUNGEST = 10_000;

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} id */
const box = (id) => /** @type {HTMLInputElement} */ (element(id));

const root = element("lc-console");
const data = /** @type {Record<string, string>} */ (root.dataset);
const title = document.title;
const narrow = matchMedia("(max-width: 767px)");

guardMarkup();
const server = new Server({ csrf: data.csrf, signedOut: () => line.end() });
const line = new Line({
  url: socketAddress(data.socketUrl),
  language: data.language,
  epoch: data.epoch,
  chatOf: (told) => told.chat_id ?? told.chat?.id ?? list.chatOf(told.customer_id ?? told.id),
  fetchNews: () => server.exchange(data.syncUrl, { known: line.known }),
  take: receive,
  changed: showState,
  back: () => panes.all.forEach((pane) => pane.retry()),
  stale: reload,
});
const list = new List({
  root,
  me: data.agent,
  now: data.now,
  keeps: (chat) => panes.has(chat),
  open: enter,
});
const panes = new Panes(
  {
    server,
    urlOf: (chat) => data.chatUrl.replace("CHAT", chat),
    csrf: data.csrf,
    me: data.me,
    language: data.language,
    texts: root.dataset,
    announcer: element("lc-announcer"),
    hurry: () => line.hurry(),
  },
  { changed: refresh, failed: (message) => (element("lc-note").textContent = message) },
);
const tabs = new Tabs({ list: element("lc-tabs"), leaveText: data.textLeave, open: enter, leave });
const typing = new Typing({ changed: showTyping });

/**
 * @param {Frame} push
 * @param {string} chat
 */
function receive(push, chat) {
  const before = list.find(chat)?.status;
  const focused = document.activeElement;
  if (push.html) {
    list.expect(chat);
    swap(push.html);
  }
  panes.hear(chat, push);
  hearTyping(push, chat);
  if (!push.html) return;
  greet(chat, before);
  refresh();
  if (focused && !focused.isConnected) restoreFocus(focused);
}

/**
 * @param {string} chat
 * @param {string | undefined} before
 */
function greet(chat, before) {
  const after = list.find(chat);
  if (after?.status !== "waiting" || before === "waiting") return;
  list.highlight(chat);
  const name = document.querySelector(`#lc-row-${chat} .lc-row__name`)?.textContent;
  element("lc-announcer").textContent = `${data.textArrived}: ${name}`;
}

/**
 * @param {Frame} push
 * @param {string} chat
 */
function hearTyping({ action, payload }, chat) {
  const { event, sneak_peek: peek, typing_indicator: indicator } = payload;
  if (action === "incoming_event") typing.hear(chat, event.author_id ?? "", "");
  if (action === "incoming_sneak_peek") typing.hear(chat, peek.author_id, peek.text.trim());
  if (action !== "incoming_typing_indicator" || indicator.author_id === data.me) return;
  typing.hear(chat, indicator.author_id, indicator.is_typing ? data.textTyping : "");
}

/** @param {string} chat */
function showTyping(chat) {
  const text = typing.textOf(chat);
  list.showTyping(chat, text !== "");
  panes.get(chat)?.showTyping(text);
}

/** Everything that follows from the rows and from what is open. */
function refresh() {
  for (const chat of list.refresh()) line.forget(chat);
  for (const { chat, seq } of [...list.chats, ...panes.all]) line.begin(chat, seq);
  for (const pane of panes.all) pane.status = list.find(pane.chat)?.status ?? "closed";
  for (const { chat } of list.chats) list.showTyping(chat, typing.textOf(chat) !== "");
  look();
  tabs.draw(panes.all.map((pane) => tabOf(pane)));
  const { calling } = list;
  document.title = calling ? `(${calling}) ${title}` : title;
}

/** @param {import("./pane.js").Pane} pane */
function tabOf({ chat, name }) {
  const unread = list.find(chat)?.unread ?? 0;
  return { chat, name, unread, current: panes.current?.chat === chat };
}

function look() {
  const visible = document.visibilityState === "visible";
  const shown = !narrow.matches || data.view === "pane";
  const looked = visible && shown ? panes.current : undefined;
  for (const pane of panes.all) pane.look(pane === looked);
  list.look(looked?.chat ?? "");
}

/** @param {string} chat */
async function enter(chat) {
  data.view = "pane";
  element("lc-note").textContent = "";
  list.mark(chat);
  const pane = await panes.open(chat);
  if (!pane) data.view = "list";
  pane?.showTyping(typing.textOf(chat));
  if (pane && panes.current === pane) pane.focus();
}

/** @param {string} chat */
function leave(chat) {
  data.view = "list";
  panes.leave(chat);
  list.mark(panes.current?.chat ?? "");
  list.focus(list.find(chat) ? chat : undefined);
}

function back() {
  data.view = "list";
  list.focus();
  look();
}

async function end() {
  const pane = panes.current;
  if (!pane || pane.status === "closed") return;
  const dialog = /** @type {HTMLDialogElement} */ (element("lc-ending"));
  if (await confirmEnding(dialog, pane.name)) await pane.end();
}

/** @param {Element} lost what had the focus, before it was drawn anew */
function restoreFocus(lost) {
  const row = lost.closest(".lc-row");
  if (row) list.focus(row.id.slice("lc-row-".length));
  else panes.current?.focus();
}

/** @param {import("./line.js").LineState} state */
function showState(state) {
  const place = element("lc-state");
  place.dataset.state = state;
  place.textContent = data[`text${state[0].toUpperCase()}${state.slice(1)}`];
}

function reload() {
  if (performance.now() < YOUNGEST) line.end();
  else location.reload();
}

/** @type {Record<string, () => void>} */
const acts = {
  take: () => panes.current?.take(),
  reply: () => panes.current?.focus(),
  leave: () => panes.current && leave(panes.current.chat),
  end,
  back,
};

/** @param {Event} event */
function heedClick({ target }) {
  const button = target instanceof Element ? target.closest("[data-act]") : null;
  if (button instanceof HTMLElement) acts[button.dataset.act ?? ""]?.();
}

async function setAccepting() {
  const { checked } = box("lc-accepting");
  const { ok } = await server.post(data.acceptingUrl, { accepting: checked ? "1" : "0" });
  if (!ok) box("lc-accepting").checked = !checked;
}

async function reopen() {
  const { open, current, drafts } = recall();
  for (const chat of open) {
    const pane = await panes.open(chat);
    if (pane) pane.draft = drafts[chat] ?? "";
  }
  if (panes.has(current)) await enter(current);
}

new Keys({
  root,
  toggle: box("lc-keys"),
  escape: back,
  keys: {
    j: () => list.move(1),
    k: () => list.move(-1),
    n: () => list.neediest && enter(list.neediest),
    t: acts.take,
    r: acts.reply,
    e: acts.end,
    x: acts.leave,
    "?": () => element("lc-help").togglePopover(),
  },
});
root.addEventListener("click", heedClick);
box("lc-accepting").addEventListener("change", setAccepting);
document.addEventListener("visibilitychange", look);
narrow.addEventListener("change", look);
remember(() => ({
  open: panes.all.map(({ chat }) => chat),
  current: panes.current?.chat ?? "",
  drafts: Object.fromEntries(panes.all.map(({ chat, draft }) => [chat, draft])),
}));
refresh();
reopen();
line.open();
