import assert from "node:assert/strict";
import { test } from "node:test";

import { Line } from "../../../livechat_widget/static/livechat_widget/console/line.js";
import { FakeClock, fakeNetwork, fakePage } from "../fakes.js";

const EPOCH = "e1";

function setUp({ fetchNews = async () => null } = {}) {
  const clock = new FakeClock();
  const sockets = fakeNetwork();
  const seen = { pushes: [], states: [], back: 0, stale: 0 };
  const line = new Line({
    url: "ws://chat.test/",
    language: "de",
    epoch: EPOCH,
    chatOf: ({ chat_id, id }) => chat_id ?? { vera: "A" }[id] ?? "",
    fetchNews: () => fetchNews(line),
    take: ({ seq, action }, chat) => seen.pushes.push([chat, seq ?? action]),
    changed: (state) => state !== seen.states.at(-1) && seen.states.push(state),
    back: () => (seen.back += 1),
    stale: () => (seen.stale += 1),
    WebSocket: sockets,
    random: () => 1,
    watchPage: fakePage().watchPage,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
  });
  return { clock, sockets, line, seen };
}

async function logIn({ sockets }, epoch = EPOCH) {
  await sockets.last.open();
  const [login] = sockets.last.asked("login");
  await sockets.last.answer(login, { sync: { epoch } });
  return login.payload;
}

async function open(options) {
  const parts = setUp(options);
  parts.line.begin("A", 4);
  parts.line.open();
  await logIn(parts);
  return parts;
}

const push = (chat_id, seq) => ({ type: "push", action: "incoming_event", seq, payload: { chat_id } });

test("it works", async () => {
  const { sockets, seen, line } = await open();
  await sockets.last.receive(push("A", 5));
  await sockets.last.receive(push("B", 9));
  assert.deepEqual(seen.pushes, [["A", 5], ["B", 9]]);
  assert.deepEqual(line.known, { A: 5, B: 9 });
  assert.deepEqual(seen.states, ["connecting", "open"]);
  assert.equal(seen.back, 1);
});

test("it says what it knows when it logs in, and again when it comes back", async () => {
  const parts = setUp();
  parts.line.begin("A", 4);
  parts.line.open();
  assert.deepEqual(await logIn(parts), { fragments: "de", known: { A: 4 } });
  await parts.sockets.last.receive(push("A", 5));
  await parts.sockets.last.fall();
  await parts.clock.advance(1_000);
  assert.deepEqual((await logIn(parts)).known, { A: 5 });
});

test("what it holds already is dropped", async () => {
  const { sockets, seen } = await open();
  for (const seq of [3, 4, 5, 5]) await sockets.last.receive(push("A", seq));
  assert.deepEqual(seen.pushes, [["A", 5]]);
});

test("what comes too early waits for its turn", async () => {
  const { sockets, seen, clock } = await open();
  await sockets.last.receive(push("A", 6));
  assert.deepEqual(seen.pushes, []);
  await sockets.last.receive(push("A", 5));
  assert.deepEqual(seen.pushes, [["A", 5], ["A", 6]]);
  await clock.advance(5_000);
  assert.equal(sockets.all.length, 1);
});

test("a hole that stays is a reason to come back", async () => {
  const { sockets, clock } = await open();
  await sockets.last.receive(push("A", 6));
  await clock.advance(2_000);
  assert.equal(sockets.all.length, 2);
});

test("a chat that was forgotten begins anew", async () => {
  const { sockets, line, seen } = await open();
  line.forget("A");
  assert.deepEqual(line.known, {});
  await sockets.last.receive(push("A", 9));
  assert.deepEqual(seen.pushes, [["A", 9]]);
});

test("what is of no chat of ours is not heard", async () => {
  const { sockets, seen } = await open();
  const news = (id) => ({ type: "push", action: "customer_updated", seq: 5, payload: { id } });
  await sockets.last.receive(news("stranger"));
  await sockets.last.receive(news("vera"));
  assert.deepEqual(seen.pushes, [["A", 5]]);
});

test("without a socket it asks, and both ways together show everything once", async () => {
  const fetchNews = async (line) => ({ epoch: EPOCH, pushes: [push("A", line.known.A + 1)] });
  const parts = await open({ fetchNews });
  const { sockets, clock, seen } = parts;
  await sockets.last.fall();
  await clock.advance(4_000);
  assert.deepEqual(seen.pushes, [["A", 5]]);
  assert.equal(seen.states.at(-1), "polling");
  await clock.advance(3_000);
  assert.deepEqual(seen.pushes, [["A", 5], ["A", 6]]);
  await logIn(parts);
  await sockets.last.receive(push("A", 6));
  await clock.advance(10_000);
  assert.deepEqual(seen.pushes, [["A", 5], ["A", 6]]);
  assert.equal(seen.states.at(-1), "open");
});

test("another epoch makes the page stale, by either way", async () => {
  const bySocket = setUp();
  bySocket.line.open();
  await logIn(bySocket, "e2");
  assert.equal(bySocket.seen.stale, 1);
  const byPoll = setUp({ fetchNews: async () => ({ epoch: "e2", pushes: [push("A", 5)] }) });
  byPoll.line.open();
  await byPoll.clock.advance(4_000);
  assert.equal(byPoll.seen.stale, 1);
  assert.deepEqual(byPoll.seen.pushes, []);
});

test("once it is over it neither asks nor comes back", async () => {
  let asked = 0;
  const { line, clock, sockets, seen } = await open({ fetchNews: async () => void (asked += 1) });
  line.end();
  await clock.advance(120_000);
  assert.equal(sockets.all.length, 1);
  assert.equal(asked, 0);
  assert.equal(seen.states.at(-1), "refused");
});
