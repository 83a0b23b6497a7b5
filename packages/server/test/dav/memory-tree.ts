import { requireConditions } from "../../src/dav/conditions.ts";
import { collectionPath, memberPath, type Path, pathKey } from "../../src/dav/path.ts";
import { DavRefusal, notFound } from "../../src/dav/refusal.ts";
import { expandProperty } from "../../src/dav/reports/expand-property.ts";
import { syncCollection } from "../../src/dav/reports/sync-collection.ts";
import type { LiveProperty, Report, Resource, Tree, View } from "../../src/dav/tree.ts";
import { dav, type Name, xml } from "../../src/dav/xml.ts";
import { formatFragment } from "../../src/dav/xml-writer.ts";

/** A file or folder of a tree that is all of WebDAV and nothing else: what the methods are proven on. */
export interface File extends Resource {
  readonly key: string;
  readonly body: string;
  readonly changed: number;
}

const methods = ["OPTIONS", "GET", "HEAD", "PUT", "DELETE", "PROPFIND", "PROPPATCH", "REPORT", "MKCOL", "COPY", "MOVE"];

/** Makes an empty tree that keeps all in memory. */
export function memoryTree(): Tree<File> {
  const files = new Map<string, File>();
  const gone: { readonly path: Path; readonly at: number }[] = [];
  let clock = 0;
  const keep = (path: Path, isCollection: boolean, body: string, dead: ReadonlyMap<Name, string>): void => {
    clock += 1;
    const { segments } = path;
    const own = isCollection ? collectionPath(...segments) : memberPath(...segments);
    const etag = isCollection ? {} : { etag: String(clock) };
    files.set(pathKey(path), {
      key: pathKey(path),
      path: own,
      isCollection,
      body,
      dead,
      methods,
      changed: clock,
      ...etag,
    });
  };
  const drop = (key: string): void => {
    for (const file of [...files.values()]) {
      if (file.key !== key && !file.key.startsWith(`${key}/`)) continue;
      clock += 1;
      gone.push({ path: file.path, at: clock });
      files.delete(file.key);
    }
  };
  const membersOf = (key: string): readonly File[] => {
    const prefix = key === "" ? "" : `${key}/`;
    return [...files.values()].filter((file) => {
      const rest = file.key.startsWith(prefix) && file.key !== key ? file.key.slice(prefix.length) : "";
      return rest !== "" && !rest.includes("/");
    });
  };
  const requireParent = ({ segments }: Path): void => {
    const parent = files.get(pathKey({ segments: segments.slice(0, -1), isCollection: true }));
    if (!parent?.isCollection) throw new DavRefusal(409, "There is no collection to put it in.");
  };
  keep(collectionPath(), true, "", new Map());
  const reports = new Map<Name, Report<File>>(
    (
      [
        [dav("sync-collection"), syncCollection],
        [dav("expand-property"), expandProperty],
      ] as const
    ).map(([name, run]) => [name, { name, appliesTo: ({ isCollection }) => isCollection, run }]),
  );
  const view: View<File> = {
    reports,
    find: async (path) => files.get(pathKey(path)),
    findMany: async (paths) => {
      const keys = paths.map(pathKey);
      return new Map(keys.flatMap((key) => (files.has(key) ? [[key, files.get(key) as File]] : [])));
    },
    members: async ({ key }) => membersOf(key),
    load: async (resources) => resources,
    content: async ({ body }) => ({ body, type: "application/octet-stream" }),
    changes: async ({ key }, token, limit) => {
      const since = token === undefined ? 0 : Number(/^urn:test:(\d+)$/.exec(token)?.[1] ?? "-1");
      if (since < 0 || since > clock) return undefined;
      const changed = membersOf(key).filter((file) => file.changed > since);
      const removed = gone.filter(({ at, path }) => at > since && since > 0 && !files.has(pathKey(path)));
      const cut = [...changed].sort((a, b) => a.changed - b.changed).slice(0, limit);
      const isTruncated = cut.length < changed.length;
      const revision = isTruncated ? (cut.at(-1)?.changed ?? since) : clock;
      return { changed: cut, removed: removed.map(({ path }) => path), token: `urn:test:${revision}`, isTruncated };
    },
    searchPrincipals: async () => [],
    ownPrincipals: async () => [],
  };
  const properties = new Map<Name, LiveProperty<File>>(
    [
      live("resourcetype", ({ isCollection }) => (isCollection ? [xml(dav("collection"))] : [])),
      live("getetag", ({ etag }) => (etag === undefined ? undefined : [`"${etag}"`])),
      live("getcontentlength", ({ isCollection, body }) => (isCollection ? undefined : [String(body.length)])),
    ].map((property) => [property.name, property]),
  );
  return {
    features: ["1", "3"],
    prefixes: new Map([["DAV:", "d"]]),
    properties,
    makers: new Map([["MKCOL", { root: dav("mkcol"), types: [] }]]),
    read: (work) => work(view),
    put: async (path, body, conditions) => {
      const present = files.get(pathKey(path));
      if (path.isCollection || present?.isCollection) throw new DavRefusal(405, "It is a collection.");
      requireParent(path);
      requireConditions(conditions, present);
      keep(path, false, new TextDecoder("latin1").decode(body), present?.dead ?? new Map());
      return { isNew: present === undefined, headers: { ETag: `"${clock}"` } };
    },
    remove: async (resource, conditions) => {
      requireConditions(conditions, resource);
      drop(resource.key);
    },
    transfer: async ({ mode, from, to, overwrite, isShallow }) => {
      const [source, target] = [files.get(pathKey(from)), files.get(pathKey(to))];
      if (!source) throw notFound();
      requireParent(to);
      if (target && !overwrite) throw new DavRefusal(412, "There is something already.");
      if (target) drop(target.key);
      const taken = isShallow
        ? [source]
        : [...files.values()].filter(({ key }) => `${key}/`.startsWith(`${source.key}/`));
      for (const { path, isCollection, body, dead } of taken) {
        const segments = [...to.segments, ...path.segments.slice(from.segments.length)];
        keep({ segments, isCollection }, isCollection, body, dead);
      }
      if (mode === "move") drop(source.key);
      return { isNew: target === undefined, headers: {} };
    },
    make: async ({ path, types, changes }) => {
      if (files.has(pathKey(path))) throw new DavRefusal(405, "There is something already.");
      requireParent(path);
      const faults = types.map(() => ({ name: dav("resourcetype"), status: 403 }));
      if (faults.length > 0) return faults;
      const set = changes.flatMap((one) =>
        one.kind === "set" ? [[one.name, formatFragment(one.value)] as const] : [],
      );
      keep(path, true, "", new Map(set));
      return [];
    },
    judge: (_resource, { name }) => (properties.has(name) ? { name, status: 403 } : undefined),
    patch: async ({ key }, changes) => {
      const present = files.get(key);
      if (!present) throw notFound();
      const dead = new Map(present.dead);
      for (const change of changes) {
        if (change.kind === "set") dead.set(change.name, formatFragment(change.value));
        else dead.delete(change.name);
      }
      files.set(key, { ...present, dead });
      return undefined;
    },
    post: async () => {
      throw new DavRefusal(405, "Nothing is posted here.");
    },
  };
}

function live(local: string, read: LiveProperty<File>["read"]): LiveProperty<File> {
  return { name: dav(local), isInAllprop: true, read };
}
