import type { AnswerWords } from "./words.ts";

/** Speaks Japanese. */
export const japanese: AnswerWords = {
  answer: "ご回答",
  answersAs: (address) => `${address} として回答します。`,
  passedOn: "このメールが転送されたものである場合、回答は元の宛先の方のものとして扱われます。",
  soFar: "これまでの回答",
  which: "どの日程についてですか",
  whole: "すべての日程",
  otherTime: "別の日時",
  otherTimeHint: "別の日時を提案する場合のみ入力してください。",
  day: "日付",
  from: "開始",
  to: "終了",
  zone: (name) => `時刻は ${name} のものです。`,
  comment: "コメント",
  send: "回答を送信",
  notices: {
    newer: "メールの送信後に変更がありました。ここに表示されているのは現在の内容です。",
    changed: "たった今変更があったため、何も送信されませんでした。内容を確認して、もう一度回答してください。",
    done: "回答を送信しました。ここでいつでも変更できます。",
    proposed: "提案を送信しました。主催者が判断します。",
    superseded: "より新しい回答があるため、この回答は反映されませんでした。",
    tooOften: "試行回数が多すぎます。しばらくしてからもう一度お試しください。",
    refused: "この回答は受け付けられませんでした。",
    noProposals: "この予定への提案は受け付けられていません。",
    nothingNew: "すでにその日時に予定されています。",
    chooseAnswer: "回答を選んでください。",
    chooseDate: "別の日時を提案する日程を一つ選んでください。",
    badTime: "正しい日付と時刻を入力してください。",
  },
  gone: {
    title: "このリンクは無効になりました",
    text: "期限が切れたか、予定がなくなったか、招待が取り消されました。新しいメールがあればそちらを使うか、メールで回答してください。",
  },
};
