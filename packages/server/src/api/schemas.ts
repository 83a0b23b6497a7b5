import { Type } from "typebox";

export * from "./schemas-busy.ts";

/** An instant as ISO 8601 in UTC (`2027-03-01T09:00:00Z`), or a date (`2027-03-01`) of an all-day event. */
const Time = Type.String({
  pattern: "^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d:\\d\\dZ)?$",
  description: "an instant in UTC such as 2027-03-01T09:00:00Z, or a date such as 2027-03-01",
});
const Address = Type.String({ minLength: 3, maxLength: 320 });
const Answer = Type.Union([Type.Literal("ACCEPTED"), Type.Literal("TENTATIVE"), Type.Literal("DECLINED")]);
const Partstat = Type.Union([
  Type.Literal("NEEDS-ACTION"),
  Type.Literal("ACCEPTED"),
  Type.Literal("DECLINED"),
  Type.Literal("TENTATIVE"),
  Type.Literal("DELEGATED"),
  Type.Literal("COMPLETED"),
  Type.Literal("IN-PROCESS"),
]);
const Role = Type.Union([
  Type.Literal("CHAIR"),
  Type.Literal("REQ-PARTICIPANT"),
  Type.Literal("OPT-PARTICIPANT"),
  Type.Literal("NON-PARTICIPANT"),
]);
const closed = { additionalProperties: false };

export const SessionView = Type.Object(
  {
    /** Who is signed in; null where nobody is. */
    person: Type.Union([
      Type.Object(
        {
          address: Type.String(),
          name: Type.String(),
          /** IANA name; times are shown in it. */
          timezone: Type.String(),
        },
        closed,
      ),
      Type.Null(),
    ]),
    /** In try-out mode anybody may sign in as one of `people`, without a password. */
    tryOut: Type.Boolean(),
    people: Type.Array(Type.Object({ address: Type.String(), name: Type.String() }, closed)),
    /** Whether an address and a password sign in. */
    passwords: Type.Boolean(),
    /** What the OpenID provider is called at which one can sign in, by way of `/api/oidc/start`; null where there is none. */
    oidc: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
);

export const SignIn = Type.Object(
  { address: Address, password: Type.Optional(Type.String({ maxLength: 1_000 })) },
  closed,
);

export const EventInput = Type.Object(
  {
    summary: Type.String({ minLength: 1, maxLength: 1_000 }),
    start: Time,
    /** Exclusive; of the same form as `start`; not before it. */
    end: Time,
    location: Type.Optional(Type.String({ maxLength: 2_000 })),
    description: Type.Optional(Type.String({ maxLength: 50_000 })),
    attendees: Type.Optional(
      Type.Array(
        Type.Object(
          { address: Address, name: Type.Optional(Type.String({ maxLength: 300 })), role: Type.Optional(Role) },
          closed,
        ),
        { maxItems: 20_000 },
      ),
    ),
  },
  closed,
);

export const AnswerInput = Type.Object(
  { partstat: Answer, comment: Type.Optional(Type.String({ maxLength: 8_000 })) },
  closed,
);

export const CancelInput = Type.Object({ comment: Type.Optional(Type.String({ maxLength: 8_000 })) }, closed);

export const AttendeeView = Type.Object(
  {
    address: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
    role: Role,
    partstat: Partstat,
    comment: Type.Union([Type.String(), Type.Null()]),
    /** They answered an older time: `partstat` is what counts now, this is what they said then. */
    outdatedAnswer: Type.Union([Partstat, Type.Null()]),
    /** State of the last message sent to them; null where none was. On the organizer's copy only. */
    delivery: Type.Union([
      Type.Literal("queued"),
      Type.Literal("handed-over"),
      Type.Literal("deferred"),
      Type.Literal("refused"),
      Type.Literal("bounced"),
      Type.Literal("answered"),
      Type.Null(),
    ]),
    me: Type.Boolean(),
  },
  closed,
);

export const EventView = Type.Object(
  {
    id: Type.String(),
    etag: Type.String(),
    uid: Type.String(),
    /** What the viewer is to it; `none` where nobody else is involved. */
    role: Type.Union([Type.Literal("organizer"), Type.Literal("attendee"), Type.Literal("none")]),
    summary: Type.String(),
    location: Type.String(),
    description: Type.String(),
    start: Time,
    end: Time,
    allDay: Type.Boolean(),
    /** The zone the organizer wrote the time in; null for UTC, dates and floating times. */
    timezone: Type.Union([Type.String(), Type.Null()]),
    recurring: Type.Boolean(),
    status: Type.Union([Type.Literal("CONFIRMED"), Type.Literal("TENTATIVE"), Type.Literal("CANCELLED"), Type.Null()]),
    sequence: Type.Integer(),
    organizer: Type.Union([
      Type.Object({ address: Type.String(), name: Type.Union([Type.String(), Type.Null()]) }, closed),
      Type.Null(),
    ]),
    attendees: Type.Array(AttendeeView),
    /** The viewer's own answer; null on what they organize or were not invited to. */
    answer: Type.Union([
      Type.Object({ partstat: Partstat, comment: Type.Union([Type.String(), Type.Null()]) }, closed),
      Type.Null(),
    ]),
    /** Whose it is where a calendar of theirs is shared with the viewer, and that calendar's slug; null for what is the viewer's own. */
    shared: Type.Union([
      Type.Object({ calendar: Type.String(), owner: Type.String(), name: Type.String() }, closed),
      Type.Null(),
    ]),
  },
  closed,
);

export const EventList = Type.Object({ events: Type.Array(EventView) }, closed);

export const ChangeView = Type.Object({ text: Type.String() }, closed);

/** What a change would send, each message once for all who would get the same. */
export const ChangePreview = Type.Object(
  {
    messages: Type.Array(
      Type.Object(
        {
          method: Type.String(),
          to: Type.Array(Type.String()),
          subject: Type.String(),
          changes: Type.Array(ChangeView),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** One message, in or out, and what was decided about it. */
export const LedgerEntry = Type.Object(
  {
    id: Type.String(),
    at: Time,
    direction: Type.Union([Type.Literal("in"), Type.Literal("out")]),
    method: Type.Union([Type.String(), Type.Null()]),
    uid: Type.Union([Type.String(), Type.Null()]),
    sequence: Type.Union([Type.Integer(), Type.Null()]),
    subject: Type.String(),
    from: Type.String(),
    to: Type.Array(Type.String()),
    verdict: Type.Union([
      Type.Literal("applied"),
      Type.Literal("ignored"),
      Type.Literal("held"),
      Type.Literal("undecided"),
      Type.Literal("rejected"),
      Type.Literal("unreadable"),
      Type.Literal("sent"),
      Type.Literal("undelivered"),
    ]),
    /** What the person decided about an `undecided` message; null for what was never a question. */
    decision: Type.Union([Type.Literal("open"), Type.Literal("apply"), Type.Literal("dismiss"), Type.Null()]),
    /** An RFC section or a decision record. */
    rule: Type.String(),
    /** One sentence: why. */
    reason: Type.String(),
    /** One sentence: who says it is from them, and how sure we are. Empty for what we sent. */
    evidence: Type.String(),
    /** What a person should see before they believe the sender: one sentence each. */
    warnings: Type.Array(Type.String()),
    changes: Type.Array(ChangeView),
    violations: Type.Array(Type.Object({ rule: Type.String(), detail: Type.String() }, closed)),
    deliveries: Type.Array(
      Type.Object(
        { recipient: Type.String(), state: Type.String(), attempts: Type.Integer(), detail: Type.String() },
        closed,
      ),
    ),
    eventId: Type.Union([Type.String(), Type.Null()]),
    hasSource: Type.Boolean(),
  },
  closed,
);

export const LedgerList = Type.Object({ entries: Type.Array(LedgerEntry) }, closed);

/** An undecided message: the person must choose. */
export const QuestionView = Type.Object(
  {
    /** Of the ledger entry. */
    id: Type.String(),
    at: Time,
    kind: Type.Union([
      Type.Literal("stranger"),
      Type.Literal("forwarded"),
      Type.Literal("published"),
      Type.Literal("unverified-sender"),
      Type.Literal("uninvited-reply"),
      Type.Literal("uninvited-counter"),
      Type.Literal("free-busy-request"),
      Type.Literal("new-organizer"),
    ]),
    suspicious: Type.Boolean(),
    /** One sentence for the person. */
    text: Type.String(),
    method: Type.String(),
    from: Type.String(),
    evidence: Type.String(),
    /** As in the ledger. */
    warnings: Type.Array(Type.String()),
    /** What the message says, as it would look when applied; null where that cannot be shown. */
    event: Type.Union([EventView, Type.Null()]),
    /** True where the message is an invitation the person can answer at once. */
    answerable: Type.Boolean(),
  },
  closed,
);

export const QuestionList = Type.Object({ questions: Type.Array(QuestionView) }, closed);

export const QuestionDecision = Type.Object(
  {
    /** `apply` lets the message act; `dismiss` drops it, silently for its sender. */
    decision: Type.Union([Type.Literal("apply"), Type.Literal("dismiss")]),
    /** With `apply` of an invitation: answer it in the same step. */
    answer: Type.Optional(AnswerInput),
  },
  closed,
);

export const QuestionResult = Type.Object({ event: Type.Union([EventView, Type.Null()]) }, closed);

const AppPasswordName = Type.String({ minLength: 1, maxLength: 100 });

/** One device or program of the person, which has a password of its own. */
export const AppPasswordView = Type.Object({ name: AppPasswordName, created: Type.String() }, closed);

export const AppPasswordList = Type.Object({ passwords: Type.Array(AppPasswordView) }, closed);

export const AppPasswordInput = Type.Object({ name: AppPasswordName }, closed);

export const NewAppPassword = Type.Object(
  {
    name: AppPasswordName,
    created: Type.String(),
    /** Told this once and never again; the hyphens may be left out. */
    password: Type.String(),
  },
  closed,
);

/** Every error of the API. */
export const Problem = Type.Object(
  {
    /** A stable word for programs, such as `not-found`, `changed-meanwhile`, `invalid`. */
    error: Type.String(),
    /** One sentence for people. */
    message: Type.String(),
  },
  { ...closed, description: "Every error of the API." },
);
