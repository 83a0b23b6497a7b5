import { asked, one, request, says, sent, whole } from "./clara-versions.ts";
import { event, series } from "./copies.ts";
import { counterText } from "./counter-world.ts";
import { day, instance, key, stamp, thisAndFuture, weekly } from "./series.ts";
import { acts, attendee, from, gets, parts, policy, type Story, writes } from "./stories.ts";
import { address, ann, ben, clara, type EventText, message } from "./world.ts";

const emil = address("emil@partner.test");

const begins = writes("writes the event", event.object);
const beginsSeries = writes("writes the series", series.object);
const confirmed = { confirmedByOwner: true };

const proposed = (from = clara, over = {}) => counterText({ from, ...over });
const toSecond = (minute: number, ...lines: readonly string[]) =>
  from(clara, "COUNTER", [[...day("17", "16"), instance("17"), ...stamp(minute, 1), attendee(clara, ""), ...lines]]);
/** What is proposed to Ann. */
const proposedToAnn: readonly Story[] = [
  {
    name: "proposals one after the other",
    owner: ann,
    steps: [
      gets("one to what she does not have", proposed()),
      begins,
      gets(
        "one with an answer",
        proposed(clara, { attendees: [`;PARTSTAT=TENTATIVE:mailto:${clara}`], lines: ["COMMENT: Later? "] }),
      ),
      gets(
        "the same",
        proposed(clara, { attendees: [`;PARTSTAT=TENTATIVE:mailto:${clara}`], lines: ["COMMENT: Later? "] }),
      ),
      gets("another of the same second", proposed(clara, { start: "20270310T120000Z", end: "20270310T140000Z" })),
      gets("one more of the same second", proposed(clara, { start: "20270310T150000Z", end: "20270310T160000Z" })),
      gets(
        "an older one with a later answer",
        proposed(clara, { dtstamp: "20270301T100000Z", attendees: [`;PARTSTAT=DECLINED:mailto:${clara}`] }),
      ),
      gets("one of a later SEQUENCE", proposed(clara, { dtstamp: "20270302T110000Z", sequence: 5 })),
      gets("one by a tagged address", proposed(address("ben+x@example.test"))),
      gets("one of nobody invited", proposed(emil)),
      gets("one of nobody invited, whom the owner likes", proposed(emil, { lines: ["COMMENT:  "] }), confirmed),
      gets("one of the Organizer's own", proposed(ann)),
      writes("moves it", message({ method: "REQUEST", start: "20270311T090000Z", end: "20270311T100000Z" }).object),
      gets("one to what it was", proposed(ben, { dtstamp: "20270302T113000Z" })),
      gets(
        "one to what it was, with an answer",
        proposed(clara, { dtstamp: "20270302T114000Z", attendees: [`;PARTSTAT=ACCEPTED:mailto:${clara}`] }),
      ),
      acts("declines Clara's", { kind: "decline-proposal", attendee: clara, comment: " No " }),
      acts("accepts Ben's", { kind: "accept-proposal", attendee: ben }),
      acts("calls it off", { kind: "cancel" }),
      gets("one to what is called off", proposed(clara, { dtstamp: "20270302T115000Z" })),
    ],
  },
  {
    name: "proposals for Instances",
    owner: ann,
    steps: [
      beginsSeries,
      gets("for the second", toSecond(30, "COMMENT:Late")),
      gets(
        "for all after it",
        from(clara, "COUNTER", [
          [...day("24", "16"), instance("24", thisAndFuture), ...stamp(31), attendee(clara, "")],
        ]),
      ),
      gets(
        "for what there is not",
        from(clara, "COUNTER", [[...day("25", "16"), instance("25"), ...stamp(31), attendee(clara, "")]]),
      ),
      gets(
        "for the whole",
        from(clara, "COUNTER", [[...day("10", "16"), "RRULE:FREQ=WEEKLY;COUNT=5", ...stamp(32), attendee(clara, "")]]),
      ),
      gets(
        "for the one of that time",
        from(clara, "COUNTER", [
          [...day("24", "16"), "X-MS-OLK-ORIGINALSTART:20270324T090000Z", ...stamp(33), attendee(clara, "")],
        ]),
      ),
      gets(
        "for one of no such time",
        from(clara, "COUNTER", [
          [...day("24", "16"), "X-MS-OLK-ORIGINALSTART:20270324T093000Z", ...stamp(34), attendee(clara, "")],
        ]),
      ),
      gets(
        "for one without its time",
        from(clara, "COUNTER", [[...day("24", "16"), ...stamp(35), attendee(clara, "")]]),
      ),
      acts("calls the second off", { kind: "cancel", keys: [key("17")], comment: "Sorry" }),
      acts("declines what was for it", { kind: "decline-proposal", attendee: clara, key: key("17") }),
      gets("for the second again", toSecond(40)),
      gets(
        "for what there is not, of an older version",
        from(clara, "COUNTER", [[...day("25", "16"), instance("25"), ...stamp(41), attendee(clara, "")]]),
      ),
      writes(
        "without the third",
        parts("REQUEST", [[...weekly, `EXDATE:${key("24")}`, ...stamp(0), attendee(clara)]]).object,
      ),
      acts("declines what was for the third", { kind: "decline-proposal", attendee: clara, key: key("24") }),
    ],
  },
  {
    name: "proposals of before it repeated",
    owner: ann,
    steps: [
      begins,
      writes("makes it a series", message({ method: "REQUEST", lines: ["RRULE:FREQ=WEEKLY;COUNT=3"] }).object),
      gets("one of before, with its time", counterText({ lines: ["X-MS-OLK-ORIGINALSTART:20270317T090000Z"] })),
      gets("one for what there was", counterText({ lines: ["RECURRENCE-ID:20270311T090000Z"] })),
      gets(
        "one of now, with its time",
        counterText({ sequence: 1, from: ben, lines: ["X-MS-OLK-ORIGINALSTART:20270317T090000Z"] }),
      ),
      gets(
        "one of now, for no time of it",
        counterText({ sequence: 1, lines: ["X-MS-OLK-ORIGINALSTART:20280317T090000Z"] }),
      ),
      gets(
        "one for an Instance, with its time",
        counterText({
          sequence: 1,
          lines: ["RECURRENCE-ID:20270324T090000Z", "X-MS-OLK-ORIGINALSTART:20270317T090000Z"],
        }),
      ),
    ],
  },
  {
    name: "proposals that are not welcome",
    owner: ann,
    over: policy({ uninvited: "refuse" }),
    steps: [
      writes(
        "writes that there are to be none",
        message({ method: "REQUEST", lines: ["X-MICROSOFT-DISALLOW-COUNTER:TRUE"] }).object,
      ),
      gets("one", proposed()),
      gets("one with an answer", proposed(clara, { attendees: [`;PARTSTAT=DECLINED:mailto:${clara}`] })),
      gets("one of nobody invited", proposed(emil)),
    ],
  },
];

const later = [
  { name: "DTSTART", parameters: [], value: "20270310T130000Z" },
  { name: "DTEND", parameters: [], value: "20270310T140000Z" },
];
const declinesIt = (minute: number, over: Partial<EventText> = {}) =>
  message({
    method: "DECLINECOUNTER",
    dtstamp: `20270302T12${String(minute).padStart(2, "0")}00Z`,
    attendees: [`:mailto:${clara}`],
    ...over,
  });

/** What Clara proposes, and how it is declined. */
const proposedByClara: readonly Story[] = [
  {
    name: "a proposal is declined",
    owner: clara,
    steps: [
      gets("a decline of what she does not have", declinesIt(0)),
      gets("the event", sent(0, 0, asked)),
      gets("a decline of what she has not proposed", declinesIt(1)),
      acts("proposes", { kind: "counter", changes: later, comment: "Later?" }),
      gets("an older decline", declinesIt(1)),
      gets("a decline of Ben's", declinesIt(10, { attendees: [`:mailto:${ben}`] })),
      gets(
        "a decline by an Organizer who could not read it",
        declinesIt(10, {
          attendees: [],
          lines: ["REQUEST-STATUS:3.14;Unsupported capability;METHOD:COUNTER", "COMMENT: No "],
        }),
      ),
      gets("another", declinesIt(11)),
      acts("proposes again", { kind: "counter", changes: later, partstat: "DECLINED" }),
      says("ACCEPTED"),
      gets(
        "a decline, the service being down",
        declinesIt(12, { lines: ["REQUEST-STATUS:5.1;Service unavailable", "COMMENT:  "] }),
      ),
      acts("proposes a third time", { kind: "counter", changes: later }),
      gets(
        "the event as proposed",
        sent(0, 1, asked, { dtstamp: "20270302T123000Z", start: "20270310T130000Z", end: "20270310T140000Z" }),
      ),
      gets("a decline of what was accepted", declinesIt(40, { sequence: 1 })),
    ],
  },
  {
    name: "proposals for Instances are declined",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0), one("17", 1, 1, asked, "14"))),
      acts("proposes for the second", {
        kind: "counter",
        changes: later.map((line) => ({ ...line, value: line.value.replace("0310", "0317") })),
        key: key("17"),
      }),
      acts("proposes for the third", {
        kind: "counter",
        changes: later.map((line) => ({ ...line, value: line.value.replace("0310", "0324") })),
        key: key("24"),
      }),
      gets(
        "a decline of both",
        parts("DECLINECOUNTER", [
          [...day("17"), instance("17"), "DTSTAMP:20270302T121000Z", "SEQUENCE:1", attendee(clara, ""), "COMMENT:No"],
          [...day("24"), instance("24"), "DTSTAMP:20270302T121000Z", "SEQUENCE:0", "REQUEST-STATUS:3.1;No"],
        ]),
      ),
    ],
  },
  {
    name: "declines come to the Organizer",
    owner: ann,
    steps: [
      writes("writes the event", message({ method: "REQUEST" }).object),
      gets("a proposal", counterText({})),
      gets("a decline of it", declinesIt(10), { confirmedByOwner: true }),
    ],
  },
];

export const storiesOfProposals: readonly Story[] = [...proposedToAnn, ...proposedByClara];
