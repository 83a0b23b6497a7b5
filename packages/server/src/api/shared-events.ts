import type { EpochSeconds } from "@parley/engine";
import { type SharedCalendar, sharedCalendars } from "../auth/shared-calendars.ts";
import type { House } from "../scheduling/house.ts";
import { seesPrivate } from "../scheduling/privacy.ts";
import type { Member, Principal, ReadTransaction, StoredObject } from "../store/store.ts";
import type { EventView } from "./contract.ts";
import { viewEvents } from "./event-view.ts";

/** What of a calendar that is shared with somebody is to be shown. */
interface Found {
  readonly shared: SharedCalendar;
  readonly member: Member;
}

/**
 * Lists the events that others share with somebody and that meet a range, as their programs are shown them (decision 0041): nothing private,
 * and of what is confidential when it is. At most `limit`, those that begin first.
 */
export async function viewSharedEvents(
  house: House,
  transaction: ReadTransaction,
  caller: Principal,
  { from, to, limit }: { readonly from: EpochSeconds; readonly to: EpochSeconds; readonly limit: number },
): Promise<readonly EventView[]> {
  // Who acts for somebody sees what is theirs, and not what others let them see.
  if (caller.actor !== undefined) return [];
  const found: Found[] = [];
  for (const shared of await sharedCalendars(transaction, caller)) {
    const members = await transaction.calendars.candidates(shared.calendar.id, { from, to }, limit);
    for (const member of members) if (isShown(member) && meets(member, from)) found.push({ shared, member });
  }
  const first = found.sort((a, b) => a.member.span.starts - b.member.span.starts).slice(0, limit);
  const byOwner = Map.groupBy(first, ({ shared }) => shared.owner.id);
  const views: EventView[] = [];
  for (const [owner, some] of byOwner) {
    const stored = await transaction.objects.byIds(
      owner,
      some.map(({ member }) => member.object),
    );
    views.push(...(await viewFound(house, transaction, caller, some, stored)));
  }
  return views;
}

/** Shows one event that is shared with somebody; `undefined` for all others alike. */
export async function viewSharedEvent(
  house: House,
  transaction: ReadTransaction,
  caller: Principal,
  id: string,
): Promise<EventView | undefined> {
  if (caller.actor !== undefined) return undefined;
  const calendars = await sharedCalendars(transaction, caller);
  for (const owner of new Set(calendars.map((shared) => shared.owner.id))) {
    const stored = await transaction.objects.byId(owner, id);
    const member = stored && (await transaction.calendars.ofUid(owner, stored.uid));
    if (!member) continue;
    const shared = calendars.find(({ calendar }) => calendar.id === member.calendar);
    if (!shared || !isShown(member)) return undefined;
    return (await viewFound(house, transaction, caller, [{ shared, member }], [stored]))[0];
  }
  return undefined;
}

function isShown({ privacy }: Member): boolean {
  return privacy !== "private";
}

/** What takes no time meets the range it starts in, and nothing meets that in which it ends at once. */
function meets({ span: { starts, ends } }: Member, from: EpochSeconds): boolean {
  return ends === null || ends > from || starts >= from;
}

/** Shows objects of one owner; whoever sees them so has no part in them but as one of the guests. */
async function viewFound(
  house: House,
  transaction: ReadTransaction,
  caller: Principal,
  found: readonly Found[],
  stored: readonly StoredObject[],
): Promise<readonly EventView[]> {
  const [first] = found;
  if (!first) return [];
  const { owner } = first.shared;
  const hides = !seesPrivate({ caller, owner }) && { hidesPrivate: true };
  const views = await viewEvents(house, transaction, { ...owner, actor: caller.address, ...hides }, stored);
  const calendars = new Map(found.map(({ shared, member }) => [member.object, shared.calendar]));
  return views.map((view) => ({
    ...view,
    role: "none",
    answer: null,
    // What guests wrote to the Organizer is the Organizer's.
    attendees: view.attendees.map((one) => ({
      ...one,
      comment: null,
      outdatedAnswer: null,
      me: caller.addresses.some((own) => own === one.address),
    })),
    shared: { calendar: calendars.get(view.id)?.slug ?? "", owner: owner.address, name: owner.name },
  }));
}
