/** How many work at once, and how many of those may be what nobody waits for. */
export interface TurnBounds {
  readonly atOnce: number;
  readonly inBackground: number;
}

/** Runs work when its turn comes; what it comes to is what the work comes to. */
export type Turns = <Result>(isBackground: boolean, work: () => Promise<Result>) => Promise<Result>;

/** So many others may pass what nobody waits for, then it has its turn: it comes to its end however busy others are. */
const maxPassing = 5;
/** Milliseconds between two of them, in which what others ask is heard. */
const breath = 2;

/** Makes turns: those somebody waits for come first, and otherwise who came first. */
export function makeTurns({ atOnce, inBackground }: TurnBounds): Turns {
  const waiting: Record<"first" | "later", (() => void)[]> = { first: [], later: [] };
  const running = { first: 0, later: 0 };
  let [passing, resting] = [0, 0];
  const begin = (): void => {
    while (running.first + running.later < atOnce) {
      const mayComeLater = running.later + resting < inBackground && waiting.later.length > 0;
      const kind = mayComeLater && (waiting.first.length === 0 || passing >= maxPassing) ? "later" : "first";
      const start = waiting[kind].shift();
      if (!start) return;
      running[kind] += 1;
      passing = kind === "first" && mayComeLater ? passing + 1 : 0;
      start();
    }
  };
  // Work that never waits for the world would keep all else from being heard.
  const rest = (): void => {
    resting += 1;
    setTimeout(() => {
      resting -= 1;
      begin();
    }, breath);
  };
  return async (isBackground, work) => {
    const kind = isBackground ? "later" : "first";
    await new Promise<void>((start) => {
      waiting[kind].push(start);
      begin();
    });
    try {
      return await work();
    } finally {
      running[kind] -= 1;
      if (isBackground) rest();
      begin();
    }
  };
}
