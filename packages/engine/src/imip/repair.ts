import { type Component, firstProperty, type Property } from "../icalendar/component.ts";
import { makeDateTimeProperty } from "../icalendar/date-time.ts";
import { formatAddress, parseMailbox } from "../model/address.ts";
import { type Method, parseObjectType } from "../model/method.ts";
import type { Mail } from "./mail.ts";

/** A calendar with what the mail around it supplies, and what that was, in words. */
export interface RepairedCalendar {
  readonly calendar: Component;
  readonly repairs: readonly string[];
}

/**
 * Fills in what programs leave to the mail: Outlook without a server sends invitations without ORGANIZER, which is then who the
 * mail is From; others leave DTSTAMP out, which is then the mail's Date. Who may say what is still for evidence to judge.
 */
export function repairByMail(calendar: Component, method: Method, mail: Mail): RepairedCalendar {
  const organizer = organizers.has(method) ? organizerLine(mail) : undefined;
  const dtstamp =
    mail.date === undefined ? undefined : makeDateTimeProperty("DTSTAMP", { kind: "utc", wall: mail.date });
  const repairs = new Set<string>();
  const components = calendar.components.map((component) => {
    if (!parseObjectType(component.name)) return component;
    const added: Property[] = [];
    if (organizer && component.name !== "VFREEBUSY" && !firstProperty(component, "ORGANIZER")) {
      added.push(organizer);
      repairs.add("It names no organizer: taken to be who the mail is from.");
    }
    if (dtstamp && !firstProperty(component, "DTSTAMP")) {
      added.push(dtstamp);
      repairs.add("It has no DTSTAMP: taken to be the date of the mail.");
    }
    return added.length > 0 ? { ...component, properties: [...component.properties, ...added] } : component;
  });
  return repairs.size > 0
    ? { calendar: { ...calendar, components }, repairs: [...repairs] }
    : { calendar, repairs: [] };
}

/** METHODs an Organizer sends about an object of theirs, RFC 5546 §1.4. */
const organizers: ReadonlySet<Method> = new Set(["REQUEST", "CANCEL", "ADD"]);

function organizerLine(mail: Mail): Property | undefined {
  const [sender, ...others] = mail.from;
  const address = sender && others.length === 0 ? parseMailbox(sender.address) : undefined;
  return address && { name: "ORGANIZER", parameters: [], value: formatAddress(address) };
}
