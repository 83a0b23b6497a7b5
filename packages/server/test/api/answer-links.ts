import { afterEach, expect } from "vitest";
import type { OutgoingMail } from "../../src/delivery/worker.ts";
import { drain } from "../scheduling/house.ts";
import { ann, startTestApi, type TestApi } from "./api.ts";

export const guest = "gus@elsewhere.test";
export const other = "olga@elsewhere.test";
export const hour = 3_600;
export const day = 86_400;

/** The API of the test that runs; made by `begin`. */
export let api: TestApi;

/** Ends it after each test of a file. */
export function endApi(): void {
  afterEach(async () => api.close());
}

/** An API whose mails have links. */
export async function begin(settings: { readonly url?: string } = { url: "https://cal.example.test/" }): Promise<void> {
  api = await startTestApi();
  Object.assign(api.house, settings.url === undefined ? {} : { answerLinks: settings });
  Object.assign(api.house.trust, { relay: true });
}

export const planning = { summary: "Planning", start: "2027-03-02T09:00:00Z", end: "2027-03-02T10:00:00Z" };

export async function invite(over: object = {}, ...guests: readonly string[]): Promise<{ readonly id: string }> {
  const attendees = (guests.length > 0 ? guests : [guest]).map((address) => ({ address }));
  const made = await api.call("POST", "/api/events", { as: ann, body: { ...planning, attendees, ...over } });
  expect(made.status).toBe(201);
  return made.body;
}

export function textOf({ raw }: OutgoingMail): string {
  return Buffer.from(raw).toString("latin1").replace(/=\r\n/g, "").replace(/=3D/g, "=");
}

/** The token of the last mail to somebody. */
export async function tokenFor(recipient = guest): Promise<string> {
  const mail = (await drain(api.house)).findLast(({ to }) => to === recipient);
  const token = mail && /\/answer\/([\w-]{22})\?/.exec(textOf(mail))?.[1];
  if (!token) throw new Error(`no link for ${recipient}`);
  return token;
}

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function ask(token: string, init: RequestInit & { readonly query?: string } = {}): Promise<Page> {
  const { query = "", ...rest } = init;
  const response = await fetch(`http://127.0.0.1:${api.port}/answer/${token}${query}`, { redirect: "manual", ...rest });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** What the form of a page sends beside what is filled in. */
export function hiddenOf({ text }: Page): Record<string, string> {
  const found = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)];
  return Object.fromEntries(found.map(([, name = "", value = ""]) => [name, value]));
}

export async function send(token: string, fields: Record<string, string>): Promise<Page> {
  const body = new URLSearchParams({ ...hiddenOf(await ask(token)), ...fields });
  return ask(token, { method: "POST", body });
}

export async function eventOf(id: string) {
  return (await api.call("GET", `/api/events/${id}`, { as: ann })).body;
}

export async function partstatOf(id: string, address = guest): Promise<string> {
  const { attendees } = await eventOf(id);
  return attendees.find((one: { address: string }) => one.address === address)?.partstat;
}

export async function ledger() {
  return (await api.call("GET", "/api/ledger?limit=200", { as: ann })).body.entries;
}

export const noticeOf = ({ text }: Page): string => /<p class="notice"[^>]*>([^<]*)/.exec(text)?.[1] ?? "";

export const four = ["accept", "tentative", "decline", "propose"];

export function choose(value: "off"): Promise<void> {
  const { id } = api.people[ann] ?? { id: "" };
  return api.house.store.write(({ preferences }) => preferences.set(id, "answer-links", value));
}
