import assert from "node:assert/strict";
import { test } from "node:test";

import { Typing } from "../../../livechat_widget/static/livechat_widget/console/typing.js";
import { FakeClock } from "../fakes.js";

function setUp() {
  const clock = new FakeClock();
  const changes = [];
  const { setTimeout, clearTimeout } = clock;
  const typing = new Typing({ changed: (chat) => changes.push(chat), setTimeout, clearTimeout });
  return { clock, changes, typing };
}

test("it works", () => {
  const { typing, changes } = setUp();
  typing.hear("A", "vera", "Do you");
  typing.hear("A", "vera", "Do you deliver");
  assert.equal(typing.textOf("A"), "Do you deliver");
  assert.equal(typing.textOf("B"), "");
  typing.hear("A", "vera", "");
  assert.equal(typing.textOf("A"), "");
  assert.deepEqual(changes, ["A", "A", "A"]);
});

test("several may write at once", () => {
  const { typing } = setUp();
  typing.hear("A", "vera", "Hi");
  typing.hear("A", "bob", "Bob is writing");
  assert.equal(typing.textOf("A"), "Hi\nBob is writing");
  typing.hear("A", "vera", "");
  assert.equal(typing.textOf("A"), "Bob is writing");
});

test("who says nothing more has stopped", async () => {
  const { typing, clock } = setUp();
  typing.hear("A", "vera", "Hi");
  await clock.advance(9_000);
  typing.hear("A", "vera", "Hi there");
  await clock.advance(9_999);
  assert.equal(typing.textOf("A"), "Hi there");
  await clock.advance(1);
  assert.equal(typing.textOf("A"), "");
  assert.equal(clock.waiting, 0);
});

test("that nobody writes is no news", () => {
  const { typing, changes } = setUp();
  typing.hear("A", "vera", "");
  assert.deepEqual(changes, []);
});
