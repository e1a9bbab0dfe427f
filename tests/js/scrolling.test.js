import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Scrolling } from "../../livechat_widget/static/livechat_widget/widget/scrolling.js";

let rooms = [];

class FakeResizeObserver {
  observed = new Set();

  constructor() {
    rooms.push(this);
  }

  observe(element) {
    this.observed.add(element);
  }

  disconnect() {
    this.observed.clear();
  }
}

beforeEach(() => {
  rooms = [];
  Object.assign(globalThis, { document: new EventTarget(), ResizeObserver: FakeResizeObserver });
});
afterEach(() => {
  delete globalThis.document;
  delete globalThis.ResizeObserver;
});

function setUp(signal) {
  const seen = { looks: 0 };
  const place = { scrollTop: 0, scrollHeight: 900, clientHeight: 300 };
  const button = Object.assign(new EventTarget(), { hidden: true });
  const scroller = () => ((seen.looks += 1), place);
  const scrolling = new Scrolling({ scroller, button, around: [place], signal });
  const scroll = (top) => {
    place.scrollTop = top;
    document.dispatchEvent(new Event("scroll"));
  };
  return { scrolling, seen, place, button, scroll };
}

test("it works", () => {
  const { scrolling, place, button, scroll } = setUp();
  scroll(100);
  scrolling.grown();
  assert.deepEqual([place.scrollTop, button.hidden], [100, false]);
  scroll(590);
  assert.equal(button.hidden, true);
  scrolling.grown();
  assert.equal(place.scrollTop, 900);
});

test("what is closed neither listens nor looks any more", () => {
  const closing = new AbortController();
  const { seen, scroll } = setUp(closing.signal);
  scroll(100);
  assert.equal(seen.looks, 1);
  assert.equal(rooms[0].observed.size, 1);
  closing.abort();
  scroll(200);
  assert.equal(seen.looks, 1);
  assert.equal(rooms[0].observed.size, 0);
});
