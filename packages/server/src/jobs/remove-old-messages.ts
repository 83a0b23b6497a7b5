import type { House } from "../scheduling/house.ts";
import type { Job } from "./runner.ts";

const dayInSeconds = 86_400;

/**
 * Removes messages older than the ledger is kept, with their deliveries and the mail that nothing else refers to. What is open stays: questions,
 * what is held, what is still on its way; and of each meeting that is in a calendar the last message to each guest. Decision 0029.
 */
export function removeOldMessages({ store, clock }: House, ledgerDays: number): Job {
  return {
    name: "remove-old-messages",
    does: `removes messages older than ${ledgerDays} days`,
    periodSeconds: dayInSeconds,
    async run({ goOn }) {
      const before = clock() - ledgerDays * dayInSeconds;
      let [messages, sources] = [0, 0];
      let last: string | undefined;
      while (await goOn()) {
        const after = last;
        const step = await store.write(({ retention }) => retention.removeMessages(before, after));
        messages += step.messages;
        sources += step.sources;
        last = step.last;
        if (last === undefined) break;
      }
      return `${messages} messages and ${sources} mails removed`;
    },
  };
}
