import type { PrincipalId } from "./people.ts";

/**
 * Tells that something was committed, and never what: whoever is told looks. One may come twice, and none is promised to come, so
 * that whoever must not miss anything also looks by themselves from time to time. Decision 0031.
 *
 * - `object`, `message`, `question`, `delivery`: something of that kind of a principal is new or has changed; about the UID where one is named.
 * - `access`: somebody may see more or less than before; where no principal is named, anybody.
 * - `work`: there is something to carry out.
 * - `anew`: notices were missed, or there were too many. All may have changed.
 */
export type Notice =
  | ThingNotice
  | { readonly kind: "access"; readonly principal?: PrincipalId }
  | { readonly kind: "work" }
  | { readonly kind: "anew" };

/** Tells of something of a principal. */
export interface ThingNotice {
  readonly kind: ThingKind;
  readonly principal: PrincipalId;
  readonly uid?: string;
}

/** What of a principal can change. A question is a message too. */
export type ThingKind = "object" | "message" | "question" | "delivery";

const thingKinds: ReadonlySet<string> = new Set<ThingKind>(["object", "message", "question", "delivery"]);

/** Is told of what was committed, here and by other processes; must not throw. */
export type Listener = (notices: readonly Notice[]) => void;

/** More than that of one transaction are told as `anew`. */
const maxAtOnce = 1_000;

/** Tells each thing once; much at once as `anew`. */
export function mergeNotices(notices: readonly Notice[]): readonly Notice[] {
  const each = new Map(notices.map((notice) => [keyOf(notice), notice]));
  if (each.has("anew")) return [{ kind: "work" }, { kind: "anew" }];
  return each.size > maxAtOnce ? [{ kind: "work" }, { kind: "anew" }] : [...each.values()];
}

/** Tells whether another process has written a notice we know; newer programs may have more. */
export function isNotice(value: unknown): value is Notice {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  const { kind } = value;
  const principal = "principal" in value ? value.principal : undefined;
  const uid = "uid" in value ? value.uid : undefined;
  if (kind === "work" || kind === "anew") return true;
  if (kind === "access") return principal === undefined || typeof principal === "string";
  const isThing = typeof kind === "string" && thingKinds.has(kind);
  return isThing && typeof principal === "string" && (uid === undefined || typeof uid === "string");
}

function keyOf(notice: Notice): string {
  if (!("principal" in notice)) return notice.kind;
  const uid = "uid" in notice ? notice.uid : undefined;
  return JSON.stringify([notice.kind, notice.principal, uid]);
}
