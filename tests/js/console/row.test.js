import assert from "node:assert/strict";
import { test } from "node:test";

import { badge, read } from "../../../livechat_widget/static/livechat_widget/console/row.js";
import { lasted } from "../../../livechat_widget/static/livechat_widget/console/waiting.js";

const row = (data) => ({ dataset: { chat: "ABC", seq: "7", active: "true", ...data } });

test("a chat is waiting, mine, somebody else's, or over", () => {
  assert.equal(read(row({ agents: "" }), "ann").status, "waiting");
  assert.equal(read(row({ agents: "bob ann " }), "ann").status, "mine");
  assert.equal(read(row({ agents: "bob " }), "ann").status, "others");
  assert.equal(read(row({ agents: "ann ", active: "false" }), "ann").status, "closed");
});

test("a name that begins like mine is not mine", () => {
  assert.equal(read(row({ agents: "anna " }), "ann").status, "others");
});

test("unread is what came after my own mark, in my own chats", () => {
  const seen = "bob=2030-01-01T00:00:09Z ann=2030-01-01T00:00:02Z ";
  const said = "2030-01-01T00:00:01Z 2030-01-01T00:00:02Z 2030-01-01T00:00:03Z";
  assert.equal(read(row({ agents: "ann bob ", seen, said }), "ann").unread, 1);
  assert.equal(read(row({ agents: "ann bob ", seen, said }), "bob").unread, 0);
  assert.equal(read(row({ agents: "ann bob ", seen, said }), "eve").unread, 0);
  assert.equal(read(row({ agents: "ann ", seen: "ann= ", said }), "ann").unread, 3);
});

test("somebody waits from the start, or from what was not answered", () => {
  const since = "2030-01-01T00:00:00Z";
  const lastAt = "2030-01-01T00:05:00Z";
  const waits = (data) => read(row({ since, lastAt, ...data }), "ann").unansweredSince;
  assert.equal(waits({ lastKind: "customer" }), since);
  assert.equal(waits({ agents: "ann ", lastKind: "customer" }), lastAt);
  assert.equal(waits({ agents: "ann ", lastKind: "agent" }), undefined);
  assert.equal(waits({ agents: "ann ", lastKind: "customer", active: "false" }), undefined);
});

test("a badge counts as far as the server does", () => {
  assert.deepEqual([1, 9, 10].map(badge), ["1", "9", "9+"]);
});

test("a wait is told by the second, then by the hour, then by the day", () => {
  assert.equal(lasted(-5), "0:00");
  assert.equal(lasted(65_999), "1:05");
  assert.equal(lasted(3_599_000), "59:59");
  assert.match(lasted(2 * 3_600_000), /^2\s?h/);
  assert.match(lasted(3 * 86_400_000), /^3\s?d/);
});
