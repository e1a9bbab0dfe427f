import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { Receipts } from "../../livechat_widget/static/livechat_widget/sdk/receipts.js";
import { Timers } from "../../livechat_widget/static/livechat_widget/sdk/timers.js";
import { FakeClock } from "./fakes.js";

describe("receipts", () => {
  /** @type {any[]} */
  let sent;
  /** @type {any} */
  let clock;
  /** @type {Receipts} */
  let receipts;

  beforeEach(() => {
    sent = [];
    clock = new FakeClock();
    receipts = new Receipts({ send: (frame) => sent.push(frame), timers: new Timers(clock) });
  });

  const told = () => sent.map((frame) => frame.payload.received);
  const push = (seq = 1) => receipts.count({ type: "push", action: "incoming_event", seq });

  it("tells at the login, so that the server counts from there", () => {
    receipts.begin();
    assert.deepEqual(sent, [{ action: "ack", payload: { received: 0 } }]);
  });

  it("tells every twenty pushes", () => {
    for (let seq = 1; seq <= 45; seq += 1) push(seq);
    assert.deepEqual(told(), [20, 40]);
  });

  it("tells a few pushes after five seconds", async () => {
    push();
    push();
    await clock.advance(4_999);
    assert.deepEqual(told(), []);
    await clock.advance(1);
    assert.deepEqual(told(), [2]);
  });

  it("counts neither answers nor what has no number", async () => {
    receipts.count({ type: "response", action: "send_event", seq: 1 });
    receipts.count({ type: "push", action: "incoming_typing_indicator" });
    await clock.advance(5_000);
    assert.deepEqual(told(), []);
  });

  it("begins anew with each socket", async () => {
    push();
    receipts.reset();
    push();
    await clock.advance(5_000);
    assert.deepEqual(told(), [1]);
  });
});
