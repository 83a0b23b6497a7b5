/** Draws numbers that look random and follow from a seed: the same seed gives the same world anywhere. */
export interface Random {
  /** A whole number from 0 to below `bound`. */
  readonly below: (bound: number) => number;
  /** True in that share of draws, 0 to 1. */
  readonly chance: (share: number) => boolean;
  /** One of a list that is not empty. */
  readonly pick: <Item>(items: readonly Item[]) => Item;
}

/** Makes a source of numbers of a seed (a whole number of 32 bits): Marsaglia's xorshift of 32 bits. */
export function makeRandom(seed: number): Random {
  // Zero is the one state it never leaves; neighbouring seeds are driven apart.
  let state = Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 8; i++) next();
  const below = (bound: number): number => next() % bound;
  return {
    below,
    chance: (share) => next() / 2 ** 32 < share,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  };
}
