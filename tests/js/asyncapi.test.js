import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import specs from "@asyncapi/specs";
import Ajv from "ajv";

const path = new URL("../../docs/asyncapi.json", import.meta.url);
const asyncapi = JSON.parse(readFileSync(path, "utf8"));
/** The schema of AsyncAPI brings that of schemas along. */
const OWN_META = { meta: false, validateSchema: false };
const ajv = (options) => new Ajv({ strict: false, validateFormats: false, ...options });

/** What a reference in the document leads to. */
const follow = (reference) =>
  reference.slice(2).split("/").reduce((part, key) => part[key], asyncapi);

function* references(part) {
  if (part === null || typeof part !== "object") return;
  if (part.$ref) yield part.$ref;
  for (const inner of Object.values(part)) yield* references(inner);
}

test("the document is one of AsyncAPI 3", () => {
  const validate = ajv(OWN_META).compile(specs.schemas["3.0.0"]);
  assert.ok(validate(asyncapi), JSON.stringify(validate.errors));
});

test("no document of another kind passes for one", () => {
  const validate = ajv(OWN_META).compile(specs.schemas["3.0.0"]);
  assert.equal(validate({ ...asyncapi, operations: { one: { action: "ask" } } }), false);
});

test("every reference leads somewhere", () => {
  for (const reference of references(asyncapi)) assert.ok(follow(reference), reference);
});

const messages = Object.entries(asyncapi.components.messages);
for (const [name, { payload, examples = [] }] of messages) {
  const validate = ajv().addSchema(asyncapi, "document").compile(rooted(payload));
  const fits = (frame) => assert.ok(validate(frame), JSON.stringify(validate.errors));

  for (const example of examples) {
    test(`the example of ${name} fits its schema`, () => fits(example.payload));
    test(`${name} is not fitted by another action`, () =>
      assert.equal(validate({ ...example.payload, action: "other" }), false));
  }
}

/** A part of the document, for use outside of it. */
function rooted(part) {
  return JSON.parse(JSON.stringify(part).replaceAll('"$ref":"#', '"$ref":"document#'));
}
