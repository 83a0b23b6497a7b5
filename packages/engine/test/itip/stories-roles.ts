import { cancel, one, request, says, sent, whole } from "./clara-versions.ts";
import { day, instance, key, stamp, thisAndFuture } from "./series.ts";
import { acts, attendee, during, from, gets, getsFromNobody, parts, policy, type Story, writes } from "./stories.ts";
import { address, ann, ben, clara, type EventText, mallory, message } from "./world.ts";

const dora = address("dora@example.test");
const emil = address("emil@partner.test");
const yes = { confirmedByOwner: true };
const asked = ";RSVP=TRUE";

/** The event in which Dora is the Organizer, and Ann a guest. */
const byDora = (sequence: number, over: Partial<EventText> = {}) =>
  message({
    method: "REQUEST",
    organizer: dora,
    sequence,
    attendees: [`${asked}:mailto:${clara}`, `;PARTSTAT=ACCEPTED:mailto:${ann}`],
    ...over,
  });

/** The Wednesdays as Ben, their new Organizer, has them. */
const byBen = (components: readonly (readonly string[])[]) => {
  const text = parts("REQUEST", components);
  const { object } = text;
  return { ...text, originator: ben, object };
};

/** Who is the Organizer, and who speaks for them: RFC 5546 §6.1.3 (decision 0016). */
export const storiesOfRoles: readonly Story[] = [
  {
    name: "the role is handed over to Dora",
    owner: dora,
    steps: [
      gets("what somebody has sent who is not on the list", byDora(1), { from: mallory, ...yes }),
      gets("what she has sent herself", byDora(1), yes),
      getsFromNobody("what nobody has sent", byDora(1)),
      gets("what Ann has sent", byDora(1), { from: ann }),
      gets("what Ann has sent, and she likes it", byDora(1), { from: ann, ...yes }),
      gets("the same again", byDora(1), { from: ann, ...yes }),
      gets(
        "an answer of Clara's",
        message({
          method: "REPLY",
          organizer: dora,
          sequence: 1,
          dtstamp: "20270302T100000Z",
          attendees: [`;PARTSTAT=ACCEPTED:mailto:${clara}`],
        }),
      ),
      writes("throws it away", undefined),
      gets("what Ann has sent before", byDora(1), { from: ann, ...yes }),
      gets("what Ann sends later", byDora(9, { lines: ["RRULE:FREQ=DAILY;COUNT=2"] }), { from: ann, ...yes }),
    ],
  },
  {
    name: "the role is handed over and Clara hears of it",
    owner: clara,
    steps: [
      gets(
        "two Instances and the series",
        request(whole(0, 0), one("17", 1, 1, asked, "14"), one("24", 1, 1, asked, "15")),
      ),
      says("ACCEPTED"),
      gets("the third is called off", cancel([...one("24", 2, 2), "STATUS:CANCELLED"])),
      gets(
        "an older version of Dora's",
        byDora(0, { uid: "series@example.test", dtstamp: "20270201T090000Z", lines: ["RRULE:FREQ=WEEKLY;COUNT=5"] }),
        { from: ann, ...yes },
      ),
      gets(
        "Dora's third alone",
        byDora(3, {
          uid: "series@example.test",
          dtstamp: "20270301T093000Z",
          start: "20270324T110000Z",
          end: "20270324T120000Z",
          lines: [instance("24")],
        }),
        { from: ann, ...yes },
      ),
      gets("Ann's series again", request(whole(40, 4)), { from: dora, ...yes }),
      gets(
        "Dora's series",
        byDora(5, { uid: "series@example.test", dtstamp: "20270301T095000Z", lines: ["RRULE:FREQ=WEEKLY;COUNT=5"] }),
        yes,
      ),
      gets(
        "Dora's series once more",
        byDora(6, { uid: "series@example.test", dtstamp: "20270301T095500Z", lines: ["RRULE:FREQ=WEEKLY;COUNT=5"] }),
      ),
    ],
  },
  {
    name: "others speak for the Organizer",
    owner: clara,
    steps: [
      gets("Emil sends it, and she likes it", sent(0, 0, asked), { from: emil, ...yes }),
      gets("Emil sends it again", sent(1, 1, asked), { from: emil }),
      gets("Ben sends it, and she likes it", sent(2, 2, asked), { from: ben, ...yes }),
      gets("Ben sends it again, and she likes it", sent(3, 3, asked), { from: ben, ...yes }),
      getsFromNobody("nobody sends it, and she likes it", sent(4, 4, asked)),
      gets("Ann sends it, and she likes it", sent(5, 5, asked), yes),
      gets("it comes without an Organizer", sent(6, 6, asked, { organizer: null }), { from: ann, ...yes }),
    ],
  },
  {
    name: "a secretary sends Instances",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0))),
      gets(
        "the second, of Ben who acts for Ann",
        message({
          method: "REQUEST",
          uid: "series@example.test",
          organizer: null,
          sequence: 1,
          attendees: [`${asked}:mailto:${clara}`],
          start: "20270317T140000Z",
          end: "20270317T150000Z",
          lines: [`ORGANIZER;SENT-BY="mailto:${ben}":mailto:${ann}`, instance("17")],
        }),
        { from: ben, ...yes },
      ),
      getsFromNobody("the third, of nobody", request(one("24", 2, 1, asked, "14"))),
      gets("the fourth with the series, of Ben", byBen([whole(3, 2), one("31", 9, 2, asked, "15")]), {
        from: emil,
        ...yes,
      }),
      gets("the series again", request(whole(10, 3))),
    ],
  },
  {
    name: "Clara is told of several things at once",
    owner: clara,
    over: { groups: new Set([address("team@example.test")]) },
    steps: [
      gets("Instances alone", request(one("17", 1, 1), one("24", 1, 1))),
      gets("one is called off", cancel([...one("17", 5, 2), "STATUS:CANCELLED"])),
      gets(
        "both are, one for the second time",
        cancel([...one("17", 5, 2), "STATUS:CANCELLED"], [...one("24", 5, 2), "STATUS:CANCELLED"]),
      ),
      gets(
        "the same, and one of before",
        cancel([...one("17", 5, 2), "STATUS:CANCELLED"], [...one("24", 0, 0), "STATUS:CANCELLED"]),
      ),
      gets(
        "all is, by the name of a group",
        cancel([...day("10"), ...stamp(6, 3), attendee(address("team@example.test"), "")]),
      ),
      gets("the whole is, for a second time", cancel([...day("10"), ...stamp(7, 4), "STATUS:CANCELLED"])),
      gets("all from the third on", cancel([...one("24", 8, 5, asked, "09", thisAndFuture), "STATUS:CANCELLED"])),
      gets(
        "all from the third on, again",
        cancel([...one("24", 9, 6, asked, "09", thisAndFuture), "STATUS:CANCELLED"]),
      ),
      gets("the event, which does not repeat", request([...day("10"), ...stamp(20, 7), attendee(clara)])),
    ],
  },
  {
    name: "what does not repeat has no Instances",
    owner: clara,
    steps: [
      gets("the event", sent(0, 0, asked)),
      gets(
        "an Instance is called off",
        message({
          method: "CANCEL",
          sequence: 1,
          dtstamp: "20270301T110000Z",
          attendees: [`:mailto:${clara}`],
          lines: [`RECURRENCE-ID:${key("17")}`],
        }),
      ),
      gets(
        "others are taken off the list",
        message({ method: "CANCEL", sequence: 1, dtstamp: "20270301T110000Z", attendees: [`:mailto:${ben}`] }),
      ),
      gets(
        "it is called off, and nobody is named",
        message({ method: "CANCEL", sequence: 1, dtstamp: "20270301T110000Z", attendees: [] }),
      ),
      gets(
        "it is called off, and others are named",
        message({
          method: "CANCEL",
          sequence: 1,
          dtstamp: "20270301T120000Z",
          attendees: [`:mailto:${ben}`],
          lines: ["STATUS:CANCELLED"],
        }),
      ),
    ],
  },
  {
    name: "Ann sends what there is",
    owner: ann,
    over: policy({ maxHealingsPerDay: 9 }),
    steps: [
      writes(
        "writes the series",
        parts("REQUEST", [
          [...whole(0, 0), attendee(ben, ";SCHEDULE-AGENT=CLIENT")],
          [...one("17", 0, 0, asked, "14"), attendee(dora)],
          [...one("24", 0, 0, asked, "15"), attendee(dora), attendee(emil)],
        ]).object,
      ),
      acts("asks all again", { kind: "ask-again" }),
      acts("sends it to all again", { kind: "resend" }),
      acts("sends it to Dora", { kind: "resend", to: dora }),
      gets("who is not written to asks for it", from(ben, "REFRESH", [[...stamp(1), attendee(ben, "")]])),
      gets("a guest of Instances asks for it", from(emil, "REFRESH", [[...stamp(1), attendee(emil, "")]])),
      gets(
        "a guest of it answers late",
        from(dora, "REPLY", [[...day("17"), instance("17"), ...stamp(2), attendee(dora, ";PARTSTAT=ACCEPTED")]]),
      ),
      acts("calls two off", { kind: "cancel", keys: [key("17"), key("31")] }),
      acts("sends it to all again, now", { kind: "resend" }),
      writes(
        "takes Dora off one",
        parts("REQUEST", [
          [...whole(0, 0), attendee(ben, ";SCHEDULE-AGENT=CLIENT")],
          [...one("24", 0, 0, asked, "15"), attendee(emil)],
        ]).object,
      ),
      gets("Dora asks for it", from(dora, "REFRESH", [[...stamp(3), attendee(dora, "")]])),
      acts("sends it to all once more", { kind: "resend" }),
      acts("calls all off", { kind: "cancel", comment: "Sorry" }),
      acts("sends that to all again", { kind: "resend" }),
      gets("Clara asks for it", from(clara, "REFRESH", [[...stamp(4), attendee(clara, "")]])),
    ],
  },
  {
    name: "Ann sends Instances without a series",
    owner: ann,
    over: { actor: dora, ownerName: "Ann Lee" },
    steps: [
      writes("writes two Instances", parts("REQUEST", [one("17", 0, 0), [...one("24", 0, 3), attendee(ben)]]).object),
      acts("sends them to all again", { kind: "resend" }),
      acts("calls them off", { kind: "cancel" }),
      acts("sends that to all again", { kind: "resend" }),
      during({ addresses: new Set([ann, ben]) }, acts("sends that to all but one of her own", { kind: "resend" })),
    ],
  },
];
