import { Type } from "typebox";

const closed = { additionalProperties: false };
const Address = Type.String({ minLength: 3, maxLength: 320 });
const Weekday = Type.Enum(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]);
const Clock = Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$", description: "a time such as 09:00" });

/** What a meeting needs. */
export const TimeQuestion = Type.Object(
  {
    required: Type.Array(Address, { minItems: 1, maxItems: 100 }),
    optional: Type.Optional(Type.Array(Address, { maxItems: 100 })),
    /** One of these is needed too, such as one room of some; the first that is free is taken. */
    anyOf: Type.Optional(Type.Array(Address, { minItems: 1, maxItems: 100 })),
    from: Type.String({ maxLength: 20, description: "an instant in UTC such as 2027-03-01T09:00:00Z" }),
    /** Not after 62 days. */
    to: Type.String({ maxLength: 20, description: "an instant in UTC such as 2027-03-08T09:00:00Z" }),
    minutes: Type.Integer({ minimum: 5, maximum: 10_080 }),
    /** Between two starts, from the beginning of the range on; 15 where it is left out. */
    stepMinutes: Type.Optional(Type.Integer({ minimum: 5, maximum: 1_440 })),
    /** How many times are given; 10 where it is left out. */
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
    /** When people work, by the caller's clock; without it at any time. */
    hours: Type.Optional(
      Type.Object({ weekdays: Type.Array(Weekday, { minItems: 1, maxItems: 7 }), from: Clock, to: Clock }, closed),
    ),
  },
  closed,
);

/** The best times for a meeting, the best first. */
export const FoundTimes = Type.Object(
  {
    slots: Type.Array(
      Type.Object(
        {
          from: Type.String(),
          to: Type.String(),
          /** Whether all who are required can come, of those whose time is known. */
          works: Type.Boolean(),
          /** Who of `anyOf` is taken. */
          chosen: Type.Array(Type.String()),
          obstacles: Type.Array(
            Type.Object(
              {
                address: Type.String(),
                kind: Type.Enum(["busy", "unavailable", "tentative", "outside-hours"]),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
    /** Whose time is not known to the caller: they are not weighed. People elsewhere can be asked by mail. */
    unknown: Type.Array(Type.String()),
    /** Of whose time only a part is known: they may be busy when they seem free. */
    incomplete: Type.Array(Type.String()),
  },
  closed,
);

/** Whom to ask by mail when they are busy. */
export const FreeBusyQuestion = Type.Object(
  {
    addresses: Type.Array(Address, { minItems: 1, maxItems: 20 }),
    from: Type.String({ maxLength: 20, description: "an instant in UTC such as 2027-03-01T09:00:00Z" }),
    /** Not after 62 days. */
    to: Type.String({ maxLength: 20, description: "an instant in UTC such as 2027-03-08T09:00:00Z" }),
  },
  closed,
);

/** What became of each question; answers are seen later, by asking here. */
export const FreeBusyAsked = Type.Object(
  {
    people: Type.Array(
      Type.Object(
        {
          address: Type.String(),
          /** A mail leaves; one left a short while ago; they are here; no mail goes there; too many today. */
          state: Type.Union([
            Type.Literal("asked"),
            Type.Literal("waiting"),
            Type.Literal("here"),
            Type.Literal("no-address"),
            Type.Literal("too-many"),
          ]),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** When people are busy, as far as the caller may know it. */
export const FreeBusyList = Type.Object(
  {
    /** In the order they were asked for. */
    people: Type.Array(
      Type.Object(
        {
          /** As it was asked for. */
          address: Type.String(),
          /** False where nobody here has the address, or the caller may not know: which of them is not told. */
          known: Type.Boolean(),
          /** When they told it by mail, of people elsewhere; null of people here. */
          told: Type.Union([Type.String(), Type.Null()]),
          /** False where there may be more busy time than is told: what is not told is not free then. */
          complete: Type.Boolean(),
          /** Ascending; no two overlap. */
          busy: Type.Array(
            Type.Object(
              {
                from: Type.String(),
                to: Type.String(),
                type: Type.Union([
                  Type.Literal("BUSY"),
                  Type.Literal("BUSY-TENTATIVE"),
                  Type.Literal("BUSY-UNAVAILABLE"),
                ]),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);
