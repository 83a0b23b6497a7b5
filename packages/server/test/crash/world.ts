import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Actor, makeLoad, type Stage } from "./actor.ts";
import { password, signIn } from "./doors.ts";
import { makeGuest, makeHost } from "./guests.ts";
import { outside, people } from "./mails.ts";
import { type Memory, makeMemory } from "./memory.ts";
import { makeOrganizer } from "./organizer.ts";
import { makeRandom } from "./random.ts";
import { makeNode, type Node, parley, type Settings } from "./server-process.ts";
import { type Sink, startSink } from "./sink.ts";

/** Longer than a worker keeps what it has taken. */
const aheadSeconds = 400;

/** What is different in a world. */
export interface WorldOptions {
  readonly seed: number;
  /** Where the data is; a new folder where absent. */
  readonly data?: string;
  readonly databaseUrl?: string;
  readonly nodes?: number;
  /** Seconds that what an Organizer writes waits for what they write next. */
  readonly pauseSeconds?: number;
}

/** Servers under load, and all that is remembered of it. */
export interface World {
  readonly nodes: readonly Node[];
  readonly sink: Sink;
  readonly stage: Stage;
  readonly memory: Memory;
  readonly data: string;
  /** Where servers that run can be asked. */
  readonly first: () => Node;
  /** Starts those that do not run; where none does, later than before by more than a lease. `false` where one was killed meanwhile. */
  open(under?: readonly string[]): Promise<boolean>;
  /** The load goes on until `until` resolves, and everybody has noticed. */
  load(until: () => Promise<unknown>): Promise<void>;
  /** Lets everybody bring to an end what they have begun. */
  finish(): Promise<void>;
  /** Runs a command of the command line; throws where it fails. */
  parley(args: readonly string[]): Promise<void>;
  /** Runs `parley check`; its words where it finds anything. */
  check(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Makes a world with its people, its servers running. */
export async function makeWorld(options: WorldOptions): Promise<World> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), "parley-crash-")));
  const sink = await startSink();
  const settings = settingsOf(options, data, sink);
  const nodes: Node[] = [];
  for (let number = 0; number < (options.nodes ?? 1); number++) nodes.push(await makeNode(`node ${number}`, settings));
  let ahead = 0;
  const open = async (under?: readonly string[]): Promise<boolean> => {
    // Of two that run together the clocks agree.
    if (nodes.every((node) => !node.isRunning())) ahead += aheadSeconds;
    const started = nodes.filter((node) => !node.isRunning()).map((node) => node.start(ahead, under));
    return (await Promise.all(started)).every((isReady) => isReady);
  };
  await addPeople(settings);
  await open();
  const random = makeRandom(options.seed);
  const first = (): Node => nodes.find((node) => node.isRunning()) ?? (nodes[0] as Node);
  const running = (): Node => {
    const all = nodes.filter((node) => node.isRunning());
    return all[Math.floor(random() * all.length)] ?? first();
  };
  const stage = await makeStage(running, first);
  const load = makeLoad(stage, castOf(stage, options.seed));
  return {
    nodes,
    sink,
    stage,
    memory: stage.memory,
    data,
    first,
    open,
    async load(until) {
      let stopped = false;
      const running = load.run(() => stopped);
      // Whoever fails fails all; nobody is left running.
      await Promise.race([until(), running]).finally(() => {
        stopped = true;
      });
      await running;
    },
    finish: load.finish,
    parley: (args) => runParley(args, settings, ahead),
    check: async () => {
      const { code, out } = await parley(["check"], settings, { ahead });
      return code === 0 ? undefined : `parley check ends with ${code}: ${out}`;
    },
    async close() {
      for (const node of nodes) await node.kill();
      await sink.close();
      if (options.data === undefined) await rm(data, { recursive: true, force: true });
    },
  };
}

function settingsOf({ databaseUrl, pauseSeconds = 0 }: WorldOptions, data: string, sink: Sink): Settings {
  return {
    PARLEY_DATA: join(data, "data"),
    PARLEY_DOMAINS: "example.test",
    PARLEY_SMTP_HOST: "127.0.0.1",
    PARLEY_SMTP_PORT: String(sink.port),
    PARLEY_TRUST_RELAY: "true",
    PARLEY_DELIVERY_PAUSE_SECONDS: String(pauseSeconds),
    PARLEY_DELIVERY_MAX_PER_PERSON_DAY: "1000000",
    PARLEY_DELIVERY_MAX_PER_GUEST_HOUR: "1000000",
    ...(databaseUrl !== undefined && { PARLEY_DATABASE_URL: databaseUrl }),
  };
}

async function addPeople(settings: Settings): Promise<void> {
  const run = (args: readonly string[], input = ""): Promise<void> => runParley(args, settings, 0, input);
  await run(["room", "add", people.room, "--name", "Blue"]);
  await Promise.all([
    run(["person", "password", people.room], `${password}\n`),
    run(["person", "add", people.ann, "--name", "Ann"], `${password}\n`),
    run(["person", "add", people.ben, "--name", "Ben"], `${password}\n`),
  ]);
}

async function runParley(args: readonly string[], settings: Settings, ahead: number, input = ""): Promise<void> {
  const { code, out } = await parley(args, settings, { input, ahead });
  if (code !== 0) throw new Error(`parley ${args.join(" ")}: ${out}`);
}

/** Everybody who is invited from elsewhere has written to Olga: her invitations are no stranger's. */
async function makeStage(place: () => Node, first: () => Node): Promise<Stage> {
  const cookies = new Map<string, string>();
  for (const person of Object.values(people)) cookies.set(person, await signIn(first(), person));
  let second = Math.floor(Date.now() / 1_000) - 3_600;
  const stage: Stage = { memory: makeMemory(), place, cookies, tick: () => second++ };
  for (const person of [people.ann, people.ben]) {
    const body = {
      summary: "hello",
      start: "2027-06-01T09:00:00Z",
      end: "2027-06-01T10:00:00Z",
      attendees: [{ address: outside.olga }],
    };
    const response = await fetch(`http://127.0.0.1:${first().httpPort}/api/events`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: cookies.get(person) ?? "" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
  }
  return stage;
}

function castOf(stage: Stage, seed: number): readonly Actor[] {
  return [
    makeOrganizer(stage, "ann1", people.ann, makeRandom(seed + 1)),
    makeOrganizer(stage, "ann2", people.ann, makeRandom(seed + 2)),
    makeOrganizer(stage, "ben", people.ben, makeRandom(seed + 3)),
    makeGuest(stage, outside.clara, makeRandom(seed + 4)),
    makeGuest(stage, outside.david, makeRandom(seed + 5)),
    makeHost(stage, makeRandom(seed + 6)),
  ];
}
