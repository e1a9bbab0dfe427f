import assert from "node:assert/strict";
import { test } from "node:test";

import { Connection } from "../../livechat_widget/static/livechat_widget/sdk/connection.js";
import { FakeClock, fakeNetwork, fakePage, turn } from "./fakes.js";

function setUp({ login = async () => {}, random = () => 1 } = {}) {
  const clock = new FakeClock();
  const page = fakePage();
  const WebSocket = fakeNetwork();
  const connection = new Connection({
    url: "ws://chat.test/",
    login,
    WebSocket,
    random,
    watchPage: page.watchPage,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
  });
  const states = [];
  connection.on("state", (state) => states.push(state));
  return { clock, page, sockets: WebSocket, connection, states };
}

async function open(options) {
  const parts = setUp(options);
  parts.connection.connect();
  await parts.sockets.last.open();
  return parts;
}

test("it works", async () => {
  const { connection, states, sockets } = await open();
  const frames = [];
  connection.on("frame", (frame) => frames.push(frame));
  await sockets.last.receive({ action: "hello", type: "push" });
  assert.deepEqual(states, ["connecting", "open"]);
  assert.deepEqual(frames, [{ action: "hello", type: "push" }]);
  assert.equal(connection.send({ action: "x" }), true);
  assert.deepEqual(sockets.last.sent.at(-1), { action: "x" });
});

test("it is open only when somebody is logged in", async () => {
  let keep;
  const { connection, sockets } = setUp({ login: () => new Promise((resolve) => (keep = resolve)) });
  connection.connect();
  await sockets.last.open();
  assert.equal(connection.state, "connecting");
  keep();
  await turn();
  assert.equal(connection.state, "open");
});

test("it opens one socket however often it is asked", async () => {
  const { connection, sockets } = await open();
  connection.connect();
  assert.equal(sockets.all.length, 1);
});

test("it comes back with waits that grow while it fails", async () => {
  const { connection, sockets, clock } = setUp();
  connection.connect();
  for (const [attempt, wait] of [500, 1000, 2000].entries()) {
    await sockets.last.fall();
    assert.equal(connection.state, "waiting");
    await clock.advance(wait - 1);
    assert.equal(sockets.all.length, attempt + 1);
    await clock.advance(1);
    assert.equal(sockets.all.length, attempt + 2);
  }
});

test("it forgets earlier failures only after ten stable seconds", async () => {
  const { sockets, clock } = await open();
  await sockets.last.fall();
  await clock.advance(500);
  await sockets.last.open();
  await clock.advance(9_999);
  await sockets.last.fall();
  await clock.advance(999);
  assert.equal(sockets.all.length, 2);
  await clock.advance(1);
  await sockets.last.open();
  await clock.advance(10_000);
  await sockets.last.fall();
  await clock.advance(500);
  assert.equal(sockets.all.length, 4);
});

test("it tries again when the login fails", async () => {
  const { connection, sockets, clock } = await open({ login: () => Promise.reject(new Error("no")) });
  assert.equal(connection.state, "waiting");
  await clock.advance(500);
  assert.equal(sockets.all.length, 2);
});

test("it gives up on a socket that does not open in 15 s", async () => {
  const { connection, sockets, clock } = setUp();
  connection.connect();
  await clock.advance(15_000);
  assert.equal(sockets.all[0].readyState, sockets.CLOSED);
  assert.equal(connection.state, "waiting");
});

test("it stays away when the server refuses it for good", async () => {
  const { connection, sockets, clock } = await open();
  await sockets.last.fall(4401);
  await clock.advance(600_000);
  assert.equal(connection.state, "refused");
  assert.equal(sockets.all.length, 1);
});

test("it pings every 15 s, whatever else arrives", async () => {
  const { connection, sockets, clock } = await open();
  const pongs = [];
  connection.on("pong", (payload) => pongs.push(payload));
  await clock.advance(15_000);
  await sockets.last.answer(sockets.last.asked("ping")[0], { seq: 4 });
  await sockets.last.receive({ action: "incoming_event", type: "push" });
  await clock.advance(15_000);
  assert.equal(sockets.last.asked("ping").length, 2);
  assert.deepEqual(pongs, [{ seq: 4 }]);
});

test("it hands out no pings as frames", async () => {
  const { connection, sockets, clock } = await open();
  connection.on("frame", () => assert.fail());
  await clock.advance(15_000);
  await sockets.last.answer(sockets.last.asked("ping")[0]);
});

test("it takes a line for dead after 10 s without an answer, even if pushes still come", async () => {
  const { connection, sockets, clock } = await open();
  await clock.advance(24_000);
  await sockets.last.receive({ action: "incoming_event", type: "push" });
  assert.equal(connection.state, "open");
  await clock.advance(1_000);
  assert.equal(connection.state, "waiting");
  assert.equal(sockets.all[0].readyState, sockets.CLOSED);
});

test("it does not hear a socket that it has left", async () => {
  const { connection, sockets, clock } = await open();
  const [old] = sockets.all;
  await clock.advance(25_500);
  await sockets.last.open();
  connection.on("frame", () => assert.fail());
  await old.receive({ action: "late", type: "push" });
  await old.fall();
  assert.equal(connection.state, "open");
});

test("it does not open by a login of a socket that it has left", async () => {
  const logins = [];
  const login = () => new Promise((resolve) => logins.push(resolve));
  const { connection, sockets, clock } = await open({ login });
  await sockets.last.fall();
  await clock.advance(500);
  await sockets.last.open();
  logins[0]();
  await turn();
  assert.equal(connection.state, "connecting");
});

test("goodbye: it is back when it was told to be, whether the server has closed or not", async () => {
  for (const closes of [true, false]) {
    const { connection, sockets, clock } = await open({ random: () => 0.5 });
    await sockets.last.receive({ action: "goodbye", type: "push", payload: { reconnect_after_ms: 2000 } });
    assert.equal(connection.state, "open");
    if (closes) await sockets.last.fall(1001);
    await clock.advance(2_249);
    assert.equal(sockets.all.length, 1);
    await clock.advance(1);
    assert.equal(sockets.all.length, 2);
    assert.equal(sockets.all[0].readyState, sockets.CLOSED);
  }
});

test("goodbye: a ping that nobody answers does not put off the return", async () => {
  const { sockets, clock } = await open({ random: () => 0 });
  await clock.advance(15_000);
  await sockets.last.receive({ action: "goodbye", type: "push", payload: { reconnect_after_ms: 12000 } });
  await sockets.last.fall(1001);
  await clock.advance(11_999);
  assert.equal(sockets.all.length, 1);
  await clock.advance(1);
  assert.equal(sockets.all.length, 2);
});

test("offline makes it unstable until the ping is answered", async () => {
  const { connection, page, sockets } = await open();
  page.offline();
  assert.equal(connection.state, "unstable");
  assert.equal(connection.up, true);
  await sockets.last.answer(sockets.last.asked("ping")[0]);
  assert.equal(connection.state, "open");
});

test("offline and no answer means lost", async () => {
  const { connection, page, clock } = await open();
  page.offline();
  await clock.advance(10_000);
  assert.equal(connection.state, "waiting");
});

test("a page that is looked at again, or online again, does not wait", async () => {
  for (const hint of ["shown", "online"]) {
    const { page, sockets } = await open();
    await sockets.last.fall();
    page[hint]();
    assert.equal(sockets.all.length, 2);
  }
});

test("a page that is looked at again asks whether the line is alive", async () => {
  const { page, sockets } = await open();
  page.shown();
  assert.equal(sockets.last.asked("ping").length, 1);
});

test("a page that goes into the cache closes its socket, and opens one when it is back", async () => {
  const { connection, page, sockets, clock } = await open();
  page.leaving();
  assert.equal(sockets.last.readyState, sockets.CLOSED);
  await clock.advance(600_000);
  assert.equal(sockets.all.length, 1);
  page.shown();
  await sockets.last.open();
  assert.equal(connection.state, "open");
});

test("hints wake nobody who was told to stay away", async () => {
  const { connection, page, sockets } = await open();
  connection.disconnect();
  page.leaving();
  page.shown();
  page.online();
  page.offline();
  assert.equal(connection.state, "closed");
  assert.equal(sockets.all.length, 1);
});

test("disconnect closes, stops every timer, and connect opens again", async () => {
  const { connection, sockets, clock } = await open();
  connection.disconnect();
  assert.equal(sockets.last.readyState, sockets.CLOSED);
  assert.equal(clock.waiting, 0);
  connection.connect();
  await sockets.last.open();
  assert.equal(connection.state, "open");
});

test("restart takes a fresh socket after a wait", async () => {
  const { connection, sockets, clock } = await open();
  connection.restart();
  assert.equal(sockets.all.length, 1);
  await clock.advance(500);
  assert.equal(sockets.all.length, 2);
});

test("destroy leaves nothing behind", async () => {
  const { connection, page, clock } = await open();
  connection.destroy();
  assert.equal(page.watched, false);
  assert.equal(clock.waiting, 0);
});

test("what is no frame is passed over", async () => {
  const { connection, sockets } = await open();
  connection.on("frame", () => assert.fail());
  for (const text of ["{", "[]", "null", "3", '"x"', ""]) await sockets.last.receive(text);
  assert.equal(connection.state, "open");
});

test("it does not send into a socket that is not open", async () => {
  const { connection, sockets } = setUp();
  assert.equal(connection.send({}), false);
  connection.connect();
  assert.equal(connection.send({}), false);
  assert.deepEqual(sockets.last.sent, []);
});
