import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isIfMet, readConditions, readIf, requireConditions } from "../../src/dav/conditions.ts";
import { readDepth, readDestination, readOverwrite, readPreference } from "../../src/dav/headers.ts";
import { formatPath, memberPath, parsePath, pathKey } from "../../src/dav/path.ts";
import { DavRefusal } from "../../src/dav/refusal.ts";

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof DavRefusal) return error.status;
    throw error;
  }
}

test.each([
  [undefined, "infinity"],
  ["0", "0"],
  [" 1 ", "1"],
  ["1,noroot", "1"],
  ["Infinity", "infinity"],
  ["2", 400],
  ["-1", 400],
])("reads Depth: %s", (depth, expected) => {
  expect(outcome(() => readDepth({ depth }, "infinity"))).toBe(expected);
});

test.each([
  [undefined, true],
  ["T", true],
  ["f", false],
  ["yes", 400],
])("reads Overwrite: %s", (overwrite, expected) => {
  expect(outcome(() => readOverwrite({ overwrite }))).toBe(expected);
});

test.each([
  ["/dav/a%20b", "/dav/a%20b"],
  ["http://here.test/dav/a/", "/dav/a/"],
  ["HTTP://HERE.test/dav/a/", "/dav/a/"],
  ["http://elsewhere.test/dav/a/", 502],
  [undefined, 400],
  ["dav/a", 400],
  ["http://here.test/%zz", 400],
  ["/a/../../b", 400],
])("reads Destination: %s", (destination, expected) => {
  const read = outcome(() => formatPath(readDestination({ destination, host: "here.test" })));
  expect(read).toBe(expected);
});

test.each([
  [{}, undefined],
  [{ prefer: "return=minimal" }, "minimal"],
  [{ prefer: 'respond-async, return="representation"; foo' }, "representation"],
  [{ prefer: "return-minimal" }, "minimal"],
  [{ brief: "t" }, "minimal"],
  [{ prefer: "depth-noroot" }, undefined],
])("reads what %j would rather have", (headers, expected) => {
  expect(readPreference(headers)).toBe(expected);
});

test.each([
  [{}, {}],
  [{ "if-match": "*" }, { ifMatch: "*" }],
  [{ "if-match": '"a", W/"b", c' }, { ifMatch: ["a", "b", "c"] }],
  [{ "if-none-match": "*" }, { ifNoneMatch: "*" }],
  [{ "if-schedule-tag-match": '"t,1"' }, { ifScheduleTagMatch: "t,1" }],
])("reads the conditions %j", (headers, expected) => {
  expect(readConditions(headers)).toEqual(expected);
});

describe("If", () => {
  const own = memberPath("a");
  const etags = new Map<string, string | undefined>([
    [pathKey(own), "1"],
    ["b", "2"],
  ]);
  test.each([
    ['(["1"])', true],
    ['(["2"])', false],
    ['([W/"1"])', true],
    ['(Not ["2"])', true],
    ["(<opaquelocktoken:x>)", false],
    ["(Not <DAV:no-lock>)", true],
    ['(["2"]) (["1"])', true],
    ['(["1"] Not <DAV:no-lock>)', true],
    ['(["1"] <DAV:no-lock>)', false],
    ['<http://here.test/b> (["2"])', true],
    ['</b> (["1"])', false],
    ["()", 400],
    ["", false],
    ["(", 400],
    ['["1"]', 400],
    [`(${'["1"]'.repeat(101)})`, 400],
  ])("%s", (text, expected) => {
    expect(outcome(() => isIfMet(readIf({ if: text }) ?? [], own, etags))).toBe(expected);
  });
});

test.each([
  [{ ifMatch: "*" as const }, undefined, 412],
  [{ ifMatch: "*" as const }, {}, undefined],
  [{ ifMatch: "*" as const }, { etag: "1" }, undefined],
  [{ ifMatch: ["2"] }, { etag: "1" }, 412],
  [{ ifMatch: ["2"] }, {}, 412],
  [{ ifNoneMatch: "*" as const }, { etag: "1" }, 412],
  [{ ifNoneMatch: "*" as const }, {}, 412],
  [{ ifNoneMatch: "*" as const }, undefined, undefined],
  [{ ifNoneMatch: ["1"] }, { etag: "2" }, undefined],
  [{ ifNoneMatch: ["1"] }, {}, undefined],
])("requires %j of %j", (conditions, present, expected) => {
  expect(outcome(() => requireConditions(conditions, present))).toBe(expected);
});

test("reads back the paths it writes", () => {
  const segment = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => parsePath(`/${encodeURIComponent(text)}`) !== undefined);
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 6 }), fc.boolean(), (segments, isCollection) => {
      const path = { segments, isCollection: isCollection || segments.length === 0 };
      expect(parsePath(formatPath(path))).toEqual(path);
      expect(parsePath(`https://ann@here.test${formatPath(path)}?query`)).toEqual(path);
    }),
  );
});

test.each(["/%2e%2e/a", "/a/..", "/a%2fb", "/a%00", "/%ff", "/a#b", "a/b", `/${"a/".repeat(20)}`, "/a%0d%0ab"])(
  "takes %s for no path",
  (text) => {
    expect(parsePath(text)).toBeUndefined();
  },
);

test("takes two slashes for one", () => {
  expect(parsePath("/dav//calendars/")).toEqual({ segments: ["dav", "calendars"], isCollection: true });
});
