import assert from "node:assert/strict";
import { test } from "node:test";

import { fromWire, toWire } from "../../livechat_widget/static/livechat_widget/sdk/wire.js";

test("it renames at every depth, both ways", () => {
  const wire = { chat_id: "C", thread: { user_ids: ["a_b"], events: [{ created_at: "t" }] }, x: null };
  const own = { chatId: "C", thread: { userIds: ["a_b"], events: [{ createdAt: "t" }] }, x: null };
  assert.deepEqual(fromWire(wire), own);
  assert.deepEqual(toWire(own), wire);
});

test("it leaves alone what others have named", () => {
  const properties = { my_app: { some_name: { inner_name: 1 } }, otherApp: { aB: 1 } };
  assert.deepEqual(fromWire({ properties }), { properties });
  assert.deepEqual(toWire({ properties }), { properties });
});

test("session fields are a list there and an object here", () => {
  const wire = { session_fields: [{ plan_name: "pro" }, { userId: "1" }] };
  const own = { sessionFields: { plan_name: "pro", userId: "1" } };
  assert.deepEqual(fromWire(wire), own);
  assert.deepEqual(toWire(own), wire);
});

test("no name reaches the prototype", () => {
  const wire = JSON.parse('{"__proto__": {"polluted": 1}, "session_fields": [{"__proto__": "x"}]}');
  const own = fromWire(wire);
  assert.equal(own.polluted, undefined);
  assert.equal(Object.getPrototypeOf(own.sessionFields), Object.prototype);
  assert.equal({}.polluted, undefined);
});
