import { Type } from "typebox";
import { sharedCalendars } from "../../auth/shared-calendars.ts";
import { removeCalendar } from "../../scheduling/remove-object.ts";
import { leaveShared } from "../../scheduling/share-calendar.ts";
import type { PrincipalId, Subscription } from "../../store/store.ts";
import { refreshNow, subscribe } from "../../subscriptions/subscribe.ts";
import * as schemas from "../calendar-schemas.ts";
import type { CalendarView } from "../contract.ts";
import { BySlug, findCalendar, type KnownCalendar, noCalendar, refusalOf, requireSelf } from "../find-calendar.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import { Problem } from "../schemas.ts";
import { formatInstant } from "../times.ts";

const tags = ["calendars"];
const oneCalendar = { 200: schemas.CalendarView, "4xx": Problem };

/** Adds the routes of a person's calendars, those that are shared with them and those that are read from elsewhere. Decision 0041. */
export function addCalendarRoutes(api: Api, world: ApiWorld): void {
  addListAndRemoval(api, world);
  addSubscriptions(api, world);
}

function addListAndRemoval(api: Api, { house }: ApiWorld): void {
  const { store } = house;
  api.get(
    "/calendars",
    {
      schema: {
        summary: "The caller's calendars, and those that are shared with them",
        tags,
        response: { 200: schemas.CalendarList },
      },
    },
    async (request) => {
      const caller = requireSelf(request);
      return store.read(async (transaction) => {
        const own = await transaction.calendars.list(caller.id);
        const known: KnownCalendar[] = [
          ...own.map((calendar) => ({ calendar, owner: caller, access: "own" }) as const),
          ...(await sharedCalendars(transaction, caller)),
        ];
        const subscriptions = await transaction.sharing.subscriptions(caller.id);
        const byCalendar = new Map(subscriptions.map((one) => [one.calendar, one]));
        return { calendars: known.map((one) => view(one, byCalendar.get(one.calendar.id))) };
      });
    },
  );
  api.delete(
    "/calendars/:slug",
    {
      schema: {
        summary: "Remove a calendar, end a subscription, or leave what is shared with the caller",
        tags,
        params: BySlug,
        response: { 204: Type.Null(), "4xx": Problem },
      },
    },
    async (request, reply) => {
      const caller = requireSelf(request);
      const known = await store.read((transaction) => findCalendar(transaction, caller, request.params.slug));
      if (known.access !== "own") {
        await store.write((transaction) => leaveShared(transaction, caller, known.calendar));
        return reply.code(204).send(null);
      }
      if (known.calendar.isDefault) throw new Refusal("refused", "New events go to this calendar.");
      const result = await removeCalendar(house, { caller, owner: caller }, known.calendar.id);
      if (result.kind !== "done") throw refusalOf(result);
      return reply.code(204).send(null);
    },
  );
}

function addSubscriptions(api: Api, { house, fetchCalendar }: ApiWorld): void {
  const alone = oneAtATime();
  api.post(
    "/subscriptions",
    {
      schema: {
        summary: "Subscribe to a calendar elsewhere; it is read at once, and again and again",
        tags,
        body: schemas.SubscriptionInput,
        response: { 201: schemas.CalendarView, "4xx": Problem },
      },
    },
    async (request, reply) => {
      const caller = requireSelf(request);
      if (!fetchCalendar) throw off();
      const { url, name, color, refreshSeconds, busy = false } = request.body;
      const input = {
        ...{ url, isOpaque: busy },
        ...(name !== undefined && { name }),
        ...(color !== undefined && { color }),
        ...(refreshSeconds !== undefined && { periodSeconds: refreshSeconds }),
      };
      const result = await alone(caller.id, () => subscribe(house, fetchCalendar, caller, input));
      if (result.kind === "too-many") throw new Refusal("refused", "You have as many calendars as one can have.");
      if (result.kind === "failed") throw new Refusal("refused", result.problem);
      const { calendar, subscription } = result;
      return reply.code(201).send(view({ calendar, owner: caller, access: "own" }, subscription));
    },
  );
  api.post(
    "/calendars/:slug/refresh",
    { schema: { summary: "Read a subscribed calendar now", tags, params: BySlug, response: oneCalendar } },
    async (request) => {
      const caller = requireSelf(request);
      const [known, subscription] = await house.store.read(async (transaction) => {
        const found = await findCalendar(transaction, caller, request.params.slug);
        return [found, await transaction.sharing.subscription(found.calendar.id)] as const;
      });
      if (!subscription || known.access !== "own") throw new Refusal("refused", "It is no subscription of yours.");
      if (!fetchCalendar) throw off();
      const fresh = await alone(caller.id, () => refreshNow(house, fetchCalendar, subscription));
      if (!fresh) throw noCalendar();
      return view(known, fresh);
    },
  );
}

/** Nobody has the server read more than one address at once: it is no tool to reach many. */
function oneAtATime(): <Result>(who: PrincipalId, work: () => Promise<Result>) => Promise<Result> {
  const busy = new Set<PrincipalId>();
  return async (who, work) => {
    if (busy.has(who)) {
      throw new Refusal("too-many-attempts", "Another calendar is being read for you.", { "Retry-After": "30" });
    }
    busy.add(who);
    try {
      return await work();
    } finally {
      busy.delete(who);
    }
  };
}

function off(): Refusal {
  return new Refusal("not-allowed", "This server reads no calendars from elsewhere.");
}

function view({ calendar, owner, access }: KnownCalendar, subscription: Subscription | undefined): CalendarView {
  const { slug, name, color, isDefault, isTransparent } = calendar;
  return {
    ...{ slug, name, color: color ?? null, owner: owner.address, access, isDefault, isTransparent },
    subscription: subscription ? subscriptionView(subscription) : null,
  };
}

function subscriptionView({ url, periodSeconds, checked, succeeded, due, problem }: Subscription) {
  const instant = (at: number | undefined): string | null => (at === undefined ? null : formatInstant(at));
  return {
    ...{ url, refreshSeconds: periodSeconds, checked: instant(checked), succeeded: instant(succeeded) },
    ...{ due: formatInstant(due), problem: problem ?? null },
  };
}
