import type { House } from "../../scheduling/house.ts";
import { type DeliverResult, deliverMail } from "../deliver-mail.ts";
import { findRecipient } from "../recipients.ts";
import { type DeliveryReply, type DoorLogger, type Envelope, startMailServer } from "./mail-server.ts";
import type { Mailbox, MailboxSettings } from "./mailbox.ts";

/** By which doors mail comes in. */
export interface DoorSettings {
  readonly lmtp: { readonly host: string; readonly port: number };
  readonly smtpIn?: { readonly host: string; readonly port: number };
  /** Mailboxes that are read, by the operator's names for them. */
  readonly imap?: Readonly<Record<string, MailboxSettings>>;
}

/** The open doors. */
export interface Doors {
  readonly lmtpPort: number;
  readonly smtpInPort?: number;
  /** Takes nothing more in, and finishes what is under way. */
  close(): Promise<void>;
}

/** Opens all doors by which mail comes in, to one path: `deliverMail`. Rejects, with all closed again, where a port cannot be had. */
export async function startDoors(
  house: House,
  settings: DoorSettings,
  world: { readonly logger: DoorLogger; readonly random: () => number },
): Promise<Doors> {
  const { logger } = world;
  const acceptRecipient = (address: string): Promise<boolean> =>
    house.store.read(async (transaction) => (await findRecipient(transaction, address)) !== undefined);
  const deliver = async (bytes: Uint8Array, envelope: Envelope): Promise<readonly DeliveryReply[]> => {
    const results = await deliverMail(house, bytes, envelope.recipients, "outside", envelope.from);
    return results.map((result) => replyTo(result, logger));
  };
  const open = { acceptRecipient, deliver, logger };
  const lmtp = await startMailServer({ ...settings.lmtp, ...open, protocol: "lmtp" });
  const smtp =
    settings.smtpIn &&
    (await startMailServer({ ...settings.smtpIn, ...open, protocol: "smtp" }).catch(async (error: unknown) => {
      await lmtp.close();
      throw error;
    }));
  const mailboxes = settings.imap ? await readMailboxes(house, settings.imap, world) : [];
  return {
    lmtpPort: lmtp.port,
    ...(smtp && { smtpInPort: smtp.port }),
    close: async () => {
      await Promise.all([lmtp.close(), smtp?.close(), ...mailboxes.map((mailbox) => mailbox.stop())]);
    },
  };
}

/** Nobody else loads what it needs. */
async function readMailboxes(
  house: House,
  settings: NonNullable<DoorSettings["imap"]>,
  world: { readonly logger: DoorLogger; readonly random: () => number },
): Promise<readonly Mailbox[]> {
  const { startMailbox } = await import("./mailbox.ts");
  return Object.entries(settings).map(([name, mailbox]) => startMailbox(house, name, mailbox, world));
}

function replyTo(result: DeliverResult, logger: DoorLogger): DeliveryReply {
  if (result.kind === "unknown-recipient") return { code: 550, text: "5.1.1 No such person here" };
  if (result.kind !== "failed") return { code: 250, text: "2.6.0 Kept" };
  logger.error({ err: result.error }, "mail not kept");
  return { code: 451, text: "4.3.0 Not kept, try again" };
}
