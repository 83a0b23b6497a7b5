import { createHash } from "node:crypto";
import {
  currentAnswer,
  type InstanceKey,
  instanceAt,
  leadingLive,
  type ObjectComponent,
  objectComponents,
  type Partstat,
  readTimeSpan,
  upcomingInstances,
} from "@parley/engine";
import { formatDateTime } from "@parley/engine/icalendar";
import { type Fact, html, localesOf, type MailLanguage, type SafeHtml, sayMessage } from "@parley/engine/imip";
import { mailLanguageOf } from "@parley/engine/mail-languages";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { spanInWords } from "@parley/engine/sentences";
import type { OpenLink } from "../../scheduling/answer-by-link.ts";
import type { House } from "../../scheduling/house.ts";
import { zoneOf } from "../../scheduling/span.ts";
import { type Choice, choices, enteredTime, isSeries, wholeName } from "./form.ts";
import { style } from "./style.ts";
import { type AnswerWords, answerWords, type NoticeName } from "./words/index.ts";

/** Dates of a series one can choose from. */
const maxDates = 10;
/** Languages of a browser that are looked at. */
const maxLocales = 10;

/** Lets a page have its own style, send its form to us, and nothing else: no script, no picture, nobody else's page around it. */
export const answerPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** How a page is shown. */
export interface PageOptions {
  readonly language: MailLanguage;
  readonly notice?: NoticeName;
  /** What is chosen already; without it what was answered last. */
  readonly chosen?: Choice;
  /** What the form had, where it is shown again. */
  readonly sent?: URLSearchParams;
}

/** Chooses the language of a page: what the guest's ATTENDEE says, else what the browser asks for, else the organizer's, else the house's. */
export function languageOfPage(house: House, accepted: string, open?: OpenLink): MailLanguage {
  const written = open && localesOf(open.copy.request.object).get(open.link.attendee);
  const asked = accepted.split(",", maxLocales).map((range) => range.split(";", 1)[0]?.trim());
  return mailLanguageOf(written, ...asked, open?.principal.locale, house.locale);
}

/** Says that a link is good for nothing, and not why. */
export function gonePage(language: MailLanguage): string {
  const { gone } = wordsOf(language);
  return document(
    language,
    gone.title,
    html`<h1>${gone.title}</h1>
<p>${gone.text}</p>`,
  );
}

/** Says that there were too many tries. */
export function tooOftenPage(language: MailLanguage): string {
  const { notices } = wordsOf(language);
  return document(language, notices.tooOften, html`<h1>${notices.tooOften}</h1>`);
}

/** Shows what an answer is asked for, and the form to give it by. */
export function answerPage(house: House, token: string, open: OpenLink, options: PageOptions): string {
  const { language, notice } = options;
  const words = wordsOf(language);
  const { request, state, context } = open.copy;
  const own = makeZoneResolver(request.object.timezones, house.zones, house.limits);
  const said = sayMessage(request, {
    ...{ language, senderName: open.principal.name, changes: [], zones: own, limits: house.limits },
    zone: zoneOf(house, open.principal),
  });
  const partstat = answerOf(open);
  const soFar = partstat === "NEEDS-ACTION" ? undefined : language.purposes[partstat][0];
  const description = html`<h2>${said.description.label}</h2>
<p class="foreign" dir="auto">${said.description.lines.join("\n")}</p>`;
  return document(
    language,
    said.subject,
    html`${notice ? html`<p class="notice" role="${mistakes.has(notice) ? "alert" : "status"}">${words.notices[notice]}</p>` : html``}
<p>${said.opening}</p>
<h1><bdi>${said.title.lines.join("\n")}</bdi></h1>
<dl>${said.facts.map(factOf)}${soFar === undefined ? html`` : factOf({ label: words.soFar, lines: [soFar] })}</dl>
${said.description.lines.length > 0 ? description : html``}
<p class="who">${isolated(words.answersAs("\u0000"), context.owner)} ${words.passedOn}</p>
${formOf(house, token, open, options, words, state.object?.type === "VEVENT")}`,
  );
}

/** What sends somebody back to the form. */
const mistakes: ReadonlySet<NoticeName> = new Set<NoticeName>([
  ...(["changed", "superseded", "tooOften", "refused", "noProposals", "nothingNew"] as const),
  ...(["chooseAnswer", "chooseDate", "badTime"] as const),
]);

function wordsOf({ code }: MailLanguage): AnswerWords {
  return answerWords[code];
}

/** What they have answered: the whole, or where the link is for single Instances the first of these. */
function answerOf({ copy, link, only }: OpenLink): Partstat {
  const { object } = copy.state;
  const component =
    object && (objectComponents(object).find(({ key }) => only?.has(key)) ?? leadingLive(copy.state, object));
  return component ? currentAnswer(copy.state, component, link.attendee).partstat : "NEEDS-ACTION";
}

const choiceOf: Partial<Record<Partstat, Choice>> = { ACCEPTED: "accept", TENTATIVE: "tentative", DECLINED: "decline" };

function factOf({ label, lines }: Fact): SafeHtml {
  return html`<div><dt>${label}</dt><dd>${lines.join("\n")}</dd></div>
`;
}

/** Puts a name into a sentence so that it keeps its own direction. */
function isolated(sentence: string, name: string): SafeHtml {
  const [before = "", after = ""] = sentence.split("\u0000");
  return html`${before}<bdi>${name}</bdi>${after}`;
}

function formOf(
  house: House,
  token: string,
  open: OpenLink,
  { language, chosen, sent }: PageOptions,
  words: AnswerWords,
  canMove: boolean,
): SafeHtml {
  const checked = chosen ?? choiceOf[answerOf(open)];
  const offered = choices.filter((choice) => choice !== "propose" || canMove);
  return html`<form method="post" action="/answer/${token}">
<input type="hidden" name="form" value="${open.form}">
<input type="hidden" name="version" value="${open.version}">
<fieldset>
<legend>${words.answer}</legend>
${offered.map(
  (
    choice,
  ) => html`<label class="choice"><input type="radio" name="answer" value="${choice}" required${mark(choice === checked, " checked")}> ${language.links[choice]}</label>
`,
)}</fieldset>
${datesOf(house, open, language, words, sent)}
${canMove ? timesOf(house, open, words, sent) : html``}
<label class="field" for="comment">${words.comment}</label>
<textarea id="comment" name="comment" rows="3" maxlength="2000" dir="auto">${unchanged(sent?.get("comment") ?? "")}</textarea>
<button type="submit">${words.send}</button>
</form>`;
}

/** Attributes cannot be left out by an empty value. */
function mark(isSet: boolean, attribute: " checked" | " required"): SafeHtml {
  return { markup: isSet ? attribute : "" };
}

/** In a field a line break is one, and no element. */
function unchanged(text: string): SafeHtml {
  const { markup } = html`${text.replaceAll("\n", "\u0000")}`;
  return { markup: markup.replaceAll("\u0000", "\n") };
}

/** One can answer for all, or for one of the next dates; where the link is for some alone, for each of these. */
function datesOf(
  house: House,
  open: OpenLink,
  language: MailLanguage,
  words: AnswerWords,
  sent: URLSearchParams | undefined,
): SafeHtml {
  const dates = offeredDates(house, open);
  const [first] = dates;
  const isOne = open.only && dates.length === 1;
  if (isOne && first) return html`<input type="hidden" name="date" value="${first.key}">`;
  if (!isSeries(open)) return html``;
  const chosen = sent?.get("date") ?? (open.only ? first?.key : wholeName) ?? wholeName;
  const rows = dates.map(({ key, component }) => ({ key, words: whenOf(house, open, component, language) }));
  const all = [...(open.only ? [] : [{ key: wholeName, words: words.whole }]), ...rows];
  return html`<fieldset>
<legend>${words.which}</legend>
${all.map(
  (
    row,
  ) => html`<label class="choice"><input type="radio" name="date" value="${row.key}" required${mark(row.key === chosen, " checked")}> <bdi>${row.words}</bdi></label>
`,
)}</fieldset>`;
}

function offeredDates(house: House, { copy, only, principal }: OpenLink): readonly ObjectComponent[] {
  const { state } = copy;
  const { object } = state;
  if (!object) return [];
  if (only) {
    const zones = makeZoneResolver(object.timezones, house.zones, house.limits);
    return [...only].slice(0, maxDates).flatMap((key) => instanceAt(object, key, zones, house.limits) ?? []);
  }
  const options = { zones: house.zones, limits: house.limits, localZone: zoneOf(house, principal) };
  return upcomingInstances(state, house.clock(), maxDates, options);
}

function whenOf(
  house: House,
  open: OpenLink,
  component: ObjectComponent["component"],
  { dates }: MailLanguage,
): string {
  const span = readTimeSpan(component);
  const zones = makeZoneResolver(open.copy.request.object.timezones, house.zones, house.limits);
  const own = span?.start.kind === "zoned" ? zones(span.start.tzid) : undefined;
  return span ? spanInWords(span, zones, own ?? zoneOf(house, open.principal), dates) : "";
}

/** Of one date the fields begin with its time; of a series with the hours alone. */
function timesOf(house: House, open: OpenLink, words: AnswerWords, sent: URLSearchParams | undefined): SafeHtml {
  const only: InstanceKey | undefined = open.only && [...open.only][0];
  const time = enteredTime(house, open, only);
  if (!time) return html``;
  const isDay = time.span.start.kind === "date";
  const day = isSeries(open) && !only ? "" : dayOf(time.start);
  const field = (name: string, type: "date" | "time", label: string, value: string): SafeHtml =>
    html`<label class="field" for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${sent?.get(name) ?? value}">
`;
  const hours = [
    field("from", "time", words.from, hourOf(time.start)),
    field("to", "time", words.to, hourOf(time.end)),
  ];
  return html`<fieldset class="times">
<legend>${words.otherTime}</legend>
<p>${words.otherTimeHint}${time.zone ? html` ${isolated(words.zone("\u0000"), time.zone.name)}` : html``}</p>
${field("day", "date", words.day, day)}${isDay ? [] : hours}</fieldset>`;
}

function dayOf(wall: number): string {
  const text = formatDateTime({ kind: "date", wall: Math.floor(wall / 86_400) * 86_400 });
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
}

function hourOf(wall: number): string {
  const text = formatDateTime({ kind: "floating", wall });
  return `${text.slice(9, 11)}:${text.slice(11, 13)}`;
}

function document(language: MailLanguage, title: string, body: SafeHtml): string {
  return html`<!DOCTYPE html>
<html lang="${language.code}" dir="${language.direction === "right-to-left" ? "rtl" : "ltr"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.markup;
}
