import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { Client, LivechatError } from "../../livechat_widget/static/livechat_widget/sdk/client.js";
import { fromWire, toWire } from "../../livechat_widget/static/livechat_widget/sdk/wire.js";
import { FakeClock, fakeNetwork, fakePage } from "./fakes.js";

const EXAMPLES = new URL("../protocol/examples/", import.meta.url);

/** The examples of a table, as [name, example]. */
const examples = (table) =>
  readdirSync(new URL(`${table}/`, EXAMPLES)).map((file) => [
    file.replace(/\.json$/, ""),
    JSON.parse(readFileSync(new URL(`${table}/${file}`, EXAMPLES), "utf8")),
  ]);

async function connected() {
  const clock = new FakeClock();
  const sockets = fakeNetwork();
  const client = new Client({
    url: "ws://chat.test/",
    token: "T",
    WebSocket: sockets,
    random: () => 0,
    watchPage: fakePage().watchPage,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
  });
  client.connect();
  await sockets.last.open();
  const [login] = sockets.last.asked("login");
  await sockets.last.answer(login, { customer: { id: "me" }, chats: [], sync: { epoch: "E", seq: 0 } });
  return { client, socket: sockets.last };
}

/** Every key in a value, as deep as it goes, but in what users name. */
function* keys(value) {
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield key;
    if (!OPAQUE.has(key)) yield* keys(inner);
  }
}
const OPAQUE = new Set([
  "content",
  "customerSideStorage",
  "groupsStatus",
  "properties",
  "sessionFields",
  "textVars",
]);
/** Keys of these answers are phrases. */
const UNNAMED = new Set(["get_localization"]);
/** A connection asks these itself, and takes their answers. */
const OWN = new Set(["login", "ping"]);

for (const [name, { payload }] of examples("pushes")) {
  test(`the push ${name} is emitted in camelCase`, async () => {
    const { client, socket } = await connected();
    const emitted = [];
    client.on(name, (detail) => emitted.push(detail));
    await socket.receive({ version: "3.5", type: "push", action: name, payload });
    assert.deepEqual(emitted, [fromWire(payload)]);
    assert.deepEqual([...keys(emitted[0])].filter((key) => key.includes("_")), []);
  });
}

for (const [name, { payload, answer }] of examples("actions")) {
  test(`the request ${name} comes back from JavaScript as it was`, () =>
    assert.deepEqual(toWire(fromWire(payload)), payload));

  if (OWN.has(name)) continue;
  test(`the answer to ${name} is resolved with`, async () => {
    const { client, socket } = await connected();
    const asked = client.request(name, payload);
    await socket.answer(socket.asked(name).at(-1), answer);
    const resolved = await asked;
    assert.deepEqual(resolved, fromWire(answer));
    if (UNNAMED.has(name)) return;
    assert.deepEqual([...keys(resolved)].filter((key) => /^[a-z]+_/.test(key)), []);
  });
}

for (const [type, error] of examples("errors")) {
  test(`the error ${type} is rejected with`, async () => {
    const { client, socket } = await connected();
    const expected = new LivechatError(type.toUpperCase(), error.message, error.data);
    const refused = assert.rejects(client.getCustomer(), expected);
    await socket.receive({
      type: "response",
      request_id: socket.asked("get_customer").at(-1).request_id,
      action: "get_customer",
      success: false,
      payload: { error },
    });
    await refused;
  });
}
