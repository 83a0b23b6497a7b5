import {
  allRegisters,
  type CalendarObject,
  componentAt,
  leadingComponent,
  openProposals,
  participationKey,
  schedule,
  settleState,
} from "@parley/engine";
import { describe, expect, test } from "vitest";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import { applied, counterText, meeting, only, property, userOf, values, zonedMeeting } from "./counter-world.ts";
import { series } from "./organize-helpers.ts";
import { ann, ben, clara, contextOf, noon } from "./world.ts";

const weekly = ["RRULE:FREQ=WEEKLY;COUNT=5", "LOCATION:Room 1"];
/** The Instance of 17 March, and its time two hours later. */
const key = "20270317T090000Z";
const moved = [property("DTSTART", "20270317T110000Z"), property("DTEND", "20270317T120000Z")];

describe("ITIP-3.7.1-03 a COUNTER for one Instance", () => {
  test("without a component of its own names it by its original start and repeats no rule", () => {
    const { guest } = meeting({ lines: weekly });
    const counter = only(applied(guest.act({ kind: "counter", changes: moved, key })).messages);
    expect(checkRestrictions(counter)).toEqual([]);
    expect(values(counter, "RECURRENCE-ID", "DTSTART", "DTEND", "RRULE", "LOCATION", "SEQUENCE")).toEqual({
      "RECURRENCE-ID": ["20270317T090000Z"],
      DTSTART: ["20270317T110000Z"],
      DTEND: ["20270317T120000Z"],
      RRULE: [],
      LOCATION: ["Room 1"],
      SEQUENCE: ["0"],
    });
    expect(values(counter, "X-MS-OLK-ORIGINALSTART")).toEqual({ "X-MS-OLK-ORIGINALSTART": ["20270317T090000Z"] });
  });

  test("taken up becomes a component of its own; the series stays", () => {
    const { organizer, guest } = meeting({ lines: weekly });
    const { master } = organizer.state.object ?? {};
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes: moved, key })).messages)));
    expect(organizer.state.object?.overrides.size).toBe(0);
    const outcome = applied(organizer.act({ kind: "accept-proposal", attendee: clara, key }, noon + 60));
    const { object } = outcome.state;
    expect(object && componentAt(object, key)?.component.properties).toContainEqual(moved[0]);
    expect(object?.master?.component).toEqual(master?.component);
    expect(outcome.messages.flatMap(({ recipients }) => recipients).sort()).toEqual([ben, clara]);
    for (const message of outcome.messages) {
      expect(message.method).toBe("REQUEST");
      expect(checkRestrictions(message)).toEqual([]);
      expect(message.object.overrides.get(key)?.revision.sequence).toBe(1);
      applied(guest.receive(message, ann, noon + 61));
    }
    expect(guest.state.object?.overrides.get(key)?.component.properties).toContainEqual(moved[0]);
  });

  test("declined names that Instance, and declines nothing else of its maker's", () => {
    const { organizer, guest } = meeting({ lines: weekly });
    const whole = [property("LOCATION", "Roof")];
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes: moved, key })).messages)));
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes: whole }, noon + 1)).messages)));
    const decline = only(applied(organizer.act({ kind: "decline-proposal", attendee: clara, key }, noon + 2)).messages);
    expect(checkRestrictions(decline)).toEqual([]);
    expect(values(decline, "RECURRENCE-ID", "RRULE")).toEqual({ "RECURRENCE-ID": [key], RRULE: [] });
    applied(guest.receive(decline, ann, noon + 3));
    const statuses = (of: typeof guest) =>
      [...allRegisters(of.state.proposals).values()].map((each) => [each.key, each.status]).sort();
    expect(statuses(guest)).toEqual([
      ["", "open"],
      [key, "declined"],
    ]);
    expect(statuses(organizer)).toEqual(statuses(guest));
  });

  test("that is no more, declined all the same, is still named", () => {
    const { organizer, guest } = meeting({ lines: weekly });
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes: moved, key })).messages)));
    const { object } = organizer.state;
    if (!object?.master) throw new Error("no series");
    const { component } = object.master;
    const properties = [...component.properties, property("EXDATE", key)];
    organizer.state = {
      ...organizer.state,
      object: { ...object, master: { ...object.master, component: { ...component, properties } } },
    };
    const [waiting] = openProposals(organizer.state, contextOf(ann));
    expect(waiting).toMatchObject({ attendee: clara, key, status: "outdated" });
    const decline = only(applied(organizer.act({ kind: "decline-proposal", attendee: clara, key })).messages);
    expect(checkRestrictions(decline)).toEqual([]);
    expect(applied(guest.receive(decline, ann)).changes).toMatchObject([{ kind: "proposal", key, status: "declined" }]);
    expect(organizer.act({ kind: "accept-proposal", attendee: clara, key })).toMatchObject({ reason: "no-proposal" });
  });

  test("there is not, or from one Instance on, is rejected and nothing is kept", () => {
    const { organizer } = meeting({ lines: weekly });
    const nowhere = counterText({ lines: ["RECURRENCE-ID:20270318T090000Z"] });
    expect(organizer.receive(nowhere)).toMatchObject({ kind: "rejected", status: { code: [3, 1] } });
    const ranged = counterText({ lines: [`RECURRENCE-ID;RANGE=THISANDFUTURE:${key}`] });
    expect(organizer.receive(ranged)).toMatchObject({ kind: "rejected", status: { code: [3, 14] } });
    expect(allRegisters(organizer.state.proposals).size).toBe(0);
  });
});

test("one who knows an Instance alone proposes for that", () => {
  const { guest } = meeting({ start: "20270317T090000Z", end: "20270317T100000Z", lines: [`RECURRENCE-ID:${key}`] });
  const counter = only(applied(guest.act({ kind: "counter", changes: moved })).messages);
  expect(values(counter, "RECURRENCE-ID", "DTSTART")).toEqual({
    "RECURRENCE-ID": [key],
    DTSTART: ["20270317T110000Z"],
  });
});

describe("a COUNTER for a series", () => {
  test("with another rule is taken up with it", () => {
    const { organizer, guest } = meeting({ lines: weekly });
    const changes = [property("RRULE", "FREQ=WEEKLY;INTERVAL=2;COUNT=5")];
    const counter = only(applied(guest.act({ kind: "counter", changes })).messages);
    expect(values(counter, "RRULE", "DTSTART")).toEqual({
      RRULE: ["FREQ=WEEKLY;INTERVAL=2;COUNT=5"],
      DTSTART: ["20270310T090000Z"],
    });
    applied(organizer.receive(counter));
    const request = applied(organizer.act({ kind: "accept-proposal", attendee: clara })).messages[0];
    expect(request && values(request, "RRULE", "SEQUENCE")).toEqual({
      RRULE: ["FREQ=WEEKLY;INTERVAL=2;COUNT=5"],
      SEQUENCE: ["1"],
    });
  });

  test("in its own zone keeps that, whatever zone the proposal is written in", () => {
    const { organizer } = zonedMeeting();
    applied(organizer.receive(counterText({ start: "20270310T100000Z", end: "20270310T110000Z", lines: weekly })));
    const request = applied(organizer.act({ kind: "accept-proposal", attendee: clara })).messages[0];
    const { component } = (request && leadingComponent(request.object)) ?? {};
    expect(component?.properties.find(({ name }) => name === "DTSTART")).toMatchObject({
      parameters: [{ name: "TZID", value: "Europe/Berlin" }],
      value: "20270310T110000",
    });
    expect(request?.calendar.components.map(({ name }) => name)).toEqual(["VTIMEZONE", "VEVENT"]);
  });
});

describe("who does not see all of a series proposes another place for what they see", () => {
  const seriesOf = (name: string): CalendarObject =>
    series([
      { lines: ["DTSTART:20270310T090000Z", "DTEND:20270310T100000Z", ...weekly], guests: [ben, clara] },
      { lines: [`${name}:${key}`, `DTSTART:${key}`, "DTEND:20270317T100000Z"], guests: [ben] },
    ]);

  test.each([
    ["one Instance", "RECURRENCE-ID", "EXDATE"],
    ["all from one on", "RECURRENCE-ID;RANGE=THISANDFUTURE", "UNTIL"],
  ])("%s is not theirs, and stays", (_name, name, left) => {
    const organizer = userOf(ann);
    const guest = userOf(clara);
    const begun = applied(schedule(organizer.state, seriesOf(name), contextOf(ann)));
    organizer.state = settleState(begun.state);
    const request = only(begun.messages.filter(({ recipients }) => recipients.includes(clara)));
    applied(guest.receive(request, ann));
    const { master } = organizer.state.object ?? {};
    const counter = only(applied(guest.act({ kind: "counter", changes: [property("LOCATION", "Roof")] })).messages);
    expect(JSON.stringify(values(counter, "RRULE", "EXDATE"))).toContain(left === "UNTIL" ? left : key);
    applied(organizer.receive(counter));
    expect(openProposals(organizer.state, contextOf(ann))).toMatchObject([{ updates: [{ name: "LOCATION" }] }]);
    applied(organizer.act({ kind: "accept-proposal", attendee: clara }, noon + 60));
    const after = organizer.state.object?.master?.component.properties ?? [];
    for (const rule of ["RRULE", "EXDATE"]) {
      const before = master?.component.properties.filter((each) => each.name === rule);
      expect(after.filter((each) => each.name === rule)).toEqual(before);
    }
    expect(after).toContainEqual(property("LOCATION", "Roof"));
    expect(organizer.state.object?.overrides.has(key)).toBe(true);
  });
});

describe("Exchange, without RECURRENCE-ID", () => {
  const exchange = (original: string) =>
    counterText({
      start: "20270317T110000Z",
      end: "20270317T120000Z",
      lines: [`X-MS-OLK-ORIGINALSTART:${original}`],
    });

  test("means the Instance that starts at the original time", () => {
    const { organizer } = meeting({ lines: weekly });
    applied(organizer.receive(exchange("20270317T090000Z")));
    expect([...allRegisters(organizer.state.proposals).keys()]).toEqual([participationKey(clara, key)]);
  });

  test("means nothing where no Instance starts then", () => {
    const { organizer } = meeting({ lines: weekly });
    expect(organizer.receive(exchange("20270317T093000Z"))).toMatchObject({
      kind: "rejected",
      status: { code: [3, 1] },
    });
  });

  test("means a moved Instance by the time it has now", () => {
    const { organizer, guest } = meeting({ lines: weekly });
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes: moved, key })).messages)));
    applied(organizer.act({ kind: "accept-proposal", attendee: clara, key }, noon + 60));
    const again = counterText({
      sequence: 1,
      dtstamp: "20270302T130000Z",
      start: "20270317T150000Z",
      end: "20270317T160000Z",
      lines: ["X-MS-OLK-ORIGINALSTART:20270317T110000Z"],
    });
    applied(organizer.receive(again, clara, noon + 7_200));
    expect(allRegisters(organizer.state.proposals).get(participationKey(clara, key))).toMatchObject({ status: "open" });
    expect(leadingComponent(again.object).key).toBe("");
  });
});
