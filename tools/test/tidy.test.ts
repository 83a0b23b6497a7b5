import { describe, expect, test } from "vitest";
import { check, type Facts } from "../tidy/check.ts";
import { readSections } from "../tidy/citations.ts";
import { listSections } from "../tidy/rfc-headings.ts";

const facts: Facts = {
  sections: readSections("# RFC\tsections\n5545\t1 3 3.1 A A.1\n5546\t1 3 3.2 3.2.2 3.2.3\n"),
  index: {
    path: "docs/rfc/index.tsv",
    text: "RFC\tsection\tstatus\twhere\n5545\t-\tno\t\n5546\t-\tno\t\n9636\t-\tno\t\n",
  },
  permits: [],
};

/** Paths to texts. */
type Files = Readonly<Record<string, string>>;
/** What must be said, as parts of `path:line: message`; nothing more may be. */
type Case = readonly [name: string, files: Files, expected: readonly string[]];

function findings(files: Files, given: Facts = facts): readonly string[] {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  return check(list, given).map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

function run(cases: readonly Case[], given: Facts = facts): void {
  test.each(cases)("%s", (_, files, expected) => {
    const found = findings(files, given);
    expect(found, found.join("\n")).toHaveLength(expected.length);
    for (const [index, part] of expected.entries()) expect(found[index]).toContain(part);
  });
}

const model = "packages/engine/src/model/a.ts";
const store = "packages/server/src/store/a.ts";
const api = "packages/server/src/api/a.ts";
const page = "packages/web/src/page.tsx";

describe("layers", () =>
  run([
    ["to the left", { [model]: 'import { a } from "../icalendar/a.ts";\n' }, []],
    [
      "to the right",
      { [model]: 'import type { A } from "../itip/a.ts";\n' },
      [`${model}:1: engine/src/model must not import engine/src/itip`],
    ],
    ["over several lines", { [model]: 'import {\n  a,\n  b,\n} from "../imip/a.ts";\n' }, ["engine/src/imip"]],
    ["by export", { [model]: 'export * from "../imip/a.ts";\n' }, ["engine/src/imip"]],
    ["by call", { [model]: 'const a = import("../imip/a.ts");\n' }, ["engine/src/imip"]],
    [
      "only in a comment or a string",
      { [model]: '// import "../itip/a.ts"\nconst a = \'import "../itip/a.ts"\';\n' },
      [],
    ],
    ["itip and imip", { "packages/engine/src/itip/a.ts": 'import { a } from "../imip/a.ts";\n' }, ["must not import"]],
    [
      "the engine and a package",
      { [model]: 'import { a } from "node:fs";\n' },
      ["the engine imports nothing but itself"],
    ],
    [
      "side by side",
      { [api]: 'import { a } from "../mail/a.ts";\n' },
      ["server/src/api must not import server/src/mail"],
    ],
    ["the API and its principals", { [api]: 'import { a } from "../auth/a.ts";\n' }, []],
    ["the store and its users", { [store]: 'import { a } from "../scheduling/a.ts";\n' }, ["must not import"]],
    ["a folder nobody has placed", { "packages/server/src/new/a.ts": 'import "../store/a.ts";\n' }, ["no place"]],
    ["another package by path", { [api]: 'import { a } from "../../../engine/src/index.ts";\n' }, ["by its name"]],
    ["the web and the contract", { [page]: 'import type { A } from "@parley/server/contract";\n' }, []],
    [
      "the web and the contract's values",
      { [page]: 'import { type A } from "@parley/server/contract";\n' },
      ["import type"],
    ],
    ["the web and the engine", { [page]: 'import type { A } from "@parley/engine";\n' }, ["must not import"]],
  ]));

describe("circles", () => {
  const [one, two, three] = ["one", "two", "three"].map((name) => `packages/web/src/${name}.ts`) as [
    string,
    string,
    string,
  ];
  run([
    ["a line", { [one]: 'import "./two.ts";\n', [two]: 'import "./three.ts";\n', [three]: "\n" }, []],
    [
      "of three",
      { [one]: 'import "./two.ts";\n', [two]: 'import "./three.ts";\n', [three]: 'export * from "./one.ts";\n' },
      ["one.ts -> packages/web/src/two.ts -> packages/web/src/three.ts -> packages/web/src/one.ts"],
    ],
    [
      "of types",
      { [one]: 'import type { A } from "./two.ts";\n', [two]: 'import type { B } from "./one.ts";\n' },
      ["circle of imports"],
    ],
    [
      "of types among tests",
      { "tools/test/a.ts": 'import type { A } from "./b.ts";\n', "tools/test/b.ts": 'import "./a.ts";\n' },
      [],
    ],
  ]);
});

describe("sizes", () => {
  const lines = (count: number) => "a();\n".repeat(count);
  const nested = (depth: number) => `${"if (a) {\n".repeat(depth)}${"}\n".repeat(depth)}`;
  const long = (head: string) => `${head} {\n${lines(69)}}\n`;
  run([
    ["a file of 400 lines", { "tools/a.ts": lines(400) }, []],
    ["a file of 401", { "tools/a.ts": lines(401) }, ["401 lines"]],
    ["a table", { "tools/a.ts": `// table: of things\n${lines(401)}` }, []],
    ["a table that thinks", { "tools/a.ts": "// table: of things\nconst a = () => 1;\n" }, ["a table holds data only"]],
    ["a function of 70 lines", { "tools/a.ts": `function f() {\n${lines(68)}}\n` }, []],
    ["a function of 71", { "tools/a.ts": long("function f()") }, ["tools/a.ts:1: a function of 71 lines"]],
    ["with a return type", { "tools/a.ts": long("async function f(): Promise<{ a: number }>") }, ["71 lines"]],
    ["an arrow", { "tools/a.ts": long("const f = (a: A): B =>") }, ["71 lines"]],
    [
      "a method",
      { "tools/a.ts": `const a = {\n${long("close(): void")}};\n` },
      ["tools/a.ts:2: a function of 71 lines"],
    ],
    ["its parameters count", { "tools/a.ts": `function f(\n${"a,\n".repeat(68)}) {\n}\n` }, ["71 lines"]],
    ["an object is no function", { "tools/a.ts": long("const a =") }, []],
    ["a class is no function", { "tools/a.ts": `function f(): A {\n}\n${long("class A")}` }, []],
    ["a long suite", { "tools/test/a.ts": long('describe("a", () =>') }, []],
    ["nested 3 deep", { "tools/a.ts": nested(3) }, []],
    ["nested 4 deep", { "tools/a.ts": nested(4) }, ["tools/a.ts:4: nested 4 deep"]],
    ["else does not nest", { "tools/a.ts": `${"if (a) {\n} else ".repeat(5)}{\n}\n` }, []],
    ["objects do not nest", { "tools/a.ts": "const a = { b: { c: { d: { e: {} } } } };\n" }, []],
    [
      "a callback goes on counting",
      { "tools/a.ts": `for (const a of b) {\nc.map((d) => {\n${nested(3)}});\n}\n` },
      ["nested 4"],
    ],
    ["braces in a text", { "tools/a.ts": `const a = "${"if (a) {".repeat(9)}";\n` }, []],
  ]);
});

describe("bans", () => {
  const main = "packages/server/src/main.ts";
  run([
    ["a clock in the engine", { [model]: "const a = Date.UTC(1);\n" }, ["`Date` is banned here"]],
    ["randomness in the engine", { [model]: "const a = Math.random() + Math.floor(1);\n" }, ["`Math.random`"]],
    [
      "waiting in the engine",
      { [model]: "async function f(a: Promise<void>) {\n  await a;\n}\n" },
      ["`async`", "`Promise`", "`await`"],
    ],
    ["a member of that name", { [model]: "const a = b.process + b?.fetch;\n" }, []],
    ["in a comment or a text", { [model]: '// Date\nconst a = "Date" + /Date/;\n' }, []],
    [
      "the server's clock",
      { [api]: "const a = [Date.now(), new Date(), Date()];\n" },
      ["`Date.now`", "`new Date()`", "`new Date()`"],
    ],
    ["an instant made readable", { [api]: "const a = new Date(now * 1_000) ?? Date.parse(b);\n" }, []],
    ["the environment", { [api]: "const a = process.env;\nprocess.stdout.write(b);\n" }, ["`process.env`"]],
    ["random bytes", { [api]: 'import { createHash, randomBytes } from "node:crypto";\n' }, ["`randomBytes`"]],
    ["random bytes that were given", { [api]: "const a = world.randomBytes(1);\n" }, []],
    ["crypto without import", { [api]: "const a = crypto.randomUUID();\n" }, ["`crypto.randomUUID`"]],
    [
      "the composition root",
      { [main]: 'import { randomBytes } from "node:crypto";\nconst a = [Date.now(), process.env, Math.random];\n' },
      [],
    ],
    ["the browser", { [page]: "const a = Date.now();\n" }, []],
    ["a default export", { [page]: "export default 1;\n" }, ["`export default`"]],
    ["a default by name", { "tools/a.ts": "const a = 1;\nexport { a as default };\n" }, ["`export default`"]],
    ["a configuration", { "packages/web/vite.config.ts": "export default {};\n" }, []],
  ]);
  const permits = [{ path: api, what: "Date.now", why: "to try it" }];
  describe("with a permit", () =>
    run(
      [
        ["that is used", { [api]: "const a = Date.now();\n" }, []],
        ["for something else", { [api]: "const a = [Date.now(), Math.random()];\n" }, ["`Math.random`"]],
        ["nobody needs", { [api]: "const a = 1;\n" }, ["nothing needs the permit"]],
      ],
      { ...facts, permits },
    ));
});

describe("citations", () => {
  const comment = (text: string): Files => ({ "tools/a.ts": `// ${text}\n` });
  run([
    ["a section there is", comment("RFC 5546 §3.2.2, §3.2.3 and RFC 5545 §A.1."), []],
    ["a section there is not", comment("RFC 5546 §3.2.9"), ["RFC 5546 has no §3.2.9"]],
    ["the next section", comment("RFC 5546 §3.2.2 and §9"), ["no §9"]],
    [
      "a section further on",
      { "tools/a.ts": "/**\n * As RFC 5546 §3 says.\n *\n * - `held`: it came early (§3.9).\n */\n" },
      ["tools/a.ts:4: RFC 5546 has no §3.9"],
    ],
    ["a section from nowhere", comment("see §3"), ["§3 of which RFC?"]],
    ["across lines", { "tools/a.ts": "// by RFC\n// 5546 §3.9\n" }, ["no §3.9"]],
    ["each comment begins anew", { "tools/a.ts": "// RFC 5546\na();\n// §3\n" }, ["tools/a.ts:3: §3 of which RFC?"]],
    ["an RFC alone", comment("RFC 9636, versions 1 to 4"), []],
    ["an RFC whose sections nobody listed", comment("RFC 9636 §3"), ["RFC 9636 is not in docs/rfc/sections.tsv"]],
    ["an RFC that is not in the index", comment("RFC 7489"), ["RFC 7489 has no row"]],
    ...[
      "RFC5546",
      "rfc 5546",
      "RFC-5546",
      "RFC 5546, section 3",
      "RFC 5546 Section 3",
      "RFC 5546 3.2",
      "RFC 5546 appendix A",
    ].map((text): Case => [`spelt as ${text}`, comment(text), ['cite as "RFC 5546 §x"']]),
    ["a gap", comment("RFC 5546 § 3"), ['"§" wants its section']],
    ["a path or an address", comment("fixtures/rfc5546/4.2.ics, https://example.org/rfc5546.txt, rfc5546.txt"), []],
    ["in a text", { "tools/a.ts": 'const a = { rule: "RFC 5546 §9" };\n' }, ["no §9"]],
    ["a section put in later", { "tools/a.ts": "const a = `RFC 5546 §${b}`;\n" }, []],
    ["in a scenario", { "scenarios/a.itip": "# RFC 5546 §9: x\n" }, ["no §9"]],
    ["in a document", { "docs/a.md": "See RFC5546, and `RFC5545`.\nOur own §4.\n" }, ["docs/a.md:1: cite as"]],
  ]);
});

describe("decisions", () => {
  const record = { "docs/decisions/0004-evidence.md": "# 0004: evidence\n" };
  run([
    ["one that is recorded", { ...record, "tools/a.ts": "// Decision 0004.\n" }, []],
    [
      "one that is not",
      { ...record, "tools/a.ts": 'a();\nconst rule = "decision 0005";\n' },
      ["tools/a.ts:2: docs/decisions has no 0005"],
    ],
  ]);
});

describe("the index of RFCs", () => {
  const index = (text: string): Facts => ({
    ...facts,
    index: { ...facts.index, text: `RFC\tsection\tstatus\twhere\n${text}` },
  });
  describe("in order", () =>
    run([["a folder", { "docs/a/b.md": "\n" }, []]], index("5546\t3.2.2\tyes\tdocs/a\n5546\t3.2.3\tno\t\n")));
  describe("naming nothing", () =>
    run([["a folder", { "docs/a/b.md": "\n" }, ["there is no docs/c"]]], index("5546\t-\tpartial\tdocs/c\n")));
  describe("faulty", () =>
    run(
      [
        [
          "rows",
          { "docs/a.md": "\n" },
          ["is dealt with, but where?", "§3.2.2 stands here twice", 'not "maybe"', "there is no RFC 5546 §9.9"],
        ],
      ],
      index("5546\t3.2.2\tyes\t\n5546\t3.2.2\tmaybe\tdocs/a.md\n5546\t9.9\tno\t\n"),
    ));
});

describe("comments", () =>
  run([
    ["a documented export", { [page]: "/** Does it. */\nexport function f() {}\n" }, []],
    ["an undocumented one", { [page]: "const a = 1;\nexport const b = 1;\n" }, [`${page}:2: \`b\` has no doc comment`]],
    ["a plain comment", { [page]: "// Does it.\nexport async function f() {}\n" }, ["`f` has no doc comment"]],
    ["a comment too far away", { [page]: "/** Is it. */\n\nexport type A = 1;\n" }, ["`A` has no doc comment"]],
    ["a shared comment", { [page]: "/** Are ids. */\nexport type A = 1;\nexport type B = 1;\n" }, []],
    ["a comment not shared", { [page]: "/** Is it. */\nexport type A = 1;\n\nexport type B = 1;\n" }, ["`B`"]],
    ["what others export", { [page]: 'export type { A } from "./a.ts";\nexport { b };\n' }, []],
    ["what is no package's", { "tools/a.ts": "export const a = 1;\n" }, []],
    ["the contract", { "packages/server/src/api/contract.ts": "export type A = 1;\n" }, []],
    ["something put off", { "tools/a.ts": "/*\n TODO: later\n*/\n" }, ["tools/a.ts:2: TODO"]],
    ["a component and a text", { "tools/a.ts": '// VTODO\nconst a = "TODO";\n' }, []],
    ["in a document", { "docs/a.md": "FIXME, not `FIXME`.\n" }, ["FIXME"]],
  ]));

describe("texts", () =>
  run([
    ["no newline", { "docs/a.md": "a" }, ["docs/a.md:1: no newline"]],
    ["an empty file", { "docs/a.md": "" }, []],
    ["blanks", { "docs/a.md": "a\nb \n" }, ["docs/a.md:2: blanks"]],
    ["a tab", { "docs/a.md": "a\tb\n" }, ["a tab"]],
    ["a table", { "docs/a.tsv": "a\tb\t\n" }, []],
  ]));

test("the headings of an RFC are told from other numbers", () => {
  const text = [
    "   1.1.  In the contents ..... 3",
    "1.  Introduction",
    "1.1.  Terms",
    "5 apples at the start of a line",
    "2. Second",
    "2.2.  Out of order",
    "2.1.",
    "A sentence at the start of a line",
    "B.1.  Before its appendix",
    "Appendix A.  Examples",
    "A.1.  The first",
    "Appendix B -- More",
  ].join("\n");
  expect(listSections(text)).toEqual(["1", "1.1", "2", "2.1", "A", "A.1", "B"]);
});
