import type { ObjectType } from "../../model/method.ts";
import { formatStatusCode } from "../../model/request-status.ts";
import { german as dates } from "../../recurrence/words/german.ts";
import type { MailLanguage } from "./language.ts";

const things: Readonly<Record<ObjectType, string>> = {
  VEVENT: "diesen Termin",
  VTODO: "diese Aufgabe",
  VJOURNAL: "diesen Journaleintrag",
  VFREEBUSY: "diese belegten Zeiten",
};

/** Writes mails in German. */
export const german: MailLanguage = {
  code: "de",
  direction: "left-to-right",
  dates,
  colon: ": ",
  purposes: {
    publish: ["Für Ihren Kalender", (name, type) => `${name} gibt Ihnen ${things[type]} bekannt.`],
    invite: ["Einladung", (name) => `${name} lädt Sie ein.`],
    assign: ["Aufgabe", (name) => `${name} bittet Sie, dies zu erledigen.`],
    "ask-busy-time": ["Wann haben Sie Zeit?", (name) => `${name} fragt, wann Sie belegt sind.`],
    update: ["Geändert", (name, type) => `${name} hat ${things[type]} geändert.`],
    add: ["Weitere Termine", (name) => `${name} fügt weitere Termine hinzu.`],
    cancel: ["Abgesagt", (name, type) => `${name} hat ${things[type]} abgesagt.`],
    uninvite: ["Nicht mehr eingeladen", (name) => `${name} hat Sie von der Gästeliste genommen.`],
    refresh: ["Bitte erneut senden", (name) => `${name} bittet um den neuesten Stand.`],
    counter: ["Vorschlag", (name) => `${name} schlägt folgende Änderung vor.`],
    "decline-counter": [
      "Vorschlag abgelehnt",
      (name) => `${name} nimmt Ihren Vorschlag nicht an; es bleibt, wie es war.`,
    ],
    "tell-busy-time": ["Belegte Zeiten", (name) => `${name} teilt die eigenen belegten Zeiten mit.`],
    refuse: ["Nicht übernommen", (name, _, why) => `Der Kalender von ${name} konnte dies nicht übernehmen. ${why}`],
    "NEEDS-ACTION": ["Noch keine Antwort", (name) => `${name} hat sich noch nicht entschieden.`],
    ACCEPTED: ["Zugesagt", (name) => `${name} hat zugesagt.`],
    DECLINED: ["Abgelehnt", (name) => `${name} hat abgelehnt.`],
    TENTATIVE: ["Unter Vorbehalt zugesagt", (name) => `${name} hat unter Vorbehalt zugesagt.`],
    DELEGATED: ["Weitergegeben", (name) => `${name} hat es an jemand anderen weitergegeben.`],
    COMPLETED: ["Erledigt", (name) => `${name} hat die Aufgabe erledigt.`],
    "IN-PROCESS": ["In Arbeit", (name) => `${name} arbeitet an der Aufgabe.`],
  },
  labels: {
    title: "Was",
    when: "Wann",
    due: "Fällig",
    repeats: "Wiederholung",
    where: "Wo",
    link: "Link",
    organizer: "Organisation",
    guests: "Gäste",
    description: "Beschreibung",
    changed: "Das hat sich geändert",
    wouldChange: "Das würde sich ändern",
  },
  untitled: {
    VEVENT: "Termin ohne Titel",
    VTODO: "Aufgabe ohne Titel",
    VJOURNAL: "Journaleintrag ohne Titel",
    VFREEBUSY: "Belegte Zeiten",
  },
  somebody: "Jemand",
  moreGuests: (count) => (count === 1 ? "und 1 weitere Person" : `und ${count} weitere Personen`),
  moreDates: (count) => (count === 1 ? "und 1 weiterer Termin" : `und ${count} weitere Termine`),
  refusal: (code) =>
    code[0] === 3
      ? `Der Inhalt ist dort ungültig oder wird nicht unterstützt (${formatStatusCode(code)}).`
      : `Der Kalender ist nicht zu erreichen oder nicht zuständig (${formatStatusCode(code)}).`,
  rules: {
    tooLong: "nach einem Muster, das hier zu lang wäre",
    unreadable: "nach einem Muster, das sich nicht lesen lässt",
  },
  howToAnswer: {
    alone: "Zum Antworten öffnen Sie diese Mail in einem Programm mit Kalender.",
    afterLinks: "Sie können auch mit Ihrem Kalenderprogramm antworten.",
  },
  links: {
    title: "Hier antworten",
    accept: "Zusagen",
    tentative: "Unter Vorbehalt zusagen",
    decline: "Ablehnen",
    propose: "Andere Zeit vorschlagen",
  },
};
