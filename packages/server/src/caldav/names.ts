import { dav, type Name } from "../dav/xml.ts";
import type { Prefixes } from "../dav/xml-writer.ts";

const caldavUri = "urn:ietf:params:xml:ns:caldav";
const calendarServerUri = "http://calendarserver.org/ns/";
const appleUri = "http://apple.com/ns/ical/";
const ownCloudUri = "http://owncloud.org/ns";

/** Names something of RFC 4791 and its kin. */
export function caldav(local: string): Name {
  return `{${caldavUri}}${local}`;
}

/** Names something of Apple's Calendar Server, which most programs know. */
export function calendarServer(local: string): Name {
  return `{${calendarServerUri}}${local}`;
}

/** Names something of Apple's programs. */
export function apple(local: string): Name {
  return `{${appleUri}}${local}`;
}

/** Names something of ownCloud's and Nextcloud's programs. */
export function ownCloud(local: string): Name {
  return `{${ownCloudUri}}${local}`;
}

/** Prefixes as most servers have them: there are programs that look for these. */
export const prefixes: Prefixes = new Map([
  ["DAV:", "d"],
  [caldavUri, "cal"],
  [calendarServerUri, "cs"],
  [appleUri, "ic"],
  [ownCloudUri, "oc"],
]);

/** What OPTIONS says, RFC 4791 §5.1, RFC 6638 §2; no class 2, as nothing is locked. */
export const features: readonly string[] = [
  "1",
  "3",
  "access-control",
  "extended-mkcol",
  "calendar-access",
  "calendar-auto-schedule",
  "calendar-availability",
  "calendar-proxy",
  "calendarserver-principal-property-search",
  "calendarserver-sharing",
  "sync-collection",
];

/** What a collection is, beside one. */
export const resourceTypes = {
  principal: dav("principal"),
  calendar: caldav("calendar"),
  inbox: caldav("schedule-inbox"),
  outbox: caldav("schedule-outbox"),
  proxyRead: calendarServer("calendar-proxy-read"),
  proxyWrite: calendarServer("calendar-proxy-write"),
} as const;
