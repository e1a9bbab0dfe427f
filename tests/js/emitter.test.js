import assert from "node:assert/strict";
import { test } from "node:test";

import { Emitter } from "../../livechat_widget/static/livechat_widget/sdk/emitter.js";

function recorder() {
  const heard = [];
  return { heard, listener: (...details) => heard.push(details) };
}

test("it tells every listener of an event, and no other", () => {
  const emitter = new Emitter();
  const [one, other, third] = [recorder(), recorder(), recorder()];
  emitter.on("a", one.listener);
  emitter.on("a", other.listener);
  emitter.on("b", third.listener);
  emitter.emit("a", 1, 2);
  assert.deepEqual([one.heard, other.heard, third.heard], [[[1, 2]], [[1, 2]], []]);
});

test("on returns its own undo", () => {
  const emitter = new Emitter();
  const { heard, listener } = recorder();
  const off = emitter.on("a", listener);
  off();
  emitter.emit("a");
  assert.deepEqual(heard, []);
});

test("once hears once", () => {
  const emitter = new Emitter();
  const { heard, listener } = recorder();
  emitter.once("a", listener);
  emitter.emit("a", 1);
  emitter.emit("a", 2);
  assert.deepEqual(heard, [[1]]);
});

test("off takes only that listener", () => {
  const emitter = new Emitter();
  const [one, other] = [recorder(), recorder()];
  emitter.on("a", one.listener);
  emitter.on("a", other.listener);
  emitter.off("a", one.listener);
  emitter.emit("a");
  assert.deepEqual([one.heard.length, other.heard.length], [0, 1]);
});

test("a listener that throws is reported and harms no other", () => {
  const errors = [];
  const emitter = new Emitter((error) => errors.push(error.message));
  const { heard, listener } = recorder();
  emitter.on("a", () => {
    throw new Error("mine");
  });
  emitter.on("a", listener);
  emitter.emit("a", 1);
  assert.deepEqual([errors, heard], [["mine"], [[1]]]);
});

test("a listener that goes while it is told lets the others hear", () => {
  const emitter = new Emitter();
  const { heard, listener } = recorder();
  const off = emitter.on("a", () => off());
  emitter.on("a", listener);
  emitter.emit("a");
  assert.equal(heard.length, 1);
});

test("clear takes all", () => {
  const emitter = new Emitter();
  const { heard, listener } = recorder();
  emitter.on("a", listener);
  emitter.clear();
  emitter.emit("a");
  assert.deepEqual(heard, []);
});
