import assert from "node:assert/strict";
import { test } from "node:test";

import { Requests } from "../../livechat_widget/static/livechat_widget/sdk/requests.js";
import { FakeClock, turn } from "./fakes.js";

const message = (custom_id) => ({ chat_id: "C", event: { type: "message", text: "hi", custom_id } });

function setUp({ up = true } = {}) {
  const clock = new FakeClock();
  const sent = [];
  const line = { open: true };
  let ids = 0;
  const requests = new Requests({
    send: (frame) => line.open && sent.push(frame) > 0,
    makeId: () => `r${++ids}`,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
  });
  if (up) requests.up();
  return { requests, sent, clock, line };
}

const answer = (request_id, payload = {}, success = true) => ({
  request_id,
  type: "response",
  success,
  payload,
});

/** How a promise stands: "open", its value or its error's code. */
async function outcome(promise) {
  const settled = promise.then(
    (value) => value,
    (error) => error.code ?? error.name,
  );
  return Promise.race([settled, turn().then(() => "open")]);
}

test("it joins an answer to its question", async () => {
  const { requests, sent } = setUp();
  const [one, other] = [requests.ask("get_chat", { id: 1 }), requests.ask("get_chat", { id: 2 })];
  assert.deepEqual(sent[1], { request_id: "r2", action: "get_chat", payload: { id: 2 } });
  assert.equal(requests.take(answer("r2", { chat: 2 })), true);
  assert.deepEqual(await other, { chat: 2 });
  assert.equal(await outcome(one), "open");
});

test("a refusal rejects with the server's type and words", async () => {
  const { requests } = setUp();
  const asked = requests.ask("get_chat", {});
  requests.take(answer("r1", { error: { type: "not_found", message: "No such chat" } }, false));
  await assert.rejects(asked, { code: "NOT_FOUND", message: "No such chat" });
});

test("what a push settles is not settled by its response", async () => {
  const { requests } = setUp();
  const asked = requests.ask("send_event", message("a"), { settledBy: "incoming_event" });
  requests.take(answer("r1", { event_id: "1" }));
  assert.equal(await outcome(asked), "open");
  const push = { type: "push", action: "incoming_event", request_id: "r1", payload: { event: {} } };
  assert.equal(requests.take(push), true);
  assert.deepEqual(await asked, { event: {} });
  assert.equal(requests.take(push), false);
});

test("what a push settles is rejected by a refusal", async () => {
  const { requests } = setUp();
  const asked = requests.ask("send_event", message("a"), { settledBy: "incoming_event" });
  requests.take(answer("r1", { error: { type: "validation" } }, false));
  await assert.rejects(asked, { code: "VALIDATION" });
});

test("other pushes settle nothing", async () => {
  const { requests } = setUp();
  const asked = requests.ask("send_event", message("a"), { settledBy: "incoming_event" });
  assert.equal(requests.take({ type: "push", action: "incoming_event" }), false);
  assert.equal(requests.take({ type: "push", action: "incoming_chat", request_id: "r1" }), false);
  assert.equal(await outcome(asked), "open");
});

test("it waits 15 s for an answer", async () => {
  const { requests, clock } = setUp();
  const asked = requests.ask("get_chat", {});
  await clock.advance(14_999);
  assert.equal(await outcome(asked), "open");
  await clock.advance(1);
  await assert.rejects(asked, { code: "REQUEST_TIMEOUT" });
});

test("a signal gives up", async () => {
  const { requests, clock } = setUp();
  const control = new AbortController();
  const asked = requests.ask("get_chat", {}, { signal: control.signal });
  control.abort();
  await assert.rejects(asked, { name: "AbortError" });
  assert.equal(clock.waiting, 0);
  await assert.rejects(requests.ask("get_chat", {}, { signal: control.signal }), { name: "AbortError" });
});

test("it holds questions while the line is down, and asks them in order", async () => {
  const { requests, sent } = setUp({ up: false });
  requests.ask("get_chat", {});
  requests.ask("update_customer", { name: "A" }).catch(() => {});
  assert.deepEqual(sent, []);
  requests.up();
  assert.deepEqual(sent.map(({ action }) => action), ["get_chat", "update_customer"]);
});

test("a held message waits for the line as long as that takes", async () => {
  const { requests, sent, clock } = setUp({ up: false });
  const asked = requests.ask("send_event", message("a"));
  await clock.advance(600_000);
  requests.up();
  assert.equal(sent.length, 1);
  requests.take(answer("r1"));
  assert.deepEqual(await asked, {});
});

test("what cannot be repeated is not held for longer than 15 s", async () => {
  const { requests, sent, clock } = setUp({ up: false });
  const asked = requests.ask("update_customer", { name: "A" });
  await Promise.all([clock.advance(15_000), assert.rejects(asked, { code: "REQUEST_TIMEOUT" })]);
  requests.up();
  assert.deepEqual(sent, []);
});

test("a loss repeats what has a custom_id or reads, and fails the rest", async () => {
  const { requests, sent } = setUp();
  const kept = [
    requests.ask("send_event", message("a")),
    requests.ask("start_chat", { chat: { thread: { events: [message("b").event] } } }),
    requests.ask("list_threads", { chat_id: "C" }),
  ];
  const lost = [
    requests.ask("send_event", message(undefined)),
    requests.ask("start_chat", { chat: { thread: { events: [message("b").event, {}] } } }),
    requests.ask("start_chat", {}),
    requests.ask("deactivate_chat", { id: "C" }),
  ];
  const rejections = lost.map((asked) => assert.rejects(asked, { code: "CONNECTION_LOST" }));
  sent.length = 0;
  requests.down();
  await Promise.all(rejections);
  requests.up();
  assert.deepEqual(sent.map(({ request_id }) => request_id), ["r1", "r2", "r3"]);
  for (const id of ["r1", "r2", "r3"]) requests.take(answer(id));
  await Promise.all(kept);
});

test("a repeated question has 15 s anew", async () => {
  const { requests, clock } = setUp();
  const asked = requests.ask("get_chat", {});
  await clock.advance(14_000);
  requests.down();
  await clock.advance(60_000);
  requests.up();
  await clock.advance(14_000);
  assert.equal(await outcome(asked), "open");
  requests.take(answer("r1"));
  await asked;
});

test("ten at once are out, the others follow", async () => {
  const { requests, sent } = setUp({ up: false });
  const asked = Array.from({ length: 12 }, () => requests.ask("get_chat", {}));
  requests.up();
  assert.equal(sent.length, 10);
  requests.take(answer("r1"));
  requests.take(answer("r5"));
  assert.equal(sent.length, 12);
  for (let id = 1; id <= 12; id++) requests.take(answer(`r${id}`));
  await Promise.all(asked);
});

test("an early question does not wait for the login", async () => {
  const { requests, sent } = setUp({ up: false });
  const asked = requests.ask("login", {}, { early: true });
  assert.equal(sent.length, 1);
  requests.take(answer("r1", { sync: {} }));
  assert.deepEqual(await asked, { sync: {} });
});

test("an early question that cannot go out fails with the line", async () => {
  const { requests, line } = setUp({ up: false });
  line.open = false;
  await assert.rejects(requests.ask("login", {}, { early: true }), { code: "CONNECTION_LOST" });
});

test("answers that nobody waits for are nobody's", () => {
  const { requests } = setUp();
  assert.equal(requests.take(answer("r9")), true);
  assert.equal(requests.take(answer(undefined)), true);
});

test("rejectAll ends everything", async () => {
  const { requests, clock } = setUp();
  const asked = requests.ask("get_chat", {});
  requests.rejectAll(new Error("over"));
  await assert.rejects(asked, { message: "over" });
  assert.equal(clock.waiting, 0);
});
