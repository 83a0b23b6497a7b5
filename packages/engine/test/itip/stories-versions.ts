import { asked, askedAgain, cancel, one, request, says, whole } from "./clara-versions.ts";
import { day, instance, key, stamp, thisAndFuture } from "./series.ts";
import { acts, attendee, gets, parts, type Story, writes } from "./stories.ts";
import { address, ann, ben, clara, message } from "./world.ts";

const emil = address("emil@partner.test");
const accepted = ";PARTSTAT=ACCEPTED";

const alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT5M", "END:VALARM"];

const yes = { confirmedByOwner: true };
/** What Clara gets, and in which order. */
const byDay = (date: string): string => `RECURRENCE-ID;VALUE=DATE:202703${date}`;

export const storiesOfVersions: readonly Story[] = [
  {
    name: "thrown away and sent again",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0), one("17", 1, 1, asked, "14"))),
      says("ACCEPTED", { key: key("17") }),
      writes("throws it away", undefined),
      gets("the same", request(whole(0, 0), one("17", 1, 1, asked, "14"))),
      gets("something newer of it", request(whole(0, 0), one("17", 2, 1, asked, "14"))),
      writes("throws it away again", undefined),
      gets("it is called off", cancel([...whole(3, 2), "STATUS:CANCELLED"])),
      gets("the second in doubt", request(one("17", 4, 3, askedAgain, "14"))),
    ],
  },
  {
    name: "called off before it came",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0))),
      gets(
        "called off from the third on",
        cancel([...one("24", 10, 3, asked, "09", thisAndFuture), "STATUS:CANCELLED"]),
      ),
      gets("the third of before", request(one("24", 5, 1, asked, "12"))),
      gets("the third of later", request(one("24", 15, 4, asked, "12"))),
      gets("an Instance it has not, called off", cancel([...one("25", 16, 4)])),
      gets("an Instance it has not", request(one("25", 17, 4))),
      gets(
        "another series, which has no third",
        request([...day("10"), "RRULE:FREQ=WEEKLY;COUNT=2", ...stamp(18, 5), attendee(clara)]),
      ),
      gets("others are taken off it", cancel([...day("10"), ...stamp(19, 6), attendee(ben, "")])),
      gets(
        "she is taken off, by the name of a group",
        cancel([...day("10"), ...stamp(20, 7), attendee(address("team@example.test"), "")]),
      ),
    ],
  },
  {
    name: "forwarded Instances",
    owner: clara,
    steps: [
      gets("Ben forwards the second", request(one("17", 1, 1, asked, "14")), { from: ben, confirmedByOwner: true }),
      gets("the series comes, without it", request(whole(2, 2))),
      gets("Ben forwards the third", request(one("24", 3, 3, asked, "14")), { from: ben, confirmedByOwner: true }),
      gets("Ben forwards the series with the fourth", request(whole(4, 4), one("31", 4, 4, asked, "15")), {
        from: ben,
        confirmedByOwner: true,
      }),
      gets("the Organizer sends the series", request(whole(5, 5))),
    ],
  },
  {
    name: "Instances are added",
    owner: clara,
    steps: [
      gets("one is added to nothing", parts("ADD", [[...day("12"), ...stamp(1, 1)]])),
      gets("the event", request([...day("10"), ...stamp(0), attendee(clara)])),
      says("ACCEPTED"),
      gets(
        "two are added",
        parts("ADD", [
          [...day("12"), ...stamp(1, 1), attendee(clara)],
          [...day("13"), ...alarm, ...stamp(1, 1), attendee(clara)],
        ]),
      ),
      gets("the same again", parts("ADD", [[...day("12"), ...stamp(1, 1), attendee(clara)]])),
      gets("older ones", parts("ADD", [[...day("12"), ...stamp(0, 0), attendee(clara)]])),
      gets("one that repeats", parts("ADD", [[...day("14"), "RRULE:FREQ=DAILY;COUNT=2", ...stamp(2, 2)]])),
      gets("one after versions she has missed", parts("ADD", [[...day("15"), ...stamp(3, 7), attendee(clara)]])),
      gets("one without a time", parts("ADD", [["SUMMARY:x", ...stamp(4, 8)]])),
      gets(
        "one of somebody else's",
        { ...parts("ADD", [["X-A:b", ...day("16"), ...stamp(4, 8)]]), originator: ben },
        { confirmedByOwner: true },
      ),
      gets(
        "one is called off",
        cancel([...day("12"), instance("12"), ...stamp(5, 8), attendee(clara), "STATUS:CANCELLED"]),
      ),
      acts("asks for it", { kind: "refresh", comment: "Which days?" }),
    ],
  },
  {
    name: "published and then sent",
    owner: clara,
    steps: [
      gets("it is published", message({ method: "PUBLISH", attendees: [], lines: ["RRULE:FREQ=WEEKLY;COUNT=3"] }), yes),
      gets(
        "it is published with guests",
        message({
          method: "PUBLISH",
          sequence: 1,
          attendees: [`:mailto:${ben}`],
          lines: ["RRULE:FREQ=WEEKLY;COUNT=3"],
        }),
        yes,
      ),
      gets(
        "it is published by nobody",
        message({ method: "PUBLISH", sequence: 2, attendees: [], organizer: null }),
        yes,
      ),
      gets(
        "it is published by another",
        message({ method: "PUBLISH", sequence: 2, attendees: [], organizer: ben }),
        yes,
      ),
      gets(
        "an Instance is called off",
        message({
          method: "CANCEL",
          sequence: 2,
          attendees: [],
          start: "20270317T090000Z",
          end: "20270317T100000Z",
          lines: ["RECURRENCE-ID:20270317T090000Z"],
        }),
      ),
      says("ACCEPTED"),
      gets(
        "she is invited",
        message({ method: "REQUEST", attendees: [`${asked}:mailto:${clara}`], lines: ["RRULE:FREQ=WEEKLY;COUNT=3"] }),
      ),
      gets("it is published again", message({ method: "PUBLISH", sequence: 5, attendees: [] }), yes),
      gets("an invitation that lists nobody", message({ method: "REQUEST", sequence: 6, attendees: [] })),
    ],
  },
  {
    name: "named by days",
    owner: clara,
    steps: [
      gets(
        "the second, named by its day",
        request(["RECURRENCE-ID;VALUE=DATE:20270317", ...day("17", "14"), ...stamp(1, 1), attendee(clara)]),
      ),
      says("ACCEPTED", { key: "20270317" }),
      gets(
        "the third, named by its day",
        request(["RECURRENCE-ID;VALUE=DATE:20270324", ...day("24", "14"), ...stamp(1, 1), attendee(clara)]),
      ),
      gets("the third, named by its time", request(one("24", 2, 2, asked, "15"))),
      gets(
        "the third is called off by its day",
        cancel(["RECURRENCE-ID;VALUE=DATE:20270324", ...stamp(3, 3), attendee(clara)]),
      ),
      writes(
        "keeps an alarm for the second",
        request([
          "RECURRENCE-ID;VALUE=DATE:20270317",
          ...day("17", "14"),
          ...alarm,
          ...stamp(1, 1),
          attendee(clara, accepted),
        ]).object,
      ),
      gets("the series", request(whole(0, 0))),
      gets(
        "the second, named by its day again",
        request(["RECURRENCE-ID;VALUE=DATE:20270317", ...day("17", "16"), ...stamp(5, 4), attendee(clara)]),
      ),
    ],
  },
  {
    name: "named by days and by times",
    owner: clara,
    steps: [
      gets(
        "the fourth by its day, forwarded",
        request([byDay("31"), ...day("31", "16"), ...stamp(4, 3), attendee(clara)]),
        { from: ben, ...yes },
      ),
      gets("the fourth by its time, forwarded", request(one("31", 3, 3, asked, "17")), { from: ben, ...yes }),
      gets("the third by its time, called off", request(one("24", 1, 1, asked, "15"))),
      gets("it is called off", cancel([...one("24", 2, 2), "STATUS:CANCELLED"])),
      gets("the third by its day, later", request([byDay("24"), ...day("24", "16"), ...stamp(4, 3), attendee(clara)])),
      gets("it is called off by its day", cancel([byDay("24"), ...stamp(3, 2), attendee(clara), "STATUS:CANCELLED"])),
      gets("the first by its day", request([byDay("10"), ...day("10", "18"), ...stamp(4, 3), attendee(clara)])),
      gets("the second by its time, as old", request(one("17", 4, 3, asked, "17"))),
      gets("the second by its day", request([byDay("17"), ...day("17", "18"), ...stamp(4, 3), attendee(clara)])),
      gets("the series", request(whole(0, 0))),
    ],
  },
  {
    name: "named by days where that is not tolerated",
    owner: clara,
    over: { quirks: new Set() },
    steps: [
      gets("the second by its day", request([byDay("17"), ...day("17", "16"), ...stamp(4, 3), attendee(clara)])),
      gets("the series", request(whole(0, 0))),
    ],
  },
  {
    name: "another Organizer",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0), one("17", 1, 1, asked, "14"))),
      says("ACCEPTED"),
      gets(
        "Ann tells that Ben takes it over",
        message({
          method: "REQUEST",
          uid: "series@example.test",
          organizer: ben,
          sequence: 2,
          lines: ["RRULE:FREQ=WEEKLY;COUNT=5"],
        }),
        { from: ann },
      ),
      gets(
        "Ben sends it",
        message({
          method: "REQUEST",
          uid: "series@example.test",
          organizer: ben,
          sequence: 3,
          dtstamp: "20270301T100000Z",
          lines: ["RRULE:FREQ=WEEKLY;COUNT=5"],
        }),
        { confirmedByOwner: true },
      ),
      gets("Ann sends what she had", request(one("17", 3, 3, asked, "14"))),
      gets(
        "Ben sends the third",
        message({
          method: "REQUEST",
          uid: "series@example.test",
          organizer: ben,
          sequence: 4,
          dtstamp: "20270301T101000Z",
          lines: [instance("24")],
        }),
        { from: emil, confirmedByOwner: true },
      ),
      gets(
        "Emil sends the third again",
        message({
          method: "REQUEST",
          uid: "series@example.test",
          organizer: ben,
          sequence: 5,
          dtstamp: "20270301T102000Z",
          lines: [instance("24")],
        }),
        { from: emil },
      ),
    ],
  },
];
