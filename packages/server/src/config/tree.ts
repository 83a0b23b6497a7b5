/** Settings under their keys, before they are checked. */
export type Tree = { [key: string]: unknown };

/** Puts a value under its keys. */
export function nest(path: readonly string[], value: unknown): Tree {
  const [first, ...rest] = path;
  if (first === undefined) return {};
  return { [first]: rest.length === 0 ? value : nest(rest, value) };
}

/** Joins settings; those of `over` win. */
export function merge(under: Tree, over: Tree): Tree {
  const merged: Tree = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
  }
  return merged;
}

/** Tells whether a value has settings under keys. */
export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
