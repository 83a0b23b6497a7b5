import { formatAddress } from "@parley/engine";
import type { PrincipalSearch, TextMatch } from "../dav/tree.ts";
import { dav, type Name } from "../dav/xml.ts";
import type { Principal } from "../store/store.ts";
import { foldText } from "./collation.ts";
import { caldav, calendarServer } from "./names.ts";
import { userType } from "./user-type.ts";

/** By what principals can be searched, with words for people. */
export const searchable: ReadonlyMap<Name, string> = new Map([
  [dav("displayname"), "Name"],
  [caldav("calendar-user-address-set"), "Calendar address"],
  [caldav("calendar-user-type"), "Kind of calendar user"],
  [calendarServer("email-address-set"), "Mail address"],
]);

const values = new Map<Name, (principal: Principal) => readonly string[]>([
  [dav("displayname"), ({ name }) => [name]],
  [caldav("calendar-user-address-set"), ({ addresses }) => addresses.map(formatAddress)],
  [caldav("calendar-user-type"), ({ kind }) => [userType[kind]]],
  [calendarServer("email-address-set"), ({ addresses }) => addresses],
]);

/** Finds those that meet a search, RFC 3744 §9.4: without regard to case. What cannot be searched by is not met. */
export function* findPrincipals(all: Iterable<Principal>, { test, terms }: PrincipalSearch): Generator<Principal> {
  const wanted = terms.map(({ properties, text, match }) => ({
    read: properties.map((name) => values.get(name)),
    text: foldText(text, "i;unicode-casemap"),
    match,
  }));
  for (const principal of all) {
    const meets = wanted.map(({ read, text, match }) =>
      read.every((one) => one?.(principal).some((value) => compare[match](foldText(value, "i;unicode-casemap"), text))),
    );
    if (test === "anyof" ? meets.includes(true) : !meets.includes(false)) yield principal;
  }
}

const compare: Readonly<Record<TextMatch, (value: string, text: string) => boolean>> = {
  equals: (value, text) => value === text,
  contains: (value, text) => value.includes(text),
  "starts-with": (value, text) => value.startsWith(text),
  "ends-with": (value, text) => value.endsWith(text),
};
