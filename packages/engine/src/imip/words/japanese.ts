import type { ObjectType } from "../../model/method.ts";
import { formatStatusCode } from "../../model/request-status.ts";
import { japanese as dates } from "../../recurrence/words/japanese.ts";
import type { MailLanguage } from "./language.ts";

const things: Readonly<Record<ObjectType, string>> = {
  VEVENT: "予定",
  VTODO: "タスク",
  VJOURNAL: "日誌",
  VFREEBUSY: "予定の有無",
};

/** Writes mails in Japanese. */
export const japanese: MailLanguage = {
  code: "ja",
  direction: "left-to-right",
  dates,
  colon: "：",
  purposes: {
    publish: ["予定のお知らせ", (name, type) => `${name}から${things[type]}のお知らせです。`],
    invite: ["招待", (name) => `${name}から招待が届きました。`],
    assign: ["タスクの依頼", (name) => `${name}からタスクの依頼が届きました。`],
    "ask-busy-time": ["ご都合の確認", (name) => `${name}が予定の有無を問い合わせています。`],
    update: ["変更", (name, type) => `${name}が${things[type]}を変更しました。`],
    add: ["日程の追加", (name) => `${name}が日程を追加しました。`],
    cancel: ["中止", (name, type) => `${name}が${things[type]}を中止しました。`],
    uninvite: ["招待の取り消し", (name) => `${name}があなたへの招待を取り消しました。`],
    refresh: ["再送のお願い", (name) => `${name}が最新の内容の送信を求めています。`],
    counter: ["変更の提案", (name) => `${name}が次の変更を提案しています。`],
    "decline-counter": ["提案の不採用", (name) => `${name}はあなたの提案を採用しませんでした。内容は元のままです。`],
    "tell-busy-time": ["予定の有無", (name) => `${name}から予定の有無の連絡がありました。`],
    refuse: ["登録できません", (name, _, why) => `${name}のカレンダーに登録できませんでした。${why}`],
    "NEEDS-ACTION": ["未回答", (name) => `${name}はまだ回答していません。`],
    ACCEPTED: ["承諾", (name) => `${name}が承諾しました。`],
    DECLINED: ["辞退", (name) => `${name}が辞退しました。`],
    TENTATIVE: ["仮承諾", (name) => `${name}が仮承諾しました。`],
    DELEGATED: ["委任", (name) => `${name}がほかの人に委任しました。`],
    COMPLETED: ["完了", (name) => `${name}がタスクを完了しました。`],
    "IN-PROCESS": ["作業中", (name) => `${name}がタスクに取り組んでいます。`],
  },
  labels: {
    title: "件名",
    when: "日時",
    due: "期限",
    repeats: "繰り返し",
    where: "場所",
    link: "リンク",
    organizer: "主催者",
    guests: "参加者",
    description: "説明",
    changed: "変更点",
    wouldChange: "提案された変更",
  },
  untitled: {
    VEVENT: "無題の予定",
    VTODO: "無題のタスク",
    VJOURNAL: "無題の日誌",
    VFREEBUSY: "予定の有無",
  },
  somebody: "差出人不明の方",
  moreGuests: (count) => `ほか${count}名`,
  moreDates: (count) => `ほか${count}件`,
  refusal: (code) =>
    code[0] === 3
      ? `相手のカレンダーでは内容が無効か、対応していません（${formatStatusCode(code)}）。`
      : `相手のカレンダーに接続できないか、対象外です（${formatStatusCode(code)}）。`,
  rules: { tooLong: "ここに書くには長すぎる規則", unreadable: "読み取れない規則" },
  howToAnswer: {
    alone: "回答するには、カレンダー機能のあるソフトでこのメールを開いてください。",
    afterLinks: "カレンダーソフトから回答することもできます。",
  },
  links: {
    title: "回答はこちら",
    accept: "承諾",
    tentative: "仮承諾",
    decline: "辞退",
    propose: "別の日時を提案",
  },
};
