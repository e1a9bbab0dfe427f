import assert from "node:assert/strict";
import { test } from "node:test";

import { Seen } from "../../livechat_widget/static/livechat_widget/widget/seen.js";
import { turn } from "./fakes.js";

function setUp({ upTo = "", times = [], ok = true } = {}) {
  const posted = [];
  const counts = [];
  const parts = { posted, counts, times, ok };
  parts.seen = new Seen({
    upTo,
    unseen: (after) => parts.times.filter((time) => time > after),
    post: async (time) => {
      posted.push(time);
      return { ok: parts.ok };
    },
    counted: (count) => counts.push(count),
  });
  return parts;
}

test("it marks the last message when somebody looks", async () => {
  const { seen, posted, counts } = setUp({ upTo: "1", times: ["1", "2", "3"] });
  seen.look(true);
  await turn();
  seen.update();
  assert.deepEqual(posted, ["3"]);
  assert.equal(counts.at(-1), 0);
});

test("it counts and marks nothing while nobody looks", () => {
  const { seen, posted, counts } = setUp({ upTo: "1", times: ["1", "2", "3"] });
  seen.look(false);
  assert.deepEqual([posted, counts], [[], [2]]);
});

test("it marks what comes while a mark is under way", async () => {
  const parts = setUp({ times: ["1"] });
  parts.seen.look(true);
  parts.times.push("2");
  parts.seen.update();
  await turn();
  assert.deepEqual(parts.posted, ["1", "2"]);
});

test("a mark that failed is posted with the next occasion, and not before", async () => {
  const parts = setUp({ times: ["1"], ok: false });
  parts.seen.look(true);
  await turn();
  assert.deepEqual(parts.posted, ["1"]);
  parts.seen.update();
  assert.deepEqual(parts.posted, ["1", "1"]);
});

test("what another tab has seen is seen, and nothing is unseen again", () => {
  const { seen, counts } = setUp({ times: ["1", "2"] });
  seen.move("2");
  seen.move("1");
  assert.deepEqual(counts, [0, 0]);
});
