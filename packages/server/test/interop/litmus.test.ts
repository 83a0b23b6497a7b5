import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dav, password, startDav } from "../caldav/server.ts";
import { expected } from "./litmus-expected.ts";
import { hasProgram, makeHome, type ProgramHome } from "./programs.ts";

// All of litmus passes over the WebDAV core alone (test/dav/litmus.test.ts); here it is let loose on a calendar of the whole server.
describe.skipIf(!hasProgram("litmus"))("litmus at a calendar", () => {
  let dav: Dav;
  let home: ProgramHome;
  let place: Awaited<ReturnType<typeof servePlace>>;
  beforeAll(async () => {
    dav = await startDav(["ann"]);
    home = await makeHome();
    place = await servePlace(dav.server.httpPort);
  });
  afterAll(async () => {
    await place.close();
    await home.remove();
    await dav.close();
  });

  test.each(Object.entries(expected))("%s passes what is for calendars, and nothing else", async (suite, tests) => {
    const url = `http://127.0.0.1:${place.port}/dav/calendars/ann@example.test/`;
    const { stdout } = await home.run(["litmus", "-k", url, "ann@example.test", password], { env: { TESTS: suite } });
    const passing = tests.map(([name, result]) => `${name}: ${result === "pass" ? "pass" : "no pass"}`);
    expect(readResults(stdout)).toEqual(passing);
  });
});

test("results of litmus are read whatever octets it says of a failure", () => {
  const stdout =
    "\r 2. copy_init............. \r 2. copy_init............. FAIL (PUT of `\r\n\n': 403)\n" +
    "\r 3. put_get............... WARNING: slow\n    ...................... pass (with 1 warning)\n" +
    "\r 4. move.................. \r 4. move.................. SKIPPED\n";
  expect(readResults(stdout)).toEqual(["2 copy_init: no pass", "3 put_get: pass", "4 move: no pass"]);
});

/** What litmus says of each test; a test that was left out has not passed. */
function readResults(stdout: string): readonly string[] {
  // A name is written anew with its result, or the result comes on a line of its own after warnings. Behind a FAIL there may be any octets, line
  // ends among them: litmus names the path of a PUT when its memory has been given back.
  return stdout.split(/\r(?= ?\d+\. \w+\.+ )/).flatMap((text) => {
    const said = /^ ?(\d+)\. (\w+)\.+ (?:[^]*\n *\.+ )?(pass|FAIL|SKIPPED)/.exec(text);
    return said ? [`${said[1]} ${said[2]}: ${said[3] === "pass" ? "pass" : "no pass"}`] : [];
  });
}

const makeCalendar =
  '<mkcol xmlns="DAV:"><set><prop><resourcetype><collection/><calendar xmlns="urn:ietf:params:xml:ns:caldav"/></resourcetype></prop></set></mkcol>';

/** litmus makes the folder it works in: this hands all to the server as it came, but has that folder be a calendar. */
async function servePlace(port: number): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const { method, url = "" } = incoming;
    const isPlace = method === "MKCOL" && url.endsWith("/litmus/");
    const headers = { ...incoming.headers, ...(isPlace && { "content-length": String(makeCalendar.length) }) };
    const onward = ask({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.once("error", () => outgoing.destroy());
    if (isPlace) onward.end(makeCalendar);
    else incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { port: (server.address() as AddressInfo).port, close };
}
