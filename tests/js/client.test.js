import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../../livechat_widget/static/livechat_widget/sdk/client.js";
import { FakeClock, fakeNetwork, fakePage, turn } from "./fakes.js";

function setUp(options = {}) {
  const clock = new FakeClock();
  const page = fakePage();
  const WebSocket = fakeNetwork();
  const client = new Client({
    url: "ws://chat.test/",
    token: "T",
    WebSocket,
    random: () => 0,
    watchPage: page.watchPage,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    ...options,
  });
  const seen = [];
  client.on("push", ({ action, seq }) => seen.push(seq ?? action));
  return { client, clock, page, sockets: WebSocket, seen };
}

/** Open the newest socket and answer its login. */
async function logIn({ sockets }, sync = { epoch: "E", seq: 0 }) {
  await sockets.last.open();
  await sockets.last.answer(sockets.last.asked("login")[0], { customer: { id: "me" }, chats: [], sync });
}

async function connected(options, sync) {
  const parts = setUp(options);
  parts.client.connect();
  await logIn(parts, sync);
  return parts;
}

const push = (seq, action = "incoming_event", more = {}) => ({
  version: "3.5",
  action,
  type: "push",
  seq,
  payload: { chat_id: "C", event: { id: String(seq), author_id: "a" } },
  ...more,
});

test("it logs in with token, language and cursor", async () => {
  const { client, sockets } = await connected({ fragments: "en", cursor: { epoch: "E", seq: 3 } });
  assert.deepEqual(sockets.last.sent[0].payload, {
    token: "Bearer T",
    customer: {},
    fragments: "en",
    cursor: { epoch: "E", seq: 3 },
  });
  assert.equal(client.state, "open");
});

test("it says who is connected", async () => {
  const { client, sockets } = setUp();
  const customers = [];
  client.on("connected", ({ customer }) => customers.push(customer.id));
  client.connect();
  await logIn({ sockets });
  assert.deepEqual(customers, ["me"]);
});

test("without a cursor it begins where the server is", async () => {
  const { client } = await connected({}, { epoch: "E", seq: 7 });
  assert.deepEqual(client.cursor, { epoch: "E", seq: 7 });
});

test("a token may be fetched, and one that comes too late logs nobody in", async () => {
  const tokens = [];
  const { client, sockets, clock } = setUp({ token: () => new Promise((resolve) => tokens.push(resolve)) });
  client.connect();
  await sockets.last.open();
  await sockets.last.fall();
  await clock.advance(0);
  await sockets.last.open();
  tokens[0]("old");
  tokens[1]("new");
  await turn();
  assert.deepEqual(sockets.last.asked("login").map(({ payload }) => payload.token), ["Bearer new"]);
});

test("it emits pushes in camelCase, once and in order", async () => {
  const { client, sockets, clock } = await connected();
  const events = [];
  client.on("incoming_event", ({ chatId, event }) => events.push([chatId, event.authorId, event.id]));
  for (const seq of [1, 1, 2, 1]) await sockets.last.receive(push(seq));
  await clock.advance(5_000);
  assert.deepEqual(events, [["C", "a", "1"], ["C", "a", "2"]]);
  assert.equal(sockets.all.length, 1);
});

test("pushes without a number always pass", async () => {
  const { sockets, seen } = await connected();
  const typing = push(undefined, "incoming_typing_indicator");
  await sockets.last.receive(typing);
  await sockets.last.receive(typing);
  assert.equal(seen.length, 2);
});

test("a late push is waited for, and all is shown in order", async () => {
  const { sockets, seen, clock } = await connected();
  await sockets.last.receive(push(2));
  await sockets.last.receive(push(3));
  assert.deepEqual(seen, []);
  await clock.advance(900);
  await sockets.last.receive(push(1));
  await clock.advance(5_000);
  assert.deepEqual(seen, [1, 2, 3]);
  assert.equal(sockets.all.length, 1);
});

test("a hole makes it ask again from its cursor after 1 s", async () => {
  const parts = await connected({ cursor: { epoch: "E", seq: 0 } });
  await parts.sockets.last.receive(push(1));
  await parts.sockets.last.receive(push(3));
  await parts.clock.advance(1_000);
  await logIn(parts, { epoch: "E", seq: 3 });
  assert.deepEqual(parts.sockets.last.asked("login")[0].payload.cursor, { epoch: "E", seq: 1 });
  await parts.sockets.last.receive(push(2));
  await parts.sockets.last.receive(push(3));
  assert.deepEqual(parts.seen, [1, 2, 3]);
});

test("a ping's answer tells of a push that never came", async () => {
  const { sockets, clock } = await connected();
  await clock.advance(15_000);
  await sockets.last.answer(sockets.last.asked("ping")[0], { seq: 1 });
  await clock.advance(1_000);
  assert.equal(sockets.all.length, 2);
});

test("a ping's answer that overtakes a push is no reason to come back", async () => {
  const { sockets, clock, seen } = await connected();
  await clock.advance(15_000);
  await sockets.last.answer(sockets.last.asked("ping")[0], { seq: 1 });
  await sockets.last.receive(push(1));
  await clock.advance(2_000);
  assert.equal(sockets.all.length, 1);
  assert.deepEqual(seen, [1]);
});

test("after a loss it resumes from what it holds", async () => {
  const parts = await connected();
  await parts.sockets.last.receive(push(1));
  await parts.sockets.last.fall();
  await parts.clock.advance(0);
  await logIn(parts, { epoch: "E", seq: 2 });
  assert.deepEqual(parts.sockets.last.asked("login")[0].payload.cursor, { epoch: "E", seq: 1 });
});

test("sync_reset is told, and it goes on from where the server is", async () => {
  const { client, sockets, seen } = await connected({ cursor: { epoch: "old", seq: 90 } }, { epoch: "E", seq: 5 });
  await sockets.last.receive({ action: "sync_reset", type: "push", payload: {} });
  await sockets.last.receive(push(6));
  assert.deepEqual(seen, ["sync_reset", 6]);
  assert.deepEqual(client.cursor, { epoch: "E", seq: 6 });
});

test("pushes that were polled are shown once with those of the socket", async () => {
  const { client, sockets, seen } = await connected();
  client.catchUp([push(1), push(2)]);
  await sockets.last.receive(push(2));
  await sockets.last.receive(push(3));
  assert.deepEqual(seen, [1, 2, 3]);
});

test("sendEvent is settled by its push, which is news to nobody here", async () => {
  const { client, sockets, seen } = await connected();
  client.on("incoming_event", () => assert.fail());
  const sent = client.sendEvent({ chatId: "C", event: { type: "message", text: "hi" } });
  const [request] = sockets.last.asked("send_event");
  assert.match(request.payload.event.custom_id, /^[0-9a-f]{32}$/);
  await sockets.last.answer(request, { event_id: "1" });
  await sockets.last.receive(push(1, "incoming_event", { request_id: request.request_id }));
  assert.deepEqual(await sent, { id: "1", authorId: "a" });
  assert.deepEqual(seen, [1]);
});

test("sendEvent survives a loss with the same custom_id", async () => {
  const parts = await connected();
  const sent = parts.client.sendEvent({ chatId: "C", event: { type: "message", text: "hi", customId: "mine" } });
  await parts.sockets.last.fall();
  await parts.clock.advance(0);
  await logIn(parts);
  const [request] = parts.sockets.last.asked("send_event");
  assert.equal(request.payload.event.custom_id, "mine");
  await parts.sockets.last.receive(push(1, "incoming_event", { request_id: request.request_id }));
  assert.equal((await sent).id, "1");
});

test("startChat names its events and is settled by incoming_chat", async () => {
  const { client, sockets } = await connected();
  const events = [{ type: "message", text: "hi" }];
  const started = client.startChat({ chat: { thread: { events } } });
  const [request] = sockets.last.asked("start_chat");
  assert.equal(request.payload.active, true);
  assert.equal(request.payload.chat.thread.events[0].custom_id.length, 32);
  await sockets.last.receive(
    push(1, "incoming_chat", { request_id: request.request_id, payload: { chat: { id: "C", thread: { user_ids: [] } } } }),
  );
  assert.deepEqual(await started, { chat: { id: "C", thread: { userIds: [] } } });
});

test("the other methods ask what they are called", async () => {
  const { client, sockets } = await connected();
  const cases = [
    [() => client.resumeChat({ chat: { id: "C" } }), "resume_chat", { active: true, chat: { id: "C" } }],
    [() => client.deactivateChat({ id: "C" }), "deactivate_chat", { id: "C" }],
    [() => client.listChats({ pageId: "p" }), "list_chats", { page_id: "p" }],
    [() => client.listThreads({ chatId: "C", minEventsCount: 9 }), "list_threads", { chat_id: "C", min_events_count: 9 }],
    [() => client.getChat({ chatId: "C" }), "get_chat", { chat_id: "C" }],
    [() => client.getCustomer(), "get_customer", {}],
    [() => client.updateCustomer({ sessionFields: { a: "1" } }), "update_customer", { session_fields: [{ a: "1" }] }],
    [() => client.updateCustomerPage({ url: "u" }), "update_customer_page", { url: "u" }],
    [() => client.markEventsAsSeen({ chatId: "C", seenUpTo: "t" }), "mark_events_as_seen", { chat_id: "C", seen_up_to: "t" }],
    [() => client.setSneakPeek({ chatId: "C", sneakPeekText: "h" }), "send_sneak_peek", { chat_id: "C", sneak_peek_text: "h" }],
  ];
  for (const [call, action, payload] of cases) {
    call();
    const [request] = sockets.last.asked(action);
    assert.deepEqual(request.payload, payload, action);
    await sockets.last.answer(request);
    if (action === "resume_chat") await sockets.last.receive(push(1, "incoming_chat", { request_id: request.request_id }));
  }
});

test("acts without an answer of their own resolve with success", async () => {
  const { client, sockets } = await connected();
  const acts = [client.deactivateChat({ id: "C" }), client.updateCustomer({ name: "A" })];
  for (const request of sockets.last.sent.slice(1)) await sockets.last.answer(request);
  assert.deepEqual(await Promise.all(acts), [{ success: true }, { success: true }]);
});

test("a sneak peek is not kept for later", async () => {
  const parts = setUp();
  parts.client.connect();
  parts.client.setSneakPeek({ chatId: "C", sneakPeekText: "h" });
  await logIn(parts);
  assert.deepEqual(parts.sockets.last.asked("send_sneak_peek"), []);
});

test("a loss is told with its reason, a wanted end is not", async () => {
  const { client, sockets, clock } = await connected();
  const reasons = [];
  client.on("disconnected", ({ reason }) => reasons.push(reason));
  await sockets.last.fall();
  await clock.advance(0);
  await logIn({ sockets });
  client.disconnect();
  assert.deepEqual(reasons, ["connection_lost"]);
});

test("it does not come back after a reason that would hold again", async () => {
  for (const [reason, state] of [["customer_banned", "closed"], ["internal_error", "connecting"]]) {
    const { client, sockets, clock } = await connected();
    const reasons = [];
    client.on("disconnected", (details) => reasons.push(details.reason));
    await sockets.last.receive({ action: "customer_disconnected", type: "push", payload: { reason } });
    await sockets.last.fall();
    await clock.advance(0);
    assert.equal(client.state, state);
    assert.deepEqual(reasons, [reason]);
  }
});

test("it tells of a line that wavers and recovers", async () => {
  const { client, page, sockets } = await connected();
  const heard = [];
  client.on("connection_unstable", () => heard.push("unstable"));
  client.on("connection_recovered", () => heard.push("recovered"));
  page.offline();
  await sockets.last.answer(sockets.last.asked("ping")[0], {});
  assert.deepEqual(heard, ["unstable", "recovered"]);
});

test("onStateChange follows, and returns its undo", async () => {
  const { client, sockets } = setUp();
  const states = [];
  const undo = client.onStateChange((state) => states.push(state));
  client.connect();
  await logIn({ sockets });
  undo();
  client.disconnect();
  assert.deepEqual(states, ["connecting", "open"]);
});

test("destroy fails what is open, and all that comes after", async () => {
  const { client, clock } = await connected();
  const asked = client.getCustomer();
  client.destroy();
  await assert.rejects(asked, { code: "SDK_DESTROYED" });
  await assert.rejects(client.getCustomer(), { code: "SDK_DESTROYED" });
  assert.throws(() => client.connect(), { code: "SDK_DESTROYED" });
  assert.equal(clock.waiting, 0);
});
