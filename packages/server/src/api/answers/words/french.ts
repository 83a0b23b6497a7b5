import type { AnswerWords } from "./words.ts";

/** Speaks French. */
export const french: AnswerWords = {
  answer: "Votre réponse",
  answersAs: (address) => `Vous répondez en tant que ${address}.`,
  passedOn: "Si quelqu’un vous a transmis ce message, votre réponse compte comme la sienne.",
  soFar: "Votre réponse actuelle",
  which: "Pour quelles dates ?",
  whole: "Toutes les dates",
  otherTime: "Un autre horaire",
  otherTimeHint: "Seulement si vous en proposez un.",
  day: "Jour",
  from: "De",
  to: "À",
  zone: (name) => `Les heures sont celles de ${name}.`,
  comment: "Commentaire",
  send: "Envoyer la réponse",
  notices: {
    newer: "Ceci a changé depuis l’envoi de votre message. Vous voyez ici l’état actuel.",
    changed: "Ceci vient de changer et rien n’a été envoyé. Veuillez vérifier et répondre de nouveau.",
    done: "Votre réponse est envoyée. Vous pouvez la modifier ici à tout moment.",
    proposed: "Votre proposition est envoyée. La personne qui invite en décidera.",
    superseded: "Une réponse plus récente de votre part est connue ; celle-ci n’a rien changé.",
    tooOften: "Il y a eu trop d’essais. Veuillez réessayer plus tard.",
    refused: "Cette réponse n’a pas pu être prise en compte.",
    noProposals: "Aucune proposition n’est acceptée pour ceci.",
    nothingNew: "C’est déjà l’horaire prévu.",
    chooseAnswer: "Veuillez choisir une réponse.",
    chooseDate: "Veuillez choisir la date pour laquelle vous proposez un autre horaire.",
    badTime: "Veuillez indiquer un jour et des heures qui existent.",
  },
  gone: {
    title: "Ce lien n’est plus valable",
    text: "Il a expiré, l’événement n’a plus lieu ou vous n’y êtes plus invité. Si vous avez un message plus récent à ce sujet, utilisez-le ; ou répondez par e-mail.",
  },
};
