/**
 * Waits until no other write transaction of any process holds the name, and holds it to the end of its own. What is read after
 * that shows all that others did while they held it. Where writers take turns anyway it does nothing. Decision 0026.
 */
export type Lock = (name: string) => Promise<void>;

/** The names there are, in the order they are taken in. */
export const lockNames = {
  /** Who has which address, and who is a member of what. */
  people: "people",
  /** Who is given which delivery. */
  claims: "claims",
  /** All that is one person's: objects, ledger, deliveries, correspondents. */
  principal: (id: string) => `principal ${id}`,
  /** Whether anybody has a document still. */
  document: (hash: string) => `document ${hash}`,
  /** Whether a message is in anybody's inbox still. */
  source: (hash: string) => `source ${hash}`,
} as const;

/** Makes of a method whose first argument is a principal one that holds that principal's lock. */
export function holding<Rest extends readonly unknown[], Result>(
  lock: Lock,
  method: (principal: string, ...rest: Rest) => Promise<Result>,
): (principal: string, ...rest: Rest) => Promise<Result> {
  return async (principal, ...rest) => {
    await lock(lockNames.principal(principal));
    return method(principal, ...rest);
  };
}
