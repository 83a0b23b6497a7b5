import { asked, askedAgain, cancel, one, request, says, shown, whole } from "./clara-versions.ts";
import { key, stamp } from "./series.ts";
import { attendee, gets, parts, type Story, writes } from "./stories.ts";
import { clara, message } from "./world.ts";

const accepted = ";PARTSTAT=ACCEPTED";

const written = (...components: readonly (readonly string[])[]) => request(...components).object;
/** What Clara's program writes. */
export const storiesOfWritten: readonly Story[] = [
  {
    name: "Clara writes her answers",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0), one("17", 1, 1, asked, "14"), one("24", 1, 1, asked, "15"))),
      writes(
        "accepts all but the fourth",
        written([...whole(0, 0, accepted), `EXDATE:${key("31")}`], one("17", 1, 1, shown("TENTATIVE"), "14")),
      ),
      writes(
        "says nothing of the second",
        written([...whole(0, 0, accepted), `EXDATE:${key("31")}`], one("17", 1, 1, askedAgain, "14")),
      ),
      writes("an answer to what there is not", written(whole(0, 0, accepted), one("25", 1, 1, accepted))),
      gets("the third is called off", cancel([...one("24", 10, 2), "STATUS:CANCELLED"])),
      writes("an answer to what is called off", written(whole(0, 0, accepted), one("24", 1, 1, accepted, "15"))),
      writes("throws it away", undefined),
      writes("throws away what is gone", undefined),
    ],
  },
  {
    name: "Clara throws away what she has answered in part",
    owner: clara,
    steps: [
      gets("the series", request(whole(0, 0))),
      says("ACCEPTED", { key: key("24"), range: "this-and-future" }),
      says("ACCEPTED", { key: key("17") }),
      says("DECLINED", { key: key("10") }),
      writes("throws it away", undefined),
    ],
  },
  {
    name: "Clara throws away Instances",
    owner: clara,
    steps: [
      gets("two Instances", request(one("17", 1, 0), one("24", 1, 0))),
      says("ACCEPTED", { key: key("17") }),
      gets("the third is called off", cancel([...one("24", 10, 2), "STATUS:CANCELLED"])),
      writes("throws them away", undefined),
    ],
  },
  {
    name: "Clara throws away what nobody can be told of",
    owner: clara,
    steps: [
      gets("an event", message({ method: "REQUEST", organizer: null, lines: ["ORGANIZER:urn:uuid:1"] }), {
        confirmedByOwner: true,
      }),
      writes("throws it away", undefined),
    ],
  },
  {
    name: "Clara works on a to-do",
    owner: clara,
    steps: [
      gets(
        "the to-do",
        parts(
          "REQUEST",
          [["DTSTART:20270310T090000Z", "PRIORITY:5", "PERCENT-COMPLETE:10", ...stamp(0), attendee(clara)]],
          "VTODO",
        ),
      ),
      ...[
        ["PERCENT-COMPLETE:10"],
        ["PERCENT-COMPLETE:40"],
        ["PERCENT-COMPLETE:40", "STATUS: in-process"],
        ["PERCENT-COMPLETE:50"],
        ["STATUS: completed", "COMPLETED:20270302T080000Z"],
        ["STATUS:COMPLETED", "COMPLETED:x"],
        ["PERCENT-COMPLETE:10", "STATUS:NEEDS-ACTION"],
      ].map((lines) =>
        writes(
          lines.join(", "),
          parts(
            "REQUEST",
            [["DTSTART:20270310T090000Z", "PRIORITY:5", ...lines, ...stamp(0), attendee(clara)]],
            "VTODO",
          ).object,
        ),
      ),
      writes(
        "takes it on",
        parts(
          "REQUEST",
          [["DTSTART:20270310T090000Z", "PERCENT-COMPLETE:10", ...stamp(0), attendee(clara, accepted)]],
          "VTODO",
        ).object,
      ),
      writes(
        "says it is done",
        parts("REQUEST", [["DTSTART:20270310T090000Z", ...stamp(0), attendee(clara, shown("COMPLETED"))]], "VTODO")
          .object,
      ),
      writes("throws it away", undefined),
    ],
  },
];
