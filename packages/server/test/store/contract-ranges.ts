import { type Participation, participationKey } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { rangesApart } from "../../src/store/migrations/0021-ranges-of-answers.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, answer, saveAnswer, uid } from "./fixtures.ts";

const guest = "guest@example.test";
const instance = "20270122T080000Z";
const later = "20270129T080000Z";
const fromThenOn = (partstat: Participation["partstat"], key: string): Participation => ({
  ...answer(guest, partstat, key),
  range: "this-and-future",
});

/** Answers to one Instance, and to that and all after. Decision 0042. */
export function testRanges(makeBench: MakeBench): void {
  describe("answers to ranges", () => {
    test(
      "are kept beside those to the first Instance alone, each in a row of its own",
      withStore(makeBench, async (store, bench) => {
        const ann = await addAnn(store);
        const said = [
          fromThenOn("TENTATIVE", instance),
          answer(guest, "DECLINED", instance),
          fromThenOn("ACCEPTED", later),
          answer(guest, "ACCEPTED"),
        ];
        for (const one of [...said, ...said]) await store.write((transaction) => saveAnswer(transaction, ann.id, one));
        const loaded = await store.read(({ objects }) => objects.byUid(ann.id, uid));
        const kept = said.map((one) => [participationKey(one.attendee, one.key, one.range), one] as const);
        expect(new Map(loaded?.state.participations.stored)).toEqual(new Map(kept));
        expect(new Map(loaded?.state.answerRanges.stored)).toEqual(new Map([[guest, [instance, later]]]));
        expect(await bench.count("participations")).toBe(said.length);
      }),
    );

    test(
      "of a database from before they were kept apart mean what they meant",
      withStore(makeBench, async (store, bench) => {
        const ann = await addAnn(store);
        const full: Participation = {
          ...answer(guest, "DELEGATED", later),
          comment: "Can't, sorry",
          percentComplete: 40,
          completed: 1_800_000_000,
          requestStatus: { code: [3, 14], description: "Unsupported" },
          delegatedTo: [answer("other@example.test").attendee],
          informed: true,
        };
        const said = [fromThenOn("TENTATIVE", instance), full, answer(guest, "ACCEPTED")];
        for (const one of said) await store.write((transaction) => saveAnswer(transaction, ann.id, one));
        const before = await store.read(({ objects }) => objects.byUid(ann.id, uid));
        await bench.run(asBefore.join(";"));
        await bench.run(rangesApart.join(";"));
        const node = await bench.open();
        expect(await node.read(({ objects }) => objects.byUid(ann.id, uid))).toEqual(before);
        await node.write((transaction) => saveAnswer(transaction, ann.id, answer(guest, "DECLINED", instance)));
        expect(await bench.count("participations")).toBe(said.length + 1);
        await node.close();
      }),
    );
  });
}

const columns =
  "object_id, instance, attendee, partstat, reply_sequence, reply_dtstamp, answered_sequence, comment, percent_complete, sent_by, delegated_to, delegated_from, completed, request_status, informed";

/** Puts the table back as it was before: one row for an Attendee and an Instance. */
const asBefore = [
  "alter table participations rename to participations_apart",
  `create table participations (object_id bigint not null references objects (id) on delete cascade, instance text not null,
    attendee text not null, partstat text not null, reply_sequence bigint not null, reply_dtstamp bigint not null,
    answered_sequence bigint not null, comment text, percent_complete integer, sent_by text, delegated_to text,
    delegated_from text, "range" text, completed bigint, request_status text, informed integer,
    constraint participations_key primary key (object_id, instance, attendee))`,
  `insert into participations (${columns}, "range") select ${columns}, nullif("range", '') from participations_apart`,
  "drop table participations_apart",
];
