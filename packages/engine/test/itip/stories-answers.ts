import { defaultLimits } from "@parley/engine";
import { event, series } from "./copies.ts";
import { day, instance, stamp, thisAndFuture, weekly } from "./series.ts";
import { attendee, during, from, gets, parts, policy, reply, type Story, tomorrow, writes } from "./stories.ts";
import { address, ann, ben, clara, message } from "./world.ts";

const dora = address("dora@example.test");
const emil = address("emil@partner.test");
const accepted = ";PARTSTAT=ACCEPTED";

const begins = writes("writes the event", event.object);
const beginsSeries = writes("writes the series", series.object);

const delegating = (to: typeof dora, more = ""): string => `;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${to}"${more}`;
const toAll = (who: typeof dora, minute: number, line: string) =>
  from(who, "REPLY", [[...day("10"), ...stamp(minute), attendee(who, line)]]);
const toThird = (who: typeof dora, minute: number, line: string) =>
  from(who, "REPLY", [[...day("24"), instance("24"), ...stamp(minute), attendee(who, line)]]);
const at = (minute: number) => ({ dtstamp: `20270302T10${String(minute).padStart(2, "0")}00Z` });
/** What answers do at Ann's. */
export const storiesOfAnswers: readonly Story[] = [
  {
    name: "delegations go round",
    owner: ann,
    steps: [
      writes(
        "writes the event",
        message({ method: "REQUEST", attendees: [`;ROLE=CHAIR;RSVP=TRUE:mailto:${clara}`, `;RSVP=TRUE:mailto:${ben}`] })
          .object,
      ),
      gets(
        "Clara delegates to Emil by his name",
        message({
          method: "REPLY",
          ...at(1),
          attendees: [
            `${delegating(emil)}:mailto:${clara}`,
            `;CN=Emil;DELEGATED-FROM="mailto:${clara}":mailto:${emil}`,
          ],
        }),
      ),
      gets("Clara delegates to herself", reply(clara, delegating(clara), at(2))),
      gets("Ben delegates to Emil too", reply(ben, delegating(emil), at(2))),
      gets("Emil delegates to Dora", reply(emil, delegating(dora, ";RSVP=TRUE"), at(3))),
      gets("Dora delegates to Clara", reply(dora, delegating(clara), at(4))),
      gets("Dora declines", reply(dora, ";PARTSTAT=DECLINED", at(5))),
      gets("Emil delegates to the Organizer", reply(emil, delegating(ann), at(6))),
      gets("Ben comes himself", reply(ben, accepted, at(7))),
      writes("moves it", message({ method: "REQUEST", start: "20270311T090000Z", end: "20270311T100000Z" }).object),
      gets("Clara comes herself, to what it was", reply(clara, accepted, at(8))),
      gets("Clara comes herself", reply(clara, accepted, { ...at(9), sequence: 2 })),
    ],
  },
  {
    name: "delegations of Instances",
    owner: ann,
    over: { limits: { ...defaultLimits, maxAttendees: 2 } },
    steps: [
      beginsSeries,
      gets(
        "a delegation of an Instance",
        from(clara, "REPLY", [[...day("24"), instance("24"), ...stamp(30), attendee(clara, delegating(emil))]]),
      ),
      gets(
        "a delegation from an Instance on",
        from(clara, "REPLY", [
          [...day("31"), instance("31", thisAndFuture), ...stamp(31), attendee(clara, delegating(emil))],
        ]),
      ),
      gets(
        "a delegation to more than there is room for",
        from(clara, "REPLY", [
          [...day("31"), instance("31"), ...stamp(32), attendee(clara, `${delegating(emil)},"mailto:${dora}"`)],
        ]),
      ),
      gets(
        "it is taken back",
        from(clara, "REPLY", [[...day("24"), instance("24"), ...stamp(33), attendee(clara, accepted)]]),
      ),
      gets(
        "a delegation of the whole",
        from(clara, "REPLY", [[...day("10"), ...stamp(34), attendee(clara, delegating(emil))]]),
      ),
      gets(
        "the delegate's answer to the whole",
        from(emil, "REPLY", [
          [...day("10"), ...stamp(35), attendee(emil, `;PARTSTAT=DECLINED;DELEGATED-FROM="mailto:${clara}"`)],
        ]),
      ),
    ],
  },
  {
    name: "requests that could not be served",
    owner: ann,
    steps: [
      begins,
      gets("of an unknown kind", reply(clara, accepted, { ...at(1), lines: ["REQUEST-STATUS:3.14;No;METHOD:ADD"] })),
      gets("an answer", reply(clara, accepted, { ...at(2), lines: ["COMMENT:Fine"] })),
      gets("no service", reply(clara, accepted, { ...at(3), lines: ["REQUEST-STATUS:5.1;Service unavailable"] })),
      gets(
        "no service, said again",
        reply(clara, accepted, { ...at(3), lines: ["REQUEST-STATUS:5.1;Service unavailable"] }),
      ),
      gets("no service, said before", reply(clara, accepted, { ...at(1), lines: ["REQUEST-STATUS:5.1;Not now"] })),
      gets("an older answer", reply(clara, ";PARTSTAT=DECLINED", at(1))),
      gets("another of the same second", reply(clara, ";PARTSTAT=DECLINED", at(2))),
      gets("one more of the same second", reply(clara, ";PARTSTAT=TENTATIVE", at(2))),
      gets("a later one", reply(clara, ";PARTSTAT=TENTATIVE", { ...at(4), lines: ["REQUEST-STATUS:2.3;Success"] })),
    ],
  },
  {
    name: "answers to what it was",
    owner: ann,
    over: policy({ maxHealingsPerDay: 1 }),
    steps: [
      begins,
      writes("moves it", message({ method: "REQUEST", start: "20270311T090000Z", end: "20270311T100000Z" }).object),
      gets("an answer to what it was", reply(clara, accepted, at(1))),
      gets("another", reply(clara, ";PARTSTAT=DECLINED", at(2))),
      tomorrow(gets("one the next day", reply(clara, ";PARTSTAT=TENTATIVE", at(3)))),
      gets("one of Ben's", reply(ben, accepted, at(3))),
      gets("Clara asks for it", message({ method: "REFRESH", attendees: [`:mailto:${clara}`] })),
      gets("Clara asks by another name", {
        ...message({ method: "REFRESH", attendees: [`:mailto:clara+work@partner.test`] }),
      }),
      tomorrow(tomorrow(gets("Ben asks the next day", message({ method: "REFRESH", attendees: [`:mailto:${ben}`] })))),
      during(
        { addresses: new Set([ann, ben]) },
        gets("one of the Organizer's own asks", message({ method: "REFRESH", attendees: [`:mailto:${ben}`] })),
      ),
      gets("Emil asks", message({ method: "REFRESH", attendees: [`:mailto:${emil}`] })),
    ],
  },
  {
    name: "answers to Instances",
    owner: ann,
    steps: [
      beginsSeries,
      gets(
        "from the third on",
        from(clara, "REPLY", [[...day("24"), instance("24", thisAndFuture), ...stamp(30), attendee(clara, accepted)]]),
      ),
      gets(
        "for the third alone",
        from(clara, "REPLY", [[...day("24"), instance("24"), ...stamp(31), attendee(clara, ";PARTSTAT=DECLINED")]]),
      ),
      gets(
        "for the whole and two of it",
        from(clara, "REPLY", [
          [...day("10"), ...stamp(32), attendee(clara, ";PARTSTAT=TENTATIVE"), "COMMENT:Maybe"],
          [...day("17"), instance("17"), ...stamp(32, 1), attendee(clara, accepted)],
          [...day("24"), instance("24"), ...stamp(20), attendee(clara, accepted)],
        ]),
      ),
      gets(
        "for the whole, of what is to come",
        from(clara, "REPLY", [[...day("10"), ...stamp(33, 9), attendee(clara, accepted)]]),
      ),
      gets(
        "for one there was in an older version",
        from(clara, "REPLY", [[...day("12"), instance("12"), ...stamp(34, 0), attendee(clara, accepted)]]),
      ),
      writes(
        "moves all",
        parts("REQUEST", [[...day("10", "10"), "RRULE:FREQ=WEEKLY;COUNT=5", ...stamp(0), attendee(clara)]]).object,
      ),
      gets(
        "for one there was before it moved",
        from(clara, "REPLY", [[...day("12"), instance("12"), ...stamp(34, 0), attendee(clara, accepted)]]),
      ),
    ],
  },
  {
    name: "answers to a to-do",
    owner: ann,
    steps: [
      writes(
        "writes it",
        parts("REQUEST", [["DTSTART:20270310T090000Z", "PRIORITY:5", ...stamp(0), attendee(clara)]], "VTODO").object,
      ),
      ...["PERCENT-COMPLETE:30", "PERCENT-COMPLETE:-3", "COMPLETED:20270302", "REQUEST-STATUS:3.7;No;x"].map(
        (line, index) =>
          gets(
            line,
            from(
              clara,
              "REPLY",
              [
                [
                  "DTSTART:20270310T090000Z",
                  "PRIORITY:5",
                  ...stamp(30 + index),
                  attendee(clara, ";PARTSTAT=IN-PROCESS"),
                  line,
                ],
              ],
              "VTODO",
            ),
          ),
      ),
    ],
  },
  {
    name: "delegators who do not wish to hear of it",
    owner: ann,
    steps: [
      beginsSeries,
      gets("a delegation of the whole", toAll(clara, 30, delegating(emil))),
      writes(
        "moves the third",
        parts("REQUEST", [
          [...day("10"), "RRULE:FREQ=WEEKLY;COUNT=5", ...stamp(0), attendee(clara), attendee(emil)],
          [...day("17", "14"), instance("17"), ...stamp(1, 1), attendee(clara), attendee(emil)],
          [...day("24", "16"), instance("24"), ...stamp(1, 1), attendee(clara), attendee(emil)],
        ]).object,
      ),
      gets("she wishes to hear of it after all", toAll(clara, 31, `;RSVP=TRUE${delegating(emil)}`)),
      gets("the delegate declines the whole", toAll(emil, 32, `;PARTSTAT=DECLINED;DELEGATED-FROM="mailto:${clara}"`)),
      gets("she delegates to Dora as well", toAll(clara, 33, `${delegating(emil)},"mailto:${dora}"`)),
      gets(
        "the delegate comes to the second",
        from(emil, "REPLY", [
          [
            ...day("17"),
            instance("17"),
            ...stamp(34, 1),
            attendee(emil, `;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:${clara}"`),
          ],
        ]),
      ),
      gets("she comes herself", toAll(clara, 35, accepted)),
    ],
  },
  {
    name: "a chain of delegates is taken back",
    owner: ann,
    steps: [
      begins,
      gets("Clara delegates to Emil", reply(clara, delegating(emil), at(1))),
      gets("Emil delegates to Dora", reply(emil, delegating(dora), at(2))),
      gets("Dora delegates to Fay", reply(dora, delegating(address("fay@example.test")), at(3))),
      gets("Fay declines", reply(address("fay@example.test"), ";PARTSTAT=DECLINED", at(4))),
      gets("Dora declines too", reply(dora, ";PARTSTAT=DECLINED", at(5))),
      writes(
        "names another title",
        message({
          method: "REQUEST",
          summary: "Other",
          attendees: [`;RSVP=TRUE:mailto:${clara}`, `;RSVP=TRUE:mailto:${ben}`, `:mailto:${emil}`, `:mailto:${dora}`],
        }).object,
      ),
      gets("Emil delegates again", reply(emil, delegating(dora), at(6))),
      gets("Clara comes herself", reply(clara, accepted, at(7))),
      gets(
        "Clara delegates to two",
        reply(clara, `;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${clara}","mailto:${emil}"`, at(8)),
      ),
    ],
  },
  {
    name: "answers to a range that was revised",
    owner: ann,
    over: policy({ thisAndFuture: "range" }),
    steps: [
      writes(
        "writes a range",
        parts("REQUEST", [
          [...weekly, ...stamp(0), attendee(clara)],
          [...day("24", "11"), instance("24", thisAndFuture), ...stamp(1, 1), attendee(clara)],
          [...day("31", "15"), instance("31"), ...stamp(1, 4), attendee(clara)],
        ]).object,
      ),
      gets(
        "from the third on, of that version",
        from(clara, "REPLY", [
          [...day("24"), instance("24", thisAndFuture), ...stamp(30, 4), attendee(clara, accepted)],
        ]),
      ),
      gets(
        "from the second on, of a version to come",
        from(clara, "REPLY", [
          [...day("17"), instance("17", thisAndFuture), ...stamp(31, 9), attendee(clara, ";PARTSTAT=TENTATIVE")],
        ]),
      ),
      gets(
        "for the third alone, of a version to come",
        from(clara, "REPLY", [[...day("24"), instance("24"), ...stamp(32, 9), attendee(clara, ";PARTSTAT=DECLINED")]]),
      ),
      gets(
        "the third is delegated",
        from(clara, "REPLY", [
          [...day("24"), instance("24"), ...stamp(33, 1), attendee(clara, `${delegating(emil)},"mailto:${dora}"`)],
        ]),
      ),
    ],
  },
  {
    name: "a delegate of all and of an Instance",
    owner: ann,
    steps: [
      writes(
        "writes the series",
        parts("REQUEST", [
          [...weekly, ...stamp(0), attendee(clara), attendee(ben)],
          [...day("24", "15"), instance("24"), ...stamp(0), attendee(clara), attendee(ben)],
        ]).object,
      ),
      gets("Clara delegates all to Emil", toAll(clara, 30, delegating(emil, ";RSVP=TRUE"))),
      gets("Ben delegates the third to Emil", toThird(ben, 31, delegating(emil))),
      gets("Emil declines all", toAll(emil, 32, ";PARTSTAT=DECLINED")),
      gets("Emil comes to all", toAll(emil, 33, accepted)),
      gets("Emil declines the third", toThird(emil, 34, ";PARTSTAT=DECLINED")),
      gets(
        "Emil declines the fourth",
        from(emil, "REPLY", [[...day("31"), instance("31"), ...stamp(35), attendee(emil, ";PARTSTAT=DECLINED")]]),
      ),
      gets("Ben delegates the third to Emil again", toThird(ben, 36, delegating(emil))),
      gets("Ben comes to the third", toThird(ben, 37, accepted)),
      gets("Ben answers all", toAll(ben, 38, accepted)),
    ],
  },
  {
    name: "a chain is taken back from its beginning",
    owner: ann,
    steps: [
      begins,
      gets("Clara delegates to Emil", reply(clara, delegating(emil), at(1))),
      gets("Emil delegates to Dora", reply(emil, delegating(dora), at(2))),
      gets("Dora declines", reply(dora, ";PARTSTAT=DECLINED", at(3))),
      gets("Emil delegates to Dora all the same", reply(emil, delegating(dora), at(4))),
      gets("Emil delegates to Ben instead", reply(emil, delegating(ben), at(5))),
      gets("Emil delegates to Dora once more", reply(emil, delegating(dora), at(6))),
      gets("Clara comes herself", reply(clara, accepted, at(7))),
      gets("Emil, who is off the list", reply(emil, accepted, at(8))),
    ],
  },
];
