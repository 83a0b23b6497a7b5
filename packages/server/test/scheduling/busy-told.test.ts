import { describe, expect, test } from "vitest";
import { deliverMail } from "../../src/mail/deliver-mail.ts";

usePair();

import {
  ann,
  call,
  clara,
  david,
  day,
  hour,
  know,
  pair,
  principalOf,
  rowsOf,
  start,
  toldTo,
  usePair,
} from "./busy-by-mail.ts";

describe("what is remembered", () => {
  const pass = "mx.example.test; dmarc=pass header.from=partner.test";

  interface Told {
    readonly dtstamp?: string;
    readonly busy: string;
    readonly method?: "REPLY" | "PUBLISH";
    readonly from?: string;
    readonly results?: string;
    readonly status?: string;
  }

  /** A mail in which somebody tells when they are busy on 2 March. */
  async function tell({ dtstamp = "20270301T080000Z", busy, method = "REPLY", from = clara, ...over }: Told) {
    const own =
      method === "REPLY" ? [`ORGANIZER:mailto:${ann}`, `ATTENDEE:mailto:${from}`] : [`ORGANIZER:mailto:${from}`];
    const lines = [
      ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//guest//EN", `METHOD:${method}`, "BEGIN:VFREEBUSY"],
      ...["UID:told", `DTSTAMP:${dtstamp}`, ...own, "DTSTART:20270302T000000Z", "DTEND:20270303T000000Z"],
      ...(over.status ? [`REQUEST-STATUS:${over.status}`] : []),
      ...[`FREEBUSY:${busy}`, "END:VFREEBUSY", "END:VCALENDAR", ""],
    ];
    const header = [
      `Authentication-Results: ${over.results ?? pass}`,
      ...[`From: ${from}`, `Message-ID: <${dtstamp}.${busy.length}.${busy}@partner.test>`, "MIME-Version: 1.0"],
      `Content-Type: text/calendar; charset=utf-8; method=${method}`,
    ];
    const bytes = new TextEncoder().encode([...header, "", ...lines].join("\r\n"));
    const [kept] = await deliverMail(pair.of(ann).server.house, bytes, [ann], "outside");
    return kept?.kind === "kept" ? kept.rows[0]?.verdict : kept?.kind;
  }

  const tuesday = { from: start + 16 * hour, to: start + 40 * hour };
  const clockOf = (at: number): string => new Date(at * 1_000).toISOString().slice(11, 16);
  const times = async (address = clara): Promise<string> => {
    const told = await toldTo(ann, address, tuesday);
    return told ? told.periods.map(({ from, to }) => `${clockOf(from)}-${clockOf(to)}`).join() : "unknown";
  };
  const nine = "20270302T090000Z/PT1H";
  const ten = "20270302T100000Z/PT1H";

  test("is the newest, in whatever order it comes, and for a week", async () => {
    await know(ann, clara);
    pair.clock.now += 60;
    expect(await tell({ busy: ten, dtstamp: "20270301T080050Z" })).toBe("applied");
    expect(await tell({ busy: nine, dtstamp: "20270301T080010Z" })).toBe("applied");
    expect(await times()).toBe("10:00-11:00");
    pair.clock.now += 7 * day - 1;
    expect(await times()).toBe("10:00-11:00");
    pair.clock.now += 1;
    expect(await times()).toBe("unknown");
  });

  const others: readonly (readonly [
    name: string,
    told: Partial<Told>,
    knows: boolean,
    verdict: string,
    seen: string,
  ])[] = [
    ["a REPLY of somebody known", {}, true, "applied", "09:00-10:00"],
    ["a PUBLISH of somebody known", { method: "PUBLISH" }, true, "applied", "09:00-10:00"],
    ["a REPLY nobody asked for, of a stranger", {}, false, "ignored", "unknown"],
    ["a PUBLISH of a stranger", { method: "PUBLISH" }, false, "undecided", "unknown"],
    ["a REPLY nobody proves", { results: "" }, true, "undecided", "unknown"],
    ["a PUBLISH nobody proves", { method: "PUBLISH", results: "" }, true, "undecided", "unknown"],
    [
      "a REPLY that was forged",
      { results: "mx.example.test; dmarc=fail header.from=partner.test" },
      true,
      "rejected",
      "unknown",
    ],
    ["a REPLY that tells nothing", { status: "3.8;No authority" }, true, "applied", "unknown"],
  ];
  test("is what people tell of themselves whom its owner knows", async () => {
    for (const [index, [name, told, knows, verdict, seen]] of others.entries()) {
      const from = `teller${index}@partner.test`;
      if (knows) await know(ann, from);
      expect(await tell({ busy: nine, from, ...told }), name).toBe(verdict);
      expect(await times(from), name).toBe(seen);
    }
  });

  test("what was asked about is kept once its owner says yes", async () => {
    expect(await tell({ busy: nine, method: "PUBLISH" })).toBe("undecided");
    const [row] = await rowsOf(ann);
    await call(ann, "POST", `/api/questions/${row?.id}`, { decision: "apply" });
    expect(await times()).toBe("09:00-10:00");
  });

  test("nobody tells of somebody else", async () => {
    await know(ann, clara);
    await know(ann, david);
    const forged = await tell({ busy: nine, from: david });
    expect([forged, await times()]).toEqual(["applied", "unknown"]);
    expect((await toldTo(ann, david, tuesday))?.periods).toHaveLength(1);
  });

  test("no object comes of it, and more than anybody has to do is not kept", async () => {
    await know(ann, clara);
    const many = Array.from({ length: 2_100 }, (_, count) => {
      const at = new Date((start + 86_400 - 28_800 + count * 40) * 1_000).toISOString().replace(/[-:]|\.000/g, "");
      return `${at}/PT20S`;
    });
    expect(await tell({ busy: many.join(",") })).toBe("applied");
    expect(await times()).toBe("unknown");
    await tell({ busy: nine });
    const { store, id } = await principalOf(ann);
    expect(await store.read(({ objects }) => objects.byUid(id, "told"))).toBeUndefined();
  });
});
