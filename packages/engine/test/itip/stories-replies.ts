import { asked, shown } from "./clara-versions.ts";
import { day, instance, key, stamp, thisAndFuture, weekly } from "./series.ts";
import { acts, attendee, gets, parts, type Story } from "./stories.ts";
import { address, ann, ben, clara, message } from "./world.ts";

const emil = address("emil@partner.test");
const yes = { confirmedByOwner: true };
const berlin = ["DTSTART;TZID=Europe/Berlin:20270310T100000", "DTEND;TZID=Europe/Berlin:20270310T110000"];
const nowhere = ["DTSTART;TZID=Nowhere:20270310T100000", "DTEND;TZID=Nowhere:20270310T110000"];
const later = [
  { name: "DTSTART", parameters: [], value: "20270310T130000Z" },
  { name: "DTEND", parameters: [], value: "20270310T140000Z" },
];
const answers = acts("answers", { kind: "answer", partstat: "ACCEPTED" });
const proposes = acts("proposes", { kind: "counter", changes: later, comment: " Later? " });
const proposesLess = acts("proposes to leave out the place", {
  kind: "counter",
  changes: [{ name: "LOCATION", parameters: [], value: "" }],
});
const delegates = acts("delegates", { kind: "delegate", to: emil, name: "Emil" });
const due = ["DTSTART:20270310T090000Z", "DUE:20270312T090000Z"];

/** What Clara's answers and proposals repeat of what she got, RFC 5546 §3.2.3 and §3.2.7. */
export const storiesOfReplies: readonly Story[] = [
  {
    name: "replies to what breaks its table",
    owner: clara,
    over: { ownerName: "Clara Roe" },
    steps: [
      gets(
        "an event with too much",
        message({
          method: "REQUEST",
          attendees: [`;CN=Clara;RSVP=TRUE:mailto:${clara}`],
          lines: [
            "SUMMARY:Twice",
            "LOCATION:Room 5",
            "PRIORITY:5",
            "REQUEST-STATUS:2.0;Success",
            "COMMENT:Please come",
            "X-MS-OLK-ORIGINALSTART:20270310T080000Z",
            "X-MS-OLK-ORIGINALEND:20270310T090000Z",
          ],
        }),
        yes,
      ),
      answers,
      proposes,
      proposesLess,
    ],
  },
  {
    name: "replies to what has no title",
    owner: clara,
    over: { ownerName: "Clara Roe", actor: ben },
    steps: [
      gets(
        "a to-do",
        parts("REQUEST", [["SUMMARY:", ...due, "DURATION:P2D", ...stamp(0), attendee(clara)]], "VTODO"),
        yes,
      ),
      answers,
      acts("proposes", {
        kind: "counter",
        changes: [
          { name: "DUE", parameters: [], value: "20270313T090000Z" },
          { name: "SUMMARY", parameters: [], value: "" },
        ],
      }),
    ],
  },
  {
    name: "replies in a zone that is not sent along",
    owner: clara,
    steps: [
      gets("a series", parts("REQUEST", [[...berlin, "RRULE:FREQ=WEEKLY;COUNT=3", ...stamp(0), attendee(clara)]]), yes),
      answers,
      proposes,
      acts("answers the second", { kind: "answer", partstat: "DECLINED", key: key("17") }),
      acts("answers from the second on", {
        kind: "answer",
        partstat: "TENTATIVE",
        key: key("17"),
        range: "this-and-future",
      }),
      acts("proposes for the second", {
        kind: "counter",
        key: key("17"),
        changes: later.map((line) => ({ ...line, value: line.value.replace("0310", "0317") })),
      }),
    ],
  },
  {
    name: "replies in a zone nobody knows",
    owner: clara,
    steps: [
      gets(
        "a series",
        parts("REQUEST", [
          [...nowhere, "RRULE:FREQ=WEEKLY;COUNT=3", ...stamp(0), attendee(clara)],
          [
            "DTSTART;TZID=Nowhere:20270317T120000",
            "RECURRENCE-ID;TZID=Nowhere:20270317T100000",
            ...stamp(1),
            attendee(clara),
          ],
        ]),
        yes,
      ),
      answers,
      proposes,
      acts("answers the second", { kind: "answer", partstat: "DECLINED", key: "20270317T100000" }),
      delegates,
    ],
  },
  {
    name: "replies to a range",
    owner: clara,
    steps: [
      gets(
        "a series",
        parts("REQUEST", [
          [...weekly, ...stamp(0), attendee(clara)],
          [...day("24", "11"), instance("24", thisAndFuture), ...stamp(1, 1), attendee(clara)],
        ]),
      ),
      acts("proposes for the first of it", {
        kind: "counter",
        key: key("24"),
        changes: later.map((line) => ({ ...line, value: line.value.replace("0310", "0324") })),
      }),
      acts("answers the first of it", { kind: "answer", partstat: "ACCEPTED", key: key("24") }),
      acts("answers all of it", { kind: "answer", partstat: "DECLINED", key: key("24"), range: "this-and-future" }),
    ],
  },
  {
    name: "replies of somebody who is not listed",
    owner: emil,
    over: { ownerName: "Emil", groups: new Set([address("team@example.test")]) },
    steps: [
      gets(
        "an event for a group",
        message({ method: "REQUEST", attendees: [`;CUTYPE=GROUP;RSVP=TRUE:mailto:${address("team@example.test")}`] }),
      ),
      answers,
      proposes,
    ],
  },
  {
    name: "replies of a delegate",
    owner: emil,
    steps: [
      gets(
        "what Clara has from Ben, who wishes to hear of it",
        message({
          method: "REQUEST",
          attendees: [
            `;RSVP=TRUE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${clara}":mailto:${ben}`,
            `;CN=Clara;ROLE=NON-PARTICIPANT;PARTSTAT=DELEGATED;DELEGATED-FROM="mailto:${ben}";DELEGATED-TO="mailto:${emil}":mailto:${clara}`,
            `;RSVP=TRUE;DELEGATED-FROM="mailto:${clara}":mailto:${emil}`,
          ],
        }),
        yes,
      ),
      answers,
      proposes,
    ],
  },
  {
    name: "replies of a delegate of whom that is not said",
    owner: emil,
    steps: [
      gets(
        "what two delegated, one of whom has declined since",
        message({
          method: "REQUEST",
          attendees: [
            `${shown("DECLINED")};RSVP=TRUE:mailto:${ben}`,
            `${asked};PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${emil}":mailto:${clara}`,
            `;RSVP=TRUE;DELEGATED-FROM="mailto:${clara}","mailto:${ben}","mailto:${ann}":mailto:${emil}`,
          ],
        }),
        yes,
      ),
      answers,
    ],
  },
];
