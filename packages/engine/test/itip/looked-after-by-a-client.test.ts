import {
  keepObject,
  leadingComponent,
  renderComponent,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { firstProperty } from "@parley/engine/icalendar";
import { describe, expect, test } from "vitest";
import { ann, applied, ben, clara, contextOf, message, noon } from "./world.ts";

/** A meeting of Ann's with Ben as a line says. */
const meeting = (ben: string, summary = "Planning") =>
  message({ method: "REQUEST", attendees: [`${ben}:mailto:ben@example.test`, ":mailto:clara@partner.test"], summary })
    .object;

const shownOf = (state: SchedulingState) => {
  if (!state.object) throw new Error("it was removed");
  return renderComponent(state, leadingComponent(state.object));
};

const attendeeOf = (state: SchedulingState) =>
  shownOf(state).properties.find(({ name, value }) => name === "ATTENDEE" && value.includes("ben@"));

describe("RFC 6638 §7.1: an Attendee whom a client looks after", () => {
  test("answers to the client: what it writes is kept, and nobody is told", () => {
    const began = applied(schedule(unknownState, meeting(";SCHEDULE-AGENT=CLIENT;PARTSTAT=TENTATIVE"), contextOf(ann)));
    expect(began.messages.flatMap(({ recipients }) => recipients)).toEqual([clara]);
    expect(attendeeOf(began.state)?.parameters).toContainEqual({ name: "PARTSTAT", value: "TENTATIVE" });
    const later = { ...contextOf(ann), now: noon + 60 };
    const after = meeting(";SCHEDULE-AGENT=CLIENT;PARTSTAT=DECLINED");
    const changed = applied(schedule(settleState(began.state), after, later));
    expect(changed.messages).toEqual([]);
    expect(attendeeOf(changed.state)?.parameters).toContainEqual({ name: "PARTSTAT", value: "DECLINED" });
  });

  test("is sent nothing either where the value is one that nobody knows", () => {
    const began = applied(schedule(unknownState, meeting(";SCHEDULE-AGENT=X-ODD"), contextOf(ann)));
    expect(began.messages.flatMap(({ recipients }) => recipients)).toEqual([clara]);
  });
});

describe("an object that is kept as it is", () => {
  test("tells nobody, has the revision it was written with, and nothing of its owner's beside it", () => {
    const own = {
      stored: new Map(),
      written: new Map([["", { properties: [{ name: "COLOR", parameters: [], value: "red" }], alarms: [] }]]),
    };
    const kept = keepObject({ ...unknownState, own }, meeting(""));
    expect(kept.messages).toEqual([]);
    expect(kept.state.revisions.written.get("")?.latest).toEqual(leadingComponent(meeting("")).revision);
    expect(firstProperty(shownOf(kept.state), "COLOR")).toBeUndefined();
    expect(firstProperty(shownOf(kept.state), "SUMMARY")?.value).toBe("Planning");
  });
});

describe("RFC 6638 §3.2.2.1: what a guest keeps for themselves", () => {
  test("is an X- property that the Organizer does not have like that, and goes on being the Organizer's where they do", () => {
    const theirs = { name: "X-THEIRS", parameters: [], value: "1" };
    const mine = { name: "X-MINE", parameters: [], value: "2" };
    const object = meeting("");
    const [leading] = [leadingComponent(object)];
    const withLines = (...lines: readonly (typeof mine)[]) => ({
      ...object,
      master: {
        ...leading,
        component: { ...leading.component, properties: [...leading.component.properties, ...lines] },
      },
    });
    const copy = settleState(keepObject(unknownState, withLines(theirs)).state);
    const changed = applied(schedule(copy, withLines(theirs, mine), contextOf(ben)));
    expect(changed.state.own.written.get("")?.properties).toEqual([mine]);
    expect(shownOf(changed.state).properties).toEqual(expect.arrayContaining([theirs, mine]));
  });
});
