import assert from "node:assert/strict";
import { test } from "node:test";

import { Server } from "../../livechat_widget/static/livechat_widget/widget/server.js";

const post = (fetch) => new Server("T", fetch).post("/x", { text: "a b" });
const json = (status, body) => async () => Response.json(body, { status });

test("it posts a form with the bearer and without cookies", async () => {
  let asked;
  const outcome = await post(async (url, how) => {
    asked = { url, ...how };
    return new Response(null, { status: 204 });
  });
  assert.equal(outcome.ok, true);
  assert.deepEqual(asked.headers, { Authorization: "Bearer T" });
  assert.equal(asked.credentials, "omit");
  assert.equal(String(asked.body), "text=a+b");
});

test("a refusal brings the server's words and is not held", async () => {
  const error = { type: "validation", message: "text: too long." };
  const { ok, held, message } = await post(json(400, { error }));
  assert.deepEqual({ ok, held, message }, { ok: false, held: false, message: "text: too long." });
});

test("a server that is away, busy or broken leaves it held", async () => {
  const away = () => Promise.reject(new TypeError("Failed to fetch"));
  const broken = async () => new Response("<h1>Bad Gateway</h1>", { status: 502 });
  for (const fetch of [away, broken, json(429, {}), json(503, {}), json(408, {})]) {
    const { ok, held } = await post(fetch);
    assert.deepEqual({ ok, held }, { ok: false, held: true });
  }
});

test("a token that has lapsed is told apart", async () => {
  const { unauthorized, held } = await post(json(401, { error: { type: "authentication" } }));
  assert.deepEqual({ unauthorized, held }, { unauthorized: true, held: false });
});

test("news are JSON or nothing", async () => {
  const get = (fetch) => new Server("T", fetch).get("/news");
  assert.deepEqual(await get(json(200, { pushes: [] })), { pushes: [] });
  assert.equal(await get(json(500, {})), null);
  assert.equal(await get(async () => new Response("<html>")), null);
  assert.equal(await get(() => Promise.reject(new TypeError("offline"))), null);
});
