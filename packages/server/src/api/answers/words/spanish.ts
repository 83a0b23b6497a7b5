import type { AnswerWords } from "./words.ts";

/** Speaks Spanish. */
export const spanish: AnswerWords = {
  answer: "Su respuesta",
  answersAs: (address) => `Usted responde como ${address}.`,
  passedOn: "Si alguien le reenvió este mensaje, su respuesta cuenta como la de esa persona.",
  soFar: "Su respuesta hasta ahora",
  which: "¿Para qué fechas?",
  whole: "Todas las fechas",
  otherTime: "Otro horario",
  otherTimeHint: "Solo si propone uno.",
  day: "Día",
  from: "De",
  to: "A",
  zone: (name) => `Las horas son las de ${name}.`,
  comment: "Comentario",
  send: "Enviar la respuesta",
  notices: {
    newer: "Esto ha cambiado desde que se envió su mensaje. Aquí ve cómo está ahora.",
    changed: "Esto acaba de cambiar y no se ha enviado nada. Revíselo y responda de nuevo.",
    done: "Su respuesta se ha enviado. Puede cambiarla aquí en cualquier momento.",
    proposed: "Su propuesta se ha enviado. Quien organiza decidirá.",
    superseded: "Se conoce una respuesta suya más reciente; esta no ha cambiado nada.",
    tooOften: "Ha habido demasiados intentos. Inténtelo más tarde.",
    refused: "No se ha podido aceptar esta respuesta.",
    noProposals: "No se aceptan propuestas para esto.",
    nothingNew: "Ese es ya el horario previsto.",
    chooseAnswer: "Elija una respuesta.",
    chooseDate: "Elija la fecha para la que propone otro horario.",
    badTime: "Indique un día y unas horas que existan.",
  },
  gone: {
    title: "Este enlace ya no es válido",
    text: "Ha caducado, ya no tiene lugar o usted ya no está invitado. Si tiene un mensaje más reciente, utilícelo; o responda por correo.",
  },
};
