import { readCalendarMembers, writeCalendarMembers } from "./calendar-members.ts";
import { readCalendarRows, writeCalendarRows } from "./calendar-rows.ts";
import type { Calendars, Inbox, ReadCalendars } from "./calendars.ts";
import { holding, type Lock } from "./locks.ts";
import { readShares, writeShares } from "./shares.ts";
import type { Sharing } from "./sharing.ts";
import type { Database } from "./tables.ts";

/** Reads calendars. */
export function readCalendars(db: Database): ReadCalendars {
  return { ...readCalendarRows(db), ...readCalendarMembers(db), ...readShares(db) };
}

/**
 * Reads and writes calendars. From the first look at one of a principal's nobody else writes there; what is looked for by the calendar's
 * id was looked at by its owner's before. Decision 0026.
 */
export function writeCalendars(db: Database, lock: Lock): Calendars {
  const calendars: Calendars = {
    ...readCalendars(db),
    ...writeCalendarRows(db),
    ...writeCalendarMembers(db),
    ...writeShares(db),
  };
  return {
    ...calendars,
    list: holding(lock, calendars.list),
    bySlug: holding(lock, calendars.bySlug),
    byId: holding(lock, calendars.byId),
    ofUid: holding(lock, calendars.ofUid),
    properties: holding(lock, calendars.properties),
    add: holding(lock, calendars.add),
    change: holding(lock, calendars.change),
    makeDefault: holding(lock, calendars.makeDefault),
    remove: holding(lock, calendars.remove),
    move: holding(lock, calendars.move),
    touch: holding(lock, calendars.touch),
    setProperties: holding(lock, calendars.setProperties),
    share: holding(lock, calendars.share),
  };
}

/** Has whoever looks at an inbox be alone with it. */
export function lockedInbox(lock: Lock, inbox: Inbox): Inbox {
  return {
    list: holding(lock, inbox.list),
    byNames: holding(lock, inbox.byNames),
    changesSince: holding(lock, inbox.changesSince),
    revision: holding(lock, inbox.revision),
    add: holding(lock, inbox.add),
    remove: holding(lock, inbox.remove),
  };
}

/** Has whoever looks at what is shared, or comes from elsewhere, be alone with its owner's. */
export function lockedSharing(lock: Lock, sharing: Sharing): Sharing {
  return {
    ...sharing,
    subscriptions: holding(lock, sharing.subscriptions),
    publishedLinks: holding(lock, sharing.publishedLinks),
    views: holding(lock, sharing.views),
    subscribe: holding(lock, sharing.subscribe),
    noteSubscription: holding(lock, sharing.noteSubscription),
    removeCopies: holding(lock, sharing.removeCopies),
    publish: holding(lock, sharing.publish),
    unpublish: holding(lock, sharing.unpublish),
    changeView: holding(lock, sharing.changeView),
  };
}
