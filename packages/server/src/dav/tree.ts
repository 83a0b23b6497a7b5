import type { Conditions } from "./conditions.ts";
import type { DavRequest, DavResponse, RequestHeaders } from "./message.ts";
import type { Path } from "./path.ts";
import type { PropertyChange } from "./property-update.ts";
import type { Name, XmlContent, XmlElement } from "./xml.ts";
import type { Prefixes } from "./xml-writer.ts";

/** A resource as WebDAV sees it; what else it is only the tree knows that gave it. */
export interface Resource {
  readonly path: Path;
  readonly isCollection: boolean;
  /** Without quotes; absent for what has no content of its own. */
  readonly etag?: string;
  /** Methods it takes, for the Allow header. */
  readonly methods: readonly string[];
  /** Properties nobody here gives a meaning to, RFC 4918 §4: the text of each element. */
  readonly dead: ReadonlyMap<Name, string>;
}

/** A property the server knows the meaning of, RFC 4918 §4. */
export interface LiveProperty<Kind extends Resource> {
  readonly name: Name;
  /** What `allprop` gives, RFC 4918 §9.1; others have to be named. */
  readonly isInAllprop: boolean;
  /** What stands in it; `undefined` where the resource has no such property. `asked` is the element it was asked by. */
  read(resource: Kind, asked: XmlElement): readonly XmlContent[] | undefined;
}

/** What a GET gives. */
export interface Content {
  readonly body: string;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happened in a collection, RFC 6578 §3. */
export interface CollectionChanges<Kind extends Resource> {
  readonly changed: readonly Kind[];
  readonly removed: readonly Path[];
  readonly token: string;
  /** There is more: the client asks again. */
  readonly isTruncated: boolean;
}

/** What principals are searched by: a property and a text, RFC 3744 §9.4. */
export interface PrincipalSearch {
  /** Whether all must be met, or one. */
  readonly test: "allof" | "anyof";
  readonly terms: readonly { readonly properties: readonly Name[]; readonly text: string; readonly match: TextMatch }[];
}

/** How a text is held against another, as Apple's programs and those of address books ask. */
export type TextMatch = "equals" | "contains" | "starts-with" | "ends-with";

/** One consistent view of a tree, for one caller. What the caller may not know of is not there. */
export interface View<Kind extends Resource> {
  readonly reports: ReadonlyMap<Name, Report<Kind>>;
  find(path: Path): Promise<Kind | undefined>;
  /** Those of the paths that are there, by the text of the path. */
  findMany(paths: readonly Path[]): Promise<ReadonlyMap<string, Kind>>;
  /** What is right inside a collection. */
  members(resource: Kind): Promise<readonly Kind[]>;
  /** Loads what properties of these names need. */
  load(resources: readonly Kind[], asked: ReadonlySet<Name>): Promise<readonly Kind[]>;
  content(resource: Kind): Promise<Content | undefined>;
  /** `undefined` where the token says nothing any more; without a token it is all that is there. */
  changes(resource: Kind, token: string | undefined, limit: number): Promise<CollectionChanges<Kind> | undefined>;
  /** Below `resource`, at most `limit`. */
  searchPrincipals(resource: Kind, search: PrincipalSearch, limit: number): Promise<readonly Kind[]>;
  /** Of the principals below `resource`: the caller's own. */
  ownPrincipals(resource: Kind): Promise<readonly Kind[]>;
}

/** A report, RFC 3253 §3.6, by the name of the element that asks for it. */
export interface Report<Kind extends Resource> {
  readonly name: Name;
  /** Whether it is one of what `supported-report-set` says of a resource. */
  appliesTo(resource: Kind): boolean;
  run(asked: AskedReport<Kind>): Promise<DavResponse>;
}

/** What a report is given. */
export interface AskedReport<Kind extends Resource> {
  readonly tree: Tree<Kind>;
  readonly view: View<Kind>;
  readonly resource: Kind;
  readonly root: XmlElement;
  readonly request: DavRequest;
}

/** What was written: whether it is new, and what a client may know of it without asking again. */
export interface Written {
  readonly isNew: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Why a property was not changed: it is said of this one, and the others are 424. */
export interface PropertyFault {
  readonly name: Name;
  readonly status: number;
  readonly condition?: XmlElement;
  readonly description?: string;
}

/** What is to be copied or moved. */
export interface Transfer {
  readonly mode: "copy" | "move";
  readonly from: Path;
  readonly to: Path;
  readonly overwrite: boolean;
  /** A collection without its members: RFC 4918 §9.8.3. */
  readonly isShallow: boolean;
  readonly conditions: Conditions;
}

/** A new collection, RFC 5689 §3. */
export interface NewCollection {
  readonly path: Path;
  /** Beside `{DAV:}collection`. */
  readonly types: readonly Name[];
  readonly changes: readonly PropertyChange[];
}

/** A tree of resources for one caller: all that the methods of WebDAV do is done by these. What is refused is thrown (`DavRefusal`). */
export interface Tree<Kind extends Resource> {
  /** Compliance classes and features, for the DAV header. */
  readonly features: readonly string[];
  readonly prefixes: Prefixes;
  readonly properties: ReadonlyMap<Name, LiveProperty<Kind>>;
  /** By method: what makes a collection of some type, and the root of its body. */
  readonly makers: ReadonlyMap<string, { readonly root: Name; readonly types: readonly Name[] }>;
  read<Result>(work: (view: View<Kind>) => Promise<Result>): Promise<Result>;
  put(path: Path, body: Uint8Array, conditions: Conditions): Promise<Written>;
  remove(resource: Kind, conditions: Conditions, headers: RequestHeaders): Promise<void>;
  transfer(transfer: Transfer): Promise<Written>;
  /** Gives the faults of what was not made for that. */
  make(collection: NewCollection): Promise<readonly PropertyFault[]>;
  /** Why a property of a resource cannot be changed so. */
  judge(resource: Kind, change: PropertyChange): PropertyFault | undefined;
  /** Makes all changes together; a fault of one says why none was made. */
  patch(resource: Kind, changes: readonly PropertyChange[]): Promise<PropertyFault | undefined>;
  post(resource: Kind, request: DavRequest): Promise<DavResponse>;
}

/** One file of a method has one of these. */
export type Method = <Kind extends Resource>(tree: Tree<Kind>, request: DavRequest) => Promise<DavResponse>;
