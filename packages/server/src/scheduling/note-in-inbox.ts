import type { SchedulingMessage } from "@parley/engine";
import { type Component, formatCalendar } from "@parley/engine/icalendar";
import type { Principal, Transaction } from "../store/store.ts";
import type { House } from "./house.ts";

/** Texts of messages: many people get the same one. */
const texts = new WeakMap<Component, string>();

/** Leaves a message that was processed in the inbox of whom it was for, for their programs to tell of it: RFC 6638 §4.1 and §4.2. */
export async function noteInInbox(
  house: House,
  { inbox }: Transaction,
  principal: Principal,
  { calendar, method, object }: SchedulingMessage,
): Promise<void> {
  if (principal.kind !== "person") return;
  const text = texts.get(calendar) ?? formatCalendar(calendar);
  texts.set(calendar, text);
  await inbox.add(principal.id, { at: house.clock(), uid: object.uid, method, component: object.type, text });
}
