import type { ObjectType } from "../../model/method.ts";
import { formatStatusCode } from "../../model/request-status.ts";
import { arabic as dates } from "../../recurrence/words/arabic.ts";
import type { MailLanguage } from "./language.ts";

const things: Readonly<Record<ObjectType, string>> = {
  VEVENT: "هذا الموعد",
  VTODO: "هذه المهمة",
  VJOURNAL: "هذه المذكرة",
  VFREEBUSY: "أوقات الانشغال هذه",
};

/** Writes mails in Arabic, from right to left, in forms that suit women and men. */
export const arabic: MailLanguage = {
  code: "ar",
  direction: "right-to-left",
  dates,
  colon: ": ",
  purposes: {
    publish: ["لتقويمك", (name, type) => `وصلتك مشاركة من ${name}: ${things[type]}.`],
    invite: ["دعوة", (name) => `وصلتك دعوة من ${name}.`],
    assign: ["مهمة", (name) => `وصلتك مهمة من ${name}.`],
    "ask-busy-time": ["ما أوقات فراغك؟", (name) => `وصل سؤال من ${name} عن أوقات انشغالك.`],
    update: ["تعديل", (name, type) => `تم تعديل ${things[type]} من قِبل ${name}.`],
    add: ["مواعيد إضافية", (name) => `وصلت مواعيد إضافية من ${name}.`],
    cancel: ["إلغاء", (name, type) => `تم إلغاء ${things[type]} من قِبل ${name}.`],
    uninvite: ["سحب الدعوة", (name) => `تم سحب دعوتك من قِبل ${name}.`],
    refresh: ["يرجى إعادة الإرسال", (name) => `وصل طلب من ${name} للحصول على النسخة الحالية.`],
    counter: ["اقتراح", (name) => `وصل اقتراح من ${name} بالتغيير الآتي.`],
    "decline-counter": ["رفض الاقتراح", (name) => `تم رفض اقتراحك من قِبل ${name}؛ ويبقى كل شيء كما كان.`],
    "tell-busy-time": ["أوقات الانشغال", (name) => `وصلت أوقات انشغال ${name}.`],
    refuse: ["تعذر الإدراج", (name, _, why) => `تعذر إدراج هذا في تقويم ${name}. ${why}`],
    "NEEDS-ACTION": ["لا رد بعد", (name) => `لا رد بعد من ${name}.`],
    ACCEPTED: ["قبول", (name) => `رد ${name}: قبول.`],
    DECLINED: ["اعتذار", (name) => `رد ${name}: اعتذار.`],
    TENTATIVE: ["قبول مبدئي", (name) => `رد ${name}: قبول مبدئي.`],
    DELEGATED: ["تفويض", (name) => `رد ${name}: تفويض إلى شخص آخر.`],
    COMPLETED: ["تم الإنجاز", (name) => `رد ${name}: تم إنجاز المهمة.`],
    "IN-PROCESS": ["قيد التنفيذ", (name) => `رد ${name}: العمل على المهمة جارٍ.`],
  },
  labels: {
    title: "العنوان",
    when: "الوقت",
    due: "الاستحقاق",
    repeats: "التكرار",
    where: "المكان",
    link: "الرابط",
    organizer: "التنظيم",
    guests: "المدعوون",
    description: "الوصف",
    changed: "ما تغيّر",
    wouldChange: "ما سيتغيّر",
  },
  untitled: {
    VEVENT: "موعد بلا عنوان",
    VTODO: "مهمة بلا عنوان",
    VJOURNAL: "مذكرة بلا عنوان",
    VFREEBUSY: "أوقات الانشغال",
  },
  somebody: "جهة مجهولة",
  moreGuests: (count) => `وعدد الباقين: ${count}`,
  moreDates: (count) => `وعدد المواعيد الباقية: ${count}`,
  refusal: (code) =>
    code[0] === 3
      ? `المحتوى هناك غير صالح أو غير مدعوم (${formatStatusCode(code)}).`
      : `تعذر الوصول إلى التقويم أو أنه غير مختص بذلك (${formatStatusCode(code)}).`,
  rules: { tooLong: "وفق نمط أطول من أن يُذكر هنا", unreadable: "وفق نمط تعذرت قراءته" },
  howToAnswer: {
    alone: "يمكن الرد بفتح هذه الرسالة في برنامج به تقويم.",
    afterLinks: "يمكن الرد أيضًا من برنامج التقويم.",
  },
  links: {
    title: "الرد هنا",
    accept: "قبول",
    tentative: "قبول مبدئي",
    decline: "اعتذار",
    propose: "اقتراح وقت آخر",
  },
};
