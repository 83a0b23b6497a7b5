import { readCalendarFile } from "../scheduling/calendar-file.ts";
import type { House } from "../scheduling/house.ts";
import { type Calendar, maxCalendars } from "../store/calendars.ts";
import type { Principal, Subscription, Transaction } from "../store/store.ts";
import type { FetchCalendar } from "./fetch-calendar.ts";
import { refreshSubscription } from "./refresh.ts";

/** Seconds between two looks, where nobody says, and the least and the most somebody can say. */
export const usualPeriodSeconds = 3 * 3_600;
export const leastPeriodSeconds = 900;
export const mostPeriodSeconds = 30 * 86_400;
/** Whoever asks to have it read now, and has just been told, is told that again. */
const leastPauseSeconds = 60;

/** Subscriptions of one principal. */
const maxSubscriptions = 50;

/** What somebody subscribes to. */
export interface SubscriptionInput {
  readonly url: string;
  /** What it calls itself, where nobody says. */
  readonly name?: string;
  readonly color?: string;
  readonly periodSeconds?: number;
  /** Its objects take their time: they do not, where nobody says. */
  readonly isOpaque?: boolean;
}

/** What became of it. */
export type SubscribeResult =
  | { readonly kind: "done"; readonly calendar: Calendar; readonly subscription: Subscription }
  /** It was read, and could not be; nothing is kept. */
  | { readonly kind: "failed"; readonly problem: string }
  | { readonly kind: "too-many" };

/** Makes a calendar of a principal's that is read from elsewhere, once it has been read. */
export async function subscribe(
  house: House,
  fetch: FetchCalendar,
  owner: Principal,
  input: SubscriptionInput,
): Promise<SubscribeResult> {
  const fetched = await fetch(input.url, {});
  if (fetched.kind === "failed") return { kind: "failed", problem: fetched.problem };
  const file = fetched.kind === "fetched" ? readCalendarFile(house, fetched.text, 0) : undefined;
  if (file?.kind !== "file") return { kind: "failed", problem: "It is no calendar." };
  const made = await house.store.write((transaction) => addCalendar(house, transaction, owner, input, file.name));
  if (!made) return { kind: "too-many" };
  // What was read already is not read a second time.
  await refreshSubscription(house, async () => fetched, made.subscription);
  const [calendar, subscription] = await house.store.read(async ({ calendars, sharing }) => [
    await calendars.byId(owner.id, made.calendar.id),
    await sharing.subscription(made.calendar.id),
  ]);
  if (!calendar || !subscription) return { kind: "failed", problem: "It was removed meanwhile." };
  return { kind: "done", calendar, subscription };
}

const maxName = 200;

async function addCalendar(
  house: House,
  { calendars, sharing }: Transaction,
  owner: Principal,
  { url, name, color, periodSeconds = usualPeriodSeconds, isOpaque = false }: SubscriptionInput,
  itsName: string | undefined,
): Promise<{ readonly calendar: Calendar; readonly subscription: Subscription } | undefined> {
  const present = await calendars.list(owner.id);
  if (present.filter(({ source }) => source !== undefined).length >= maxSubscriptions) return undefined;
  const taken = new Set(present.map(({ slug }) => slug));
  const slug = Array.from({ length: maxCalendars }, (_, count) => `subscription-${count + 1}`).find(
    (one) => !taken.has(one),
  );
  const calendar = await calendars.add(owner.id, {
    slug: slug ?? "",
    name: (name ?? itsName ?? "Subscription").slice(0, maxName),
    ...(color !== undefined && { color }),
    isTransparent: !isOpaque,
  });
  if (typeof calendar === "string") return undefined;
  const period = Math.max(leastPeriodSeconds, Math.min(mostPeriodSeconds, periodSeconds));
  await sharing.subscribe(owner.id, calendar.id, { url, periodSeconds: period, due: house.clock() + period });
  const subscription = await sharing.subscription(calendar.id);
  return subscription && { calendar, subscription };
}

/** Reads a subscription now, unless it was just read; gives it as it is then, `undefined` where it is gone. */
export async function refreshNow(
  house: House,
  fetch: FetchCalendar,
  subscription: Subscription,
): Promise<Subscription | undefined> {
  const { checked } = subscription;
  if (checked !== undefined && house.clock() - checked < leastPauseSeconds) return subscription;
  await refreshSubscription(house, fetch, subscription);
  return house.store.read(({ sharing }) => sharing.subscription(subscription.calendar));
}
