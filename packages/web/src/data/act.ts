import type { Problem } from "@parley/server/contract";
import { useRef, useState } from "react";
import { words } from "../words.ts";
import type { Reply } from "./api.ts";
import { useSession } from "./session.ts";

/** An action the person started: whether it runs, and what went wrong with the last one. */
export interface Action {
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** HTTP status of the problem; 0 where there is none, or no answer came. */
  readonly status: number;
  /**
   * Does one thing at a time; says `done` when it went well. True when it did. `reload` runs after success and after 412 and 404,
   * because then what is shown is out of date.
   */
  readonly run: <Value>(
    work: () => Promise<Reply<Value>>,
    done: string,
    reload?: (value: Value | undefined) => void | Promise<void>,
  ) => Promise<boolean>;
}

const staleStatuses: ReadonlySet<number> = new Set([404, 409, 412]);

/** Runs actions for a form or a card. */
export function useAction(): Action {
  const { say } = useSession();
  const [busy, setBusy] = useState(false);
  // A second click may come before the first one is rendered.
  const running = useRef(false);
  const [failed, setFailed] = useState<{ readonly problem: Problem; readonly status: number } | null>(null);

  const run: Action["run"] = async (work, done, reload) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setFailed(null);
    const reply = await work();
    if (reply.kind === "ok") say(done);
    else setFailed({ problem: problemInWords(reply.problem, reply.status), status: reply.status });
    if (reply.kind === "ok" || staleStatuses.has(reply.status)) {
      await reload?.(reply.kind === "ok" ? reply.value : undefined);
    }
    running.current = false;
    setBusy(false);
    return reply.kind === "ok";
  };
  return { busy, problem: failed?.problem ?? null, status: failed?.status ?? 0, run };
}

function problemInWords(problem: Problem, status: number): Problem {
  if (status === 412) return { ...problem, message: words.problems.changedMeanwhile };
  return problem;
}
