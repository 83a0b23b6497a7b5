import type { Calendar, CalendarId, Principal, ReadTransaction, ShareAccess } from "../store/store.ts";

/** A calendar of somebody else's, as one it is shared with sees it: under a name of their own. Decision 0041. */
export interface SharedCalendar {
  /** With the slug, the name, the colour and the place that it has for whom it is shared with. */
  readonly calendar: Calendar;
  readonly owner: Principal;
  readonly access: ShareAccess;
}

const form = /^shared-(\d{1,15})$/;

/** The last segment of the URL by which somebody finds what is shared with them. No calendar of their own has such a one. */
export function sharedSlug(calendar: CalendarId): string {
  return `shared-${calendar}`;
}

/** Lists what is shared with somebody, by name or by a group of theirs, but for what they do not want to see. */
export async function sharedCalendars(
  transaction: ReadTransaction,
  { id }: Pick<Principal, "id">,
): Promise<readonly SharedCalendar[]> {
  const shares = await transaction.calendars.sharedWith(id);
  if (shares.length === 0) return [];
  const byCalendar = Map.groupBy(shares, (share) => share.calendar.id);
  const views = await transaction.sharing.views(id);
  const owners = await transaction.principals.byIds(shares.map(({ calendar }) => calendar.principal));
  const found: SharedCalendar[] = [];
  for (const [calendarId, ways] of byCalendar) {
    const view = views.get(calendarId);
    const isDirect = ways.some(({ sharee }) => sharee === id);
    const [way] = ways;
    if (!way || (view?.isHidden && !isDirect)) continue;
    const { calendar } = way;
    const owner = owners.get(calendar.principal);
    if (!owner) continue;
    const { order: _owners, color, ...rest } = calendar;
    const shownColor = view?.color ?? color;
    const shown: Calendar = {
      ...rest,
      ...(shownColor !== undefined && { color: shownColor }),
      ...(view?.order !== undefined && { order: view.order }),
      slug: sharedSlug(calendarId),
      name: view?.name ?? `${calendar.name} (${owner.name})`,
      isDefault: false,
      // What their owner's programs keep there is their owner's.
      properties: new Map(),
    };
    const access = ways.some((one) => one.access === "write") ? "write" : "read";
    found.push({ calendar: shown, owner, access });
  }
  return found;
}

/** Finds what is shared with somebody by its slug. */
export async function sharedCalendar(
  transaction: ReadTransaction,
  principal: Pick<Principal, "id">,
  slug: string,
): Promise<SharedCalendar | undefined> {
  if (!form.test(slug)) return undefined;
  return (await sharedCalendars(transaction, principal)).find(({ calendar }) => calendar.slug === slug);
}
