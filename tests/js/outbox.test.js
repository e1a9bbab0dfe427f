import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../../livechat_widget/static/livechat_widget/widget/outbox.js";
import { FakeClock, turn } from "./fakes.js";

const OK = { ok: true };
const GONE = { ok: false, held: true, message: "" };
const REFUSED = { ok: false, held: false, message: "Too long." };

/** An outbox whose server answers in turn with `outcomes`, or when `server.answer` is called. */
function setUp(...outcomes) {
  return setUpAnew(new Map(), ...outcomes);
}

/** The same, where `kept` has what was kept before a reload. */
function setUpAnew(kept, ...outcomes) {
  const clock = new FakeClock();
  const posted = [];
  const steps = [];
  const server = {};
  const outbox = new Outbox({
    post: (values) => {
      posted.push(values);
      if (outcomes.length) return Promise.resolve(outcomes.shift());
      return new Promise((resolve) => (server.answer = resolve));
    },
    changed: (...step) => steps.push(step.filter((detail) => detail !== undefined)),
    drafts: { read: (name) => kept.get(name), write: (name, value) => kept.set(name, value) },
    random: () => 0,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
  });
  return { outbox, posted, steps, clock, server };
}

test("it works", async () => {
  const { outbox, posted, steps } = setUp(OK);
  await outbox.send("Hello", { name: "Zoë" });
  assert.equal(posted.length, 1);
  assert.deepEqual({ ...posted[0], custom_id: "" }, { name: "Zoë", text: "Hello", custom_id: "" });
  assert.match(posted[0].custom_id, /^[0-9a-f]{32}$/);
  assert.deepEqual(steps, [["sending", "Hello"], ["sent", "Hello"]]);
  assert.equal(outbox.text, "");
});

test("what cannot be posted is posted again under the same custom_id", async () => {
  const { outbox, posted, steps, clock } = setUp(GONE, GONE, OK);
  await outbox.send("Hello");
  assert.deepEqual(steps.at(-1), ["held", "Hello"]);
  await clock.advance(999);
  assert.equal(posted.length, 1);
  await clock.advance(1_001);
  assert.equal(posted.length, 3);
  assert.equal(new Set(posted.map(({ custom_id }) => custom_id)).size, 1);
  assert.deepEqual(steps.at(-1), ["sent", "Hello"]);
  assert.equal(clock.waiting, 0);
});

test("it does not wait when the line is back", async () => {
  const { outbox, posted } = setUp(GONE, OK);
  await outbox.send("Hello");
  await outbox.retry();
  assert.equal(posted.length, 2);
  await outbox.retry();
  assert.equal(posted.length, 2);
});

test("the same text sent again is the same message, another is another", async () => {
  const { outbox, posted } = setUp(GONE, GONE, OK);
  await outbox.send("Hello");
  await outbox.send("Hello");
  await outbox.send("Hullo");
  const [first, again, other] = posted.map(({ custom_id }) => custom_id);
  assert.equal(first, again);
  assert.notEqual(first, other);
});

test("after a success the same text is another message", async () => {
  const { outbox, posted } = setUp(OK, OK);
  await outbox.send("yes");
  await outbox.send("yes");
  assert.notEqual(posted[0].custom_id, posted[1].custom_id);
});

test("what is refused is not tried again by itself", async () => {
  const { outbox, posted, steps, clock } = setUp(REFUSED);
  await outbox.send("x");
  await clock.advance(600_000);
  assert.equal(posted.length, 1);
  assert.deepEqual(steps.at(-1), ["refused", "x", "Too long."]);
});

test("it posts one at a time", async () => {
  const { outbox, posted, server } = setUp();
  outbox.send("one");
  outbox.send("two");
  assert.equal(outbox.busy, true);
  assert.equal(posted.length, 1);
  server.answer(OK);
  await turn();
  assert.equal(outbox.busy, false);
});

test("an abandoned message is not tried again", async () => {
  const { outbox, posted, clock, steps } = setUp(GONE);
  await outbox.send("Hello");
  outbox.abandon();
  await clock.advance(600_000);
  assert.equal(posted.length, 1);
  assert.deepEqual(steps.at(-1), ["abandoned", ""]);
});

test("a message abandoned under way is not held when it fails", async () => {
  const { outbox, posted, server, clock } = setUp();
  outbox.send("Hello");
  outbox.abandon();
  server.answer(GONE);
  await clock.advance(600_000);
  assert.equal(posted.length, 1);
  assert.equal(outbox.text, "");
});

test("what was on its way before a reload goes out under the name that it had", async () => {
  const kept = new Map();
  const before = setUpAnew(kept, GONE);
  await before.outbox.send("Hello");
  const { outbox, posted } = setUpAnew(kept, OK);
  assert.equal(outbox.text, "Hello");
  await outbox.send("Hello");
  assert.equal(posted[0].custom_id, before.posted[0].custom_id);
  assert.equal(kept.get("outgoing"), null);
});
