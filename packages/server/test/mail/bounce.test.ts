import { parseAddress } from "@parley/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { checkStore } from "../../src/operation/check.ts";
import { addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { create, drain, houseOver, storeOptions, uid } from "../scheduling/house.ts";

const guest = "gina@elsewhere.test";
/** The type of an address: in two parts, as it is no citation. */
const mailType = ["rfc", "822"].join("");
let store: Store;
let house: House;
let ann: Principal;
let sent: string;

beforeEach(async () => {
  store = await openSqliteStore(":memory:", storeOptions);
  house = houseOver(store);
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  await create(house, ann, guest);
  sent = (await drain(house))[0]?.messageId ?? "";
});
afterEach(() => store.close());

/** A report as mail servers write it. */
function report(fields: { readonly about: string; readonly recipient?: string; readonly action?: string }): Uint8Array {
  const { about, recipient = guest, action = "failed" } = fields;
  const lines = [
    "From: Mail Delivery System <mailer-daemon@elsewhere.test>",
    "To: ann@example.test",
    "Subject: Undelivered Mail Returned to Sender",
    `Message-ID: <report-${action}-${recipient}>`,
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "I am sorry.",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mail.elsewhere.test",
    "",
    `Final-Recipient: ${mailType}; ${recipient}`,
    `Action: ${action}`,
    `Status: ${action === "failed" ? "5.1.1" : "4.2.0"}`,
    "Diagnostic-Code: smtp; 550 5.1.1 no such user",
    "",
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    `Message-ID: ${about}`,
    "Subject: Invitation",
    "",
    "--b--",
    "",
  ];
  return new TextEncoder().encode(lines.join("\r\n"));
}

function stateOfGuest() {
  return store.read(async ({ deliveries }) => {
    const address = parseAddress(guest);
    return address && (await deliveries.latestStates(ann.id, uid)).get(address);
  });
}

function undelivered() {
  return store.read(async ({ ledger }) => {
    const rows = await ledger.list(ann.id, { limit: 50 });
    return rows.filter(({ verdict }) => verdict === "undelivered");
  });
}

test("a mail that came back marks its guest and tells the sender, once", async () => {
  expect(await stateOfGuest()).toBe("handed-over");
  for (let twice = 0; twice < 2; twice++) await deliverMail(house, report({ about: sent }), [ann.address], "outside");
  expect(await stateOfGuest()).toBe("bounced");
  const told = await undelivered();
  expect(told.map(({ to, reason }) => ({ to, reason }))).toEqual([
    {
      to: [guest],
      reason: `It could not be delivered to ${guest} (status 5.1): It came back: 5.1.1 550 5.1.1 no such user`,
    },
  ]);
  expect((await checkStore(house)).faults).toEqual([]);
});

test("a forwarded mail that came back from elsewhere is still the guest's", async () => {
  const mail = report({ about: sent, recipient: "gina@private.test" });
  await deliverMail(house, mail, [ann.address], "outside");
  expect(await stateOfGuest()).toBe("bounced");
});

test.each([
  ["of another mail", { about: "<made-up@elsewhere.test>" }],
  ["that names no mail", { about: "" }],
  ["that it is only late", { about: "sent", action: "delayed" }],
  ["that it has arrived", { about: "sent", action: "delivered" }],
])("a report %s changes nothing", async (_, { about, ...rest }) => {
  await deliverMail(house, report({ about: about === "sent" ? sent : about, ...rest }), [ann.address], "outside");
  expect(await stateOfGuest()).toBe("handed-over");
  expect(await undelivered()).toEqual([]);
});

test("a report to somebody else changes nothing", async () => {
  const bob = await addPerson(store, { name: "Bob", addresses: ["bob@example.test"], timezone: "UTC" });
  await deliverMail(house, report({ about: sent }), [bob.address], "outside");
  expect(await stateOfGuest()).toBe("handed-over");
});

test("who knows all a mail says cannot tell its Message-ID: another house gives it another", async () => {
  const elsewhere = await openSqliteStore(":memory:", storeOptions);
  const other = { ...houseOver(elsewhere), makeUid: () => "another secret" };
  const twin = await addPerson(elsewhere, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
  await create(other, twin, guest);
  const [mail] = await drain(other);
  expect(mail?.messageId).toMatch(/^<[0-9a-f]{40}@example\.test>$/);
  expect(mail?.messageId).not.toBe(sent);
  await elsewhere.close();
});
