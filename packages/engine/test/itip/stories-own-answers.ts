import { asked, askedAgain, cancel, one, request, says, sent, shown, whole } from "./clara-versions.ts";
import { key, stamp, thisAndFuture } from "./series.ts";
import { acts, attendee, during, gets, parts, policy, reply, type Story, tomorrow } from "./stories.ts";
import { address, ben, clara, type EventText, message, noon } from "./world.ts";

const emil = address("emil@partner.test");
const claraAtHome = address("clara@home.test");
const accepted = ";PARTSTAT=ACCEPTED";

/** What Clara has answered is asked for once more, RFC 5546 §3.2.2.7. */
const restated: readonly Story[] = [
  {
    name: "asked once more",
    owner: clara,
    over: { addresses: new Set([clara, claraAtHome]) },
    steps: [
      gets("the event", sent(0, 0, asked)),
      gets("asked before she has answered", sent(1, 0, asked)),
      says("ACCEPTED", { comment: "Gladly" }),
      gets("asked again", sent(2, 0, askedAgain)),
      gets("asked again the same day", sent(3, 0, askedAgain)),
      tomorrow(gets("asked again the next day", sent(4, 0, askedAgain))),
      during({ now: noon + 250_000 }, gets("told again", sent(5, 0, shown("ACCEPTED")))),
      during(
        { now: noon + 250_000 },
        gets(
          "asked with other guests",
          sent(6, 0, askedAgain, {
            attendees: [`${askedAgain}:mailto:${clara}`, `:mailto:${ben}`],
          }),
        ),
      ),
      during(
        { now: noon + 450_000 },
        gets("asked of what has moved", sent(7, 1, askedAgain, { start: "20270310T093000Z" })),
      ),
      during(
        { now: noon + 450_000 },
        gets("asked again of what has moved", sent(8, 1, askedAgain, { start: "20270310T093000Z" })),
      ),
    ],
  },
  {
    name: "asked once more where policy sends nothing again",
    owner: clara,
    over: policy({ maxHealingsPerDay: 0 }),
    steps: [gets("the event", sent(0, 0, asked)), says("ACCEPTED"), gets("asked again", sent(2, 0, askedAgain))],
  },
  {
    name: "asked once more of Instances",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0), one("17", 1, 1, asked, "14"))),
      says("DECLINED", { key: key("17"), comment: "Away" }),
      gets("asked of that Instance", request(one("17", 2, 1, askedAgain, "14"))),
      says("ACCEPTED", { key: key("24"), range: "this-and-future" }),
      tomorrow(gets("asked of all", request(whole(3, 0, askedAgain), one("17", 3, 1, askedAgain, "14")))),
      says("TENTATIVE"),
      during(
        { now: noon + 250_000 },
        gets("asked of all again", request(whole(4, 0, askedAgain), one("17", 4, 1, askedAgain, "14"))),
      ),
      during({ now: noon + 450_000 }, gets("asked of one without a component", request(one("31", 5, 0, askedAgain)))),
      during({ now: noon + 650_000 }, gets("asked of it again", request(one("31", 6, 0, askedAgain)))),
      during({ now: noon + 850_000 }, gets("told of it", request(one("31", 7, 0, ";RSVP=TRUE;PARTSTAT=ACCEPTED")))),
    ],
  },
  {
    name: "asked once more of all and of Instances",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0), one("17", 1, 0, asked, "14"), one("24", 1, 0, asked, "15"))),
      says("ACCEPTED"),
      says("DECLINED", { key: key("24") }),
      gets("asked of two", request(one("17", 2, 0, askedAgain, "14"), one("24", 2, 0, askedAgain, "15"))),
      tomorrow(
        gets(
          "asked of all",
          request(whole(3, 0, askedAgain), one("17", 3, 0, askedAgain, "14"), one("24", 3, 0, askedAgain, "15")),
        ),
      ),
      during(
        { now: noon + 250_000 },
        gets(
          "asked of one, told of a new one",
          request(one("17", 4, 0, askedAgain, "14"), one("31", 4, 0, askedAgain, "14")),
        ),
      ),
      during(
        { now: noon + 450_000 },
        gets("told what was answered", request(one("17", 5, 0, ";RSVP=TRUE;PARTSTAT=ACCEPTED", "14"))),
      ),
      during(
        { now: noon + 650_000 },
        gets("asked without being named", request([...one("17", 6, 0, askedAgain, "14").slice(0, -1), attendee(emil)])),
      ),
    ],
  },
  {
    name: "asked once more of all speaks for its Instances",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0), one("17", 1, 0, asked, "14"))),
      says("ACCEPTED"),
      gets("told something else", request(one("17", 2, 0, ";RSVP=TRUE;PARTSTAT=TENTATIVE", "14"))),
      gets("asked of one, and of one without a component", request(one("17", 3, 0, askedAgain, "14"), one("31", 3, 0))),
      gets("asked of all", request(whole(4, 0, askedAgain), one("17", 4, 0, askedAgain, "14"))),
    ],
  },
  {
    name: "asked once more of a range",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0), one("24", 1, 1, asked, "11", thisAndFuture))),
      says("ACCEPTED", { key: key("24") }),
      gets("asked of the range", request(one("24", 2, 1, askedAgain, "11", thisAndFuture))),
      says("DECLINED", { key: key("24"), range: "this-and-future" }),
      gets("asked of the range again", request(one("24", 3, 1, askedAgain, "11", thisAndFuture))),
      acts("delegates the whole", { kind: "delegate", to: emil }),
      tomorrow(gets("asked of the whole", request(whole(4, 0, askedAgain)))),
    ],
  },
  {
    name: "asked once more of a to-do",
    owner: clara,
    steps: [
      gets(
        "the to-do",
        parts("REQUEST", [["DTSTART:20270310T090000Z", "PRIORITY:5", ...stamp(0), attendee(clara)]], "VTODO"),
      ),
      acts("is at half", { kind: "answer", partstat: "IN-PROCESS", percentComplete: 0 }),
      gets(
        "asked again",
        parts("REQUEST", [["DTSTART:20270310T090000Z", "PRIORITY:5", ...stamp(1), attendee(clara)]], "VTODO"),
      ),
      acts("has done it", { kind: "answer", partstat: "COMPLETED", completed: noon - 60 }),
      tomorrow(
        gets(
          "asked again the next day",
          parts("REQUEST", [["DTSTART:20270310T090000Z", "PRIORITY:5", ...stamp(2), attendee(clara)]], "VTODO"),
        ),
      ),
    ],
  },
];
const off = (minute: number, sequence: number, over: Partial<EventText> = {}) =>
  message({
    method: "CANCEL",
    dtstamp: `20270301T10${String(minute).padStart(2, "0")}00Z`,
    sequence,
    attendees: [`:mailto:${clara}`],
    ...over,
  });
const delegated = (line = ""): string => `;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${emil}"${line}`;
/** What newer versions make of what Clara has answered, RFC 5546 §2.1.4. */
const answered: readonly Story[] = [
  {
    name: "the Organizer doubts an answer",
    owner: clara,
    steps: [
      gets("the event", sent(0, 0, asked)),
      says("ACCEPTED"),
      gets("a later SEQUENCE that shows it", sent(1, 1, shown("ACCEPTED"))),
      gets("a later SEQUENCE that does not", sent(2, 2, askedAgain)),
      gets("one more that does not", sent(3, 3, askedAgain)),
      says("DECLINED"),
      gets("one that shows the answer before", sent(4, 4, shown("ACCEPTED"))),
      gets("one that does not list her", sent(5, 5, asked, { attendees: [`:mailto:${ben}`] })),
    ],
  },
  {
    name: "taken back and asked anew",
    owner: clara,
    steps: [
      gets("the event", sent(0, 0, asked)),
      says("ACCEPTED"),
      gets("it is called off", off(1, 1, { lines: ["STATUS:CANCELLED", "COMMENT: Sorry "] })),
      says("DECLINED"),
      gets("it is called off once more", off(2, 1, { lines: ["STATUS:CANCELLED"] })),
      gets("an older one", sent(1, 0, asked)),
      gets("it takes place after all", sent(3, 2, askedAgain)),
      gets("the Organizer shows the answer", sent(4, 2, shown("ACCEPTED"))),
      says("TENTATIVE"),
      gets("she is taken off the list", off(5, 3)),
      gets("she is on it again, as tentative", sent(6, 4, shown("TENTATIVE"))),
      gets("off in the same second as it was sent", off(6, 4)),
      gets("on in the same second", sent(6, 4, shown("ACCEPTED"))),
    ],
  },
  {
    name: "Instances taken back and asked anew",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0), one("17", 1, 1, asked, "14"))),
      says("ACCEPTED"),
      says("DECLINED", { key: key("17") }),
      says("TENTATIVE", { key: key("24") }),
      gets(
        "two are called off",
        cancel(one("17", 10, 2, asked, "14"), [...one("24", 10, 2), "STATUS:CANCELLED", "COMMENT:Away"]),
      ),
      gets("the second is back", request(one("17", 11, 3, askedAgain, "14"))),
      gets("the third is back", request(one("24", 12, 3, shown("TENTATIVE")))),
      gets("all is called off", cancel([...whole(13, 4), "STATUS:CANCELLED"])),
      gets("the fourth is back", request(one("31", 14, 5, askedAgain))),
      gets("the third is back again", request(one("24", 15, 5, askedAgain))),
      gets("all is back", request(whole(16, 6, askedAgain), one("17", 16, 6, askedAgain, "14"))),
      says("ACCEPTED"),
      gets("all is back, and shown", request(whole(17, 7, shown("ACCEPTED")), one("17", 17, 7, askedAgain, "14"))),
    ],
  },
  {
    name: "the second is in doubt",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0))),
      says("ACCEPTED"),
      says("DECLINED", { key: key("17") }),
      gets("the second in doubt", request(one("17", 5, 1, askedAgain))),
      gets("the second as she has said", request(one("17", 6, 2, shown("DECLINED")))),
      gets("the third in doubt", request(one("24", 7, 3, askedAgain))),
      gets("the third as she has said of all", request(one("24", 8, 4, shown("ACCEPTED")))),
      gets("all in doubt", request(whole(9, 5, askedAgain))),
      gets("all as she has said", request(whole(10, 6, shown("ACCEPTED")))),
      gets("all at another time", request(whole(11, 7, askedAgain, "10"))),
    ],
  },
  {
    name: "a delegation goes its way",
    owner: clara,
    steps: [
      gets("the event", sent(0, 0, asked)),
      acts("delegates", { kind: "delegate", to: emil, keepInformed: true }),
      gets("the delegate accepts", reply(emil, `;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:${clara}"`)),
      gets("the delegate says so again", reply(emil, `;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:${clara}"`)),
      gets("somebody else says something", reply(ben, accepted)),
      gets(
        "the Organizer shows both",
        sent(1, 0, delegated(), {
          dtstamp: "20270302T110000Z",
          attendees: [
            `${delegated()}:mailto:${clara}`,
            `;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:${clara}":mailto:${emil}`,
          ],
        }),
      ),
      gets(
        "the Organizer shows that the delegate declined",
        sent(1, 0, delegated(), {
          dtstamp: "20270302T111000Z",
          attendees: [
            `${delegated()}:mailto:${clara}`,
            `;PARTSTAT=DECLINED;DELEGATED-FROM="mailto:${clara}":mailto:${emil}`,
          ],
        }),
      ),
      gets("the Organizer asks her again", sent(2, 1, askedAgain, { dtstamp: "20270302T112000Z" })),
      gets("the Organizer shows the delegation", sent(3, 1, delegated(), { dtstamp: "20270302T113000Z" })),
      gets("it moves", sent(3, 2, delegated(), { dtstamp: "20270302T113100Z", start: "20270310T093000Z" })),
      says("ACCEPTED"),
      gets(
        "the delegate, late",
        reply(emil, `;PARTSTAT=DECLINED;DELEGATED-FROM="mailto:${clara}"`, { dtstamp: "20270302T115900Z" }),
      ),
    ],
  },
];

export const storiesOfOwnAnswers: readonly Story[] = [...restated, ...answered];
