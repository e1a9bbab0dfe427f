import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../../livechat_widget/static/livechat_widget/sdk/client.js";
import { fakeNetwork, fakePage, turn } from "./fakes.js";

/** Requests that do only what the test says. */
function fakeRequests() {
  return class FakeRequest {
    static all = [];
    static get last() {
      return FakeRequest.all.at(-1);
    }

    upload = {};
    headers = {};
    aborted = false;

    constructor() {
      FakeRequest.all.push(this);
    }

    open(method, url) {
      Object.assign(this, { method, url });
    }

    setRequestHeader(name, value) {
      this.headers[name] = value;
    }

    send(body) {
      this.body = body;
    }

    abort() {
      this.aborted = true;
      this.onabort();
      this.onloadend();
    }

    answer(status, body) {
      this.status = status;
      this.responseText = typeof body === "string" ? body : JSON.stringify(body);
      this.onload();
      this.onloadend();
    }
  };
}

function begin(options = {}, { token = "T" } = {}) {
  const XMLHttpRequest = fakeRequests();
  const client = new Client({
    url: "wss://chat.test/livechat/v3.5/customer/rtm/ws?organization_id=O",
    token,
    XMLHttpRequest,
    WebSocket: fakeNetwork(),
    watchPage: fakePage().watchPage,
  });
  const file = new File(["a manual"], "manual.pdf");
  return { client, file, XMLHttpRequest, uploading: client.uploadFile({ file }, options) };
}

const code = (expected) => (error) => error.name === "LivechatError" && error.code === expected;

test("it posts the file as a form, by the token, and gives the address", async () => {
  const { XMLHttpRequest, uploading } = begin({}, { token: async () => "fresh" });
  await turn();
  const { last } = XMLHttpRequest;
  assert.equal(last.method, "POST");
  assert.equal(last.url, "https://chat.test/livechat/v3.5/customer/action/upload_file?organization_id=O");
  assert.deepEqual(last.headers, { Authorization: "Bearer fresh" });
  assert.equal(last.body.get("file").name, "manual.pdf");
  assert.equal(await last.body.get("file").text(), "a manual");
  last.answer(200, { url: "https://chat.test/f" });
  assert.deepEqual(await uploading, { url: "https://chat.test/f" });
});

test("a name may be given, and a Blob has one", async () => {
  const { client, XMLHttpRequest } = begin();
  client.uploadFile({ file: new Blob(["x"]) }).catch(() => {});
  client.uploadFile({ file: new Blob(["x"]), name: "drawing.png" }).catch(() => {});
  await turn();
  const names = XMLHttpRequest.all.map(({ body }) => body.get("file").name);
  assert.deepEqual(names, ["manual.pdf", "file", "drawing.png"]);
});

test("it tells how much is out", async () => {
  const told = [];
  const { XMLHttpRequest, uploading } = begin({ progress: (part) => told.push(part) });
  await turn();
  XMLHttpRequest.last.upload.onprogress({ loaded: 2, total: 8 });
  XMLHttpRequest.last.upload.onprogress({ loaded: 8, total: 8 });
  XMLHttpRequest.last.answer(200, { url: "" });
  await uploading;
  assert.deepEqual(told, [0.25, 1]);
});

test("a refusal brings the server's words", async () => {
  const { XMLHttpRequest, uploading } = begin();
  await turn();
  const error = { type: "entity_too_large", message: "A file has at most 10 bytes." };
  XMLHttpRequest.last.answer(413, { error });
  await assert.rejects(uploading, code("ENTITY_TOO_LARGE"));
});

test("a page of a proxy, and no answer at all, fail and do not hang", async () => {
  const page = begin();
  await turn();
  page.XMLHttpRequest.last.answer(413, "<h1>413 Request Entity Too Large</h1>");
  await assert.rejects(page.uploading, code("UPLOAD_FAILED"));
  const signedOut = begin();
  await turn();
  signedOut.XMLHttpRequest.last.answer(200, "<h1>Sign in</h1>");
  await assert.rejects(signedOut.uploading, code("UPLOAD_FAILED"));
  const away = begin();
  await turn();
  away.XMLHttpRequest.last.onerror();
  await assert.rejects(away.uploading, code("UPLOAD_FAILED"));
});

test("it can be given up, before and while it is under way", async () => {
  const giving = new AbortController();
  const { XMLHttpRequest, uploading } = begin({ signal: giving.signal });
  await turn();
  giving.abort();
  await assert.rejects(uploading, code("UPLOAD_CANCELED"));
  assert.equal(XMLHttpRequest.last.aborted, true);
  const late = begin({ signal: AbortSignal.abort() });
  await assert.rejects(late.uploading, code("UPLOAD_CANCELED"));
  assert.equal(late.XMLHttpRequest.all.length, 0);
});

test("a client that is destroyed gives up, and takes no more", async () => {
  const { client, file, XMLHttpRequest, uploading } = begin();
  await turn();
  client.destroy();
  await assert.rejects(uploading, code("UPLOAD_CANCELED"));
  assert.equal(XMLHttpRequest.last.aborted, true);
  await assert.rejects(client.uploadFile({ file }), code("SDK_DESTROYED"));
});
