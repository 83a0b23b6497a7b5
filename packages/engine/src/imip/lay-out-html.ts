import { html, type SafeHtml } from "./html.ts";
import type { MailLanguage } from "./words/language.ts";
import type { Fact, Link, Words } from "./words.ts";

const fonts = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const cell = "padding:4px 0;padding-inline-end:16px;text-align:start;vertical-align:top";
const heading = "margin:16px 0 4px;font-size:16px;line-height:1.3";
const button =
  "display:inline-block;margin:0 0 8px;padding:8px 16px;border-radius:6px;background:#1d4f91;color:#ffffff;text-decoration:none";

/** For programs that show mails light on dark and leave the colors to the mail; all others use what stands in the elements. */
const dark = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
body{background:#15191e!important;color:#e6eaee!important}
.quiet{color:#a9b4bf!important}
.button{background:#8db8f2!important;color:#10151b!important}
}`;

/**
 * Lays words out as a whole HTML document without any reference to the outside but the reader's own links. What others wrote keeps
 * its own direction.
 */
export function layOutHtml(words: Words, language: MailLanguage): string {
  const comment = words.comment
    ? html`<blockquote dir="auto" style="margin:0 0 16px;padding:4px 12px;border-inline-start:3px solid #7a9cc6">${words.comment}</blockquote>`
    : html``;
  const changes =
    words.changes.lines.length > 0
      ? html`<p style="margin:0;font-weight:bold">${words.changes.label}</p>
<ul style="margin:4px 0 16px;padding-inline-start:20px">${words.changes.lines.map((change) => html`<li>${change}</li>`)}</ul>`
      : html``;
  const description = html`<h2 style="${heading}">${words.description.label}</h2>
<p dir="auto" style="margin:0 0 16px">${words.description.lines.join("\n")}</p>`;
  return html`<!DOCTYPE html>
<html lang="${language.code}" dir="${language.direction === "right-to-left" ? "rtl" : "ltr"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${words.subject}</title>
<style>${{ markup: dark }}</style>
</head>
<body style="margin:0;padding:16px;background:#ffffff;color:#1c2733;font-size:15px;line-height:1.45;${fonts}">
<div role="main" style="max-width:600px;overflow-wrap:break-word">
<p style="margin:0 0 16px">${words.opening}</p>
${comment}
<h1 style="margin:0 0 8px;font-size:20px;line-height:1.3"><bdi>${words.title.lines.join("\n")}</bdi></h1>
${changes}
<table style="border-collapse:collapse;margin:0 0 16px;font-size:15px">
${words.facts.map(layOutFact)}</table>
${words.description.lines.length > 0 ? description : html``}
${layOutLinks(words)}
${words.closing ? html`<p class="quiet" style="margin:0;color:#5b6875">${words.closing}</p>` : html``}
</div>
</body>
</html>
`.markup;
}

function layOutFact(fact: Fact): SafeHtml {
  return html`<tr><th scope="row" class="quiet" style="${cell};color:#5b6875;font-weight:normal">${fact.label}</th><td style="${cell};overflow-wrap:anywhere">${fact.lines.join("\n")}</td></tr>
`;
}

function layOutLinks({ links, linksTitle }: Words): SafeHtml {
  if (links.length === 0) return html``;
  return html`<h2 style="${heading}">${linksTitle}</h2>
<p style="margin:0 0 8px">${links.map(layOutLink)}</p>`;
}

function layOutLink({ label, url }: Link): SafeHtml {
  return html`<a class="button" href="${url}" style="${button}">${label}</a> `;
}
