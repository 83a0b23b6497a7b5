/** A piece of HTML that is whole and escaped; only `html` makes one. */
export interface SafeHtml {
  readonly markup: string;
}

/**
 * Makes HTML of a template: every text is escaped, what `html` made before is not, and lists are joined.
 * It is the one way in which what a peer wrote gets into HTML here.
 */
export function html(
  literals: TemplateStringsArray,
  ...values: readonly (string | SafeHtml | readonly SafeHtml[])[]
): SafeHtml {
  const rendered = values.map((value) => {
    if (typeof value === "string") return escapeHtml(value);
    return "markup" in value ? value.markup : value.map((item) => item.markup).join("");
  });
  return { markup: literals.map((literal, index) => literal + (rendered[index] ?? "")).join("") };
}

/** Escapes for text and for quoted attributes; a line break stays one. */
function escapeHtml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;")
    .replace(/\n/g, "<br>\n");
}
