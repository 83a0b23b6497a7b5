import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  type FetchResult,
  makeFetcher,
  maxFetchedOctets,
  readFeedUrl,
} from "../../src/subscriptions/fetch-calendar.ts";
import { isPublicAddress } from "../../src/subscriptions/public-address.ts";
import { systemFetcher } from "../../src/subscriptions/system-fetcher.ts";
import { type Names, publicAddress, startFeed } from "./feed-server.ts";

const url = "http://feeds.example/calendar.ics";
const text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";

describe("only addresses of the internet are reached", () => {
  test.each([
    [true, "93.184.215.14", "1.1.1.1", "172.32.0.1", "192.167.1.1", "2606:4700::1111", "2a00:1450:4001:82a::200e"],
    [false, "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"],
    [false, "172.31.255.255", "192.0.0.170", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "203.0.113.9"],
    [false, "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::7f00:1"],
    [false, "fe80::1", "fe80::1%eth0", "2606:4700::1111%eth0", "fc00::1", "fd12::1", "ff02::1", "64:ff9b::7f00:1"],
    [false, "2001:db8::1", "2001::1", "2002:7f00:1::", "3fff::1", "100::1", "", "localhost", "127.1", "0x7f000001"],
  ])("%s: %s, %s, %s, %s, %s, %s", (expected, ...addresses) => {
    expect(addresses.map((one) => [one, isPublicAddress(one as string)])).toEqual(
      addresses.map((one) => [one, expected]),
    );
  });
});

describe("a URL somebody writes", () => {
  test.each([
    ["https://feeds.example/a.ics", "https://feeds.example/a.ics"],
    ["  webcal://feeds.example/a.ics#top ", "https://feeds.example/a.ics"],
    ["WEBCALS://feeds.example/a?b=c", "https://feeds.example/a?b=c"],
    ["https://feeds.example:8443/a.ics", "https://feeds.example:8443/a.ics"],
    ["https://2130706433/", "https://127.0.0.1/"],
    ["http://feeds.example/a.ics", "Only https is read."],
    ["ftp://feeds.example/a.ics", "Only https is read."],
    ["file:///etc/passwd", "It is no URL."],
    ["data:text/calendar,BEGIN:VCALENDAR", "It is no URL."],
    ["https://ann:secret@feeds.example/", "A URL with a name or a password is not read."],
    ["https://ann@feeds.example/", "A URL with a name or a password is not read."],
    ["https://feeds.example:25/", "That port is not read."],
    ["not a URL", "It is no URL."],
    [`https://feeds.example/${"a".repeat(2_000)}`, "It is no URL."],
  ])("%s", (written, expected) => {
    const read = readFeedUrl(written, false);
    expect("problem" in read ? read.problem : read.href).toBe(expected);
  });

  test("may be http where the operator says so", () => {
    expect(readFeedUrl(url, true)).toMatchObject({ href: url });
    expect(readFeedUrl("gopher://feeds.example/", true)).toEqual({ problem: "Only https and http are read." });
  });
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const ok: Handler = (_request, response) => {
  response.writeHead(200, {
    "Content-Type": "text/calendar",
    ETag: '"one"',
    "Last-Modified": "Mon, 01 Mar 2027 08:00:00 GMT",
  });
  response.end(text);
};

function leadsTo(location: string, status = 302): Handler {
  return (request, response) => {
    if (request.url !== "/calendar.ics") return ok(request, response);
    response.writeHead(status, { Location: location }).end("<html>");
  };
}

function packed(body: Uint8Array, encoding = "gzip"): Handler {
  return (_request, response) => void response.writeHead(200, { "Content-Encoding": encoding }).end(body);
}

const failed = (problem: string): FetchResult => ({ kind: "failed", problem });
const good = { kind: "fetched", text } as const;
const notOurs = failed("It is no server of the internet.");

describe("a fetch", () => {
  test.each<readonly [name: string, answer: Handler, names: Names | undefined, expected: Partial<FetchResult>]>([
    [
      "of what is there",
      ok,
      undefined,
      { ...good, validators: { etag: '"one"', lastModified: "Mon, 01 Mar 2027 08:00:00 GMT" } },
    ],
    ["of a name nobody has", ok, {}, notOurs],
    ["of a name without addresses", ok, { "feeds.example": [] }, notOurs],
    ["of this machine", ok, { "feeds.example": ["127.0.0.1"] }, notOurs],
    ["of a cloud's own answers", ok, { "feeds.example": ["169.254.169.254"] }, notOurs],
    ["of a name that is public, and ours too", ok, { "feeds.example": [publicAddress, "10.0.0.1"] }, notOurs],
    ["that leads on", leadsTo("/other.ics"), undefined, good],
    ["that leads on, for good", leadsTo("http://feeds.example/other.ics", 308), undefined, good],
    ["that leads to an address of ours", leadsTo("http://127.0.0.1/"), undefined, notOurs],
    ["that leads to a number of ours", leadsTo("http://2130706433/"), undefined, notOurs],
    ["that leads to our IPv6", leadsTo("http://[::1]/"), undefined, notOurs],
    ["that leads to an IPv4 in IPv6", leadsTo("http://[::ffff:10.0.0.1]/"), undefined, notOurs],
    [
      "that leads to a name of ours",
      leadsTo("http://in.example/"),
      { "feeds.example": [publicAddress], "in.example": ["10.0.0.1"] },
      notOurs,
    ],
    ["that leads to a file", leadsTo("file:///etc/passwd"), undefined, failed("It leads where nothing is read.")],
    [
      "that leads to a name with a password",
      leadsTo("http://a:b@feeds.example/"),
      undefined,
      failed("It leads where nothing is read."),
    ],
    ["that leads nowhere", leadsTo("http://["), undefined, failed("It leads nowhere.")],
    ["that leads round and round", leadsTo("/calendar.ics"), undefined, failed("It leads on and on.")],
    ["of what is packed", packed(gzipSync(text)), undefined, good],
    ["of what is packed badly", packed(Buffer.from("no gzip")), undefined, failed("It cannot be reached.")],
    [
      "of what is packed and cut off",
      packed(gzipSync(text).subarray(0, 20)),
      undefined,
      failed("It cannot be reached."),
    ],
    [
      "of what is packed otherwise",
      packed(gzipSync(text), "br"),
      undefined,
      failed("It is packed in a way that is not read."),
    ],
    [
      "of what is packed twice",
      packed(gzipSync(gzipSync(text)), "gzip, gzip"),
      undefined,
      failed("It is packed in a way that is not read."),
    ],
    ["of a bomb", packed(gzipSync(Buffer.alloc(maxFetchedOctets + 1))), undefined, failed("It is too large.")],
    [
      "of what has no end",
      (_request, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write("x".repeat(65_536)));
          if (!response.destroyed) response.once("drain", more);
        };
        more();
      },
      undefined,
      failed("It is too large."),
    ],
    [
      "of what is cut off",
      (_request, response) => {
        response.writeHead(200, { "Content-Length": "1000" }).write(text);
        setTimeout(() => response.destroy(), 20);
      },
      undefined,
      failed("It cannot be reached."),
    ],
    [
      "of what is gone",
      (_request, response) => void response.writeHead(410).end(text),
      undefined,
      failed("The other server answers 410."),
    ],
    [
      "of what takes a password",
      (_request, response) => void response.writeHead(401).end(text),
      undefined,
      failed("The other server answers 401."),
    ],
    [
      "of what asks for a pause",
      (_request, response) => void response.writeHead(503, { "Retry-After": "99999999" }).end(),
      undefined,
      { kind: "failed", problem: "The other server answers 503.", retryAfterSeconds: 86_400 },
    ],
    [
      "of what is nothing a calendar calls itself",
      (_request, response) => void response.writeHead(200, { "Content-Type": "image/png" }).end(text),
      undefined,
      good,
    ],
    [
      "in another charset",
      (_request, response) =>
        void response
          .writeHead(200, { "Content-Type": "text/calendar; charset=ISO-8859-1" })
          .end(Buffer.from("caf\xe9", "latin1")),
      undefined,
      { kind: "fetched", text: "café" },
    ],
    [
      "in no charset there is",
      (_request, response) =>
        void response.writeHead(200, { "Content-Type": "text/calendar; charset=none" }).end(`\uFEFF${text}`),
      undefined,
      good,
    ],
  ])("%s", async (_name, answer, names, expected) => {
    const feed = await startFeed(answer, names);
    try {
      expect(await feed.fetch(url, {})).toMatchObject(expected);
      // What was dialled was looked at, each time.
      expect(feed.dialled.filter((one) => !one.startsWith(publicAddress))).toEqual([]);
    } finally {
      await feed.close();
    }
  });

  test("tells no cookies and no names, and asks whether there is anything new", async () => {
    const feed = await startFeed((_request, response) => void response.writeHead(304).end());
    const known = { etag: '"one"', lastModified: "Mon, 01 Mar 2027 08:00:00 GMT" };
    expect(await feed.fetch("http://feeds.example:8080/calendar.ics?key=1", known)).toEqual({ kind: "unchanged" });
    const [request] = feed.requests;
    expect(request?.url).toBe("/calendar.ics?key=1");
    expect(request?.headers).toEqual({
      host: "feeds.example:8080",
      accept: "text/calendar, */*;q=0.5",
      "accept-encoding": "gzip",
      "user-agent": "Parley",
      "if-none-match": '"one"',
      "if-modified-since": "Mon, 01 Mar 2027 08:00:00 GMT",
      connection: "close",
    });
    expect(feed.dialled).toEqual([`${publicAddress} 8080`]);
    await feed.close();
  });

  test("asks the DNS once for each server it goes to: a second answer is not believed", async () => {
    const rebound = { "feeds.example": [[publicAddress], ["127.0.0.1"]] };
    const feed = await startFeed(ok, rebound);
    expect(await feed.fetch(url, {})).toMatchObject(good);
    expect([feed.resolved, feed.dialled]).toEqual([["feeds.example"], [`${publicAddress} 80`]]);
    expect(await feed.fetch(url, {})).toEqual(notOurs);
    await feed.close();
    const leading = await startFeed(leadsTo("/other.ics"), rebound);
    expect(await leading.fetch(url, {})).toEqual(notOurs);
    await leading.close();
  });

  test("ends after a while, whether the DNS, the server or its answer is slow", async () => {
    const short = { maxMilliseconds: 50 };
    const silent = await startFeed(() => {}, undefined, short);
    const dripping = await startFeed(
      (_request, response) => void response.writeHead(200).write("BEGIN"),
      undefined,
      short,
    );
    const lost = await startFeed(ok, undefined, { ...short, resolve: () => new Promise(() => {}) });
    for (const feed of [silent, dripping, lost]) {
      expect(await feed.fetch(url, {})).toEqual(failed("It takes too long."));
      await feed.close();
    }
  });

  test("by https is with the server of that name, whatever its address", async () => {
    const folder = mkdtempSync(join(tmpdir(), "parley-feed-"));
    const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const names = ["-subj", "/CN=feeds.example", "-addext", "subjectAltName=DNS:feeds.example"];
    const made = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      keyFile,
      "-out",
      certFile,
    ];
    execFileSync("openssl", ["req", "-x509", ...made, "-days", "2", ...names], { stdio: "ignore" });
    const [key, cert] = [readFileSync(keyFile, "utf8"), readFileSync(certFile, "utf8")];
    rmSync(folder, { recursive: true });
    const server = createServer({ key, cert }, ok);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const world = {
      allowsHttp: false,
      resolve: async () => [publicAddress],
      dial: () => ({ address: "127.0.0.1", port }),
    };
    const trusting = makeFetcher({ ...world, ca: cert });
    expect(await trusting("https://feeds.example/", {})).toMatchObject(good);
    expect(await trusting("https://other.example/", {})).toEqual(failed("It cannot be reached."));
    expect(await makeFetcher(world)("https://feeds.example/", {})).toEqual(failed("It cannot be reached."));
    server.closeAllConnections();
    server.close();
  });

  test("is made as the operator says", async () => {
    expect(systemFetcher("off")).toBeUndefined();
    expect(await systemFetcher()?.("http://127.0.0.1/", {})).toEqual(failed("Only https is read."));
    expect(await systemFetcher("http")?.("http://127.0.0.1/", {})).toEqual(notOurs);
  });
});
