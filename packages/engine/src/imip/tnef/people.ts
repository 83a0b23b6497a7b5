import type { Property } from "../../icalendar/component.ts";
import { makeParameter } from "../../icalendar/parameter.ts";
import { type CalendarUserAddress, formatAddress, parseMailbox } from "../../model/address.ts";
import type { MailAddress, MailHeader } from "../mail.ts";
import type { TnefMail } from "./attributes.ts";
import { property } from "./names.ts";
import { isTrue, type MapiProperties, numberOf, textOf } from "./properties.ts";

/** Who a meeting is between, as far as their addresses are ones mail can be sent to: inside Exchange people have others. */
export interface TnefPeople {
  /** Who speaks, and who has typed it where that is another. */
  readonly speaker?: CalendarUserAddress;
  readonly sentBy?: CalendarUserAddress;
  /** Who is spoken to, where that is one. */
  readonly receiver?: CalendarUserAddress;
}

/** Finds who a mail is from and for: from the properties of the meeting, else from the mail around it. */
export function findPeople(tnef: TnefMail, header: MailHeader, isAnswer: boolean): TnefPeople {
  const { properties } = tnef;
  const owner = tnef.owner === undefined ? undefined : parseMailbox(tnef.owner);
  const represented = addressOf(
    properties,
    property.representedSmtp,
    property.representedType,
    property.representedAddress,
  );
  const sender = addressOf(properties, property.senderSmtp, property.senderType, property.senderAddress);
  const received = addressOf(properties, property.receiverSmtp, property.receiverType, property.receiverAddress);
  // The owner of a meeting is who invites, and who is answered: MS-OXTNEF section 2.3.3.10.
  const speaker = represented ?? (isAnswer ? undefined : owner) ?? onlyOne(header.from);
  const receiver = received ?? (isAnswer ? owner : undefined) ?? onlyOne(header.to);
  return {
    ...(speaker && { speaker }),
    ...(sender && speaker && sender !== speaker && { sentBy: sender }),
    ...(receiver && { receiver }),
  };
}

function addressOf(
  properties: MapiProperties,
  smtp: string,
  type: string,
  address: string,
): CalendarUserAddress | undefined {
  const isSmtp = textOf(properties, type)?.toUpperCase() === "SMTP";
  return parseMailbox(textOf(properties, smtp) ?? (isSmtp ? textOf(properties, address) : undefined) ?? "");
}

function onlyOne(addresses: readonly MailAddress[]): CalendarUserAddress | undefined {
  const [only, ...others] = addresses;
  return only && others.length === 0 ? parseMailbox(only.address) : undefined;
}

/** MAPI's types of recipients: To, Cc, Bcc; a meeting has rooms in its Bcc. */
const roles: ReadonlyMap<number, string> = new Map([
  [1, "REQ-PARTICIPANT"],
  [2, "OPT-PARTICIPANT"],
  [3, "NON-PARTICIPANT"],
]);
const [bcc, organizerFlag] = [3, 2];

/** Lists who is invited: the recipients of the meeting, else those of the mail around it. */
export function invitedOf(
  tnef: TnefMail,
  header: MailHeader,
  organizer: CalendarUserAddress | undefined,
): readonly Property[] {
  const invited = new Map<CalendarUserAddress, Property>();
  const wanted = tnef.properties.has(property.responseRequested)
    ? isTrue(tnef.properties, property.responseRequested)
    : true;
  const add = (address: CalendarUserAddress | undefined, name: string | undefined, type: number): void => {
    const role = roles.get(type);
    if (!address || !role || address === organizer || invited.has(address)) return;
    const parameters = [
      ...(name ? [makeParameter("CN", [name])] : []),
      ...(type === bcc ? [makeParameter("CUTYPE", ["RESOURCE"])] : []),
      makeParameter("ROLE", [role]),
      makeParameter("PARTSTAT", ["NEEDS-ACTION"]),
      makeParameter("RSVP", [wanted ? "TRUE" : "FALSE"]),
    ];
    invited.set(address, { name: "ATTENDEE", parameters, value: formatAddress(address) });
  };
  for (const row of tnef.recipients) {
    if (((numberOf(row, property.recipientFlags) ?? 0) & organizerFlag) !== 0) continue;
    const address = addressOf(row, property.smtpAddress, property.addressType, property.emailAddress);
    add(address, textOf(row, property.displayName), (numberOf(row, property.recipientType) ?? 0) & 0xf);
  }
  if (invited.size > 0) return [...invited.values()];
  for (const { address, name } of header.to) add(parseMailbox(address), name, 1);
  for (const { address, name } of header.cc) add(parseMailbox(address), name, 2);
  return [...invited.values()];
}
