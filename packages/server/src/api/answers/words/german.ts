import type { AnswerWords } from "./words.ts";

/** Speaks German. */
export const german: AnswerWords = {
  answer: "Ihre Antwort",
  answersAs: (address) => `Sie antworten als ${address}.`,
  passedOn: "Hat Ihnen jemand diese Mail weitergeleitet, so zählt Ihre Antwort als die dieser Person.",
  soFar: "Ihre bisherige Antwort",
  which: "Für welche Termine?",
  whole: "Alle Termine",
  otherTime: "Andere Zeit",
  otherTimeHint: "Nur wenn Sie eine vorschlagen.",
  day: "Tag",
  from: "Von",
  to: "Bis",
  zone: (name) => `Die Zeiten sind die von ${name}.`,
  comment: "Kommentar",
  send: "Antwort senden",
  notices: {
    newer: "Dies hat sich geändert, seit Ihre Mail gesendet wurde. Hier sehen Sie den jetzigen Stand.",
    changed:
      "Dies hat sich eben geändert, und nichts wurde gesendet. Bitte sehen Sie es an und antworten Sie noch einmal.",
    done: "Ihre Antwort ist gesendet. Sie können sie hier jederzeit ändern.",
    proposed: "Ihr Vorschlag ist gesendet. Wer einlädt, entscheidet darüber.",
    superseded: "Eine neuere Antwort von Ihnen ist bekannt; diese hat nichts geändert.",
    tooOften: "Das waren zu viele Versuche. Bitte versuchen Sie es später noch einmal.",
    refused: "Diese Antwort konnte nicht angenommen werden.",
    noProposals: "Hierfür werden keine Vorschläge angenommen.",
    nothingNew: "Zu dieser Zeit findet es bereits statt.",
    chooseAnswer: "Bitte wählen Sie eine Antwort.",
    chooseDate: "Bitte wählen Sie den einen Termin, für den Sie eine andere Zeit vorschlagen.",
    badTime: "Bitte geben Sie einen Tag und Zeiten an, die es gibt.",
  },
  gone: {
    title: "Dieser Link gilt nicht mehr",
    text: "Er ist abgelaufen, es findet nicht mehr statt, oder Sie sind nicht mehr eingeladen. Haben Sie dazu eine neuere Mail, so nehmen Sie diese; oder antworten Sie per Mail.",
  },
};
