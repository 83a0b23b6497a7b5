/** A piece of a text: words, or an address of the web to go to. */
export type TextPiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

const linkPattern = /https?:\/\/[^\s<>"“”]+/gi;
const trailing = /[.,;:!?'’)\]}]+$/;

/** Finds the http and https addresses in a text; nothing else ever becomes a link. Joined, the pieces are the text. */
export function findLinks(text: string): readonly TextPiece[] {
  const found: TextPiece[] = [];
  let done = 0;
  for (const match of text.matchAll(linkPattern)) {
    const link = trimmed(match[0]);
    const href = hrefOf(link);
    if (href === null) continue;
    if (match.index > done) found.push({ kind: "text", text: text.slice(done, match.index) });
    found.push({ kind: "link", text: link, href });
    done = match.index + link.length;
  }
  if (done < text.length) found.push({ kind: "text", text: text.slice(done) });
  return found;
}

/** A sentence's full stop is not the address's, and neither is a closing bracket that was opened before it. */
function trimmed(link: string): string {
  const bare = link.replace(trailing, "");
  return link[bare.length] === ")" && bare.includes("(") ? `${bare})` : bare;
}

function hrefOf(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const url = new URL(link);
  return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
}
