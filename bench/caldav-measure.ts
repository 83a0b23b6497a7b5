import type { Client, Reply } from "./caldav-client.ts";
import type { Subject } from "./caldav-subject.ts";

/** A server that is measured, and the connection of the first person's program. */
export interface Running {
  readonly subject: Subject;
  readonly client: Client;
}

/** Does it so often, one after the other, and prints what it took. Where no status is wanted, any of success will do. */
export async function measure(
  { subject }: Running,
  name: string,
  count: number,
  work: (i: number) => Promise<Reply>,
  status = 0,
): Promise<void> {
  const took: number[] = [];
  const before = await subject.cpu();
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    const reply = await work(i);
    took.push(performance.now() - start);
    if (status === 0 ? reply.status >= 300 : reply.status !== status) expect(reply, status);
  }
  const seconds = (performance.now() - began) / 1_000;
  const cpu = ((await subject.cpu()) - before) / count;
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  const perSecond = count / seconds;
  console.log(
    name.padEnd(40),
    perSecond.toFixed(perSecond < 100 ? 1 : 0).padStart(8),
    at(0.5).toFixed(2).padStart(9),
    at(0.99).toFixed(2).padStart(9),
    cpu.toFixed(2).padStart(15),
  );
}

/** Throws where it was answered otherwise. */
export function expect({ status, head, body }: Reply, wanted: number): void {
  if (status !== wanted) throw new Error(`answered otherwise than ${wanted}: ${head}\n\n${body}`);
}
