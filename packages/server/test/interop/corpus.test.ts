import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { splitName } from "../../src/dav/xml.ts";
import { conditionOf, type Dav, startDav } from "../caldav/server.ts";

const corpus = fileURLToPath(new URL("../../../../../shared/corpus/", import.meta.url));
const files = existsSync(corpus)
  ? readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ics"))
  : [];

/** What is no calendar object resource: the precondition of RFC 4791 §5.3.2.1 and the file. All else is taken. */
const refused: Readonly<Record<string, readonly string[]>> = {
  // several UIDs, several types, no UID, two of one Instance
  "valid-calendar-object-resource": [
    ...["apple/apple-ical.ics", "apple/appleical-1-5.ics", "apple/multiple-events.ics"],
    ...["apple/tentative-apple-calendar.ics", "exchange/bad-custom-ms-tz.ics", "exchange/issue-165-missing-event.ics"],
    ...["exchange/issue-28-rrule-with-utc-endinginz.ics", "exchange/ms-timezones.ics"],
    ...["exchange/office-356-custom-timezone.ics", "google/badrrule.ics", "google/biweekly-exdate-until.ics"],
    ...["google/google-birthday.ics", "google/issue-62-moved-event-2.ics", "google/parsing-error.ics"],
    ...["korganizer/korganizer-3-1a.ics", "malformed/issue-104-broken-calendar.ics"],
    ...["malformed/issue-237-fail-to-parse-timezone-with-non-ascii-tzid.ics", "malformed/test-with-int-tzid.ics"],
    ...["meeting-services/issue-348-exception-parsing-value.ics", "nextcloud/utf8-french-calendar.ics"],
    ...["oracle/26120-test.ics", "zimbra/vfreebusy-zimbra.ics"],
  ],
  "supported-calendar-component": [
    "davmail/issue-27-multiple-periods-in-freebusy-multiple-freebusies.ics",
    "davmail/issue-27-multiple-periods-in-freebusy-one-freebusy.ics",
    "rfc-samples/freebusy-request.ics",
    "sabre/multipleattendees.ics",
  ],
  // cut off, or without a DTSTART
  "valid-calendar-data": ["horde/horde-broken.ics", "rfc-samples/declinecounter.ics", "rfc-samples/refresh.ics"],
};

describe.skipIf(files.length === 0)("what other programs write", { timeout: 120_000 }, () => {
  let dav: Dav;
  beforeAll(async () => {
    dav = await startDav(["ann"]);
  });
  afterAll(() => dav.close());

  /** Puts a text, and puts what is served back once more: gives the precondition it is refused by. */
  async function carry(text: Uint8Array): Promise<string | undefined> {
    const path = "/dav/calendars/ann@example.test/calendar/other.ics";
    const first = await dav.request("ann", "PUT", path, { body: text });
    if (first.status !== 201) return splitName(conditionOf(first) ?? String(first.status)).local;
    // How an invitation was delivered stands in it, RFC 6638 §3.2.9.
    await dav.server.worker.drain();
    const served = await dav.request("ann", "GET", path);
    const headers = { prefer: "return=representation", "if-match": served.headers.get("etag") ?? "" };
    const second = await dav.request("ann", "PUT", path, { body: served.text, headers });
    expect([second.status, second.text]).toEqual([200, served.text]);
    expect((await dav.request("ann", "DELETE", path)).status).toBe(204);
    return undefined;
  }

  test("is taken, and what is served of it is taken as it is", async () => {
    const found: Record<string, string[]> = {};
    for (const file of files.toSorted()) {
      // A calendar object resource has no METHOD, RFC 4791 §4.1.
      const text = readFileSync(`${corpus}${file}`, "latin1").replaceAll(/^METHOD:.*\r?\n/gim, "");
      const condition = await carry(Buffer.from(text, "latin1"));
      if (condition !== undefined) found[condition] = [...(found[condition] ?? []), file];
    }
    expect(found).toEqual(refused);
  });
});
