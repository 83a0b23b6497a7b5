import { Type } from "typebox";

const closed = { additionalProperties: false };
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Color = Type.String({ pattern: "^#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?$", description: "a colour such as #ff2968" });
const Access = Type.Union([Type.Literal("read"), Type.Literal("write")]);
const Instant = Type.String();
const orNull = <Kind extends Parameters<typeof Type.Union>[0][number]>(kind: Kind) => Type.Union([kind, Type.Null()]);

/** Tells how reading a calendar elsewhere goes. */
export const SubscriptionView = Type.Object(
  {
    url: Type.String(),
    refreshSeconds: Type.Integer(),
    /** When it was last tried, when that last went well, and when it is tried next. */
    checked: orNull(Instant),
    succeeded: orNull(Instant),
    due: Instant,
    /** Why it last failed, or what of it is left out; one sentence. */
    problem: orNull(Type.String()),
  },
  closed,
);

/** Tells of a calendar a person sees. */
export const CalendarView = Type.Object(
  {
    /** Names it in URLs, of the API and of CalDAV. */
    slug: Type.String(),
    name: Type.String(),
    color: orNull(Type.String()),
    /** Address of whose it is. */
    owner: Type.String(),
    access: Type.Union([Type.Literal("own"), Access]),
    /** New events go there. */
    isDefault: Type.Boolean(),
    /** Its events take no time in free-busy. */
    isTransparent: Type.Boolean(),
    /** Where it is read from; null for what is written here. */
    subscription: orNull(SubscriptionView),
  },
  closed,
);

/** Lists them. */
export const CalendarList = Type.Object({ calendars: Type.Array(CalendarView) }, closed);

/** Names a calendar elsewhere. */
export const SubscriptionInput = Type.Object(
  {
    /** An https URL, or webcal. */
    url: Type.String({ minLength: 1, maxLength: 2_000 }),
    /** What it calls itself, where it is left out. */
    name: Type.Optional(Name),
    color: Type.Optional(Color),
    refreshSeconds: Type.Optional(Type.Integer({ minimum: 900, maximum: 2_592_000 })),
    /** True where its events take the person's time. */
    busy: Type.Optional(Type.Boolean()),
  },
  closed,
);

/** Tells what became of a file. */
export const ImportView = Type.Object(
  {
    added: Type.Integer(),
    replaced: Type.Integer(),
    skipped: Type.Integer(),
    /** The first hundred of them, each with a sentence that says why. */
    reasons: Type.Array(Type.Object({ uid: Type.String(), detail: Type.String() }, closed)),
  },
  closed,
);

/** Tells with whom a calendar is shared, and how far. */
export const ShareView = Type.Object({ address: Type.String(), name: Type.String(), access: Access }, closed);

/** Lists them. */
export const ShareList = Type.Object({ shares: Type.Array(ShareView) }, closed);

/** Says how far. */
export const ShareInput = Type.Object({ access: Access }, closed);

const Form = Type.Union([Type.Literal("full"), Type.Literal("busy")]);

/** Tells of a public link, but for the link itself. */
export const LinkView = Type.Object(
  {
    id: Type.String(),
    label: Type.String(),
    /** `full`: what there is, but for who is invited; `busy`: busy times alone. */
    form: Form,
    created: Instant,
  },
  closed,
);

/** Lists them. */
export const LinkList = Type.Object({ links: Type.Array(LinkView) }, closed);

/** Says what a new link is to show. */
export const LinkInput = Type.Object({ label: Type.Optional(Name), form: Type.Optional(Form) }, closed);

/** Tells of a link that was just made. */
export const NewLink = Type.Object(
  {
    ...LinkView.properties,
    /** Told this once and never again: what is kept of it does not give it back. */
    url: Type.String(),
  },
  closed,
);
