import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

const closed = { additionalProperties: false };
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
const Locale = Type.String({ pattern: "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}$" });
const domainForm = "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$";
const Domain = Type.String({ pattern: domainForm });

/** Tells whether a text is the name of a mail domain, in lower case. */
export function isDomain(text: string): boolean {
  return new RegExp(domainForm).test(text) && text.length <= 253;
}

/** Everything an operator can set. Every key has a default but `domains`. */
export const ConfigSchema = Type.Object(
  {
    /** Folder of the database and, without a relay, of outgoing mail. */
    data: Type.String({ minLength: 1 }),
    /** A PostgreSQL database, `postgresql://user:password@host:port/name`; without it an SQLite file in `data`. */
    database: Type.Optional(Type.Object({ url: Type.String() }, closed)),
    /** Mail domains whose people are ours. */
    domains: Type.Array(Domain, { minItems: 1 }),
    http: Type.Object({ host: Type.String(), port: Port, publicUrl: Type.Optional(Type.String()) }, closed),
    /** `passwords: false`: people sign in at the OpenID provider alone, programs by app passwords. */
    auth: Type.Optional(Type.Object({ passwords: Type.Boolean() }, closed)),
    /** An OpenID provider people can sign in at; `http.publicUrl` must be given with it. */
    oidc: Type.Optional(
      Type.Object(
        {
          issuer: Type.String(),
          clientId: Type.String({ minLength: 1 }),
          clientSecret: Type.Optional(Type.String({ minLength: 1 })),
          addressClaim: Type.String({ minLength: 1 }),
          requireVerified: Type.Boolean(),
          /** What people call it. */
          name: Type.String({ minLength: 1, maxLength: 100 }),
          /** Whoever it vouches for is added, where their address is of one of `domains`. */
          create: Type.Boolean(),
        },
        closed,
      ),
    ),
    lmtp: Type.Object({ host: Type.String(), port: Port }, closed),
    /** The relay that takes our mail; without it mail becomes files in `outbox`. */
    smtp: Type.Optional(
      Type.Object(
        {
          host: Type.String({ minLength: 1 }),
          port: Port,
          /** TLS from the first byte. */
          secure: Type.Boolean(),
          /** Refuse to send without STARTTLS. */
          requireTls: Type.Boolean(),
          user: Type.Optional(Type.String()),
          password: Type.Optional(Type.String()),
        },
        closed,
      ),
    ),
    outbox: Type.String({ minLength: 1 }),
    delivery: Type.Object(
      {
        /** What an Organizer writes waits so long for what they write next; 0 sends each by itself, at once. */
        pauseSeconds: Type.Integer({ minimum: 0, maximum: 3_600 }),
        /** What one person sends in a day beyond that is held until `parley queue release`. */
        maxPerPersonDay: Type.Optional(Type.Integer({ minimum: 1 })),
        /** What one person sends to one address about one event in an hour beyond that is held too. */
        maxPerGuestHour: Type.Optional(Type.Integer({ minimum: 1 })),
        /** What nobody had sent (answers of rooms, versions sent again), to one address about one event in a day; 50 where it is left out. */
        maxAutomaticPerGuestDay: Type.Optional(Type.Integer({ minimum: 1 })),
        /** Guests' programs are told of the others' answers after so long, many at once; 60 where it is left out. */
        refreshSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
      },
      closed,
    ),
    keep: Type.Object(
      {
        /** Messages and the mail they came in are removed after so many days, but for what is open. */
        ledgerDays: Type.Integer({ minimum: 1 }),
      },
      closed,
    ),
    /** Who may see when people here are busy, and nothing else of it: those they let (`nobody`), all who sign in, anybody. */
    freeBusy: Type.Enum(["nobody", "people", "everybody"]),
    /** Whose word about the sender of a mail is taken. Decisions 0004 and 0033. */
    trust: Type.Object(
      {
        /** Ids under which our own relay writes Authentication-Results. */
        authservIds: Type.Array(Type.String()),
        /** The relay hands over only mail whose sender it has proven. */
        relay: Type.Boolean(),
        /** Check DKIM, DMARC and ARC ourselves; it asks the DNS. */
        check: Type.Optional(Type.Boolean()),
        /** Names our relay writes behind `by` in its Received lines, which say where a mail came from: SPF is checked of that. */
        receivedBy: Type.Optional(Type.Array(Domain)),
        /** Domains of forwarders whose ARC seal we believe. */
        arcSealers: Type.Optional(Type.Array(Domain)),
        /** PEM files of the authorities whose S/MIME certificates we believe. */
        smimeAuthorities: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
      },
      closed,
    ),
    /** The language of mails where nobody says another, such as `de-AT`; without it English. */
    locale: Type.Optional(Locale),
    /** Folder of TZif files; without it the system's. */
    zoneinfo: Type.Optional(Type.String()),
  },
  closed,
);

/** Holds a configuration that was checked. */
export type Config = Static<typeof ConfigSchema>;

/** Tells whether a text can be the tag of a language, such as `de-AT`. */
export function isLocale(text: string): boolean {
  return Value.Check(Locale, text);
}
