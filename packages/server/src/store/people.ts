import type { CalendarUserAddress, EpochSeconds } from "@parley/engine";

/** Counted by the store; opaque to all others. */
export type PrincipalId = string;

/** What a principal is: RFC 5545 §3.2.3 without UNKNOWN. */
export type PrincipalKind = "person" | "group" | "room" | "resource";

/** How a room or resource is booked. */
export interface Booking {
  /** What it does with an invitation for a time it is free: accept it, or leave it to whoever looks after it. */
  readonly policy: "accept" | "approve";
  /** People it holds. */
  readonly capacity?: number;
}

/** Somebody or something with a calendar here. */
export interface Principal {
  readonly id: PrincipalId;
  readonly kind: PrincipalKind;
  readonly name: string;
  /** The address they write from. */
  readonly address: CalendarUserAddress;
  /** All their addresses, `address` first. */
  readonly addresses: readonly CalendarUserAddress[];
  /** IANA name. */
  readonly timezone: string;
  /** The language they read, such as `de-AT`. */
  readonly locale?: string;
  /** Of rooms and resources. */
  readonly booking?: Booking;
  /** Addresses of the groups they are a member of, also by way of other groups. */
  readonly groups: readonly CalendarUserAddress[];
  /** Who acts for them just now, a member or a delegate; never kept. */
  readonly actor?: CalendarUserAddress;
  /** Who acts for them does not see what is private; only ever true, and never kept. */
  readonly hidesPrivate?: boolean;
}

/** A principal as it is added: a person where no kind is named, of no group yet. */
export type NewPrincipal = Omit<Principal, "id" | "kind" | "groups" | "actor" | "hidesPrivate"> & {
  readonly kind?: PrincipalKind;
};

/** Why somebody cannot be a member of a group: `cycle`, the group is a member of theirs; `depth`, groups in groups beyond the bound. */
export type MemberProblem = "cycle" | "depth";

/** What an owner lets somebody else do for them: see when they are busy, see all, answer invitations, organize. */
export type DelegationScope = "freebusy" | "read" | "respond" | "organize";

/** Whom an owner lets act for them, and how far. */
export interface Delegation {
  readonly delegate: PrincipalId;
  readonly scope: DelegationScope;
}

/** Who lets somebody act for them, and how far. */
export interface Owner {
  readonly owner: PrincipalId;
  readonly address: CalendarUserAddress;
  readonly scope: DelegationScope;
}

/** Finds people. */
export interface ReadPrincipals {
  byId(id: PrincipalId): Promise<Principal | undefined>;
  byAddress(address: CalendarUserAddress): Promise<Principal | undefined>;
  /** Those of the ids that are somebody's, each once. */
  byIds(ids: readonly PrincipalId[]): Promise<ReadonlyMap<PrincipalId, Principal>>;
  /** Those of the addresses that are somebody's. */
  byAddresses(addresses: readonly CalendarUserAddress[]): Promise<ReadonlyMap<CalendarUserAddress, Principal>>;
  /** The locales of those of the addresses that are somebody's who has one. */
  locales(addresses: readonly CalendarUserAddress[]): Promise<ReadonlyMap<CalendarUserAddress, string>>;
  /** By name; of all kinds. */
  list(): Promise<readonly Principal[]>;
  /** The members of a group by name, groups among them not taken apart. */
  members(group: PrincipalId): Promise<readonly Principal[]>;
  /** The people of a group, also by way of other groups, each once. */
  people(group: PrincipalId): Promise<readonly Principal[]>;
  /** What the owner lets that other do for them. */
  scopeOf(owner: PrincipalId, delegate: PrincipalId): Promise<DelegationScope | undefined>;
  delegations(owner: PrincipalId): Promise<readonly Delegation[]>;
  /** Who lets that one do something for them; at most 1,000. */
  ownersFor(delegate: PrincipalId): Promise<readonly Owner[]>;
  /** The stored password hash of a principal, in the hash's own self-describing form. */
  passwordHash(id: PrincipalId): Promise<string | undefined>;
  /** Whether the owner has written to that address, or said yes to something from it. */
  isCorrespondent(id: PrincipalId, address: CalendarUserAddress): Promise<boolean>;
  /** Those they have known the shortest, at most `limit`. */
  correspondents(id: PrincipalId, limit: number): Promise<readonly CalendarUserAddress[]>;
}

/** Adds people and what is known of them. */
export interface Principals extends ReadPrincipals {
  /** Adds a principal with its default calendar; throws where an address is taken. */
  add(principal: NewPrincipal): Promise<Principal>;
  /** Makes somebody a member of a group, or says why not; who is one already stays one. */
  addMember(group: PrincipalId, member: PrincipalId): Promise<MemberProblem | undefined>;
  /** False where they were no member. */
  removeMember(group: PrincipalId, member: PrincipalId): Promise<boolean>;
  /** Lets somebody act for an owner, instead of what they could before; `undefined` takes it back. */
  delegate(owner: PrincipalId, delegate: PrincipalId, scope: DelegationScope | undefined): Promise<void>;
  /** Keeps the language they read; `undefined` takes it back. */
  setLocale(id: PrincipalId, locale: string | undefined): Promise<void>;
  setPasswordHash(id: PrincipalId, hash: string): Promise<void>;
  addCorrespondents(id: PrincipalId, addresses: readonly CalendarUserAddress[], now: EpochSeconds): Promise<void>;
}

/** Knows whose mail to a person has been signed, RFC 6047 §3. */
export interface ReadSigners {
  has(principal: PrincipalId, address: CalendarUserAddress): Promise<boolean>;
}

/** Remembers who signs. */
export interface Signers extends ReadSigners {
  /** Remembers since when; who is known stays so. */
  add(principal: PrincipalId, address: CalendarUserAddress, now: EpochSeconds): Promise<void>;
}

/** Finds the domains that were added by command; those of the configuration are not among them. */
export interface ReadDomains {
  /** In lower case, by name. */
  list(): Promise<readonly string[]>;
}

/** Adds domains and takes them back. */
export interface Domains extends ReadDomains {
  /** False where it is there already. */
  add(name: string): Promise<boolean>;
  /** False where it is not there. */
  remove(name: string): Promise<boolean>;
}

/** Finds what this house alone knows. */
export interface ReadSecrets {
  get(name: string): Promise<string | undefined>;
}

/** Keeps what this house alone knows, over restarts and on all its nodes. */
export interface Secrets extends ReadSecrets {
  /** Keeps what was made where there is none of that name; gives the one that counts. */
  keep(name: string, made: string): Promise<string>;
}
