import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiClient } from "../../livechat_widget/static/livechat_widget/sdk/api.js";
import { FakeClock, fakeNetwork, turn } from "./fakes.js";

async function connected() {
  const clock = new FakeClock();
  const WebSocket = fakeNetwork();
  const client = new ApiClient({
    url: "ws://chat.test/",
    token: "T",
    WebSocket,
    random: () => 0,
    watchPage: () => () => {},
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
  });
  client.connect();
  const socket = WebSocket.last;
  await socket.open();
  await socket.answer(socket.asked("login")[0], { customer: {}, chats: [], sync: { epoch: "E", seq: 0 } });
  return { client, socket };
}

/** What was asked of the server since, answered with this; gives the payload. */
async function answered(socket, action, payload = {}) {
  await turn();
  const request = socket.asked(action).at(-1);
  await socket.answer(request, payload);
  return request.payload;
}

const place = { chatId: "C", threadId: "T", eventId: "E" };
const wirePlace = { chat_id: "C", thread_id: "T", event_id: "E" };
// What a site names stays as it is written.
const given = { shopName: { orderId: 1 } };
const names = { shopName: ["orderId"] };

const DONE = [
  ["acceptGreeting", { greetingId: 1, uniqueId: "U" }, { greeting_id: 1, unique_id: "U" }],
  ["cancelGreeting", { uniqueId: "U" }, { unique_id: "U" }],
  ["setCustomerSessionFields", { sessionFields: { a: "1" } }, { session_fields: [{ a: "1" }] }],
  [
    "sendRichMessagePostback",
    { ...place, postback: { id: "B", toggled: true } },
    { ...wirePlace, postback: { id: "B", toggled: true } },
  ],
  ["updateChatProperties", { id: "C", properties: given }, { id: "C", properties: given }],
  ["deleteChatProperties", { id: "C", properties: names }, { id: "C", properties: names }],
  ["updateThreadProperties", { ...place, properties: given }, { ...wirePlace, properties: given }],
  ["deleteThreadProperties", { ...place, properties: names }, { ...wirePlace, properties: names }],
  ["updateEventProperties", { ...place, properties: given }, { ...wirePlace, properties: given }],
  ["deleteEventProperties", { ...place, properties: names }, { ...wirePlace, properties: names }],
];

for (const [method, details, payload] of DONE) {
  test(`${method} asks, and says that it was done`, async () => {
    const { client, socket } = await connected();
    const done = client[method](details);
    const action = method.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    assert.deepEqual(await answered(socket, action), payload);
    assert.deepEqual(await done, { success: true });
  });
}

test("a form is asked for by its group", async () => {
  const { client, socket } = await connected();
  const found = client.getForm({ groupId: 0, type: "prechat" });
  const payload = await answered(socket, "get_form", { enabled: false });
  assert.deepEqual(payload, { group_id: 0, type: "prechat" });
  assert.deepEqual(await found, { enabled: false });
});

test("an agent is predicted for the customer's own group, or another", async () => {
  const { client, socket } = await connected();
  const found = client.getPredictedAgent();
  const answer = { agent: { id: "a", job_title: "Support" }, queue: false };
  assert.deepEqual(await answered(socket, "get_predicted_agent", answer), {});
  assert.equal((await found).agent.jobTitle, "Support");
  client.getPredictedAgent({ groupId: 2 });
  assert.deepEqual(await answered(socket, "get_predicted_agent", answer), { group_id: 2 });
});

test("statuses are those of some groups, or of all", async () => {
  const { client, socket } = await connected();
  const all = client.listGroupStatuses();
  const answer = { groups_status: { 0: "online" } };
  assert.deepEqual(await answered(socket, "list_group_statuses", answer), { all: true });
  assert.deepEqual(await all, { 0: "online" });
  client.listGroupStatuses({ groupIds: [0] });
  assert.deepEqual(await answered(socket, "list_group_statuses", answer), { group_ids: [0] });
});

test("the history goes back page by page, also for a reader in a hurry", async () => {
  const { client, socket } = await connected();
  const history = client.getChatHistory({ chatId: "C" });
  const pages = [history.next(), history.next(), history.next()];
  const newest = { threads: [{ id: "3" }, { id: "2" }], next_page_id: "P" };
  assert.deepEqual(await answered(socket, "list_threads", newest), {
    chat_id: "C",
    min_events_count: 25,
  });
  const oldest = { threads: [{ id: "1" }] };
  assert.deepEqual(await answered(socket, "list_threads", oldest), { chat_id: "C", page_id: "P" });
  assert.deepEqual(await Promise.all(pages), [
    { done: false, value: { threads: [{ id: "2" }, { id: "3" }] } },
    { done: false, value: { threads: [{ id: "1" }] } },
    { done: true, value: undefined },
  ]);
});

test("a rating is that of the last thread", async () => {
  const { client, socket } = await connected();
  const threads = { threads: [{ id: "T" }] };
  const rating = { score: 1, comment: "Good" };
  const rated = client.rateChat({ chatId: "C", rating });
  assert.deepEqual(await answered(socket, "list_threads", threads), { chat_id: "C", limit: 1 });
  assert.deepEqual(await answered(socket, "update_thread_properties"), {
    chat_id: "C",
    thread_id: "T",
    properties: { rating },
  });
  assert.deepEqual(await rated, { success: true });
  client.cancelRate({ chatId: "C" });
  await answered(socket, "list_threads", threads);
  assert.deepEqual(await answered(socket, "delete_thread_properties"), {
    chat_id: "C",
    thread_id: "T",
    properties: { rating: ["score"] },
  });
});

test("a chat without a thread cannot be rated", async () => {
  const { client, socket } = await connected();
  const refused = assert.rejects(client.rateChat({ chatId: "C", rating: { score: 1 } }), {
    code: "MISSING_CHAT_THREAD",
  });
  await answered(socket, "list_threads", { threads: [] });
  await refused;
});
