import assert from "node:assert/strict";
import { test } from "node:test";

import { Postbacks } from "../../livechat_widget/static/livechat_widget/widget/postbacks.js";

/** As much of a button as is asked for. */
function makeButton(dataset, pressed = null) {
  const button = {
    dataset: { lcPostback: "yes", event: "E1", thread: "T1", ...dataset },
    disabled: false,
    getAttribute: () => pressed,
    toggleAttribute: (_name, on) => (button.disabled = on),
    closest: () => button,
  };
  return button;
}

function setUp(...buttons) {
  const posted = [];
  const settled = [];
  const answers = [];
  const postbacks = new Postbacks({
    post: (values) => {
      posted.push(values);
      return new Promise((resolve) => answers.push(resolve));
    },
    settled: (outcome) => settled.push(outcome),
  });
  postbacks.draw({ querySelectorAll: () => buttons }, "T1");
  return { postbacks, posted, settled, answers };
}

test("a press is posted, and released by another", async () => {
  const { postbacks, posted, settled, answers } = setUp();
  const pressing = postbacks.press(makeButton({}, "false"));
  answers[0]({ ok: true });
  await pressing;
  postbacks.press(makeButton({}, "true"));
  const { custom_id, ...first } = posted[0];
  assert.deepEqual(first, { postback_id: "yes", event_id: "E1", thread_id: "T1", toggled: "1" });
  assert.equal(custom_id.length, 32);
  assert.equal(posted[1].toggled, "0");
  assert.deepEqual(settled, [{ ok: true }]);
});

test("nothing is posted while another press is", () => {
  const { postbacks, posted } = setUp();
  postbacks.press(makeButton({}, "false"));
  postbacks.press(makeButton({}, "false"));
  assert.equal(posted.length, 1);
});

test("an answer is given once", () => {
  const { postbacks, posted } = setUp();
  postbacks.press(makeButton({ once: "true" }, "true"));
  assert.equal(posted.length, 0);
});

test("a link is pressed every time", () => {
  const { postbacks, posted } = setUp();
  postbacks.press(makeButton({}, null));
  assert.equal(posted[0].toggled, "1");
});

test("what is no button, or of another thread, is left alone", () => {
  const { postbacks, posted } = setUp();
  postbacks.press({ closest: () => null });
  postbacks.press(makeButton({ thread: "T0" }, "false"));
  assert.equal(posted.length, 0);
});

test("only buttons of the thread that goes on are enabled", () => {
  const [old, now] = [makeButton({ thread: "T0" }), makeButton({})];
  const { postbacks } = setUp(old, now);
  assert.deepEqual([old.disabled, now.disabled], [true, false]);
  postbacks.draw({ querySelectorAll: () => [old, now] }, "");
  assert.deepEqual([old.disabled, now.disabled], [true, true]);
});
