import { findLinks } from "./links.ts";

/** Shows a text somebody else wrote: as text, its line breaks kept, its http and https addresses made links. */
export function RichText({ text }: { readonly text: string }) {
  let offset = 0;
  return (
    <span className="rich-text">
      {findLinks(text).map((piece) => {
        const key = offset;
        offset += piece.text.length;
        if (piece.kind === "text") return <span key={key}>{piece.text}</span>;
        return (
          <a key={key} href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        );
      })}
    </span>
  );
}
