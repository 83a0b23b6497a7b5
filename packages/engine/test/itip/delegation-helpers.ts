import type { CalendarUserAddress } from "@parley/engine";
import { type Conversation, conversation } from "./conversation.ts";
import { textOf } from "./series.ts";
import { address, ann, message } from "./world.ts";

export const emil = address("emil@partner.test");
export const fay = address("fay@partner.test");

/** Ann has invited Ben and Clara, and they have it. */
export function invited(lines: readonly string[] = []): Conversation {
  const talk = conversation();
  talk.put(ann, message({ method: "REQUEST", lines }).object);
  talk.deliver();
  return talk;
}

export function sentTo(talk: Conversation, to: CalendarUserAddress): string {
  return textOf(talk.mail.find((letter) => letter.to === to)?.message);
}
