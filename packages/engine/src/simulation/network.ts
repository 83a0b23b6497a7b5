import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { Random } from "./random.ts";

/** How badly a network treats what it carries: shares of 0 to 1. */
export interface Weather {
  readonly lost: number;
  readonly repeated: number;
  readonly reordered: number;
  readonly maxDelaySeconds: number;
}

/** Is the weather the laws must hold in. */
export const badWeather: Weather = {
  lost: 0.05,
  repeated: 0.2,
  reordered: 0.3,
  maxDelaySeconds: 30 * 86_400,
};

/** Is the weather in which all that is left arrives, at once and in order. */
export const fairWeather: Weather = { lost: 0, repeated: 0, reordered: 0, maxDelaySeconds: 0 };

/** Carries things between calendar users, each to be delivered at its time. */
export interface Network<Letter> {
  /** Takes a letter over; `random` decides what becomes of it. */
  readonly post: (letter: Letter, now: EpochSeconds, weather: Weather, random: Random) => void;
  /** When the next letter is due; `undefined` where none is under way. */
  readonly nextAt: () => EpochSeconds | undefined;
  /** Takes out what is due by then, in the order of its delivery. */
  readonly due: (now: EpochSeconds) => readonly Letter[];
  /** Takes out all that is under way. */
  readonly rest: () => readonly Letter[];
}

/** Makes an empty network. */
export function makeNetwork<Letter>(): Network<Letter> {
  let underWay: { readonly letter: Letter; readonly at: EpochSeconds; readonly order: number }[] = [];
  let count = 0;
  const put = (letter: Letter, at: EpochSeconds): void => {
    underWay.push({ letter, at, order: count++ });
  };
  const take = (until: EpochSeconds): readonly Letter[] => {
    const taken = underWay.filter(({ at }) => at <= until);
    underWay = underWay.filter(({ at }) => at > until);
    return taken.sort((a, b) => a.at - b.at || a.order - b.order).map(({ letter }) => letter);
  };
  return {
    nextAt: () => (underWay.length === 0 ? undefined : Math.min(...underWay.map(({ at }) => at))),
    post: (letter, now, weather, random) => {
      if (random.chance(weather.lost)) return;
      const copies = random.chance(weather.repeated) ? 2 : 1;
      for (let i = 0; i < copies; i++) {
        // What is neither late nor out of order takes a minute.
        const isLate = random.chance(weather.reordered) && weather.maxDelaySeconds > 0;
        put(letter, now + (isLate ? random.below(weather.maxDelaySeconds) : weather.maxDelaySeconds > 0 ? 60 : 0));
      }
    },
    due: take,
    rest: () => take(Number.POSITIVE_INFINITY),
  };
}
