import assert from "node:assert/strict";
import { test } from "node:test";

import { Drafts } from "../../livechat_widget/static/livechat_widget/widget/drafts.js";

/** A tab's storage. */
function makeStorage() {
  const items = new Map();
  return {
    items,
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => items.set(name, value),
    removeItem: (name) => items.delete(name),
  };
}

test("what is written is there after a reload", () => {
  const storage = makeStorage();
  const drafts = new Drafts("Vera", () => storage);
  drafts.write("text", "Hel");
  drafts.write("lc-prechat", [["field-1", "Vera"]]);
  const again = new Drafts("Vera", () => storage);
  assert.equal(again.read("text"), "Hel");
  assert.deepEqual(again.read("lc-prechat"), [["field-1", "Vera"]]);
});

test("it is there for nobody else", () => {
  const storage = makeStorage();
  new Drafts("Vera", () => storage).write("text", "Hel");
  assert.equal(new Drafts("Willi", () => storage).read("text"), undefined);
});

test("nothing is left of what is empty", () => {
  const storage = makeStorage();
  const drafts = new Drafts("Vera", () => storage);
  drafts.write("text", "Hel");
  drafts.write("text", "");
  assert.equal(drafts.read("text"), undefined);
  assert.equal(storage.items.size, 0);
});

test("a browser that keeps nothing, or something else there, is no trouble", () => {
  const drafts = new Drafts("Vera", () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  });
  drafts.write("text", "Hel");
  assert.equal(drafts.read("text"), "Hel");
  const storage = makeStorage();
  storage.setItem("livechat-drafts", "{");
  assert.equal(new Drafts("Vera", () => storage).read("text"), undefined);
});
