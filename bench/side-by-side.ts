/** One way to do a piece of work, measured beside others. */
export interface Contender {
  readonly name: string;
  /** Does the work that many times and answers with the seconds it took. */
  readonly seconds: (times: number) => number;
}

const rounds = 7;
/** A sample is at least this long, so that neither the clock nor one pause of the collector decides. */
const sampleSeconds = 0.15;
const maxTimes = 1_000_000;

/** Makes a contender of a function that runs in this process. */
export function inProcess(name: string, work: () => unknown): Contender {
  return {
    name,
    seconds: (times) => {
      const began = performance.now();
      for (let i = 0; i < times; i++) kept = work();
      return (performance.now() - began) / 1_000;
    },
  };
}

/** What the last piece of work made: held, so that no compiler leaves the work out. */
export let kept: unknown;

/**
 * Measures all contenders in turn, round by round, and prints each one's median rate and how many times faster the first
 * is. `perTime` is how many units one time makes.
 */
export function printSideBySide(title: string, unit: string, perTime: number, contenders: readonly Contender[]): void {
  console.log(`\n${title}, ${unit} per second; median of ${rounds}`);
  const times = contenders.map(calibrate);
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const count = times[i] ?? 1;
      samples[i]?.push((count * perTime) / contender.seconds(count));
    }
  }
  const rates = samples.map(median);
  for (const [i, { name }] of contenders.entries()) {
    const ratio = i === 0 ? "" : `ours is ${((rates[0] ?? 0) / (rates[i] ?? 1)).toFixed(2)}x`;
    console.log(`  ${name.padEnd(28)}${shown(rates[i] ?? 0).padStart(14)}  ${ratio}`);
  }
}

/** Finds how many times fill a sample; that also warms the contender up. */
function calibrate({ seconds }: Contender): number {
  let times = 1;
  while (times < maxTimes) {
    const took = seconds(times);
    if (took >= sampleSeconds) return times;
    times = Math.ceil(times * Math.min(10, Math.max(1.5, sampleSeconds / Math.max(took, 1e-6))));
  }
  return maxTimes;
}

/** The middle one of a list of numbers; 0 of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function shown(rate: number): string {
  return rate >= 100 ? Math.round(rate).toLocaleString("en-GB") : rate.toFixed(2);
}
