/** Where a resource is: the segments of its URL, decoded. Collections end in a slash when written. */
export interface Path {
  readonly segments: readonly string[];
  readonly isCollection: boolean;
}

const maxSegments = 16;

/**
 * Reads the path of a URL, absolute or not. `undefined` where it cannot be one of ours: what is
 * encoded wrongly, dotted segments, and slashes or controls inside of one.
 */
export function parsePath(text: string): Path | undefined {
  const path = text.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").replace(/\?.*$/s, "");
  // A request has no fragment, and an href with one names a part of something.
  if (!path.startsWith("/") || path.includes("#")) return undefined;
  const isCollection = path.endsWith("/");
  const parts = path.slice(1, isCollection ? -1 : undefined).split("/");
  if (path === "/") return { segments: [], isCollection };
  if (parts.length > maxSegments) return undefined;
  const segments: string[] = [];
  for (const part of parts) {
    // Whoever puts a path after one that ends in a slash means one slash.
    if (part === "") continue;
    const segment = decodeSegment(part);
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  return { segments, isCollection };
}

/** Makes the path of a collection. */
export function collectionPath(...segments: readonly string[]): Path {
  return { segments, isCollection: true };
}

/** Makes the path of a member. */
export function memberPath(...segments: readonly string[]): Path {
  return { segments, isCollection: false };
}

/** Writes a path as it stands in an href, RFC 4918 §8.3: absolute, without scheme and host. */
export function formatPath({ segments, isCollection }: Path): string {
  const joined = segments.map(encodeSegment).join("/");
  return joined === "" ? "/" : `/${joined}${isCollection ? "/" : ""}`;
}

/** Names a path, however it was written: a slash at its end says nothing. */
export function pathKey({ segments }: Path): string {
  return segments.map(encodeSegment).join("/");
}

/** As others write it: an address keeps its sign. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll("%40", "@");
}

const forbidden = /[/\u0000-\u001f\u007f]/;

function decodeSegment(part: string): string | undefined {
  let segment: string;
  try {
    segment = decodeURIComponent(part);
  } catch {
    return undefined;
  }
  return segment === "." || segment === ".." || forbidden.test(segment) ? undefined : segment;
}
