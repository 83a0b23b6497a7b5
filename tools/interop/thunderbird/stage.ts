import { deepStrictEqual } from "node:assert";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Dav, password, startDav } from "../../../packages/server/test/caldav/server.ts";
import { makeOutsider, type Outsider } from "../../../packages/server/test/interop/outsider.ts";
import { startThunderbird, type Thunderbird } from "./program.ts";
import { type Recorder, startRecorder } from "./recorder.ts";

/** Who takes part: Ann, who uses Thunderbird; Ben, of the same house; somebody elsewhere who has nothing but mail. */
export interface Stage {
  readonly dav: Dav;
  readonly recorder: Recorder;
  readonly thunderbird: Thunderbird;
  readonly outsider: Outsider;
  readonly results: readonly StepResult[];
  /** Does a part of the story, and notes how it went; what has failed does not stop the rest. */
  step(title: string, act: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** How a part of the story went. */
export interface StepResult {
  readonly title: string;
  readonly millis: number;
  readonly requests: readonly string[];
  readonly error: string | undefined;
}

/** An item as Thunderbird has it. */
export interface Seen {
  readonly title: string;
  readonly start: string | null;
  readonly zone: string | null;
  readonly status: string | null;
  readonly sequence: number;
  readonly organizer: string | null;
  readonly attendees: Readonly<Record<string, string>>;
  readonly isInvitation: boolean;
  readonly isOpen: boolean;
  readonly isCompleted: boolean;
  readonly exceptions: readonly string[];
  readonly text: string;
}

export const annAddress = "ann@example.test";
export const benAddress = "ben@example.test";
export const outsiderAddress = "olga@elsewhere.test";
export { password };

const clockMillis = 200;
const waitMillis = 20_000;

/** Starts a server, what notes the requests, and Thunderbird. */
export async function openStage(): Promise<Stage> {
  const outbox = await mkdtemp(join(tmpdir(), "parley-outbox-"));
  const dav = await startDav(["ann", "ben"], { outbox, trust: { authservIds: ["mx.example.test"], relay: false } });
  // Thunderbird goes by the time of the machine, and so does the server here.
  const keepTime = (): void => {
    dav.clock.now = Math.floor(Date.now() / 1000);
  };
  keepTime();
  const ticking = setInterval(keepTime, clockMillis);
  const recorder = await startRecorder(dav.server.httpPort);
  const results: StepResult[] = [];
  const close = async (): Promise<void> => {
    clearInterval(ticking);
    await recorder.close();
    await dav.close();
    await rm(outbox, { recursive: true, force: true });
  };
  try {
    const thunderbird = await startThunderbird(annAddress, "Ann");
    return {
      dav,
      recorder,
      thunderbird,
      outsider: makeOutsider(outsiderAddress, outbox, dav.server.lmtpPort),
      results,
      step: async (title, act) => {
        const result = await runStep(title, recorder, act);
        results.push(result);
        process.stdout.write(describe(result, results.length));
      },
      async close() {
        await thunderbird.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function runStep(title: string, recorder: Recorder, act: () => Promise<void>): Promise<StepResult> {
  const [started, before] = [performance.now(), recorder.exchanges.length];
  let error: string | undefined;
  try {
    await act();
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  const requests = recorder.exchanges.slice(before).map(({ method, path, status }) => `${method} ${path} ${status}`);
  return { title, millis: performance.now() - started, requests, error };
}

function describe({ title, millis, requests, error }: StepResult, number: number): string {
  const line = `${error === undefined ? "ok  " : "FAIL"} ${number}. ${title} (${Math.round(millis)} ms, ${requests.length} requests)\n`;
  return error === undefined ? line : `${line}     ${error.replaceAll("\n", "\n     ")}\n`;
}

/** Compares, and throws with both where they differ. */
export function same<Value>(actual: Value, expected: Value): void {
  deepStrictEqual(actual, expected);
}

/** What Ann's Thunderbird has of an object, after it has looked. */
export async function seen({ thunderbird }: Stage, calendar: string, uid: string): Promise<Seen | null> {
  await thunderbird.call("refresh", calendar);
  return thunderbird.call<Seen | null>("look", calendar, uid);
}

/** Waits until something is so, and gives it; the last failure is told where it never is. */
export async function eventually<Value>(check: () => Promise<Value>): Promise<Value> {
  const until = Date.now() + waitMillis;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(100);
    }
  }
}

/** Lets what waits to be sent leave. */
export async function deliver({ dav }: Stage): Promise<void> {
  await dav.server.worker.drain();
}

/** Where the object of a UID is in somebody's calendars, and its text, unfolded; `undefined` where there is none. */
export async function copyOf({ dav }: Stage, person: string, uid: string): Promise<Copy | undefined> {
  for (const slug of ["calendar", "other"]) {
    const home = `/dav/calendars/${person}@example.test/${slug}/`;
    const body = `<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/></d:prop><c:filter><c:comp-filter name="VCALENDAR"/></c:filter></c:calendar-query>`;
    const reply = await dav.request(person, "REPORT", home, { body, headers: { depth: "1" } });
    for (const [, href = ""] of reply.text.matchAll(/<d:href>([^<]*\.ics)<\/d:href>/g)) {
      const { text, headers } = await dav.request(person, "GET", href);
      const unfolded = text.replaceAll(/\r?\n[ \t]/g, "").replaceAll("\r", "");
      if (unfolded.includes(`UID:${uid}\n`)) return { href, text: unfolded, etag: headers.get("etag") ?? "" };
    }
  }
  return undefined;
}

/** An object on the server. */
export interface Copy {
  readonly href: string;
  readonly text: string;
  readonly etag: string;
}

/** What somebody has answered, by a copy; the first component that names them counts. */
export function partstatOf(copy: Copy | undefined, address: string): string | undefined {
  const line = copy?.text.split("\n").find((one) => one.startsWith("ATTENDEE") && one.endsWith(`mailto:${address}`));
  if (line === undefined) return undefined;
  return /;PARTSTAT=([^;:]*)/.exec(line)?.[1] ?? "NEEDS-ACTION";
}

/** A day some days from now, `20270301`. */
export function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10).replaceAll("-", "");
}

/** The METHOD of a message. */
export function methodOf(message: string): string | undefined {
  return /^METHOD:(.*)$/m.exec(message)?.[1];
}

/** Throws where there is nothing. */
export function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("there is nothing");
  return value;
}

/** Throws where there are none. */
export function someOf<Value>(values: readonly Value[]): readonly Value[] {
  if (values.length === 0) throw new Error("there are none");
  return values;
}
