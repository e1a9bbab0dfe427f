import assert from "node:assert/strict";
import { test } from "node:test";

import { Peek } from "../../livechat_widget/static/livechat_widget/widget/peek.js";
import { FakeClock } from "./fakes.js";

function setUp() {
  const clock = new FakeClock();
  const posted = [];
  const peek = new Peek({
    post: (text) => posted.push([clock.now, text]),
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
  });
  return { peek, posted, clock };
}

test("it says the first letter at once, and the last state at most 2 s later", async () => {
  const { peek, posted, clock } = setUp();
  for (const text of ["h", "he", "hel"]) peek.write(text);
  await clock.advance(10_000);
  assert.deepEqual(posted, [[0, "h"], [2000, "hel"]]);
});

test("it says nothing twice", async () => {
  const { peek, posted, clock } = setUp();
  peek.write("h");
  await clock.advance(5_000);
  peek.write("h");
  assert.equal(posted.length, 1);
});

test("an emptied composer is said", async () => {
  const { peek, posted, clock } = setUp();
  peek.write("h");
  peek.write("");
  await clock.advance(2_000);
  assert.deepEqual(posted.at(-1), [2000, ""]);
});

test("what was sent is not said to be in the composer", async () => {
  const { peek, posted, clock } = setUp();
  peek.write("h");
  peek.write("hello");
  peek.forget();
  await clock.advance(5_000);
  assert.deepEqual(posted, [[0, "h"]]);
});
