import assert from "node:assert/strict";
import { test } from "node:test";

import { Polling } from "../../livechat_widget/static/livechat_widget/widget/polling.js";
import { FakeClock, turn } from "./fakes.js";

function setUp() {
  const clock = new FakeClock();
  const asked = [];
  const taken = [];
  const server = { fetchNews: async () => ({ pushes: [] }) };
  const polling = new Polling({
    fetchNews: () => {
      asked.push(clock.now);
      return server.fetchNews();
    },
    take: (news) => taken.push(news),
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
  });
  return { polling, asked, taken, clock, server };
}

test("it asks every 3 s once there has been no socket for 4 s", async () => {
  const { polling, asked, clock } = setUp();
  polling.begin();
  await clock.advance(11_000);
  assert.deepEqual(asked, [4000, 7000, 10000]);
});

test("several attempts of the socket do not put it off", async () => {
  const { polling, asked, clock } = setUp();
  polling.begin();
  await clock.advance(3_000);
  polling.begin();
  await clock.advance(1_000);
  polling.begin();
  assert.deepEqual(asked, [4000]);
});

test("a socket that is back in time means no poll, and a later one the last", async () => {
  const { polling, asked, clock } = setUp();
  polling.begin();
  await clock.advance(3_999);
  polling.end();
  await clock.advance(60_000);
  assert.deepEqual(asked, []);
  polling.begin();
  await clock.advance(4_000);
  polling.end();
  await clock.advance(60_000);
  assert.equal(asked.length, 1);
});

test("it asks one at a time, and hurries only while it polls", async () => {
  const { polling, asked, taken, clock, server } = setUp();
  polling.hurry();
  assert.deepEqual(asked, []);
  let answer;
  server.fetchNews = () => new Promise((resolve) => (answer = resolve));
  polling.begin(0);
  await clock.advance(0);
  polling.hurry();
  await clock.advance(10_000);
  assert.equal(asked.length, 1);
  answer(null);
  await turn();
  polling.hurry();
  assert.equal(asked.length, 2);
  assert.deepEqual(taken, [null]);
});

test("an answer after the socket is back is dropped", async () => {
  const { polling, taken, clock, server } = setUp();
  let answer;
  server.fetchNews = () => new Promise((resolve) => (answer = resolve));
  polling.begin(0);
  await clock.advance(0);
  polling.end();
  answer({ pushes: [] });
  await clock.advance(60_000);
  assert.deepEqual(taken, []);
});
