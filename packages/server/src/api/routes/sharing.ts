import { formatAddress, parseAddress } from "@parley/engine";
import { Type } from "typebox";
import { hashOf } from "../../scheduling/answer-links.ts";
import { makeLinkToken } from "../../scheduling/published.ts";
import { shareCalendar, shareesOf } from "../../scheduling/share-calendar.ts";
import type { PublishedLink, ShareAccess } from "../../store/store.ts";
import * as schemas from "../calendar-schemas.ts";
import { BySlug, BySlugAndAddress, BySlugAndId, findOwnCalendar, requireSelf } from "../find-calendar.ts";
import type { Api, ApiWorld } from "../options.ts";
import { Refusal } from "../problem.ts";
import { Problem } from "../schemas.ts";
import { formatInstant } from "../times.ts";

const tags = ["calendars"];

/** Adds the routes by which a person shares calendars with people and groups here, and with whoever has a link. Decision 0041. */
export function addSharingRoutes(api: Api, world: ApiWorld): void {
  addShares(api, world);
  addLinks(api, world);
}

function addShares(api: Api, { house: { store } }: ApiWorld): void {
  const list = { 200: schemas.ShareList, "4xx": Problem };
  const change = (
    request: Parameters<typeof requireSelf>[0],
    { slug, address }: { readonly slug: string; readonly address: string },
    access: ShareAccess | undefined,
  ) => {
    const caller = requireSelf(request);
    const sharee = parseAddress(address);
    return store.write(async (transaction) => {
      const calendar = await findOwnCalendar(transaction, caller, slug);
      const result = sharee && (await shareCalendar(transaction, calendar, sharee, access));
      if (result?.kind === "too-many") throw new Refusal("refused", "It is shared with as many as it can be.");
      if (result?.kind !== "done") throw new Refusal("not-found", "There is nobody of that address to share it with.");
      return sharesView(await shareesOf(transaction, calendar));
    });
  };
  api.get(
    "/calendars/:slug/shares",
    { schema: { summary: "With whom a calendar is shared", tags, params: BySlug, response: list } },
    async (request) => {
      const caller = requireSelf(request);
      return store.read(async (transaction) => {
        const calendar = await findOwnCalendar(transaction, caller, request.params.slug);
        return sharesView(await shareesOf(transaction, calendar));
      });
    },
  );
  api.put(
    "/calendars/:slug/shares/:address",
    {
      schema: {
        summary: "Share a calendar with a person or a group here; they see it at once",
        tags,
        params: BySlugAndAddress,
        body: schemas.ShareInput,
        response: list,
      },
    },
    async (request) => change(request, request.params, request.body.access),
  );
  api.delete(
    "/calendars/:slug/shares/:address",
    {
      schema: {
        summary: "Share a calendar with somebody no longer, from now on",
        tags,
        params: BySlugAndAddress,
        response: list,
      },
    },
    async (request) => change(request, request.params, undefined),
  );
}

function sharesView(sharees: Awaited<ReturnType<typeof shareesOf>>) {
  const shares = sharees.map(({ principal: { address, name }, access }) => ({
    ...{ address: formatAddress(address).replace(/^mailto:/, ""), name, access },
  }));
  return { shares };
}

function addLinks(api: Api, world: ApiWorld): void {
  const { house, randomBytes } = world;
  const { store, clock } = house;
  api.get(
    "/calendars/:slug/links",
    {
      schema: {
        summary: "Public links to a calendar, oldest first",
        tags,
        params: BySlug,
        response: { 200: schemas.LinkList, "4xx": Problem },
      },
    },
    async (request) => {
      const caller = requireSelf(request);
      return store.read(async (transaction) => {
        const { id } = await findOwnCalendar(transaction, caller, request.params.slug);
        return { links: (await transaction.sharing.publishedLinks(caller.id, id)).map(linkView) };
      });
    },
  );
  api.post(
    "/calendars/:slug/links",
    {
      schema: {
        summary: "Make a public link: whoever has it reads the calendar. It is told once",
        tags,
        params: BySlug,
        body: schemas.LinkInput,
        response: { 201: schemas.NewLink, "4xx": Problem },
      },
    },
    async (request, reply) => {
      const caller = requireSelf(request);
      const { label = "Link", form = "full" } = request.body;
      const token = makeLinkToken(randomBytes);
      const link = await store.write(async (transaction) => {
        const { id: calendar } = await findOwnCalendar(transaction, caller, request.params.slug);
        const made = { tokenHash: hashOf(token), calendar, label, form, created: clock() };
        return transaction.sharing.publish(caller.id, made);
      });
      if (link === "too-many") throw new Refusal("refused", "The calendar has as many links as it can have.");
      return reply.code(201).send({ ...linkView(link), url: urlOf(world, token) });
    },
  );
  api.delete(
    "/calendars/:slug/links/:id",
    {
      schema: {
        summary: "Take a public link back: it shows nothing from now on",
        tags,
        params: BySlugAndId,
        response: { 204: Type.Null(), "4xx": Problem },
      },
    },
    async (request, reply) => {
      const caller = requireSelf(request);
      const { slug, id } = request.params;
      const removed = await store.write(async (transaction) => {
        const calendar = await findOwnCalendar(transaction, caller, slug);
        const links = await transaction.sharing.publishedLinks(caller.id, calendar.id);
        return links.some((link) => link.id === id) && transaction.sharing.unpublish(caller.id, id);
      });
      if (!removed) throw new Refusal("not-found", "The calendar has no such link.");
      return reply.code(204).send(null);
    },
  );
}

function linkView({ id, label, form, created }: PublishedLink) {
  return { id, label, form, created: formatInstant(created) };
}

/** Where it is found from outside; a path where nobody has said what we are called there. */
function urlOf({ publicUrl }: ApiWorld, token: string): string {
  const path = `/published/${token}.ics`;
  return publicUrl === undefined ? path : new URL(path, publicUrl).href;
}
