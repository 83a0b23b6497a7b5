import fc from "fast-check";
import { Client } from "pg";
import { describe, expect, test } from "vitest";
import { isNotice, mergeNotices, type Notice } from "../../src/store/notice.ts";
import { formatNotices, parseNotices } from "../../src/store/postgres-notices.ts";
import { openAnyStore } from "../store/benches.ts";
import { gather, until } from "../store/contract-notices.ts";
import { addAnn, ledgerRecord } from "../store/fixtures.ts";
import { emptyDatabase, skipsPostgres } from "../store/postgres.ts";

const thing = fc.record(
  {
    kind: fc.constantFrom("object" as const, "message" as const, "question" as const, "delivery" as const),
    principal: fc.nat().map(String),
    uid: fc.string({ maxLength: 100, unit: "binary" }),
  },
  { requiredKeys: ["kind", "principal"] },
);
const notice: fc.Arbitrary<Notice> = fc.oneof(
  thing,
  fc.record({ kind: fc.constant("access" as const), principal: fc.nat().map(String) }, { requiredKeys: ["kind"] }),
  fc.constant({ kind: "work" as const }),
);

describe("notices as PostgreSQL carries them", () => {
  test("come back as they were, in payloads it takes", () => {
    fc.assert(
      fc.property(fc.array(notice, { minLength: 1, maxLength: 300 }), (notices) => {
        const merged = mergeNotices(notices);
        const payloads = formatNotices("12345", merged);
        for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
        const read = payloads.map(parseNotices);
        expect(read.map(({ sender }) => sender)).toEqual(payloads.map(() => "12345"));
        expect(read.flatMap(({ notices: some }) => some)).toEqual(merged);
      }),
      { numRuns: 200 },
    );
  });

  test("leave out a UID that is too long for them", () => {
    const long: Notice = { kind: "object", principal: "1", uid: "\u0001".repeat(4_000) };
    const [payload = ""] = formatNotices("1", [long]);
    expect(parseNotices(payload).notices).toEqual([{ kind: "object", principal: "1" }]);
  });

  test.each([
    "",
    "1\n",
    "1\n{",
    "1\nnull",
    "1\n[]",
    '1\n{"kind":"object"}',
    '1\n{"kind":"tomorrow"}',
    '1\n{"kind":"access","principal":7}',
  ])("that nobody here writes do no harm: %j", (payload) => {
    for (const one of parseNotices(payload).notices) expect(isNotice(one)).toBe(true);
    if (payload.includes("\n")) expect(parseNotices(payload).notices.at(-1)).toEqual({ kind: "anew" });
  });
});

describe.skipIf(skipsPostgres)("two nodes on one PostgreSQL database", () => {
  test("hear exactly what the other has committed, and their own once", async () => {
    const url = await emptyDatabase();
    const [one, two] = [await openAnyStore(url), await openAnyStore(url)];
    const [first, second] = [gather(one), gather(two)];
    await until(() => first.all.length > 0 && second.all.length > 0, "both to listen");
    const { id: ann } = await addAnn(one);
    for (const told of [first, second]) told.take();
    await one.write(({ ledger }) => ledger.add(ledgerRecord(ann, { uid: "x" })));
    await two.write(({ ledger }) => ledger.add(ledgerRecord(ann, { uid: "y" })));
    const both = [`message ${ann} x`, `message ${ann} y`];
    await until(() => first.all.length >= 2 && second.all.length >= 2, "each other");
    // Whatever was to come twice would have come before this.
    await one.write(({ ledger }) => ledger.add(ledgerRecord(ann, { uid: "z" })));
    await until(() => second.all.length >= 3, "the last");
    expect(first.take()).toEqual([...both, `message ${ann} z`]);
    expect(second.take()).toEqual([...both, `message ${ann} z`]);
    await Promise.all([one.close(), two.close()]);
  });

  test("that lose the connection they listen on look anew, and hear again", async () => {
    const url = await emptyDatabase();
    const [one, two] = [await openAnyStore(url), await openAnyStore(url)];
    const told = gather(two);
    await until(() => told.all.length > 0, "it to listen");
    told.take();
    const { id: ann } = await addAnn(one);
    const client = new Client({ connectionString: url });
    await client.connect();
    const cut = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parley listens'";
    for (let time = 0; time < 2; time++) {
      expect((await client.query(`${cut} and datname = current_database()`)).rowCount).toBe(1);
      await until(() => told.all.length > 0, "it to listen again");
      expect(told.take()).toEqual(["anew", "work"]);
    }
    await client.end();
    await one.write(({ ledger }) => ledger.add(ledgerRecord(ann, { uid: "x" })));
    await until(() => told.all.length > 0, "the notice");
    expect(told.take()).toEqual([`message ${ann} x`]);
    await Promise.all([one.close(), two.close()]);
  });
});
