import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Job, runOnce, startJobs } from "../../src/jobs/index.ts";
import type { Store } from "../../src/store/store.ts";
import { withStore } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";

/** A world whose clock a test sets, and a job that counts its runs. */
function makeWorld(store: Store) {
  const clock = { now: 1_000 };
  const troubles: string[] = [];
  let runs = 0;
  const job: Job = {
    name: "count",
    does: "counts",
    periodSeconds: 3_600,
    run: async () => `run ${++runs}`,
  };
  const onTrouble = (error: unknown) => void troubles.push(String(error));
  const options = { store, clock: () => clock.now, jobs: [job], onTrouble };
  return { clock, job, options, troubles, runs: () => runs, records: () => store.read(({ jobs }) => jobs.list()) };
}

const alone = { isForced: false, isStopping: () => false };

onEveryStore((makeBench) => {
  test(
    "a job runs at the start and once a period, whatever the number of nodes",
    withStore(makeBench, async (store, bench) => {
      const other = await bench.open();
      const { clock, options, runs, records } = makeWorld(store);
      const nodes = [startJobs(options), startJobs({ ...options, store: other })];
      const runDue = () => Promise.all(nodes.map((node) => node.runDue()));
      await runDue();
      expect(runs()).toBe(1);
      clock.now += 3_599;
      await runDue();
      expect(runs()).toBe(1);
      clock.now += 1;
      await runDue();
      expect(runs()).toBe(2);
      expect(await records()).toMatchObject([{ name: "count", due: 8_200, failed: false, result: "run 2" }]);
      await Promise.all(nodes.map((node) => node.stop()));
      await other.close();
    }),
  );

  test(
    "what fails is told, recorded, and tried again before its period is over",
    withStore(makeBench, async (store) => {
      const { options, job, troubles, records, clock } = makeWorld(store);
      const failing = { ...job, run: () => Promise.reject(new Error("no disk")) };
      expect(await runOnce(options, failing, alone)).toEqual({ kind: "failed", result: "no disk" });
      expect(troubles).toEqual(["Error: no disk"]);
      expect(await records()).toMatchObject([{ due: 1_600, failed: true, result: "no disk" }]);
      expect(await runOnce(options, failing, alone)).toEqual({ kind: "not-run" });
      expect(await runOnce(options, job, { ...alone, isForced: true })).toEqual({ kind: "done", result: "run 1" });
      clock.now = 1_600;
      expect(await records()).toMatchObject([{ due: 4_600, failed: false }]);
    }),
  );

  test(
    "a job that is under way ends where it is when the server stops, and goes on at the next start",
    withStore(makeBench, async (store) => {
      const { options, job, records } = makeWorld(store);
      let steps = 0;
      const endless: Job = {
        ...job,
        run: async ({ goOn }) => {
          while (await goOn()) {
            steps++;
            await turn();
          }
          return `${steps} steps`;
        },
      };
      const node = startJobs({ ...options, jobs: [endless] });
      while (steps < 3) await turn();
      await node.stop();
      const done = steps;
      await turn();
      expect(steps).toBe(done);
      expect(await records()).toMatchObject([{ due: 1_000, leasedUntil: 0, result: `${steps} steps` }]);
    }),
  );

  test(
    "whose lease ran out stops when another has taken over, and its end is not recorded",
    withStore(makeBench, async (store) => {
      const { options, job, clock, records } = makeWorld(store);
      let other: unknown;
      const slow: Job = {
        ...job,
        run: async ({ goOn }) => {
          clock.now += 400;
          other = await runOnce(options, job, alone);
          return `goes on: ${await goOn()}`;
        },
      };
      expect(await runOnce(options, slow, alone)).toEqual({ kind: "stopped", result: "goes on: false" });
      expect(other).toEqual({ kind: "done", result: "run 1" });
      expect(await records()).toMatchObject([{ due: 5_000, result: "run 1" }]);
    }),
  );
});
