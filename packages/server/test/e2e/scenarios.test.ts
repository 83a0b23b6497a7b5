import { readdirSync, readFileSync } from "node:fs";
import { type Action, type CalendarUserAddress, type Partstat, parseAddress } from "@parley/engine";
import {
  type Command,
  editedObject,
  parseScenario,
  playScenario,
  type Reply,
  type SentSummary,
  viewOf,
} from "@parley/engine/simulation";
import { createTransport } from "nodemailer";
import { describe, test } from "vitest";
import { actOnObject, changeObject } from "../../src/scheduling/change-object.ts";
import { emptyDatabase, skipsPostgres } from "../store/postgres.ts";
import { as, type Pair, startPair } from "./parley.ts";

const root = new URL("../../../../", import.meta.url);
const readFixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, root), "utf8");

/** Scripts of what the engine does and the server does not yet (docs/deviations.md). */
const notYet: ReadonlySet<string> = new Set(["29-busy-time.itip"]);

// The same scripts the engine plays, on two whole servers: stores, SMTP, LMTP and the API.
describe("scenarios on servers", () => {
  const files = readdirSync(new URL("scenarios/", root)).filter((name) => name.endsWith(".itip") && !notYet.has(name));

  test.concurrent.each(files)("%s", (file) => play(file));
});

/** Those that need most of a store: doubled and reordered mail, held mail, another Organizer, proposals. */
const hardOnStores = ["06-doubled", "10-cancel-overtakes", "28-organizer-replaced", "34-counter"];

describe.skipIf(skipsPostgres)("scenarios on servers with PostgreSQL", () => {
  const files = readdirSync(new URL("scenarios/", root)).filter((name) =>
    hardOnStores.some((start) => name.startsWith(start)),
  );

  test.each(files)("%s", (file) => play(file, emptyDatabase));
});

async function play(file: string, makeDatabase?: () => Promise<string>): Promise<void> {
  const scenario = parseScenario(readFileSync(new URL(`scenarios/${file}`, root), "utf8"));
  if ("errors" in scenario) throw new Error(scenario.errors.join("\n"));
  const pair = await startPair(0, makeDatabase);
  try {
    const world = makeServerWorld(pair);
    const script = playScenario(scenario.steps);
    for (let next = script.next(); !next.done; next = script.next(await world(next.value))) {
      // Everything happens in the world.
    }
  } finally {
    await pair.close();
  }
}

/** Answers the commands of a script with two servers. What needs a stranger's first yes is said yes to, as people do. */
function makeServerWorld(pair: Pair): (command: Command) => Promise<Reply> {
  const seen = new Map<string, number>();
  /** What somebody wrote last, and how long their ledger was then: what came later is what the next step is about. */
  const put = new Map<string, { readonly uid: string; readonly rows: number }>();

  async function perform(step: Extract<Command, { kind: "do" }>["step"]): Promise<void> {
    if ("person" in step) await forgetSent(step.person);
    switch (step.kind) {
      case "at":
        pair.clock.now = step.now;
        return;
      case "after":
        pair.clock.now += step.seconds;
        return;
      case "deliver":
        for (const person of seen.keys()) await forgetSent(person);
        await pair.deliver(step);
        return admitStrangers();
      case "lose":
        await pair.send();
        pair.relay.waiting.splice(0);
        return;
      case "decide": {
        const question = (await as(pair, step.person).questions())[0];
        if (!question) throw new Error(`line ${step.line}: ${step.person} was asked nothing`);
        await as(pair, step.person).decide(question.id, { decision: step.decision });
        return;
      }
      case "act":
        return actAs(step.person, step.action);
      case "forward":
        return forward(step.person, step.to);
      case "ask-busy":
      case "tell-busy":
      case "publish-busy":
        throw new Error(`line ${step.line}: the server answers no questions about busy time yet`);
      case "receive":
        return receive(step);
      default:
        return change(step);
    }
  }

  /** Answers and calling off go through the API; what it does not have yet through the one writer. Scripts look at what was sent. */
  async function actAs(person: CalendarUserAddress, action: Action): Promise<void> {
    const id = (await eventOf(person))?.id ?? "";
    if (action.kind === "answer" && action.key === undefined && isApiAnswer(action.partstat)) {
      await as(pair, person)
        .answer(id, action.partstat, action.comment)
        .catch((error: unknown) => {
          if (!String(error).includes(": 409 ")) throw error;
        });
    } else if (action.kind === "cancel" && !action.keys) {
      await as(pair, person).cancel(id, action.comment);
    } else {
      await actOnObject(pair.of(person).server.house, await principalOf(person), { id }, action);
    }
  }

  /** The last mail that came goes on as it is, From whoever forwards it. */
  async function forward(person: CalendarUserAddress, to: CalendarUserAddress): Promise<void> {
    const last = pair.relay.seen.findLast((mail) => mail.to === person);
    if (!last) throw new Error(`${person} has received nothing from elsewhere`);
    const raw = last.raw
      .toString("latin1")
      .replace(/^Authentication-Results:.*\r\n(?:[ \t].*\r\n)*/m, "")
      .replace(/^From:.*$/m, `From: ${person}`)
      .replace(/^Message-ID:.*$/im, `Message-ID: <forwarded-${pair.relay.seen.length}@elsewhere.test>`);
    const port = await pair.relay.portFor(person.split("@")[1] ?? "");
    const transport = createTransport({ host: "127.0.0.1", port, ignoreTLS: true });
    await transport.sendMail({ envelope: { from: person, to: [to] }, raw });
    transport.close();
  }

  async function receive(step: Extract<Command & { kind: "do" }, { kind: "do" }>["step"] & { kind: "receive" }) {
    const calendar = readFixture(step.fixture);
    const method = /^METHOD:(\w+)/m.exec(calendar)?.[1];
    const raw = [
      `From: ${step.from}`,
      `To: ${step.person}`,
      "Subject: from outside",
      `Message-ID: <${step.line}@elsewhere.test>`,
      "MIME-Version: 1.0",
      `Content-Type: text/calendar; charset=utf-8; method=${method}`,
      "",
      calendar,
    ].join("\r\n");
    const { server } = pair.of(step.person);
    const transport = createTransport({ host: "127.0.0.1", port: server.lmtpPort, lmtp: true, ignoreTLS: true });
    await transport.sendMail({ envelope: { from: step.from, to: [step.person] }, raw });
    transport.close();
  }

  async function change(step: Parameters<typeof editedObject>[0]): Promise<void> {
    const { house } = pair.of(step.person).server;
    const principal = await principalOf(step.person);
    const event = await eventOf(step.person);
    const options = { zones: house.zones, readFixture };
    const isSplit = "place" in step && step.place.range !== undefined;
    if (isSplit && event) {
      const stored = await house.store.read((tx) => tx.objects.byId(principal.id, event.id));
      const after = editedObject(step, stored?.state.object, options);
      if (!after) throw new Error(`line ${step.line}: nothing is left`);
      const action = { kind: "split", key: step.place.key ?? "", after } as const;
      const split = await actOnObject(house, principal, { id: event.id }, action);
      if (split.kind !== "done") throw new Error(`line ${step.line}: ${JSON.stringify(split)}`);
      return;
    }
    const target = event && step.kind !== "put" ? { id: event.id } : { uid: "new" };
    const result = await changeObject(house, principal, target, (present) =>
      editedObject(step, present?.state.object, options),
    );
    if (result.kind !== "done") throw new Error(`line ${step.line}: ${JSON.stringify(result)}`);
    put.set(step.person, { uid: result.object?.uid ?? "", rows: (await as(pair, step.person).ledger()).length });
  }

  async function admitStrangers(): Promise<void> {
    for (const { server } of pair.servers.values()) {
      for (const { address } of await server.house.store.read((tx) => tx.principals.list())) {
        for (;;) {
          const question = (await as(pair, address).questions()).find(
            ({ kind, method }) => kind === "stranger" && method === "REQUEST",
          );
          if (!question) break;
          await as(pair, address).decide(question.id, { decision: "apply" });
        }
      }
    }
    await pair.deliver();
  }

  async function principalOf(person: string) {
    const { house } = pair.of(person).server;
    const address = parseAddress(person);
    const principal = address && (await house.store.read((tx) => tx.principals.byAddress(address)));
    if (!principal) throw new Error(`${person} is nobody here`);
    return principal;
  }

  async function eventOf(person: string) {
    const events = await as(pair, person).events();
    const rows = await as(pair, person).ledger();
    const written = put.get(person);
    const newest = rows.find(({ verdict }) => verdict === "applied" || verdict === "sent");
    const uid = written && written.rows >= rows.length ? written.uid : newest?.uid;
    return events.find((event) => event.uid === uid) ?? events[0];
  }

  async function forgetSent(person: string): Promise<void> {
    seen.set(person, (await outgoing(person)).length);
  }

  async function outgoing(person: string): Promise<SentSummary[]> {
    const rows = (await as(pair, person).ledger()).filter(({ direction }) => direction === "out").reverse();
    return rows.map(({ method, sequence, to }) => {
      return {
        method: method as SentSummary["method"],
        sequence: sequence ?? 0,
        to: to.flatMap((text) => parseAddress(text) ?? []),
      };
    });
  }

  return async (command) => {
    if (command.kind === "do") {
      await perform(command.step);
      return undefined;
    }
    if (command.kind === "sent") return (await outgoing(command.person)).slice(seen.get(command.person) ?? 0);
    if (command.kind === "verdict") {
      return (await as(pair, command.person).ledger()).find(({ direction }) => direction === "in")?.verdict;
    }
    if (command.kind === "busy") throw new Error("the server knows nothing of busy time yet");
    const { house } = pair.of(command.person).server;
    const event = await eventOf(command.person);
    const principal = await principalOf(command.person);
    const stored = event && (await house.store.read((tx) => tx.objects.byId(principal.id, event.id)));
    return stored && viewOf(stored.state, house.zones, command.key);
  };
}

function isApiAnswer(partstat: Partstat): boolean {
  return partstat === "ACCEPTED" || partstat === "TENTATIVE" || partstat === "DECLINED";
}
