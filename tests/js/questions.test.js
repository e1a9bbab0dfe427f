import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Questions } from "../../livechat_widget/static/livechat_widget/widget/questions.js";
import { turn } from "./fakes.js";

const real = { document: globalThis.document, FormData, Element: globalThis.Element };

afterEach(() => Object.assign(globalThis, real));

/** As much of a form as is asked for. */
function makeForm(id, ...elements) {
  const note = { textContent: "" };
  const form = { id, action: `/${id}`, elements, note, toggleAttribute: () => {} };
  return Object.assign(form, { querySelector: () => note, closest: () => form });
}

/** A page with one form; the server answers when the test says so. */
function setUp(form, drafts = new Map()) {
  const page = new EventTarget();
  globalThis.document = page;
  globalThis.Element = Object;
  globalThis.FormData = class extends Map {
    constructor({ elements }) {
      super(elements.map(({ name, value }) => [name, value]));
    }
  };
  const posted = [];
  const swapped = [];
  const answered = [];
  const root = {
    children: [form],
    contains: (one) => one === form,
    querySelectorAll: () => [form],
    querySelector: () => null,
  };
  const questions = new Questions({
    root: () => root,
    server: {
      post: (url, values) => {
        return new Promise((answer) => posted.push({ url, values: [...values], answer }));
      },
      get: async (url) => (url === "/gone" ? null : "<form>"),
    },
    swap: (html) => swapped.push(html),
    drafts: { read: (name) => drafts.get(name), write: (name, value) => drafts.set(name, value) },
    answered: (more) => answered.push(more),
    failed: "Try again.",
  });
  const dispatch = (type) => {
    const event = new Event(type, { cancelable: true });
    Object.defineProperty(event, "target", { value: form });
    page.dispatchEvent(event);
    return event;
  };
  return { questions, posted, swapped, answered, drafts, root, dispatch };
}

test("what is typed is kept until the server has it", async () => {
  const form = makeForm("lc-prechat", { name: "field-1", value: "Vera" }, { name: "token", value: "t" });
  const { dispatch, drafts, posted, swapped, answered } = setUp(form);
  dispatch("input");
  assert.deepEqual(drafts.get("lc-prechat"), [["field-1", "Vera"]]);
  assert.ok(dispatch("submit").defaultPrevented);
  assert.equal(posted[0].url, "/lc-prechat");
  posted[0].answer({ ok: true, html: "<div>" });
  await turn();
  assert.equal(drafts.get("lc-prechat"), null);
  assert.deepEqual([swapped, answered], [["<div>"], [true]]);
});

test("what is refused is drawn again and stays kept", async () => {
  const { dispatch, drafts, posted, swapped, answered } = setUp(
    makeForm("lc-ticket", { name: "field-0", value: "vera" }),
  );
  dispatch("input");
  dispatch("submit");
  posted[0].answer({ ok: false, html: "<form>" });
  await turn();
  assert.deepEqual(drafts.get("lc-ticket"), [["field-0", "vera"]]);
  assert.deepEqual([swapped, answered], [["<form>"], []]);
});

test("a server that is away is said, and may be asked again; nothing is posted twice at once", async () => {
  const form = makeForm("lc-ticket", { name: "field-0", value: "vera" });
  const { dispatch, posted } = setUp(form);
  dispatch("submit");
  dispatch("submit");
  assert.equal(posted.length, 1);
  posted[0].answer({ ok: false, held: true, message: "" });
  await turn();
  assert.equal(form.note.textContent, "Try again.");
  dispatch("submit");
  assert.equal(posted.length, 2);
});

test("the time zone goes along", () => {
  const form = makeForm("lc-ticket", { name: "time_zone", value: "" });
  const { dispatch, posted } = setUp(form);
  dispatch("submit");
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  assert.deepEqual(posted[0].values, [["time_zone", timeZone]]);
});

test("after a reload everything stands where it stood", () => {
  const name = { name: "field-1", type: "text", value: "" };
  const small = { name: "field-2", type: "radio", value: "0", checked: true };
  const large = { name: "field-2", type: "radio", value: "1", checked: false };
  const lid = { name: "field-3", type: "checkbox", value: "0", checked: true };
  const token = { name: "token", type: "hidden", value: "new" };
  const kept = [["field-1", "Vera"], ["field-2", "1"]];
  setUp(makeForm("lc-prechat", name, small, large, lid, token), new Map([["lc-prechat", kept]]));
  assert.equal(name.value, "Vera");
  assert.deepEqual([small.checked, large.checked, lid.checked], [false, true, false]);
  assert.equal(token.value, "new");
});

test("other forms are none of its business", () => {
  const { dispatch, posted, drafts, root } = setUp(makeForm("lc-composer", { name: "text", value: "" }));
  root.contains = () => false;
  assert.ok(!dispatch("submit").defaultPrevented);
  dispatch("input");
  assert.deepEqual([posted, drafts.size], [[], 0]);
});

test("it says whether something is asked", async () => {
  const { questions, swapped, root } = setUp(makeForm("lc-prechat"));
  assert.equal(await questions.ask("/questions?"), true);
  root.children = [];
  assert.equal(await questions.ask("/gone"), false);
  assert.deepEqual(swapped, ["<form>"]);
});
