import { defaultLimits } from "@parley/engine";
import { event, series } from "./copies.ts";
import { counterText } from "./counter-world.ts";
import { day, instance, key, stamp, thisAndFuture, weekly } from "./series.ts";
import { acts, attendee, from, gets, parts, policy, reply, type Story, tomorrow, writes } from "./stories.ts";
import { address, ann, ben, clara, mallory, message } from "./world.ts";

const dora = address("dora@example.test");
const emil = address("emil@partner.test");
const team = address("team@example.test");
const annAtHome = address("ann@home.test");
const accepted = ";PARTSTAT=ACCEPTED";
const mayCome = ";CN=Dora;PARTSTAT=ACCEPTED";

const begins = writes("writes the event", event.object);
const beginsSeries = writes("writes the series", series.object);
const toInstances = (who: typeof dora, ...days: readonly string[]) =>
  from(
    who,
    "REPLY",
    days.map((date) => [...day(date), instance(date), ...stamp(30), attendee(who, mayCome)]),
  );
const asMember = `;MEMBER="mailto:${team}";PARTSTAT=ACCEPTED`;
const withTeam = message({
  method: "REQUEST",
  attendees: [`;RSVP=TRUE:mailto:${clara}`, `;CUTYPE=GROUP;RSVP=TRUE:mailto:${team}`],
});
const ownDomain = policy({ uninvited: "admit-own-domain", ownDomains: new Set(["example.test"]) });
const confirmed = { confirmedByOwner: true };

/** Who comes to Ann's list, stays away from it, and leaves it. */
export const storiesOfUninvited: readonly Story[] = [
  {
    name: "people of our own are admitted",
    owner: ann,
    over: ownDomain,
    steps: [
      begins,
      gets("an answer of Dora's", reply(dora, mayCome, { lines: ["COMMENT: Glad to "] })),
      gets("the same again", reply(dora, mayCome, { lines: ["COMMENT: Glad to "] })),
      gets("an answer of somebody elsewhere", reply(emil, accepted)),
      gets("an answer of Ben's, who has none to give", reply(ben, ";PARTSTAT=NEEDS-ACTION")),
      acts("calls it off", { kind: "cancel" }),
      gets("an answer to what is called off", reply(address("fay@example.test"), accepted)),
    ],
  },
  {
    name: "people of our own are admitted to Instances",
    owner: ann,
    over: ownDomain,
    steps: [
      beginsSeries,
      gets("an answer to two Instances", toInstances(dora, "24", "31")),
      gets(
        "an answer to all after one",
        from(address("fay@example.test"), "REPLY", [
          [...day("24"), instance("24", thisAndFuture), ...stamp(30), attendee(address("fay@example.test"), accepted)],
        ]),
      ),
      gets(
        "an answer to the whole and to an Instance",
        from(address("gus@example.test"), "REPLY", [
          [...day("10"), ...stamp(30), attendee(address("gus@example.test"), accepted)],
          [...day("24"), instance("24"), ...stamp(30), attendee(address("gus@example.test"), ";PARTSTAT=DECLINED")],
        ]),
      ),
      gets("an answer to what there is not", toInstances(dora, "25")),
    ],
  },
  {
    name: "there is no room",
    owner: ann,
    over: { ...ownDomain, limits: { ...defaultLimits, maxAttendees: 2 } },
    steps: [begins, gets("an answer of Dora's", reply(dora, accepted))],
  },
  {
    name: "the uninvited are refused",
    owner: ann,
    over: policy({ uninvited: "refuse", maxHealingsPerDay: 2 }),
    steps: [
      beginsSeries,
      gets("an answer that is not proven", toInstances(dora, "24"), { strength: "weak" }),
      gets("an answer that another has sent", toInstances(dora, "24"), { from: mallory }),
      gets("an answer to an Instance", toInstances(dora, "24")),
      gets("an answer to another", toInstances(dora, "31")),
      gets("a third on one day", toInstances(dora, "10")),
      tomorrow(gets("one the next day", toInstances(dora, "10"))),
      gets("a proposal", { ...counterText({ uid: "series@example.test", from: dora }), originator: dora }),
      gets("an answer the owner likes", toInstances(emil, "31"), confirmed),
    ],
  },
  {
    name: "members of a group are asked about",
    owner: ann,
    over: policy({ uninvited: "refuse" }),
    steps: [
      writes("writes the event", withTeam.object),
      gets("an answer of a member", reply(dora, asMember)),
      gets("an answer of a member of what is no group", reply(dora, `;MEMBER="mailto:${clara}";PARTSTAT=ACCEPTED`)),
      gets("an answer of a member of what is not invited", reply(emil, `;MEMBER="mailto:${emil}";PARTSTAT=ACCEPTED`)),
      gets("an answer of a member that the owner likes", reply(emil, asMember), confirmed),
    ],
  },
  {
    name: "who was taken off the list answers late",
    owner: ann,
    steps: [
      beginsSeries,
      gets("an answer of Clara's", toInstances(clara, "24")),
      writes("takes Clara off the Instance", {
        ...parts("REQUEST", [
          [...weekly, ...stamp(0), attendee(clara)],
          [...day("24"), instance("24"), ...stamp(2, 2)],
        ]).object,
      }),
      gets("another answer of hers", toInstances(clara, "24")),
      writes("takes her off all", parts("REQUEST", [[...weekly, ...stamp(3), attendee(dora)]]).object),
      gets("the first answer again", toInstances(clara, "24")),
      gets("an answer to another Instance", toInstances(clara, "31")),
      gets("an answer to what was newer", {
        ...from(clara, "REPLY", [[...day("10"), ...stamp(30, 9), attendee(clara, accepted)]]),
      }),
      gets("the first answer again, and the owner likes it", toInstances(clara, "24"), confirmed),
    ],
  },
  {
    name: "who was refused comes again",
    owner: ann,
    steps: [
      beginsSeries,
      acts("refuses Dora an Instance", { kind: "refuse", attendee: dora, key: key("24"), comment: "No room" }),
      gets("her answer to it", toInstances(dora, "24")),
      gets("her answer to another", toInstances(dora, "31")),
      gets("her answer to both", toInstances(dora, "24", "31")),
      acts("refuses her all", { kind: "refuse", attendee: dora }),
      gets("her answer to an Instance", toInstances(dora, "31")),
      acts("admits her to an Instance", { kind: "admit", attendee: dora, name: "Dora", key: key("24") }),
      gets("her answer to it", toInstances(dora, "24")),
      acts("admits her to what there is not", { kind: "admit", attendee: dora, key: key("25") }),
      acts("admits her to all", { kind: "admit", attendee: dora }),
    ],
  },
  {
    name: "an answer of the Organizer's own",
    owner: ann,
    over: { ...ownDomain, addresses: new Set([ann, annAtHome]) },
    steps: [begins, gets("Ann answers herself", reply(annAtHome, accepted), confirmed)],
  },
  {
    name: "a delegate comes first",
    owner: ann,
    over: policy({ uninvited: "refuse" }),
    steps: [
      begins,
      gets("the delegate", reply(emil, `;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:${clara}"`)),
      gets("the delegator", reply(clara, `;RSVP=TRUE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${emil}"`)),
      gets("the delegate again", reply(emil, `;PARTSTAT=DECLINED;DELEGATED-FROM="mailto:${clara}"`)),
      gets(
        "the delegate after all",
        reply(emil, `;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:${clara}"`, { dtstamp: "20270302T110000Z" }),
      ),
      gets("the delegator comes", reply(clara, accepted, { dtstamp: "20270302T113000Z" })),
      gets("the delegate of nobody invited", reply(dora, `;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:${mallory}"`)),
      gets("the uninvited delegates", reply(dora, `;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${emil}"`), confirmed),
    ],
  },
];
