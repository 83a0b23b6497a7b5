/**
 * Worlds in which copies once did not agree, shortened to what it takes, with what was wrong. Written as `npm run simulate` prints
 * them; mail comes at once and in order, but where a story says otherwise.
 */
export interface OldStory {
  readonly fault: string;
  readonly steps: string;
  /** Which letters are lost or late. */
  readonly seed?: number;
  readonly weather?: string;
}

const late = '{"lost":0,"repeated":0,"reordered":0.3,"maxDelaySeconds":2592000}';

export const oldStories: readonly OldStory[] = [
  {
    fault: "an answer to one Instance was void where a higher SEQUENCE came with NEEDS-ACTION for the whole",
    steps: `
+0 ann@plain.test create o1 form="to-do-weekly" people=["dan@house.test","eve@outlook.test"]
+886785 eve@outlook.test answer o1 instance=4 partstat="ACCEPTED"
+889454 ann@plain.test uninvite o1 people=["dan@house.test"]`,
  },
  {
    fault: "an answer to the whole did not count for an Instance that an ADD had made",
    steps: `
+0 ann@house.test create o1 form="single" people=["clara@house.test"]
+1136 ann@house.test add o1 by=93600
+144998 clara@house.test counter o1 by=-3600`,
  },
  {
    fault: "an Instance that an ADD had made stayed as it was when the series changed",
    steps: `
+0 ben@house.test create o1 form="single" people=["ann@house.test"]
+2469575 ben@house.test add o1 by=93600
+2512115 ben@house.test edit o1 name="LOCATION" value="text 43"`,
  },
  {
    fault: "who threw a series away declined the whole, and still came to the Instance they had accepted",
    steps: `
+0 clara@house.test create o1 form="daily" people=["dan@outlook.test"]
+581335 dan@outlook.test answer o1 instance=3 partstat="ACCEPTED"
+649275 dan@outlook.test remove o1
+710377 clara@house.test move o1 by=172800`,
  },
  {
    fault: "of what was thrown away only the newer components came back",
    steps: `
+0 ben@house.test create o1 form="daily" people=["ann@house.test"]
+1551905 ben@house.test edit o1 instance=0 name="SUMMARY" value="word"
+1551937 ann@house.test remove o1
+1552089 ben@house.test split o1 instance=1 by=3600`,
  },
  {
    fault: "a void answer to an Instance hid the answer to the whole that came after",
    steps: `
+0 ben@house.test create o1 form="all-day-weekly" people=["hal@house.test"]
+1240694 hal@house.test delegate o1 people=["ann@range.test"] value="informed"
+3229134 hal@house.test counter o1 instance=5 by=172800
+4495677 ben@house.test move o1 by=-3600
+4495677 ben@house.test split o1 instance=4 by=3600`,
  },
  {
    fault: "a guest in their own right who had declined was taken to give a delegation back",
    steps: `
+0 ben@plain.test create o1 form="weekly" people=["ann@google.test","clara@house.test"]
+31487 ann@google.test remove o1
+1066583 clara@house.test delegate o1 instance=4 people=["ann@google.test"]
+1068494 ann@google.test answer o1 partstat="ACCEPTED"`,
  },
  {
    fault: "a delegate who declined one Instance was taken to give all of it back",
    steps: `
+0 dan@house.test create o2 form="to-do-weekly" people=["eve@house.test"]
+2302009 eve@house.test delegate o2 people=["ann@range.test"] value="informed"
+4377794 ann@range.test answer o2 instance=1 partstat="DECLINED"`,
  },
  {
    fault: "a delegate of what had been called off was never told",
    seed: 712,
    weather: '{"lost":0,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 eve@range.test create o1 form="single" people=["hal@plain.test"]
+283066 hal@plain.test delegate o1 people=["ann@google.test"]
+283066 eve@range.test cancel o1`,
  },
  {
    fault: "a series with a cancelled Instance could not be delegated",
    steps: `
+0 ann@house.test create o1 form="all-day-weekly" people=["clara@range.test"]
+1097953 ann@house.test cancel o1 instance=2
+2154170 clara@range.test delegate o1 people=["dan@house.test"]`,
  },
  {
    fault: "who delegated without wishing to hear of changes, and took it back, was not told of them",
    steps: `
+0 ben@outlook.test create o1 form="single" people=["clara@house.test"]
+85 clara@house.test delegate o1 people=["ann@range.test"]
+479759 ben@outlook.test edit o1 name="SUMMARY" value="word"
+547093 clara@house.test counter o1 by=-86400`,
  },
  {
    fault: "a delegation outlived that its delegator was taken off the list and invited again",
    steps: `
+0 finn@house.test create o1 form="single" people=["hal@house.test"]
+760798 hal@house.test delegate o1 people=["clara@plain.test"]
+822405 finn@house.test uninvite o1 people=["hal@house.test"]
+1016023 finn@house.test invite o1 people=["hal@house.test"]`,
  },
  {
    fault: "the new Organizer showed Instances that the series no longer had",
    steps: `
+0 clara@house.test create o1 form="to-do-weekly" people=["ann@house.test","ben@house.test"]
+0 clara@house.test move o1 instance=4 by=-3600
+61514 clara@house.test move o1 by=1800
+63073 clara@house.test hand-over o1 people=["ben@house.test"]`,
  },
  {
    fault: "the role could not be handed to who had not been invited",
    steps: `
+0 dan@house.test create o1 form="weekly" people=["clara@google.test"]
+1152517 dan@house.test hand-over o1 people=["ben@house.test"]
+1503440 ben@house.test edit o1 name="SUMMARY" value="word"`,
  },
  {
    fault: "the new Organizer's CANCEL did not go to those the former had invited",
    steps: `
+0 gus@house.test create o1 form="single" people=["clara@house.test"]
+1088388 gus@house.test hand-over o1 people=["clara@house.test"]
+1088580 clara@house.test hand-over o1 people=["eve@outlook.test"]`,
  },
  {
    fault: "the new Organizer could decline what they had proposed themselves",
    steps: `
+0 ann@house.test create o1 form="single" people=["clara@house.test"]
+999794 clara@house.test counter o1 by=86400
+1181916 ann@house.test hand-over o1 people=["clara@house.test"]
+2029676 clara@house.test decline-proposal o1`,
  },
  {
    fault: "where COUNTERs are not served nobody heard the answer that went with one",
    steps: `
+337423 ann@plain.test create o2 form="single" people=["clara@house.test"]
+528998 clara@house.test counter o2 name="LOCATION" value="place 29"`,
  },
  {
    fault: "a COUNTER to the first of a range was refused",
    steps: `
+0 clara@range.test create o1 form="weekly" people=["ann@range.test"]
+238494 clara@range.test split o1 instance=1 by=1800
+1020523 ann@range.test counter o1 instance=1 name="LOCATION" value="place 37"`,
  },
  {
    fault: "that ADD is not served took the place of an answer",
    steps: `
+0 ann@house.test create o1 form="single" people=["dan@plain.test"]
+363446 dan@plain.test answer o1 partstat="ACCEPTED"
+462506 ann@house.test add o1 by=266400`,
  },
  {
    fault: "a series that ended earlier had all answers void",
    steps: `
+0 clara@range.test create o1 form="all-day-weekly" people=["ann@plain.test"]
+24144 clara@range.test exclude o1 instance=3
+559815 ann@plain.test answer o1 instance=1 partstat="DECLINED"
+559816 clara@range.test cancel o1 instance=2 range="this-and-future"`,
  },
  {
    fault: "a series with COUNT went on beyond it for who was not on the rest",
    steps: `
+0 ann@range.test create o1 form="weekly" people=["ben@house.test"]
+247865 ann@range.test split o1 instance=4 by=172800
+250113 ann@range.test cancel o1 instance=4
+1494532 ann@range.test rule o1 value="FREQ=DAILY;INTERVAL=2;COUNT=6"`,
  },
  {
    fault: "a range that was taken back ended all that followed",
    steps: `
+0 dan@range.test create o1 form="to-do-weekly" people=["finn@house.test"]
+538003 dan@range.test split o1 instance=5 name="SUMMARY" value="word"
+3343942 dan@range.test exclude o1 instance=1`,
  },
  {
    fault: "an answer to the whole did not count for an Instance revised before",
    steps: `
+0 eve@house.test create o1 form="to-do-weekly" people=["dan@range.test","ida@google.test"]
+350060 dan@range.test counter o1 instance=5 name="LOCATION" value="place 59"
+350060 eve@house.test accept-proposal o1
+361553 ida@google.test counter o1 by=86400`,
  },
  {
    fault: "who was taken off one Instance and back on it later saw nothing of it",
    steps: `
+0 ben@google.test create o1 form="monthly" people=["ann@plain.test"]
+99890 ben@google.test uninvite o1 instance=4 people=["ann@plain.test"]
+725805 ben@google.test rule o1 value="FREQ=WEEKLY;COUNT=4"
+826355 ben@google.test invite o1 people=["ann@plain.test"]`,
  },
  {
    fault: "an answer to all from an Instance on was refused where its giver was not on the first",
    seed: 1659,
    weather: late,
    steps: `
+0 ben@plain.test create o1 form="all-day-weekly" people=["clara@outlook.test"]
+2102 ben@plain.test uninvite o1 instance=4 people=["clara@outlook.test"]
+688951 clara@outlook.test answer o1 instance=0 range="this-and-future" partstat="TENTATIVE"`,
  },
  {
    fault: "an answer to all from an Instance on was void for all when its giver was taken off the first",
    steps: `
+0 ben@plain.test create o1 form="all-day-weekly" people=["clara@google.test"]
+44680 clara@google.test answer o1 range="this-and-future" instance=1 partstat="ACCEPTED"
+48204 ben@plain.test uninvite o1 instance=1 people=["clara@google.test"]`,
  },
  {
    fault: "who was taken off, invited again and accepted all was still asked about an Instance",
    steps: `
+0 ben@range.test create o1 form="weekly-zoned" people=["ann@house.test"]
+401 ann@house.test answer o1 instance=0 partstat="TENTATIVE"
+111064 ben@range.test uninvite o1 people=["ann@house.test"]
+145656 ben@range.test invite o1 people=["ann@house.test"]
+167256 ann@house.test answer o1 partstat="ACCEPTED"`,
  },
  {
    fault: "who was admitted was asked for the answer they had just given",
    steps: `
+0 clara@house.test create o1 form="single" people=["ann@google.test","dan@range.test"]
+100 dan@range.test forward o1 people=["eve@house.test"] partstat="ACCEPTED"
+200 ann@google.test forward o1 people=["ben@plain.test"] partstat="TENTATIVE"`,
  },
  {
    fault: "a CANCEL of the first of what an ADD had made a series was not understood",
    steps: `
+0 hal@house.test create o1 form="single" people=["gus@house.test"]
+1221798 hal@house.test add o1 by=93600
+3710528 hal@house.test cancel o1 instance=0`,
  },
  {
    fault: "who was sent one Instance again could not be invited to the whole later",
    steps: `
+0 eve@house.test create o2 form="to-do-weekly" people=["dan@house.test"]
+7 eve@house.test move o2 by=-86400
+3358111 eve@house.test cancel o2 instance=2
+4899928 dan@house.test delegate o2 instance=0 people=["ben@house.test"]
+4901432 eve@house.test invite o2 people=["ben@house.test"]`,
  },
  {
    fault: "what a delegate had answered to an older time counted for the delegator, and not for the Organizer",
    seed: 318208,
    weather: late,
    steps: `
+0 ann@house.test create o1 form="daily" people=["ben@range.test"]
+51247 ben@range.test delegate o1 instance=0 people=["clara@house.test"] value="informed"
+51333 ann@house.test lengthen o1 by=86400
+196931 clara@house.test remove o1`,
  },
  {
    fault: "a delegation that came after all was called off and on again did not count for who had made it",
    seed: 318021,
    weather: late,
    steps: `
+0 ben@house.test create o1 form="single" people=["dan@house.test"]
+50305 dan@house.test delegate o1 people=["ann@outlook.test"] value="informed"
+50368 ben@house.test cancel o1
+50368 ben@house.test revive o1`,
  },
  {
    fault: "a void answer to all from an Instance on hid the one that counted from an earlier one on",
    steps: `
+613797 ann@range.test create o2 form="monthly" people=["ben@outlook.test"]
+2340579 ben@outlook.test answer o2 instance=2 range="this-and-future" partstat="DECLINED"
+2341047 ann@range.test split o2 instance=5 by=172800
+3823941 ben@outlook.test answer o2 partstat="TENTATIVE"`,
  },
  {
    fault: "an answer that counted for one Instance alone was taken to be in doubt with the whole",
    steps: `
+0 clara@plain.test create o1 form="monthly" people=["dan@house.test"]
+3235 clara@plain.test edit o1 instance=5 name="LOCATION"
+248209 dan@house.test counter o1 by=172800
+1782478 clara@plain.test rule o1 value="FREQ=WEEKLY;INTERVAL=2"
+1783228 clara@plain.test split o1 instance=4 by=3600`,
  },
  {
    fault: "the CANCEL to who answered a cancelled Instance was older than what they had of it",
    steps: `
+0 ann@house.test create o1 form="to-do-weekly" people=["dan@outlook.test"]
+1693786 ann@house.test move o1 instance=5 by=172800
+1695397 ann@house.test cancel o1 instance=5
+1756895 dan@outlook.test forward o1 people=["eve@google.test"] partstat="TENTATIVE"`,
  },
  {
    fault: "a series that ended before its own first Instance still had that",
    steps: `
+0 ann@range.test create o1 form="daily" people=["ben@house.test"]
+140400 ann@range.test cancel o1 instance=2 range="this-and-future"
+504758 ann@range.test move o1 by=172800
+2042394 ben@house.test forward o1 people=["eve@plain.test"] partstat="TENTATIVE"`,
  },
  {
    fault: "who is on one Instance alone was not told that COUNTERs are not served",
    steps: `
+0 clara@plain.test create o1 form="weekly-zoned" people=[]
+1668989 clara@plain.test invite o1 people=["dan@range.test"]
+2562414 dan@range.test delegate o1 instance=0 people=["ann@house.test"]
+2575234 ann@house.test counter o1 instance=4 by=-86400`,
  },
  {
    fault: "who answered what was forwarded of a range was sent the range without its series",
    steps: `
+0 eve@range.test create o1 form="to-do-weekly" people=["finn@house.test"]
+250525 eve@range.test split o1 instance=1 name="SUMMARY"
+250608 finn@house.test forward o1 people=["ben@outlook.test"] partstat="DECLINED"`,
  },
  {
    fault: "who delegated one Instance had its delegate on all after, when those got a component",
    seed: 304960,
    weather: late,
    steps: `
+0 gus@range.test create o1 form="monthly" people=["finn@house.test"]
+3124059 finn@house.test delegate o1 instance=5 people=["eve@plain.test"]
+3201221 gus@range.test split o1 instance=1 by=172800`,
  },
  {
    fault: "what was cancelled from an Instance on, and came back when that was left out alone, was not told",
    steps: `
+0 finn@range.test create o1 form="to-do-weekly" people=["dan@house.test"]
+2431235 finn@range.test cancel o1 instance=5 range="this-and-future"
+3856170 finn@range.test exclude o1 instance=5`,
  },
  {
    fault: "what was cancelled from an Instance on stayed so when the series had moved from that Instance",
    steps: `
+0 finn@range.test create o1 form="to-do-weekly" people=["dan@house.test"]
+2431235 finn@range.test cancel o1 instance=5 range="this-and-future"
+2453854 finn@range.test move o1 by=1800
+3857560 finn@range.test restore o1 instance=2`,
  },
  {
    fault: "a delegation counted again when the delegate who had declined was taken off the list",
    steps: `
+0 ben@outlook.test create o1 form="single" people=["ann@house.test"]
+1090200 ann@house.test delegate o1 people=["clara@range.test"] value="informed"
+2895468 clara@range.test answer o1 partstat="DECLINED"
+3229171 ben@outlook.test uninvite o1 people=["clara@range.test"]`,
  },
];
