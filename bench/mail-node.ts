import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { pino } from "pino";
import { readConfig } from "../packages/server/src/config.ts";
import { startServer } from "../packages/server/src/server.ts";
import { addOne, addressOf, clock, writeMeeting } from "./house.ts";

// One server of the benchmark of mail: a process of its own, as it runs at an operator's.

/** How many people it has; each organizes a meeting of so many guests elsewhere. */
export const people = 20;
export const guests = 200;
/** Who invites people here; they know them. */
export const inviter = "olaf@outside.test";

const [data] = process.argv.slice(2);
if (process.send && data) {
  const file = {
    ...{ data, domains: ["example.test"], http: { host: "127.0.0.1", port: 0 }, lmtp: { host: "127.0.0.1", port: 0 } },
    ...{ trust: { authservIds: [], relay: true }, delivery: { pauseSeconds: 3_600 } },
  };
  const result = readConfig({ file: { name: "bench", text: JSON.stringify(file) }, env: {}, flags: {} });
  if ("errors" in result) throw new Error(result.errors.join("\n"));
  const world = {
    ...{ clock: () => clock, random: () => 0.5, randomBytes: (count: number) => randomBytes(count) },
    logger: pino({ level: "fatal" }),
  };
  const { house, lmtpPort } = await startServer(result.config, { tryOut: false, webRoot: join(data, "web") }, world);
  const invited = Array.from({ length: guests }, (_, i) => `far${i}@elsewhere.test`);
  for (let i = 0; i < people; i++) {
    const person = await addOne(house.store, i);
    const known = [addressOf(inviter)];
    await house.store.write(({ principals }) => principals.addCorrespondents(person.id, known, clock));
    await writeMeeting(house, person, invited, `meeting${i}@example.test`);
  }
  process.send(lmtpPort);
}
