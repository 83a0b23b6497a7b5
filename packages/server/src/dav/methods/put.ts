import { readPreference } from "../headers.ts";
import type { DavRequest, DavResponse } from "../message.ts";
import { formatPath } from "../path.ts";
import { DavRefusal } from "../refusal.ts";
import { writeConditions } from "../require-if.ts";
import type { Resource, Tree } from "../tree.ts";
import { get } from "./get.ts";

/**
 * Writes the content of a resource, RFC 4918 §9.7. Who would rather have it is given what it is now, RFC 8144 §3, also where it is not what
 * they thought.
 */
export async function put<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  // A part of something is not the whole of it.
  if (request.headers["content-range"] !== undefined) throw new DavRefusal(400, "Send all of it.");
  if (readPreference(request.headers) !== "representation") return write(tree, request);
  const done = await write(tree, request).catch((error: unknown) => {
    if (error instanceof DavRefusal && error.status === 412) return error;
    throw error;
  });
  const present = await get(tree, { ...request, headers: {} }).catch((error: unknown) => {
    throw done instanceof DavRefusal ? done : error;
  });
  const applied = { "Content-Location": formatPath(request.path), "Preference-Applied": "return=representation" };
  const status = done.status === 204 ? 200 : done.status;
  return { ...present, status, headers: { ...present.headers, ...applied } };
}

async function write<Kind extends Resource>(tree: Tree<Kind>, request: DavRequest): Promise<DavResponse> {
  const conditions = await writeConditions(tree, request);
  const { isNew, headers } = await tree.put(request.path, request.body, conditions);
  return { status: isNew ? 201 : 204, headers };
}
