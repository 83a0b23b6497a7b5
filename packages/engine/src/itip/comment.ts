import type { Context } from "./context.ts";

/** Reads what somebody says beside what they do, no longer than what is kept of it; nothing where they say nothing. */
export function commentOf(
  text: string | undefined,
  { limits }: Pick<Context, "limits">,
): { readonly comment?: string } {
  const comment = text?.trim().slice(0, limits.maxCommentLength);
  return comment ? { comment } : {};
}
