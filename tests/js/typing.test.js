import assert from "node:assert/strict";
import { test } from "node:test";

import { Typing } from "../../livechat_widget/static/livechat_widget/widget/typing.js";
import { FakeClock } from "./fakes.js";

function setUp() {
  const clock = new FakeClock();
  const shown = [];
  const typing = new Typing({
    changed: (active) => shown.push(active),
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
  });
  return { typing, shown, clock };
}

test("it shows who types, until they stop", () => {
  const { typing, shown } = setUp();
  typing.hear("ann", true);
  typing.hear("ann", false);
  assert.deepEqual(shown, [true, false]);
});

test("it expires 10 s after the last word of it", async () => {
  const { typing, clock } = setUp();
  typing.hear("ann", true);
  await clock.advance(9_000);
  typing.hear("ann", true);
  await clock.advance(9_999);
  assert.equal(typing.active, true);
  await clock.advance(1);
  assert.equal(typing.active, false);
});

test("somebody else's message does not stop it", () => {
  const { typing } = setUp();
  typing.hear("ann", true);
  typing.hear("bob", false);
  assert.equal(typing.active, true);
});
