import { describe, expect, test } from "vitest";
import type { LedgerRecord } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, ledgerRecord, now, uid } from "./fixtures.ts";

const source = new TextEncoder().encode("From: bob@example.test\r\n\r\n\u0000");

/** The ledger. */
export function testLedger(makeBench: MakeBench): void {
  describe("ledger", () => {
    testRecords(makeBench);
    testHiddenCharacters(makeBench);
    testPaging(makeBench);
    testQuestions(makeBench);
    testSources(makeBench);
  });
}

function testRecords(makeBench: MakeBench): void {
  test(
    "gives back what was recorded, to its owner alone",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      const hash = await store.write(({ ledger }) => ledger.putSource(source));
      const full: LedgerRecord = {
        ...ledgerRecord(ann.id),
        method: "REPLY",
        uid,
        sequence: 3,
        messageId: "<1@example.test>",
        evidence: { strength: "domain", relation: "stranger", confirmedByOwner: false, detail: "DMARC passed." },
        changes: ["Bob comes."],
        violations: [{ rule: "RFC 5546 §3.2.3", detail: "DTSTAMP is missing." }],
        source: hash,
        question: '{"kind":"stranger"}',
      };
      for (const record of [full, ledgerRecord(ann.id, { direction: "out", verdict: "sent" })]) {
        const added = await store.write(({ ledger }) => ledger.add(record));
        expect(added).toEqual({ ...record, id: added.id });
        await store.read(async ({ ledger }) => {
          expect(await ledger.byId(ann.id, added.id)).toEqual(added);
          expect(await ledger.byId(bob.id, added.id)).toBeUndefined();
          expect(await ledger.byId(ann.id, "no id")).toBeUndefined();
        });
      }
    }),
  );

  test(
    "cuts what is only shown at 2,000 characters, never inside one, and keeps a UID whole",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const long = "x".repeat(1_999);
      const longUid = "u".repeat(10_000);
      const record = ledgerRecord(ann.id, {
        subject: `${long}xy`,
        from: `${long}🙂`,
        reason: `${long}x`,
        uid: longUid,
        messageId: `<${"m".repeat(10_000)}>`,
      });
      const { id, subject, from, reason, messageId } = await store.write(({ ledger }) => ledger.add(record));
      expect([subject.length, messageId?.length]).toEqual([2_000, 2_000]);
      expect(from).toBe(long);
      expect(reason).toBe(record.reason);
      const [listed] = await store.read(({ ledger }) => ledger.list(ann.id, { uid: longUid, limit: 5 }));
      expect([listed?.id, listed?.uid]).toEqual([id, longUid]);
    }),
  );
}

function testHiddenCharacters(makeBench: MakeBench): void {
  test(
    "gives back every character, and keeps texts apart that differ in those nobody sees",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const uids = ["a\u0000", "a\u0001", "a\u00010", "a\u00011", "a\u0001\u0000", "a", "a0", "a\u00e9", "ae\u0301"];
      for (const own of uids) {
        await store.write(({ ledger }) => ledger.add(ledgerRecord(ann.id, { uid: own, subject: own })));
      }
      for (const own of uids) {
        const found = await store.read(({ ledger }) => ledger.list(ann.id, { uid: own, limit: 9 }));
        expect(found.map((row) => [row.uid, row.subject])).toEqual([[own, own]]);
      }
    }),
  );
}

function testPaging(makeBench: MakeBench): void {
  test(
    "is paged through newest first, whole or by UID, without a gap",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      await store.write(async ({ ledger }) => {
        for (let message = 0; message < 12; message++) {
          await ledger.add(ledgerRecord(bob.id, { subject: "not Ann's" }));
          await ledger.add(ledgerRecord(ann.id, { subject: `${message}`, ...(message % 3 === 0 && { uid }) }));
        }
      });
      const pages = async (filter: { readonly uid?: string }): Promise<string[]> => {
        const subjects: string[] = [];
        let before: string | undefined;
        for (;;) {
          const position = before === undefined ? {} : { before };
          const page = await store.read(({ ledger }) => ledger.list(ann.id, { ...filter, ...position, limit: 3 }));
          if (page.length === 0) return subjects;
          subjects.push(...page.map((row) => row.subject));
          before = page.at(-1)?.id;
        }
      };
      expect(await pages({})).toEqual(["11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0"]);
      expect(await pages({ uid })).toEqual(["9", "6", "3", "0"]);
      expect(await store.read(({ ledger }) => ledger.list(ann.id, { before: "no id", limit: 3 }))).toEqual([]);
    }),
  );
}

function testQuestions(makeBench: MakeBench): void {
  test(
    "gives out open questions, oldest first, and takes each decision once",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      const [first, , second] = await store.write(async ({ ledger }) => [
        await ledger.add(ledgerRecord(ann.id, { verdict: "undecided" })),
        await ledger.add(ledgerRecord(ann.id)),
        await ledger.add(ledgerRecord(ann.id, { verdict: "undecided" })),
      ]);
      if (!first || !second) throw new Error("three were added");
      const open = async () => (await store.read(({ ledger }) => ledger.openQuestions(ann.id))).map((row) => row.id);
      const decide = (owner: string, id: string, decision: "apply" | "dismiss") =>
        store.write(({ ledger }) => ledger.decide(owner, id, decision, now));
      expect(await open()).toEqual([first.id, second.id]);
      expect(await decide(bob.id, first.id, "apply")).toBe(false);
      expect(await decide(ann.id, first.id, "apply")).toBe(true);
      expect(await decide(ann.id, first.id, "dismiss")).toBe(false);
      expect(await decide(ann.id, "no id", "apply")).toBe(false);
      expect(await open()).toEqual([second.id]);
      const decided = await store.read(({ ledger }) => ledger.byId(ann.id, first.id));
      expect(decided?.decided).toEqual({ at: now, decision: "apply" });
    }),
  );

  test(
    "lets what is held be taken once, oldest first, and remembers that it was",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      await store.write(async ({ ledger }) => {
        for (const subject of ["first", "second"])
          await ledger.add(ledgerRecord(ann.id, { subject, uid, verdict: "held" }));
        await ledger.add(ledgerRecord(ann.id, { subject: "of another UID", uid: "other", verdict: "held" }));
        await ledger.add(ledgerRecord(bob.id, { subject: "Bob's", uid, verdict: "held" }));
        await ledger.add(ledgerRecord(ann.id, { subject: "not held", uid }));
      });
      const take = () => store.write(({ ledger }) => ledger.takeHeld(ann.id, uid));
      expect((await take()).map((row) => [row.subject, row.verdict])).toEqual([
        ["first", "held"],
        ["second", "held"],
      ]);
      expect(await take()).toEqual([]);
      const listed = await store.read(({ ledger }) => ledger.list(ann.id, { uid, limit: 9 }));
      expect(listed.map((row) => row.verdict)).toEqual(["applied", "held", "held"]);
    }),
  );
}

function testSources(makeBench: MakeBench): void {
  test(
    "keeps a source once, byte for byte, and knows the same mail again",
    withStore(makeBench, async (store, bench) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      const bytes = Uint8Array.from({ length: 70_000 }, (_, position) => position % 256);
      const [hash, again, other] = await store.write(async ({ ledger }) => [
        await ledger.putSource(bytes),
        await ledger.putSource(Uint8Array.from(bytes)),
        await ledger.putSource(source),
      ]);
      expect([again, await bench.count("sources")]).toEqual([hash, 2]);
      const messageId = "<1@example.test>";
      const row = await store.write(({ ledger }) =>
        ledger.add(ledgerRecord(ann.id, { messageId, source: hash ?? "" })),
      );
      await store.read(async ({ ledger }) => {
        expect(Buffer.from((await ledger.source(hash ?? "")) ?? []).equals(bytes)).toBe(true);
        expect(await ledger.source("no hash")).toBeUndefined();
        expect((await ledger.duplicate(ann.id, messageId, hash ?? ""))?.id).toBe(row.id);
        expect(await ledger.duplicate(ann.id, messageId, other ?? "")).toBeUndefined();
        expect(await ledger.duplicate(ann.id, "<2@example.test>", hash ?? "")).toBeUndefined();
        expect(await ledger.duplicate(bob.id, messageId, hash ?? "")).toBeUndefined();
        // One with a Message-ID is not the one without.
        expect(await ledger.duplicate(ann.id, undefined, hash ?? "")).toBeUndefined();
      });
      const nameless = await store.write(({ ledger }) => ledger.add(ledgerRecord(ann.id, { source: other ?? "" })));
      await store.read(async ({ ledger }) => {
        expect((await ledger.duplicate(ann.id, undefined, other ?? ""))?.id).toBe(nameless.id);
        expect(await ledger.duplicate(ann.id, messageId, other ?? "")).toBeUndefined();
        expect(await ledger.duplicate(bob.id, undefined, other ?? "")).toBeUndefined();
      });
    }),
  );
}
