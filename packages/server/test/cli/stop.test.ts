import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collect, exitOf, makeFolder, parley, start, untilStarted } from "./process.ts";

const password = "correct-horse-battery";
const relayPassword = "relay-horse-battery";

function settings(more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return {
    PARLEY_DOMAINS: "example.test",
    PARLEY_DATA: join(makeFolder(), "data"),
    PARLEY_HTTP_PORT: "0",
    PARLEY_LMTP_PORT: "0",
    ...more,
  };
}

/** Sends the beginning of a sign-in; the rest of its body is what is missing. */
async function beginSignIn(url: string): Promise<{ readonly socket: Socket; readonly rest: string; text: string }> {
  const { host, hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const begun = { socket, rest: '"password":"wrong-password"}', text: "" };
  socket.on("data", (chunk) => (begun.text += String(chunk)));
  await once(socket, "connect");
  const body = `{"address":"ann@example.test",${begun.rest}`;
  const head = [
    "POST /api/session HTTP/1.1",
    `Host: ${host}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n${body.slice(0, -begun.rest.length)}`);
  // Once another request is answered, the server has seen this one too.
  await fetch(`${url}healthz/live`);
  return begun;
}

describe("a server told to stop", { timeout: 60_000 }, () => {
  test("finishes what is under way, takes nothing more, and ends with 0", async () => {
    const child = start(["start"], settings());
    const output = collect(child);
    const url = await untilStarted(child, output);
    expect(await (await fetch(`${url}healthz/ready`)).json()).toEqual({ status: "ok" });
    const begun = await beginSignIn(url);
    child.kill("SIGTERM");
    while (!output.out.includes("Stopping")) await once(child.stdout as NonNullable<typeof child.stdout>, "data");
    await expect(fetch(`${url}healthz/live`, { headers: { connection: "close" } })).rejects.toThrow();
    expect(child.exitCode).toBeNull();
    begun.socket.write(begun.rest);
    expect(await exitOf(child)).toBe(0);
    expect(begun.text).toMatch(/^HTTP\/1\.1 401 /);
    expect(begun.text).toContain("wrong-credentials");
    expect(output.err).toBe("");
  });

  test("breaks off what takes too long, and says so", async () => {
    const child = start(["start", "--stop-seconds", "1"], settings());
    const output = collect(child);
    const begun = await beginSignIn(await untilStarted(child, output));
    child.kill("SIGTERM");
    expect(await exitOf(child)).toBe(1);
    expect(begun.text).toBe("");
    expect(output.err).toContain("stopped after 1 seconds");
    expect(await parley(["start", "--stop-seconds", "soon"], "", settings())).toMatchObject({ code: 2 });
  });

  test("ends at once at a second signal", async () => {
    const child = start(["start"], settings());
    const output = collect(child);
    await beginSignIn(await untilStarted(child, output));
    child.kill("SIGTERM");
    while (!output.out.includes("Stopping")) await once(child.stdout as NonNullable<typeof child.stdout>, "data");
    child.kill("SIGINT");
    expect(await exitOf(child)).toBe(1);
    expect(output.err).toContain("at a second signal");
  });
});

test("the log tells of everything and of no password, token, cookie or Authorization", {
  timeout: 60_000,
}, async () => {
  const env = settings({
    PARLEY_LOG_LEVEL: "trace",
    PARLEY_SMTP_HOST: "127.0.0.1",
    PARLEY_SMTP_PORT: "9",
    PARLEY_SMTP_USER: "parley",
    PARLEY_SMTP_PASSWORD: relayPassword,
  });
  await parley(["person", "add", "ann@example.test", "--name", "Ann"], `${password}\n`, env);
  const app = (await parley(["person", "app-password", "add", "ann@example.test", "phone"], "", env)).out.trim();
  const child = start(["start"], env);
  const output = collect(child);
  const url = await untilStarted(child, output);
  const basic = (secret: string): string => `Basic ${Buffer.from(`ann@example.test:${secret}`).toString("base64")}`;
  const json = { "content-type": "application/json" };
  const signIn = (body: string) => fetch(`${url}api/session`, { method: "POST", headers: json, body });
  const signedIn = await signIn(JSON.stringify({ address: "ann@example.test", password }));
  const token = /parley_session=([^;]+)/.exec(signedIn.headers.get("set-cookie") ?? "")?.[1] ?? "";
  expect(token).toHaveLength(43);
  const answers = [
    await signIn(JSON.stringify({ address: "ann@example.test", password: `${password}-wrong` })),
    await signIn(`{"address":"ann@example.test","password":"${password}`),
    await signIn(JSON.stringify({ address: "ann@example.test", password: [password] })),
    await fetch(`${url}api/session?password=${password}`, { headers: { cookie: `parley_session=${token}` } }),
    await fetch(`${url}api/${app}`),
    await fetch(`${url}api/events`, { headers: { authorization: basic(app) } }),
    await fetch(`${url}api/events`, { headers: { authorization: basic(`${password}-wrong`) } }),
    await fetch(`${url}api/events`, { headers: { authorization: `Bearer ${token}` } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 400, 400, 200, 404, 200, 401, 401]);
  const event = {
    summary: "x",
    start: "2027-03-01T08:00:00Z",
    end: "2027-03-01T09:00:00Z",
    attendees: [{ address: "o@else.test" }],
  };
  const sent = await fetch(`${url}api/events`, {
    method: "POST",
    headers: { ...json, authorization: basic(password) },
    body: JSON.stringify(event),
  });
  expect(sent.status, await sent.text()).toBeLessThan(300);
  child.kill("SIGTERM");
  expect(await exitOf(child)).toBe(0);
  const lines = output.err.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "incoming request").length).toBeGreaterThan(
    8,
  );
  expect(output.err).toContain("password=(hidden)");
  const secrets = [
    password,
    relayPassword,
    token,
    app,
    app.replaceAll("-", ""),
    basic(password).slice(6),
    basic(app).slice(6),
  ];
  for (const secret of secrets) expect(output.err).not.toContain(secret);
});
