import type { ObjectType } from "../../model/method.ts";
import { formatStatusCode } from "../../model/request-status.ts";
import { spanish as dates } from "../../recurrence/words/spanish.ts";
import type { MailLanguage } from "./language.ts";

const things: Readonly<Record<ObjectType, string>> = {
  VEVENT: "este evento",
  VTODO: "esta tarea",
  VJOURNAL: "esta nota de diario",
  VFREEBUSY: "estas horas ocupadas",
};

/** Writes mails in Spanish. */
export const spanish: MailLanguage = {
  code: "es",
  direction: "left-to-right",
  dates,
  colon: ": ",
  purposes: {
    publish: ["Para su calendario", (name, type) => `${name} le comunica ${things[type]}.`],
    invite: ["Invitación", (name) => `${name} le invita.`],
    assign: ["Tarea", (name) => `${name} le pide que haga esto.`],
    "ask-busy-time": ["¿Cuándo tiene tiempo?", (name) => `${name} pregunta por sus horas ocupadas.`],
    update: ["Modificación", (name, type) => `${name} ha modificado ${things[type]}.`],
    add: ["Más fechas", (name, type) => `${name} añade fechas a ${things[type]}.`],
    cancel: ["Cancelación", (name, type) => `${name} ha cancelado ${things[type]}.`],
    uninvite: ["Invitación retirada", (name) => `${name} ha retirado su invitación.`],
    refresh: ["Envíelo de nuevo, por favor", (name) => `${name} pide la versión actual.`],
    counter: ["Propuesta", (name) => `${name} propone el cambio siguiente.`],
    "decline-counter": ["Propuesta rechazada", (name) => `${name} no acepta su propuesta; todo sigue como estaba.`],
    "tell-busy-time": ["Horas ocupadas", (name) => `${name} comunica sus horas ocupadas.`],
    refuse: ["No incorporado", (name, _, why) => `El calendario de ${name} no ha podido incorporar esto. ${why}`],
    "NEEDS-ACTION": ["Aún sin respuesta", (name) => `${name} aún no ha respondido.`],
    ACCEPTED: ["Aceptado", (name) => `${name} ha aceptado.`],
    DECLINED: ["Rechazado", (name) => `${name} ha rechazado.`],
    TENTATIVE: ["Aceptado provisionalmente", (name) => `${name} ha aceptado provisionalmente.`],
    DELEGATED: ["Delegado", (name) => `${name} ha delegado en otra persona.`],
    COMPLETED: ["Terminado", (name) => `${name} ha terminado la tarea.`],
    "IN-PROCESS": ["En curso", (name) => `${name} está trabajando en la tarea.`],
  },
  labels: {
    title: "Qué",
    when: "Cuándo",
    due: "Vencimiento",
    repeats: "Repetición",
    where: "Dónde",
    link: "Enlace",
    organizer: "Organiza",
    guests: "Invitados",
    description: "Descripción",
    changed: "Qué ha cambiado",
    wouldChange: "Qué cambiaría",
  },
  untitled: {
    VEVENT: "Evento sin título",
    VTODO: "Tarea sin título",
    VJOURNAL: "Nota de diario sin título",
    VFREEBUSY: "Horas ocupadas",
  },
  somebody: "Alguien",
  moreGuests: (count) => (count === 1 ? "y 1 persona más" : `y ${count} personas más`),
  moreDates: (count) => (count === 1 ? "y 1 fecha más" : `y ${count} fechas más`),
  refusal: (code) =>
    code[0] === 3
      ? `Allí el contenido no es válido o no se admite (${formatStatusCode(code)}).`
      : `No se puede acceder al calendario o no se ocupa de esto (${formatStatusCode(code)}).`,
  rules: {
    tooLong: "según un patrón demasiado largo para decirlo aquí",
    unreadable: "según un patrón que no se puede leer",
  },
  howToAnswer: {
    alone: "Para responder, abra este mensaje en un programa con calendario.",
    afterLinks: "También puede responder con su programa de calendario.",
  },
  links: {
    title: "Responder aquí",
    accept: "Aceptar",
    tentative: "Aceptar provisionalmente",
    decline: "Rechazar",
    propose: "Proponer otro horario",
  },
};
