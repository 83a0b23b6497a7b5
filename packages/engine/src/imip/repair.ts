import { type Component, firstProperty, type Property } from "../icalendar/component.ts";
import { makeDateTimeProperty } from "../icalendar/date-time.ts";
import { makeTextProperty } from "../icalendar/text.ts";
import { formatAddress, parseAddress, parseMailbox } from "../model/address.ts";
import { type Method, parseObjectType } from "../model/method.ts";
import type { MailHeader } from "./mail.ts";

/** A calendar with what the mail around it supplies, and what that was, in words. */
export interface RepairedCalendar {
  readonly calendar: Component;
  readonly repairs: readonly string[];
}

/**
 * Fills in what programs leave to the mail: Outlook without a server sends invitations without ORGANIZER, and booking sites
 * attach events without one, which is then who the mail is From; others leave DTSTAMP out, which is then the mail's Date. Who may say what is still for evidence to judge.
 */
export function repairByMail(calendar: Component, method: Method, mail: MailHeader): RepairedCalendar {
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
    const uid = method === "PUBLISH" && component.name === "VFREEBUSY" ? busyUid(component) : undefined;
    if (uid) {
      added.push(uid);
      repairs.add("It has no UID: taken to be the busy time of its organizer.");
    }
    return added.length > 0 ? { ...component, properties: [...component.properties, ...added] } : component;
  });
  return repairs.size > 0
    ? { calendar: { ...calendar, components }, repairs: [...repairs] }
    : { calendar, repairs: [] };
}

/** Zimbra publishes busy time without UID; there is one of each person, so that their address tells it from others. */
function busyUid(component: Component): Property | undefined {
  const organizer = firstProperty(component, "ORGANIZER");
  const address = organizer && !firstProperty(component, "UID") ? parseAddress(organizer.value) : undefined;
  return address && makeTextProperty("UID", `freebusy-${address}`);
}

/** METHODs an Organizer sends about an object of theirs, RFC 5546 §1.4. */
const organizers: ReadonlySet<Method> = new Set(["PUBLISH", "REQUEST", "CANCEL", "ADD"]);

function organizerLine(mail: MailHeader): Property | undefined {
  const [sender, ...others] = mail.from;
  const address = sender && others.length === 0 ? parseMailbox(sender.address) : undefined;
  return address && { name: "ORGANIZER", parameters: [], value: formatAddress(address) };
}
