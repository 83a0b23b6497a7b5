import type { Calendar, Principal, ReadTransaction } from "../../store/store.ts";
import { requirePerson } from "../with-house.ts";

/** How a calendar is named on the command line: by whose it is, and its slug; the default one where no slug is named. */
export const calendarOption = [
  "--calendar <slug>",
  "which of their calendars (default: the one new events go to)",
] as const;

/** Finds a calendar; throws with a sentence for the operator where there is none. */
export async function requireCalendar(
  transaction: ReadTransaction,
  address: string,
  slug: string | undefined,
): Promise<{ readonly owner: Principal; readonly calendar: Calendar }> {
  const owner = await requirePerson(transaction, address);
  const all = await transaction.calendars.list(owner.id);
  const calendar = all.find((one) => (slug === undefined ? one.isDefault : one.slug === slug));
  if (calendar) return { owner, calendar };
  throw new Error(`${owner.address} has no calendar ${slug ?? ""}; there are ${all.map((one) => one.slug).join(", ")}`);
}
