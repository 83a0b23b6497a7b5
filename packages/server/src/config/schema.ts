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

const loopbackForm = "^(localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1)$";

/** What operators call one of several. */
const Name = Type.String({ pattern: "^[a-z0-9-]{1,40}$" });
const File = Type.String({ minLength: 1 });
/** The selector is the part of the record's name before `._domainkey`. */
const DkimKey = Type.Object({ domain: Domain, selector: Domain, keyFile: File }, closed);
/** The certificate of the person first, then those between it and its authority. */
const SmimeKey = Type.Object({ certificateFile: File, keyFile: File }, closed);

/** A mailbox that mail is read from. */
const Mailbox = Type.Object(
  {
    host: Type.String({ minLength: 1 }),
    port: Port,
    /** TLS from the first byte. */
    secure: Type.Boolean(),
    /** Say no password before STARTTLS; `false` is for this machine alone. */
    requireTls: Type.Boolean(),
    user: Type.String({ minLength: 1 }),
    password: Type.String({ minLength: 1 }),
    /** The folder that is read; `/` stands between folders, whatever the server puts there. */
    mailbox: Type.String({ minLength: 1 }),
    /** Whose mail it is, whomever it names; without it each mail tells. */
    owner: Type.Optional(Type.String({ minLength: 3 })),
    /** Folder for mail that was taken in; without it such mail stays, and is marked. */
    handled: Type.Optional(Type.String({ minLength: 1 })),
    /** The same for mail that could not be. */
    failed: Type.Optional(Type.String({ minLength: 1 })),
    /** Ids under which its server writes Authentication-Results; without them none is believed: those of `trust` are another server's. */
    authservIds: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    /** How often it is looked into where its server does not tell of new mail. */
    pollSeconds: Type.Integer({ minimum: 5, maximum: 3_600 }),
  },
  closed,
);

/** Tells whether a host is this machine. */
export function isLoopback(host: string): boolean {
  return new RegExp(loopbackForm).test(host);
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
    /** Mail by SMTP from this machine alone: whoever reaches it is not asked who they are. */
    smtpIn: Type.Optional(Type.Object({ host: Type.String({ pattern: loopbackForm }), port: Port }, closed)),
    /** Mailboxes that are read, by names of the operator's; the variables are about one, called `mailbox`. */
    imap: Type.Optional(Type.Record(Type.String({ pattern: "^[a-z0-9-]{1,40}$" }), Mailbox, closed)),
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
    /** Keys that mail of our domains is signed with, by names of the operator's; the variables are about one, called `key`. Decision 0036. */
    dkim: Type.Optional(Type.Record(Name, DkimKey, closed)),
    /** Certificates of people, and PEM files of their keys: what is sent in their name is signed by S/MIME; the variables are about `person`. */
    smime: Type.Optional(Type.Record(Name, SmimeKey, closed)),
    /** Certificates of people elsewhere: mail to them is encrypted; the variable is about `guest`. */
    encryptFor: Type.Optional(Type.Record(Name, Type.Object({ certificateFile: File }, closed), closed)),
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
    /** Who elsewhere is told by mail when people here are busy, where these say nothing else; without it nobody. */
    busyByMail: Type.Optional(Type.Enum(["nobody", "contacts", "everybody"])),
    /** Calendars elsewhere that people subscribe to: none (`off`), at https URLs, or at http URLs too; https where it is left out. */
    subscriptions: Type.Optional(Type.Enum(["off", "https", "http"])),
    /** `false`: guests elsewhere get no links to answer by. With `http.publicUrl` alone they do. */
    answerLinks: Type.Optional(Type.Boolean()),
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
