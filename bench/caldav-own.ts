import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer, Question } from "./caldav-node.ts";
import type { Furnishing, Subject } from "./caldav-subject.ts";

/** Starts our whole server in a process of its own, over an SQLite file (`sqlite`) or the PostgreSQL of a URL. */
export async function startOwn(name: string, place: string, furnishing: Furnishing): Promise<Subject> {
  const node = fork(fileURLToPath(new URL("caldav-node.ts", import.meta.url)), [place, JSON.stringify(furnishing)]);
  const [{ port }] = (await once(node, "message")) as [{ port: number }];
  return {
    name,
    port,
    home: (person) => `/dav/calendars/person${person}@example.test/`,
    calendar: "calendar",
    cpu: async () => {
      const answer = await ask(node, "used");
      return typeof answer === "object" && "cpu" in answer ? answer.cpu : 0;
    },
    delivered: async () => void (await ask(node, "delivered")),
    stop: async () => {
      await ask(node, "stop");
      node.kill();
    },
  };
}

async function ask(node: ChildProcess, question: Question): Promise<Answer> {
  const answered = once(node, "message");
  node.send(question);
  const [answer] = (await answered) as [Answer];
  return answer;
}
