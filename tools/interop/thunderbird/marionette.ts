import { connect, type Socket } from "node:net";

/** A way into a program of Mozilla's that runs: scripts are run in its own window. */
export interface Marionette {
  /** Calls the last argument of the script when it is done; gives what it was called with. */
  runScript(script: string, args: readonly unknown[]): Promise<unknown>;
  /** Ends the program as its menu does. */
  quit(): Promise<void>;
}

const scriptMillis = 60_000;

/** Opens a session at the port a program listens at. Messages are JSON behind their length: `[0, id, command, parameters]`. */
export async function openMarionette(port: number): Promise<Marionette> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  let ended = false;
  const end = (): void => {
    ended = true;
    for (const tell of waiting.values()) tell({ error: "the program is gone", value: null });
    waiting.clear();
  };
  socket.on("error", end);
  socket.on("close", end);
  await readMessages(socket, (message) => {
    if (!Array.isArray(message)) return;
    const [, id, error, value] = message as readonly unknown[];
    waiting.get(Number(id))?.({ error, value });
    waiting.delete(Number(id));
  });
  const send = async (command: string, parameters: object): Promise<unknown> => {
    if (ended) throw new Error(`${command}: the program is gone`);
    const id = ++lastId;
    const body = Buffer.from(JSON.stringify([0, id, command, parameters]));
    const answer = await new Promise<Answer>((tell) => {
      waiting.set(id, tell);
      socket.write(Buffer.concat([Buffer.from(`${body.byteLength}:`), body]));
    });
    if (answer.error !== null) throw new Error(`${command}: ${JSON.stringify(answer.error)}`);
    return answer.value;
  };
  await send("WebDriver:NewSession", {});
  await send("Marionette:SetContext", { value: "chrome" });
  await send("WebDriver:SetTimeouts", { script: scriptMillis });
  return {
    async runScript(script, args) {
      const { value } = (await send("WebDriver:ExecuteAsyncScript", { script, args })) as { readonly value: unknown };
      // A script ends with nothing where the program asks its user something.
      if (value === null) throw new Error(`it asks: ${JSON.stringify(await send("WebDriver:GetAlertText", {}))}`);
      return value;
    },
    async quit() {
      await send("Marionette:Quit", { flags: ["eForceQuit"] });
      socket.destroy();
    },
  };
}

interface Answer {
  readonly error: unknown;
  readonly value: unknown;
}

/** Takes in messages; is done when the program has said what it is. */
function readMessages(socket: Socket, take: (message: unknown) => void): Promise<void> {
  let held = Buffer.alloc(0);
  return new Promise((greeted, failed) => {
    socket.once("error", failed);
    socket.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      for (;;) {
        const colon = held.indexOf(":");
        const length = colon < 0 ? Number.NaN : Number(held.toString("latin1", 0, colon));
        if (!(held.byteLength >= colon + 1 + length)) return;
        const end = colon + 1 + length;
        take(JSON.parse(held.toString("utf8", colon + 1, end)));
        held = held.subarray(end);
        greeted();
      }
    });
  });
}
