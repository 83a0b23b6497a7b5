import { hrefElement } from "../dav/multistatus.ts";
import type { Path } from "../dav/path.ts";
import { DavRefusal } from "../dav/refusal.ts";
import { dav, xml } from "../dav/xml.ts";

/** Says that somebody may see a resource, and lacks a privilege to do that with it: RFC 3744 §7.1.1. */
export function needPrivilege(path: Path, local: "read" | "write-content" | "write-properties" | "bind" | "unbind") {
  const privilege = xml(dav("privilege"), xml(dav(local)));
  const condition = xml(dav("need-privileges"), xml(dav("resource"), hrefElement(path), privilege));
  return new DavRefusal(403, "You may not do that.", { condition });
}
