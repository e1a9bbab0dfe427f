import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff } from "../../livechat_widget/static/livechat_widget/sdk/backoff.js";

test("it doubles the bound up to the cap", () => {
  const backoff = new Backoff({ random: () => 1 });
  const delays = Array.from({ length: 8 }, () => backoff.next());
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});

test("it draws from nothing to the bound", () => {
  const backoff = new Backoff({ random: () => 0.25 });
  assert.deepEqual([backoff.next(), backoff.next()], [125, 250]);
  assert.equal(new Backoff({ random: () => 0 }).next(), 0);
});

test("it begins anew after a reset", () => {
  const backoff = new Backoff({ random: () => 1 });
  backoff.next();
  backoff.next();
  backoff.reset();
  assert.equal(backoff.next(), 500);
});

test("it stays finite after ten thousand attempts", () => {
  const backoff = new Backoff({ random: () => 1 });
  for (let attempt = 0; attempt < 10_000; attempt++) backoff.next();
  assert.equal(backoff.next(), 30_000);
});
