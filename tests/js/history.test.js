import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../livechat_widget/static/livechat_widget/widget/history.js";
import { turn } from "./fakes.js";

globalThis.document ??= new EventTarget();

/** A scroller with a button above, and a server that answers when the test says so. */
function setUp() {
  const scroller = { button: makeButton("/first"), scrollTop: 40, scrollHeight: 500 };
  scroller.querySelector = () => scroller.button;
  const asked = [];
  const observers = [];
  class Observer {
    watched = [];
    constructor(tell) {
      this.tell = (isIntersecting) => tell([{ isIntersecting }]);
      observers.push(this);
    }
    observe = (element) => this.watched.push(element);
    disconnect = () => (this.watched = []);
  }
  const history = new History({
    scroller: () => scroller,
    get: (url) => new Promise((resolve) => asked.push({ url, resolve })),
    put: (html) => {
      scroller.scrollHeight += 300;
      scroller.button = html === "last" ? null : makeButton(html);
    },
    Observer,
  });
  history.look();
  return { history, scroller, asked, observer: observers[0] };
}

const makeButton = (lcOlder) => ({ dataset: { lcOlder } });

test("what comes above does not move what is read", async () => {
  const { scroller, asked, observer } = setUp();
  observer.tell(true);
  asked[0].resolve("/second");
  await turn();
  assert.equal(asked[0].url, "/first");
  assert.equal(scroller.scrollTop, 340);
  assert.deepEqual(observer.watched, [scroller.button]);
});

test("it asks once at a time, and not for what is not looked at", async () => {
  const { history, asked, observer } = setUp();
  observer.tell(false);
  assert.equal(asked.length, 0);
  observer.tell(true);
  history.load();
  assert.equal(asked.length, 1);
});

test("it goes on until there is nothing before", async () => {
  const { history, asked, observer } = setUp();
  history.load();
  asked[0].resolve("last");
  await turn();
  assert.deepEqual(observer.watched, []);
  history.load();
  assert.equal(asked.length, 1);
});

test("what could not be had may be asked for again", async () => {
  const { history, scroller, asked } = setUp();
  history.load();
  asked[0].resolve(null);
  await turn();
  assert.equal(scroller.scrollTop, 40);
  history.load();
  assert.deepEqual(
    asked.map(({ url }) => url),
    ["/first", "/first"],
  );
});
