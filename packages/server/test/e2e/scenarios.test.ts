import { readdirSync, readFileSync } from "node:fs";
import { parseAddress } from "@parley/engine";
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
import { changeObject } from "../../src/scheduling/change-object.ts";
import { as, type Pair, startPair } from "./parley.ts";

const root = new URL("../../../../", import.meta.url);
const readFixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, root), "utf8");

// The same scripts the engine plays, on two whole servers: stores, SMTP, LMTP and the API.
describe("scenarios on servers", () => {
  const files = readdirSync(new URL("scenarios/", root)).filter((name) => name.endsWith(".itip"));

  test.concurrent.each(files)("%s", async (file) => {
    const scenario = parseScenario(readFileSync(new URL(`scenarios/${file}`, root), "utf8"));
    if ("errors" in scenario) throw new Error(scenario.errors.join("\n"));
    const pair = await startPair(0);
    try {
      const world = makeServerWorld(pair);
      const script = playScenario(scenario.steps);
      for (let next = script.next(); !next.done; next = script.next(await world(next.value))) {
        // Everything happens in the world.
      }
    } finally {
      await pair.close();
    }
  });
});

/** Answers the commands of a script with two servers. What needs a stranger's first yes is said yes to, as people do. */
function makeServerWorld(pair: Pair): (command: Command) => Promise<Reply> {
  const seen = new Map<string, number>();

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
      case "answer": {
        const event = await eventOf(step.person);
        await as(pair, step.person)
          .answer(event?.id ?? "", step.partstat, step.comment)
          .catch(ignoreRefusal);
        return;
      }
      case "cancel": {
        const event = await eventOf(step.person);
        await as(pair, step.person).cancel(event?.id ?? "", step.comment);
        return;
      }
      case "receive":
        return receive(step);
      default:
        return change(step);
    }
  }

  /** Where an answer is refused the script looks at what was sent. */
  function ignoreRefusal(error: unknown): void {
    if (!String(error).includes(": 409 ")) throw error;
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
    const target = event && step.kind !== "put" ? { id: event.id } : { uid: "new" };
    const result = await changeObject(house, principal, target, (present) =>
      editedObject(step, present?.state.object, { zones: house.zones, readFixture }),
    );
    if (result.kind !== "done") throw new Error(`line ${step.line}: ${JSON.stringify(result)}`);
  }

  async function admitStrangers(): Promise<void> {
    for (const { server } of pair.servers.values()) {
      for (const { address } of await server.house.store.read((tx) => tx.principals.list())) {
        for (;;) {
          const question = (await as(pair, address).questions()).find(({ kind }) => kind === "stranger");
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
    return (await as(pair, person).events())[0];
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
    const { house } = pair.of(command.person).server;
    const event = await eventOf(command.person);
    const principal = await principalOf(command.person);
    const stored = event && (await house.store.read((tx) => tx.objects.byId(principal.id, event.id)));
    return stored && viewOf(stored.state, house.zones);
  };
}
