import { setTimeout as sleep } from "node:timers/promises";
import type { Figures } from "./figures.ts";
import { look, lookAtRest } from "./verify.ts";
import type { World } from "./world.ts";

const pauseMilliseconds = 300;
const patience = 400;

/**
 * Brings a world to rest and looks at all of it: everybody ends what they have begun, everything leaves. What a server gave up, as it died ten
 * times with it in hand, its operator lets go once more.
 */
export async function settle(world: World, figures: Figures): Promise<void> {
  await world.finish();
  // Again, later: what was leased to servers that were killed, or deferred, is due.
  for (const node of world.nodes) await node.stop();
  await world.open();
  for (let tries = 0; tries < patience; tries++) {
    const rest = await lookAtRest(world);
    if (rest.kind === "at-rest") {
      const { faults } = await look(world);
      const checked = await world.check();
      figures.faults.push(...rest.faults, ...faults, ...(checked === undefined ? [] : [checked]));
      return;
    }
    if (rest.kind === "given-up") {
      figures.hits["given up and let go by hand"] = (figures.hits["given up and let go by hand"] ?? 0) + rest.count;
      await world.parley(["queue", "retry", "--refused"]);
    }
    await sleep(pauseMilliseconds);
  }
  figures.faults.push(`the mail never comes to rest: ${JSON.stringify(await lookAtRest(world))}`);
}
