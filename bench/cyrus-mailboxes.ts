import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { password } from "./caldav-texts.ts";

/** Makes the mailboxes of so many people, without which Cyrus knows none of them, by IMAP as its administrator. */
export async function createMailboxes(port: number, people: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const say = async (command: string): Promise<void> => {
    socket.write(`a ${command}\r\n`);
    for (;;) {
      const { value, done } = await lines.next();
      if (done || value.startsWith("a NO") || value.startsWith("a BAD")) throw new Error(`${command}: ${value}`);
      if (value.startsWith("a OK")) return;
    }
  };
  await say(`LOGIN cyrus@example.test "${password}"`);
  for (let i = 0; i < people; i++) await say(`CREATE user/person${i}@example.test`);
  await say("LOGOUT");
  socket.destroy();
}
