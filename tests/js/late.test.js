import assert from "node:assert/strict";
import { test } from "node:test";

import { late } from "../../livechat_widget/static/livechat_widget/widget/late.js";
import { turn } from "./fakes.js";

const SCRIPT = "data:text/javascript,export const answer = 42;";

test("the sheet comes first, and both only once", async () => {
  const sheet = { disabled: true };
  const load = late(SCRIPT, sheet);
  assert.equal(sheet.disabled, true);
  let loaded = null;
  load().then((module) => (loaded = module));
  await turn();
  assert.deepEqual([sheet.disabled, loaded], [false, null]);
  sheet.onload();
  assert.equal((await load()).answer, 42);
  assert.equal(await load(), loaded);
});

test("a sheet that does not come, or has come already, holds up nothing", async () => {
  const sheet = { disabled: true };
  const loading = late(SCRIPT, sheet)();
  sheet.onerror();
  assert.equal((await loading).answer, 42);
  assert.equal((await late(SCRIPT, { disabled: false })()).answer, 42);
});

test("what could not be had is asked for again", async () => {
  const load = late("data:text/javascript,throw new Error()", { disabled: false });
  const first = load();
  await assert.rejects(first);
  assert.notEqual(load(), first);
  await assert.rejects(load());
});
