import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Principal } from "../../src/store/store.ts";
import { withStore } from "../store/bench.ts";
import { sqliteBench } from "../store/benches.ts";
import { type CalendarWorld, calendarOf, calendarWorld, eventLines } from "./calendar-world.ts";
import { replyOf, storeOptions } from "./house.ts";

/** What Ann's program may write next. */
interface Version {
  readonly rule: boolean;
  readonly instance: boolean;
  readonly without: boolean;
  readonly place: string;
  readonly hour: string;
  readonly guests: readonly string[];
  readonly type: "VEVENT" | "VTODO";
}

const guests = [
  "ATTENDEE:mailto:ben@example.test",
  "ATTENDEE;CN=Eva;ROLE=OPT-PARTICIPANT:mailto:eva@elsewhere.test",
  "ATTENDEE;SCHEDULE-AGENT=CLIENT;PARTSTAT=TENTATIVE:mailto:c@elsewhere.test",
  "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.test",
];

const version: fc.Arbitrary<Version> = fc.record({
  rule: fc.boolean(),
  instance: fc.boolean(),
  without: fc.boolean(),
  place: fc.constantFrom("Here", "There"),
  hour: fc.constantFrom("09", "10"),
  guests: fc.subarray(guests),
  type: fc.constant("VEVENT" as const),
});

function textOf({ rule, instance, without, place, hour, guests: invited }: Version): string {
  const people = invited.length > 0 ? ["ORGANIZER:mailto:ann@example.test", ...invited] : [];
  const master = eventLines(
    ...(rule ? ["RRULE:FREQ=DAILY;COUNT=6"] : []),
    ...(rule && without ? [`EXDATE:20270305T${hour}0000Z`] : []),
    `LOCATION:${place}`,
    ...people,
    ...["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT5M", "END:VALARM"],
  );
  const one = eventLines(`RECURRENCE-ID:20270304T${hour}0000Z`, "LOCATION:Elsewhere", ...people).map((line) =>
    line.replace(/^(DTSTART|DTEND):20270302/, "$1:20270304"),
  );
  const components = rule && instance ? [master, one] : [master];
  return calendarOf(
    ...components.map((lines) =>
      lines.map((line) => line.replace(/^(DTSTART:\d+T)09/, `$1${hour}`).replace(/^(DTEND:\d+T)10/, `$111`)),
    ),
  );
}

type Step =
  | { readonly kind: "write"; readonly version: Version }
  | { readonly kind: "answer"; readonly partstat: string }
  | { readonly kind: "leave out"; readonly day: string }
  | { readonly kind: "mail"; readonly partstat: string };

const partstat = fc.constantFrom("ACCEPTED", "DECLINED", "TENTATIVE");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: version.map((one) => ({ kind: "write", version: one }) as const) },
  { weight: 2, arbitrary: partstat.map((one) => ({ kind: "answer", partstat: one }) as const) },
  { weight: 2, arbitrary: fc.constantFrom("03", "04", "05").map((day) => ({ kind: "leave out", day }) as const) },
  { weight: 1, arbitrary: partstat.map((one) => ({ kind: "mail", partstat: one }) as const) },
);

async function doStep(world: CalendarWorld, one: Step): Promise<void> {
  const { ann, ben, keep, mail, names, get } = world;
  if (one.kind === "write") {
    await keep(ann, "a.ics", textOf(one.version));
    return;
  }
  if (one.kind === "mail") {
    await mail(replyOf("eva@elsewhere.test", one.partstat, "one@example.test"), ann);
    return;
  }
  const [copy = ""] = await names(ben);
  const text = await get(ben, copy);
  if (text === undefined) return;
  const [first = ""] = text.split("END:VEVENT");
  const changed =
    one.kind === "answer"
      ? first.replace(/PARTSTAT=[A-Z-]+([^\n]*ben@)/, `PARTSTAT=${one.partstat}$1`)
      : first.replace("RRULE", `EXDATE:202703${one.day}T${/DTSTART:\d+T(\d\d)/.exec(first)?.[1]}0000Z\nRRULE`);
  await keep(ben, copy, text.replace(first, () => changed).replaceAll("\n", "\r\n"));
}

/** A program writes what it was given. */
async function writeBack({ keep, get, names, deliver }: CalendarWorld, who: Principal): Promise<void> {
  for (const name of await names(who)) {
    const text = (await get(who, name)) ?? "";
    await keep(who, name, text.replaceAll("\n", "\r\n"));
    expect(await deliver(), text).toEqual([]);
    expect(await get(who, name)).toBe(text);
  }
}

describe("what a program was given", () => {
  test("can be written back at any time: nothing changes and nobody is told", async () => {
    const law = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
      const run = withStore(
        () => sqliteBench(storeOptions),
        async (store) => {
          const world = await calendarWorld(store);
          for (const one of steps) {
            world.pass(60);
            await doStep(world, one);
            await world.deliver();
            await writeBack(world, world.ann);
            await writeBack(world, world.ben);
          }
        },
      );
      await run();
    });
    await fc.assert(law, { numRuns: 15 });
  }, 60_000);
});
