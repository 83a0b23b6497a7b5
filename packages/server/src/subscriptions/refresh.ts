import { createHash } from "node:crypto";
import { type CalendarObject, keepObject, unknownState } from "@parley/engine";
import { busyIndexing } from "../scheduling/busy-index.ts";
import { readCalendarFile } from "../scheduling/calendar-file.ts";
import type { House } from "../scheduling/house.ts";
import { spanOf } from "../scheduling/span.ts";
import type { Member, Principal, Subscription, SubscriptionState, Transaction } from "../store/store.ts";
import type { FetchCalendar, FetchResult } from "./fetch-calendar.ts";
import { makeInert, saysTheSame } from "./inert-object.ts";

/** Objects of one subscription. */
const maxObjects = 10_000;
/** Objects looked at in one transaction: others wait no longer than for these. */
const maxTogether = 50;
/** What fails is tried again after its period, and each time after twice as long, up to a week. */
const maxPauseSeconds = 7 * 86_400;
const maxDoublings = 10;
const secretName = "subscriptions";

/** Reads a calendar from elsewhere once, and brings its copy here to what that says. Gives how it went; `undefined` where it is gone. */
export async function refreshSubscription(
  house: House,
  fetch: FetchCalendar,
  subscription: Subscription,
): Promise<SubscriptionState | undefined> {
  const { etag, lastModified, digest } = subscription;
  const fetched = await fetch(subscription.url, {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
  });
  const state = await takeUp(house, subscription, fetched, digest);
  if (!state) return undefined;
  await house.store.write(({ sharing }) =>
    sharing.noteSubscription(subscription.principal, subscription.calendar, state),
  );
  return state;
}

/** Records that what was read could not be kept, which is our own fault: it is tried again later. */
export async function noteTrouble(house: House, subscription: Subscription): Promise<void> {
  const state = failed(house, subscription, "It could not be kept.");
  await house.store.write(({ sharing }) =>
    sharing.noteSubscription(subscription.principal, subscription.calendar, state),
  );
}

async function takeUp(
  house: House,
  subscription: Subscription,
  fetched: FetchResult,
  known: string | undefined,
): Promise<SubscriptionState | undefined> {
  if (fetched.kind === "failed") return failed(house, subscription, fetched.problem, fetched.retryAfterSeconds);
  if (fetched.kind === "unchanged") return succeeded(house, subscription, subscription);
  const digest = createHash("sha256").update(fetched.text).digest("hex");
  const validators = { ...fetched.validators, digest };
  const { problem } = subscription;
  if (digest === known)
    return succeeded(house, subscription, { ...validators, ...(problem !== undefined && { problem }) });
  const file = readCalendarFile(house, fetched.text, maxObjects);
  if (file.kind !== "file") {
    const detail = file.kind === "precondition" ? file.detail : "";
    return failed(house, subscription, `It is no calendar. ${detail}`.trim());
  }
  const isKept = await keepCopies(house, subscription, file.objects);
  if (!isKept) return undefined;
  const [first] = file.leftOut;
  const left = first && `${file.leftOut.length} of its entries are left out: ${first.detail}`;
  return succeeded(house, subscription, { ...validators, ...(left !== undefined && { problem: left }) });
}

function succeeded(
  { clock }: House,
  { periodSeconds }: Subscription,
  { etag, lastModified, digest, problem }: Pick<SubscriptionState, "etag" | "lastModified" | "digest" | "problem">,
): SubscriptionState {
  const now = clock();
  return {
    ...{ due: now + periodSeconds, failures: 0, checked: now, succeeded: now },
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    ...(digest !== undefined && { digest }),
    ...(problem !== undefined && { problem }),
  };
}

/** What was read before stays as it is. */
function failed(
  { clock }: House,
  subscription: Subscription,
  problem: string,
  retryAfterSeconds = 0,
): SubscriptionState {
  const now = clock();
  const { failures, periodSeconds, succeeded: before, etag, lastModified, digest } = subscription;
  const pause = Math.min(periodSeconds * 2 ** Math.min(failures, maxDoublings), maxPauseSeconds);
  return {
    ...{ due: now + Math.max(pause, retryAfterSeconds), failures: failures + 1, checked: now, problem },
    ...(before !== undefined && { succeeded: before }),
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    ...(digest !== undefined && { digest }),
  };
}

/** Brings the copy to what was read: false where the subscription ended meanwhile. */
async function keepCopies(
  house: House,
  { principal, calendar }: Subscription,
  objects: readonly CalendarObject[],
): Promise<boolean> {
  const secret = await house.store.write(
    async ({ secrets }) => (await secrets.get(secretName)) ?? secrets.keep(secretName, house.makeUid()),
  );
  const inert = objects.flatMap((object) => makeInert(house, object, { secret, calendar }) ?? []);
  const wanted = new Map(inert.map((object) => [object.uid, object]));
  const present = await house.store.read(({ calendars }) => calendars.members(calendar, maxMembers));
  const gone = present.filter(({ uid }) => !wanted.has(uid));
  const members = new Map(present.map((member) => [member.uid, member]));
  const all = [...wanted.values()];
  for (let start = 0; start === 0 || start < all.length; start += maxTogether) {
    const some = all.slice(start, start + maxTogether);
    const isThere = await house.store.write((transaction) =>
      keepSome(house, transaction, { principal, calendar, some, members }),
    );
    if (!isThere) return false;
  }
  await removeAll(house, principal, calendar, gone);
  return true;
}

/** More than a subscription can ever have here. */
const maxMembers = 2 * maxObjects;

async function keepSome(
  house: House,
  transaction: Transaction,
  {
    principal,
    calendar,
    some,
    members,
  }: {
    readonly principal: string;
    readonly calendar: string;
    readonly some: readonly CalendarObject[];
    readonly members: ReadonlyMap<string, Member>;
  },
): Promise<boolean> {
  const open = await transaction.calendars.byId(principal, calendar);
  const owner = await transaction.principals.byId(principal);
  if (open?.source === undefined || !owner) return false;
  const ids = some.flatMap(({ uid }) => members.get(uid)?.object ?? []);
  const stored = new Map((await transaction.objects.byIds(principal, ids)).map((one) => [one.uid, one]));
  for (const object of some) {
    const before = stored.get(object.uid)?.state;
    if (before?.object && saysTheSame(before.object, object)) continue;
    await keepCopy(house, transaction, owner, calendar, keepObject(before ?? unknownState, object).state);
  }
  return true;
}

/** Past all that sends anything: there is nobody to be told. */
async function keepCopy(
  house: House,
  transaction: Transaction,
  owner: Principal,
  calendar: string,
  state: ReturnType<typeof keepObject>["state"],
): Promise<void> {
  const uid = state.object?.uid ?? "";
  const placing = { at: house.clock(), calendar };
  const [span, indexing] = [spanOf(house, owner, state), busyIndexing(house, owner)];
  await transaction.objects.save(owner.id, uid, state, span, indexing, placing);
}

/** Removes copies, a few in each transaction. */
export async function removeAll(
  house: House,
  principal: string,
  calendar: string,
  members: readonly Member[],
): Promise<void> {
  for (let start = 0; start < members.length; start += maxTogether) {
    const some = members.slice(start, start + maxTogether).map(({ object }) => object);
    await house.store.write(({ sharing }) => sharing.removeCopies(principal, calendar, some));
  }
}
