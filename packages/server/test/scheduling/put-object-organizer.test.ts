import { describe, expect, test } from "vitest";
import { withStore } from "../store/bench.ts";
import { sqliteBench } from "../store/benches.ts";
import { type CalendarWorld, calendarOf, calendarWorld, eventLines, meeting } from "./calendar-world.ts";
import { replyOf, storeOptions } from "./house.ts";

const name = "a.ics";
const ben = ":mailto:ben@example.test";

function inWorld(run: (world: CalendarWorld) => Promise<void>): () => Promise<void> {
  return withStore(
    () => sqliteBench(storeOptions),
    async (store) => run(await calendarWorld(store)),
  );
}

/** How Ben can stand on a list: RFC 6638 §3.2.1.2. */
const stands = {
  absent: [],
  SERVER: [":mailto:ben@example.test"],
  CLIENT: [";SCHEDULE-AGENT=CLIENT:mailto:ben@example.test"],
  NONE: [";SCHEDULE-AGENT=NONE:mailto:ben@example.test"],
} as const;
type Stand = keyof typeof stands;

/** What Ben is sent when the row is what was, and the column what is. Eva is on both lists, so that it stays a meeting. */
const cells: Readonly<Record<Stand, Readonly<Record<Stand, string | undefined>>>> = {
  absent: { absent: undefined, SERVER: "REQUEST", CLIENT: undefined, NONE: undefined },
  SERVER: { absent: "CANCEL", SERVER: "REQUEST", CLIENT: "CANCEL", NONE: "CANCEL" },
  CLIENT: { absent: undefined, SERVER: "REQUEST", CLIENT: undefined, NONE: undefined },
  NONE: { absent: undefined, SERVER: "REQUEST", CLIENT: undefined, NONE: undefined },
};

describe("CALSCHED-3.2.1.2-01, CALSCHED-3.2.1.2-02, CALSCHED-3.2.1.2-03, CALSCHED-3.2.1.2-04 and CALSCHED-3.2.1.2-05: a changed list", () => {
  for (const [before, row] of Object.entries(cells)) {
    for (const [after, method] of Object.entries(row)) {
      test(
        `from ${before} to ${after} sends ${method ?? "nothing"}`,
        inWorld(async ({ ann, keep, deliver }) => {
          const eva = ":mailto:eva@elsewhere.test";
          await keep(ann, name, meeting([eva, ...stands[before as Stand]], "LOCATION:Here"));
          await deliver();
          await keep(ann, name, meeting([eva, ...stands[after as Stand]], "LOCATION:There"));
          const sent = await deliver();
          expect(sent.filter((one) => one.endsWith("ben@example.test"))).toEqual(
            method ? [`${method} ben@example.test`] : [],
          );
        }),
      );
    }
  }
});

describe("CALSCHED-3.2.3.1-01: a PUT", () => {
  const plain = calendarOf(eventLines());
  const rows: readonly (readonly [string, string | undefined, string, readonly string[]])[] = [
    ["of nothing to a plain object does nothing", undefined, plain, []],
    ["of nothing to a scheduled one creates", undefined, meeting([ben]), ["REQUEST ben@example.test"]],
    ["of a plain object to a plain one does nothing", plain, plain.replace("Planning", "Other"), []],
    ["of a plain object to a scheduled one creates", plain, meeting([ben]), ["REQUEST ben@example.test"]],
    ["of a scheduled one to a plain one removes", meeting([ben]), plain, ["CANCEL ben@example.test"]],
    [
      "of a scheduled one to a scheduled one modifies",
      meeting([ben]),
      meeting([ben]).replace("Planning", "Other"),
      ["REQUEST ben@example.test"],
    ],
    ["of a scheduled one as it was sends nothing", meeting([ben]), meeting([ben]), []],
  ];
  for (const [title, before, after, sent] of rows) {
    test(
      title,
      inWorld(async ({ ann, keep, deliver }) => {
        if (before) await keep(ann, name, before);
        await deliver();
        await keep(ann, name, after);
        expect(await deliver()).toEqual(sent);
      }),
    );
  }
});

describe("what a client says to the server alone", () => {
  test(
    "CALSCHED-7.2-01, CALSCHED-7.2-02, CALSCHED-7.1-02 and CALSCHED-7.3-05: SCHEDULE-FORCE-SEND sends an unchanged object again to whom it names, and is not kept",
    inWorld(async ({ ann, keep, deliver, get, pass, mails }) => {
      const eva = ":mailto:eva@elsewhere.test";
      await keep(ann, name, meeting([ben, eva]));
      await deliver();
      pass(100);
      await keep(ann, name, meeting([`;SCHEDULE-FORCE-SEND=REQUEST${ben}`, eva]));
      expect(await deliver()).toEqual(["REQUEST ben@example.test"]);
      expect(await get(ann, name)).not.toContain("FORCE-SEND");
      await keep(ann, name, meeting([ben, `;SCHEDULE-FORCE-SEND=REQUEST${eva}`], "LOCATION:There"));
      expect(await deliver()).toEqual(["REQUEST ben@example.test", "REQUEST eva@elsewhere.test"]);
      await keep(ann, name, meeting([`;SCHEDULE-FORCE-SEND=ODD${ben}`, eva], "LOCATION:There"));
      expect(await deliver()).toEqual([]);
      expect(mails.every(({ raw }) => !new TextDecoder().decode(raw).includes("SCHEDULE-"))).toBe(true);
    }),
  );

  test(
    "CALSCHED-7.3-01 and CALSCHED-7.3-04: SCHEDULE-STATUS is not taken from it, but of whom it looks after itself, whose answers it keeps too",
    inWorld(async ({ ann, keep, get, deliver }) => {
      const own = ";SCHEDULE-AGENT=CLIENT;PARTSTAT=TENTATIVE;SCHEDULE-STATUS=1.1:mailto:c@elsewhere.test";
      await keep(ann, name, meeting([";SCHEDULE-STATUS=5.3;PARTSTAT=ACCEPTED:mailto:ben@example.test", own]));
      await deliver();
      const lines = (await get(ann, name))?.split("\n").filter((line) => line.startsWith("ATTENDEE"));
      expect(lines?.[0]).toContain("PARTSTAT=NEEDS-ACTION");
      expect(lines?.[0]).toContain("SCHEDULE-STATUS=1.2");
      expect(lines?.[1]).toBe(`ATTENDEE${own}`);
      await keep(ann, name, meeting([ben, own.replace("TENTATIVE", "DECLINED")]));
      expect(await get(ann, name)).toContain("PARTSTAT=DECLINED");
      expect(await deliver()).toEqual([]);
    }),
  );
});

describe("CALSCHED-3.2.1.3-01 and CALSCHED-3.2.3.2-01: a DELETE", () => {
  test(
    "sends a CANCEL to whom the server looks after, whatever Schedule-Reply says",
    inWorld(async ({ ann, ben: guest, keep, remove, deliver, names, get }) => {
      await keep(
        ann,
        name,
        meeting([
          ben,
          ";SCHEDULE-AGENT=CLIENT:mailto:c@elsewhere.test",
          ";SCHEDULE-AGENT=NONE:mailto:n@elsewhere.test",
        ]),
      );
      await deliver();
      expect(await remove(ann, name, { reply: false })).toEqual({ kind: "done" });
      expect(await deliver()).toEqual(["CANCEL ben@example.test"]);
      expect(await names(ann)).toEqual([]);
      const [copy = ""] = await names(guest);
      expect(await get(guest, copy)).toContain("STATUS:CANCELLED");
      expect(await remove(ann, name)).toEqual({ kind: "not-found" });
    }),
  );
});

describe("Schedule-Tag", () => {
  test(
    "CALSCHED-3.2.10-05 and CALSCHED-3.2.10-06, CALSCHED-3.2.10.1-01 and CALSCHED-3.2.10.1-02: stays while guests answer, and changes as the organizer's program writes",
    inWorld(async ({ ann, keep, put, member, deliver, mail, get }) => {
      const made = await keep(ann, name, meeting([ben, ":mailto:eva@elsewhere.test"]));
      await deliver();
      await mail(replyOf("eva@elsewhere.test", "ACCEPTED", "one@example.test"), ann);
      const answered = await member(ann, name);
      expect(answered?.scheduleTag).toBe(made.scheduleTag);
      expect(answered?.etag).not.toBe(made.etag);
      const changed = meeting([ben, ":mailto:eva@elsewhere.test"], "LOCATION:There");
      expect(await put(ann, name, changed, { ifMatch: [made.etag] })).toEqual({ kind: "condition-failed" });
      const tagged = { ifScheduleTagMatch: made.scheduleTag ?? "" };
      const kept = await put(ann, name, changed, tagged);
      expect(kept).toMatchObject({ kind: "done", isNew: false });
      expect(kept.kind === "done" && kept.member.scheduleTag).not.toBe(made.scheduleTag);
      expect(await get(ann, name)).toMatch(/PARTSTAT=ACCEPTED[^\n]*eva@elsewhere/);
      await deliver();
      const before = await get(ann, name);
      expect(await put(ann, name, meeting([ben]), tagged)).toEqual({ kind: "condition-failed" });
      expect(await get(ann, name)).toBe(before);
      expect(await deliver()).toEqual([]);
    }),
  );
});
