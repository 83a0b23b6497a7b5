import { existsSync, readFileSync } from "node:fs";
import {
  allRegisters,
  type CalendarUserAddress,
  leadingComponent,
  parseAddress,
  participationKey,
  receive,
  schedule,
  unknownState,
} from "@parley/engine";
import { intlZoneProvider, makeZoneResolver, utc } from "@parley/engine/recurrence";
import { describeChanges } from "@parley/engine/sentences";
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../src/limits.ts";
import { applied, meeting } from "./counter-world.ts";
import { ann, clara, contextOf, evidenceOf, fixture, readText } from "./world.ts";

const event = { uid: "planning-2027@example.test" };
const viewer = { zone: utc, zones: makeZoneResolver([], intlZoneProvider, defaultLimits) };

describe("a COUNTER as others write it", () => {
  test("Exchange: no ORGANIZER, times in a zone of Windows, the title in words; only the time is proposed", () => {
    const { organizer } = meeting(event);
    const counter = readText(fixture("dialects/exchange-counter.ics"), "COUNTER", clara);
    expect(leadingComponent(counter.object).organizer).toBeUndefined();
    const outcome = applied(organizer.receive(counter));
    expect(describeChanges(outcome.changes, viewer)).toEqual([
      "clara@partner.test accepted tentatively: “An hour later would be better”",
      "clara@partner.test proposes Wednesday, 10 March 2027, 10:00–11:00 (UTC) instead of Wednesday, 10 March 2027, 09:00–10:00 (UTC): “An hour later would be better”",
    ]);
    expect(allRegisters(outcome.state.proposals).get(participationKey(clara, ""))).toMatchObject({ status: "open" });
  });

  test("Google: SEQUENCE raised, the note in a parameter, the guest's own PARTSTAT", () => {
    const { organizer } = meeting(event);
    const counter = readText(fixture("dialects/google-counter.ics"), "COUNTER", clara);
    const outcome = applied(organizer.receive(counter));
    expect(outcome.changes).toMatchObject([
      { kind: "participation", new: "ACCEPTED", outdated: false },
      { kind: "proposal", status: "open", comment: "I can’t be there at nine" },
    ]);
    const decline = applied(organizer.act({ kind: "decline-proposal", attendee: clara })).messages[0];
    // ITIP-3.2.8-02: the SEQUENCE of the COUNTER, as it was written.
    expect(decline && leadingComponent(decline.object).revision.sequence).toBe(1);
  });
});

/** The event a COUNTER is about, as its Organizer would have made it: an hour, or a series where an Instance is named. */
function receiveAtOrganizer(text: string, from: CalendarUserAddress, series: string) {
  const counter = readText(text, "COUNTER", from);
  const { component, organizer } = leadingComponent(counter.object);
  const owner = organizer?.address ?? ann;
  const lines = component.properties.filter(({ name }) => name === "UID").map(({ value }) => `UID:${value}`);
  const made = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Test//EN",
    "METHOD:REQUEST",
    "BEGIN:VEVENT",
    ...lines,
    "DTSTAMP:19970101T000000Z",
    series,
    "SUMMARY:Something",
    `ORGANIZER:mailto:${owner}`,
    `ATTENDEE:mailto:${from}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  const before = schedule(unknownState, readText(made, "REQUEST", owner).object, contextOf(owner));
  return receive(applied(before).state, counter, evidenceOf(from), contextOf(owner));
}

const shared = new URL("../../../../../shared/", import.meta.url);
const cases = [
  ["corpus/google/google-counter-x-response-comment.ics", "selma@larch.example.org", "DTSTART:20260715T000000Z"],
  ["corpus/rfc-samples/counter.ics", "b@example.com", "DTSTART:19970701T210000Z\r\nRRULE:FREQ=WEEKLY"],
  ["requirements/examples/itip-4.2.4b-counter.ics", "b@example.com", "DTSTART:19970701T190000Z"],
  [
    "requirements/examples/itip-4.4.9-counter-instance.ics",
    "b@example.com",
    "DTSTART:19970701T210000Z\r\nRRULE:FREQ=WEEKLY",
  ],
] as const;

describe("the COUNTERs of others", () => {
  for (const [name, from, series] of cases) {
    const file = new URL(name, shared);
    const isThere = existsSync(file);
    test.skipIf(!isThere)(
      `${name} is a proposal of another time${isThere ? "" : " (SKIPPED: not on this machine)"}`,
      () => {
        const maker = parseAddress(from);
        if (!maker) throw new Error("no address");
        const { changes } = applied(receiveAtOrganizer(readFileSync(file, "utf8"), maker, series));
        const proposal = changes.find(({ kind }) => kind === "proposal");
        expect(proposal).toMatchObject({ kind: "proposal", attendee: maker, status: "open" });
        const names = proposal?.kind === "proposal" ? proposal.updates.map((update) => update.name) : [];
        expect(names).toContain("DTSTART");
      },
    );
  }
});
