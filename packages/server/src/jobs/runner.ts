import type { EpochSeconds } from "@parley/engine";
import type { Store } from "../store/store.ts";

/** Something to be done again and again, by one node at a time. */
export interface Job {
  readonly name: string;
  /** What it is for, in words for the operator. */
  readonly does: string;
  readonly periodSeconds: number;
  /**
   * Does it, a bounded part in each transaction, asking between them whether to go on; tells what it has done. A throw is a failure; it
   * is tried again before its period is over.
   */
  readonly run: (turn: Turn) => Promise<string>;
}

/** What a job is given for one run. */
export interface Turn {
  /** False once it is to end, done or not: the server stops, or another node has taken the job over. */
  readonly goOn: () => Promise<boolean>;
  /** Told of what went wrong with one thing, where the job goes on with the next. */
  readonly onTrouble: (error: unknown) => void;
}

/** Gives a runner what it works with. */
export interface RunnerOptions {
  readonly store: Store;
  readonly clock: () => EpochSeconds;
  readonly jobs: readonly Job[];
  /** Told of what went wrong. */
  readonly onTrouble: (error: unknown, job: string) => void;
}

/** Runs jobs. A lifetime: started once, stopped before the store closes. */
export interface JobRunner {
  /** Runs what is due; resolves when that is done. */
  runDue(): Promise<void>;
  /** Lets what runs come to the end of its transaction, and begins nothing more. */
  stop(): Promise<void>;
}

/** A node that has died lets go of its job after so long. Longer than any transaction of a job. */
const leaseSeconds = 300;
const lookSeconds = 60;
/** A job that failed is tried again after so long, or after its period where that is shorter. */
const retrySeconds = 600;

/** Starts a runner that looks for jobs that are due at once, and every minute. */
export function startJobs(options: RunnerOptions): JobRunner {
  let stopped = false;
  let running: Promise<void> | undefined;
  const isStopping = () => stopped;

  async function runAll(): Promise<void> {
    for (const job of options.jobs) {
      if (!stopped) await runOnce(options, job, { isForced: false, isStopping });
    }
  }

  function runDue(): Promise<void> {
    running ??= runAll()
      .catch((error: unknown) => options.onTrouble(error, "jobs"))
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  const timer = setInterval(() => void runDue(), lookSeconds * 1_000);
  void runDue();
  return {
    runDue,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** How a run of a job ended. */
export type JobEnd =
  | { readonly kind: "done" | "stopped"; readonly result: string }
  | { readonly kind: "failed"; readonly result: string }
  /** It is not due, or another node has it. */
  | { readonly kind: "not-run" };

/** Runs a job where it is due, or at any time if it is forced, and nobody else runs it. Its end is recorded, and trouble told. */
export async function runOnce(
  { store, clock, onTrouble }: Omit<RunnerOptions, "jobs">,
  job: Job,
  { isForced, isStopping }: { readonly isForced: boolean; readonly isStopping: () => boolean },
): Promise<JobEnd> {
  const { name, periodSeconds } = job;
  const claimed = clock();
  const run = await store.write(({ jobs }) => jobs.claim(name, claimed, claimed + leaseSeconds, isForced));
  if (run === undefined) return { kind: "not-run" };
  let isWhole = true;
  const goOn = async (): Promise<boolean> => {
    const isMine = !isStopping() && (await store.write(({ jobs }) => jobs.renew(name, run, clock() + leaseSeconds)));
    isWhole &&= isMine;
    return isMine;
  };
  const ended = await job
    .run({ goOn, onTrouble: (error) => onTrouble(error, name) })
    .then((result): JobEnd & { readonly result: string } => ({ kind: isWhole ? "done" : "stopped", result }))
    .catch((error: unknown) => {
      onTrouble(error, name);
      return { kind: "failed" as const, result: error instanceof Error ? error.message : String(error) };
    });
  const at = clock();
  const pauses = { done: periodSeconds, stopped: 0, failed: Math.min(retrySeconds, periodSeconds), "not-run": 0 };
  const end = { at, due: at + pauses[ended.kind], failed: ended.kind === "failed", result: ended.result };
  await store.write(({ jobs }) => jobs.settle(name, run, end));
  return ended;
}
