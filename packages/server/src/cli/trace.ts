import { Command } from "commander";
import { type PersonTrace, type Trace, type TracedMessage, traceMeeting } from "../operation/trace.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { formatTime, jsonForTerminal, printable } from "./terminal.ts";
import { type CommandWorld, requirePerson, withHouse } from "./with-house.ts";

interface Options extends SettingsOptions {
  readonly person?: string;
  readonly json?: boolean;
}

/** `parley trace UID`: everything that happened to one meeting, and which rule decided. Exit code 1 where nobody knows it. */
export function traceCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("trace"))
    .description("tell everything that happened to one meeting, and why")
    .argument("<uid>", "its UID, as the history on the web page and every calendar file has it")
    .option("--person <address>", "only as this person saw it")
    .option("--json", "as JSON");
  return command.action(async (uid: string, options: Options) => {
    const trace = await withHouse(command, options, world, async (house) => {
      const { person } = options;
      const only = person === undefined ? undefined : await house.store.read((read) => requirePerson(read, person));
      return traceMeeting(house, uid, only);
    });
    if (options.json) process.stdout.write(`${jsonForTerminal(asView(trace))}\n`);
    else process.stdout.write([...trace.people.map(personText), ...removedText(trace)].join("\n"));
    if (trace.people.length > 0) return;
    process.exitCode = 1;
    if (!options.json) process.stderr.write("nothing is known of that meeting here\n");
  });
}

/** Times as text: whoever reads it has no other form of them. */
function asView({ uid, removedBefore, people }: Trace) {
  return {
    uid,
    ...(removedBefore !== undefined && { removedBefore: formatTime(removedBefore) }),
    people: people.map((person) => ({
      ...person,
      messages: person.messages.map(({ at, deliveries, ...message }) => ({
        at: formatTime(at),
        ...message,
        deliveries: deliveries.map(({ due, ...delivery }) => ({ ...delivery, due: formatTime(due) })),
      })),
    })),
  };
}

function removedText({ removedBefore }: Trace): readonly string[] {
  if (removedBefore === undefined) return [];
  return [`Messages of before ${formatTime(removedBefore)} are no longer kept.\n`];
}

function personText({ person, copy, messages, more }: PersonTrace): string {
  const answers = (copy?.answers ?? []).map(({ attendee, instance, range, partstat }) => {
    const place = instance === "" ? "" : ` ${range ? "from" : "at"} ${printable(instance)}${range ? " on" : ""}`;
    return `${printable(attendee)} ${printable(partstat)}${place}`;
  });
  return [
    printable(person),
    `  now: ${standing(copy)}${answers.length > 0 ? `; answers: ${answers.join(", ")}` : ""}`,
    ...(more ? ["  (older messages are left out)"] : []),
    ...messages.flatMap(messageLines),
    "",
  ].join("\n");
}

function standing(copy: PersonTrace["copy"]): string {
  if (!copy) return "not in the calendar";
  return copy.removed ? "removed" : `in the calendar, object ${copy.id}`;
}

function messageLines(message: TracedMessage): readonly string[] {
  const { at, direction, method, sequence, from, to, verdict, rule, reason, evidence, decided } = message;
  const what =
    method === undefined ? "mail" : `${printable(method)}${sequence === undefined ? "" : ` sequence ${sequence}`}`;
  return [
    `  ${formatTime(at)}  ${direction.padEnd(3)}  ${what}  from ${printable(from)} to ${printable(to.join(", "))}`,
    `    ${verdict}${reason && `: ${printable(reason)}`} [${printable(rule)}]`,
    ...(evidence ? [`    sender: ${printable(evidence.detail)} (${evidence.strength})`] : []),
    ...(evidence?.warnings ?? []).map((warning) => `    take care: ${printable(warning)}`),
    ...message.changes.map((change) => `    - ${printable(change)}`),
    ...message.violations.map(({ rule: broken, detail }) => `    breaks ${printable(broken)}: ${printable(detail)}`),
    ...(decided ? [`    the owner said ${decided.decision} at ${formatTime(decided.at)}`] : []),
    ...message.deliveries.map(({ recipient, state, attempts, due: when, detail }) => {
      const how =
        state === "queued" || state === "deferred"
          ? `${state}, due ${formatTime(when)}`
          : `${state} ${formatTime(when)}`;
      return `    > ${printable(recipient)}: ${how}, attempts ${attempts}${detail && `: ${printable(detail)}`}`;
    }),
  ];
}
