import type { ObjectType } from "../../model/method.ts";
import { formatStatusCode } from "../../model/request-status.ts";
import { french as dates } from "../../recurrence/words/french.ts";
import type { MailLanguage } from "./language.ts";

const things: Readonly<Record<ObjectType, string>> = {
  VEVENT: "cet événement",
  VTODO: "cette tâche",
  VJOURNAL: "cette note de journal",
  VFREEBUSY: "ces heures occupées",
};

/** Writes mails in French; the blank before a colon is one that no line breaks at. */
export const french: MailLanguage = {
  code: "fr",
  direction: "left-to-right",
  dates,
  colon: "\u00a0: ",
  purposes: {
    publish: ["Pour votre agenda", (name, type) => `${name} vous communique ${things[type]}.`],
    invite: ["Invitation", (name) => `${name} vous invite.`],
    assign: ["Tâche", (name) => `${name} vous demande de faire ceci.`],
    "ask-busy-time": ["Quand êtes-vous libre\u00a0?", (name) => `${name} demande vos heures occupées.`],
    update: ["Modification", (name, type) => `${name} a modifié ${things[type]}.`],
    add: ["Nouvelles dates", (name, type) => `${name} ajoute des dates à ${things[type]}.`],
    cancel: ["Annulation", (name, type) => `${name} a annulé ${things[type]}.`],
    uninvite: ["Invitation retirée", (name) => `${name} a retiré votre invitation.`],
    refresh: ["Merci de renvoyer", (name) => `${name} demande la version actuelle.`],
    counter: ["Proposition", (name) => `${name} propose la modification suivante.`],
    "decline-counter": [
      "Proposition refusée",
      (name) => `${name} ne retient pas votre proposition\u00a0; rien ne change.`,
    ],
    "tell-busy-time": ["Heures occupées", (name) => `${name} communique ses heures occupées.`],
    refuse: ["Non repris", (name, _, why) => `L'agenda de ${name} n'a pas pu reprendre ceci. ${why}`],
    "NEEDS-ACTION": ["Pas encore de réponse", (name) => `${name} n'a pas encore répondu.`],
    ACCEPTED: ["Accepté", (name) => `${name} a accepté.`],
    DECLINED: ["Refusé", (name) => `${name} a refusé.`],
    TENTATIVE: ["Accepté provisoirement", (name) => `${name} a accepté provisoirement.`],
    DELEGATED: ["Délégué", (name) => `${name} a délégué à quelqu'un d'autre.`],
    COMPLETED: ["Terminé", (name) => `${name} a terminé la tâche.`],
    "IN-PROCESS": ["En cours", (name) => `${name} travaille à la tâche.`],
  },
  labels: {
    title: "Quoi",
    when: "Quand",
    due: "Échéance",
    repeats: "Répétition",
    where: "Où",
    link: "Lien",
    organizer: "Organisation",
    guests: "Invités",
    description: "Description",
    changed: "Ce qui a changé",
    wouldChange: "Ce qui changerait",
  },
  untitled: {
    VEVENT: "Événement sans titre",
    VTODO: "Tâche sans titre",
    VJOURNAL: "Note de journal sans titre",
    VFREEBUSY: "Heures occupées",
  },
  somebody: "Quelqu'un",
  moreGuests: (count) => (count === 1 ? "et 1 autre personne" : `et ${count} autres personnes`),
  moreDates: (count) => (count === 1 ? "et 1 autre date" : `et ${count} autres dates`),
  refusal: (code) =>
    code[0] === 3
      ? `Le contenu n'y est pas valable ou n'y est pas pris en charge (${formatStatusCode(code)}).`
      : `L'agenda est injoignable ou n'en est pas chargé (${formatStatusCode(code)}).`,
  rules: { tooLong: "selon un modèle trop long pour être dit ici", unreadable: "selon un modèle illisible" },
  howToAnswer: {
    alone: "Pour répondre, ouvrez ce message dans un logiciel avec agenda.",
    afterLinks: "Vous pouvez aussi répondre avec votre agenda.",
  },
  links: {
    title: "Répondre ici",
    accept: "Accepter",
    tentative: "Accepter provisoirement",
    decline: "Refuser",
    propose: "Proposer un autre horaire",
  },
};
