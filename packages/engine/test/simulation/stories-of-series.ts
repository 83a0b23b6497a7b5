import type { OldStory } from "./stories.ts";

const late = '{"lost":0,"repeated":0,"reordered":0.3,"maxDelaySeconds":2592000}';

/** Worlds as those of `oldStories`: of series and their Instances, and of who answers them, delegates them and hands them over. */
export const storiesOfSeries: readonly OldStory[] = [
  {
    fault: "who was invited again to the whole saw nothing of the Instance they had been taken off by name",
    steps: `
+0 ann@range.test create o1 form="all-day-weekly" people=[]
+115 ann@range.test invite o1 instance=4 people=["ben@house.test"]
+73392 ann@range.test restore o1 instance=1
+285644 ann@range.test invite o1 people=["ben@house.test"]`,
  },
  {
    fault:
      "an answer to the whole did not count for an Instance that had been cancelled and came back before its giver was invited",
    steps: `
+0 ben@plain.test create o1 form="weekly" people=[]
+69950 ben@plain.test cancel o1 instance=2
+2237916 ben@plain.test restore o1 instance=3
+2237916 ben@plain.test invite o1 people=["hal@house.test"]
+2318094 hal@house.test counter o1 by=1800`,
  },
  {
    fault: "who was taken off all after an Instance lost what goes on for them later",
    steps: `
+18499 gus@range.test create o2 form="weekly-zoned" people=["dan@house.test"]
+341674 gus@range.test split o2 instance=5 by=1800
+3257647 gus@range.test split o2 instance=1 by=172800
+3328975 gus@range.test uninvite o2 instance=1 people=["dan@house.test"]`,
  },
  {
    fault: "a series ended where all after an Instance was called off, though it went on from a later one",
    steps: `
+0 dan@range.test create o1 form="weekly-zoned" people=["finn@range.test"]
+1741954 dan@range.test split o1 instance=5 by=172800
+3060208 dan@range.test split o1 instance=2 by=-3600
+4048582 dan@range.test cancel o1 instance=2`,
  },
  {
    fault: "an Instance with other guests, unchanged, was taken to be like all after an earlier one that changed",
    steps: `
+618617 gus@range.test create o2 form="daily" people=["finn@house.test"]
+1914132 gus@range.test invite o2 instance=4 people=["ben@house.test"]
+3715788 gus@range.test split o2 instance=1 name="SUMMARY"`,
  },
  {
    fault: "a delegation of an Instance that the rule lost and got back stood for who had made it alone",
    steps: `
+0 clara@outlook.test create o1 form="daily" people=["dan@house.test"]
+63320 dan@house.test delegate o1 instance=4 people=["eve@house.test"]
+65833 clara@outlook.test rule o1 value="FREQ=WEEKLY;INTERVAL=2"
+65998 clara@outlook.test rule o1 value="FREQ=DAILY;INTERVAL=2;COUNT=6"`,
  },
  {
    fault: "an answer stood, of who was taken off and invited again, for what kept its SEQUENCE",
    steps: `
+0 ann@range.test create o1 form="weekly" people=["ben@google.test"]
+1937 ann@range.test split o1 instance=4 name="SUMMARY"
+218994 ben@google.test answer o1 partstat="TENTATIVE"
+250317 ann@range.test uninvite o1 people=["ben@google.test"]
+2009219 ann@range.test invite o1 people=["ben@google.test"]`,
  },
  {
    fault: "an answer to what was a series counted for its only Instance, and not for the whole",
    steps: `
+0 dan@house.test create o1 form="monthly" people=["ann@outlook.test"]
+121909 dan@house.test uninvite o1 instance=0 people=["ann@outlook.test"]
+530733 ann@outlook.test answer o1 partstat="ACCEPTED"
+530887 dan@house.test rule o1
+5583991 dan@house.test restore o1 instance=4`,
  },
  {
    fault: "an answer to the only Instance of what was no series any more was not understood",
    seed: 602986,
    weather: late,
    steps: `
+0 clara@range.test create o1 form="all-day-weekly" people=["ann@house.test"]
+1382450 clara@range.test cancel o1 range="this-and-future" instance=1
+1439172 clara@range.test rule o1
+2470767 ann@house.test answer o1 instance=4 partstat="DECLINED"`,
  },
  {
    fault: "an answer to the only Instance of what was no series any more was none to the whole",
    seed: 311197,
    weather: late,
    steps: `
+0 finn@house.test create o1 form="daily" people=["eve@range.test"]
+828 finn@house.test invite o1 instance=0 people=["ben@range.test"]
+1111950 ben@range.test forward o1 people=["eve@range.test"] partstat="DECLINED"
+2091601 finn@house.test restore o1 instance=4
+4757201 finn@house.test rule o1
+4757308 eve@range.test answer o1 instance=2 partstat="DECLINED"`,
  },
  {
    fault:
      "who delegated without wishing to hear of changes, was sent a CANCEL, and took it back was not told of the others",
    steps: `
+0 ann@outlook.test create o1 form="daily" people=["clara@house.test"]
+1566608 clara@house.test delegate o1 people=["finn@range.test"]
+1634013 ann@outlook.test split o1 instance=2 by=-3600
+1636685 ann@outlook.test exclude o1 instance=5
+3135315 clara@house.test answer o1 partstat="ACCEPTED"`,
  },
  {
    fault: "an Instance that came back alone was hidden by the EXDATE of a series called off since",
    steps: `
+0 eve@house.test create o1 form="weekly-zoned" people=["hal@range.test"]
+1930663 eve@house.test cancel o1 instance=0
+2267150 eve@house.test split o1 instance=4 by=-3600
+2322454 eve@house.test cancel o1
+2325530 eve@house.test revive o1 instance=3`,
  },
  {
    fault: "what speaks for all after an Instance came back without its series",
    steps: `
+0 ben@range.test create o1 form="single" people=["gus@house.test"]
+2038 ben@range.test add o1 by=93600
+2511 ben@range.test split o1 instance=5 by=172800
+1520314 ben@range.test cancel o1
+3207310 ben@range.test rule o1 value="FREQ=DAILY;INTERVAL=2;COUNT=6"
+3220975 ben@range.test revive o1 instance=5`,
  },
  {
    fault: "an answer to an Instance by who got all of it forwarded later did not count for the Organizer",
    seed: 619659,
    weather: late,
    steps: `
+0 ben@range.test create o1 form="daily" people=["clara@plain.test"]
+1678003 ben@range.test invite o1 instance=2 people=["ann@google.test"]
+2368552 clara@plain.test forward o1 people=["ann@google.test"] partstat="ACCEPTED"`,
  },
  {
    fault: "a delegation of an Instance counted for who made it when the Organizer had it as the series says again",
    steps: `
+1027188 ann@google.test create o2 form="all-day-weekly" people=["clara@outlook.test"]
+1076294 clara@outlook.test delegate o2 instance=1 people=["dan@house.test"]
+4527382 dan@house.test answer o2 partstat="DECLINED"
+4538772 ann@google.test restore o2 instance=2`,
  },
  {
    fault: "an answer to an Instance was lost when the role was handed over",
    steps: `
+0 ann@house.test create o1 form="to-do-weekly" people=["dan@outlook.test"]
+81772 ann@house.test lengthen o1 instance=2 by=3600
+265548 ann@house.test restore o1 instance=3
+1445284 dan@outlook.test answer o1 instance=2 partstat="COMPLETED"
+1454447 ann@house.test hand-over o1 people=["clara@house.test"]`,
  },
  {
    fault: "who handed the role over kept the Instances of that time beside those of the new Organizer",
    steps: `
+0 ben@house.test create o1 form="all-day-weekly" people=["clara@house.test"]
+46760 ben@house.test hand-over o1 people=["clara@house.test"]
+50233 clara@house.test edit o1 instance=0 name="SUMMARY"
+50288 clara@house.test move o1 by=-86400
+50288 clara@house.test hand-over o1 people=["ann@house.test"]
+606606 ann@house.test move o1 by=1800`,
  },
  {
    fault: "an Instance cancelled by the former Organizer did not come back with the new one",
    steps: `
+0 ann@house.test create o1 form="weekly" people=["clara@range.test"]
+724 ann@house.test uninvite o1 instance=4 people=["clara@range.test"]
+69917 ann@house.test split o1 instance=1 by=-3600
+661949 ann@house.test hand-over o1 people=["gus@house.test"]
+2502399 gus@house.test rule o1 value="FREQ=WEEKLY;COUNT=9"`,
  },
  {
    fault: "an Instance of the former Organizer's came back when the rule had it again",
    steps: `
+0 ben@house.test create o1 form="daily" people=["gus@outlook.test"]
+1266836 ben@house.test lengthen o1 instance=4 by=1800
+1335025 ben@house.test rule o1 value="FREQ=WEEKLY;INTERVAL=2"
+2681806 ben@house.test hand-over o1 people=["clara@house.test"]
+2842602 clara@house.test rule o1 value="FREQ=DAILY;INTERVAL=2;COUNT=6"`,
  },
  {
    fault: "who handed the role over kept an Instance by name that the others had not",
    steps: `
+0 ben@house.test create o1 form="all-day-weekly" people=["dan@house.test"]
+197658 ben@house.test uninvite o1 instance=4 people=["dan@house.test"]
+197671 ben@house.test restore o1 instance=2
+1465411 ben@house.test hand-over o1 people=["clara@house.test"]
+2581522 clara@house.test edit o1 name="LOCATION" value="text 82"`,
  },
  {
    fault: "who delegated to somebody taken off the list went on counting as having delegated",
    steps: `
+0 clara@house.test create o1 form="to-do-weekly" people=["finn@plain.test"]
+290494 finn@plain.test delegate o1 people=["dan@outlook.test"]
+294215 dan@outlook.test delegate o1 instance=0 people=["ann@house.test"]
+502146 clara@house.test restore o1 instance=2
+771813 clara@house.test rule o1`,
  },
  {
    fault:
      "who delegated to somebody who declined and was taken off was to be asked, but for the Organizer who had not heard",
    seed: 638080,
    weather: '{"lost":0.05,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 ben@google.test create o1 form="single" people=["ann@outlook.test"]
+108817 ann@outlook.test answer o1 partstat="DECLINED"
+1955317 ann@outlook.test delegate o1 people=["dan@house.test"] value="informed"
+2442553 dan@house.test remove o1
+4895426 ben@google.test uninvite o1 people=["dan@house.test"]`,
  },
  {
    fault: "who delegated to somebody who had declined before did not hear of that",
    steps: `
+0 eve@google.test create o1 form="weekly" people=["clara@house.test"]
+81291 eve@google.test exclude o1 instance=2
+84054 eve@google.test uninvite o1 instance=0 people=["clara@house.test"]
+84165 clara@house.test answer o1 partstat="DECLINED"
+477924 eve@google.test exclude o1 instance=2
+790121 eve@google.test invite o1 instance=4 people=["dan@plain.test"]
+849729 dan@plain.test delegate o1 people=["clara@house.test"]`,
  },
  {
    fault: "who delegated one Instance did not hear that their delegate declined the whole",
    steps: `
+0 dan@google.test create o1 form="weekly" people=["ann@outlook.test","eve@range.test"]
+64189 ann@outlook.test delegate o1 instance=1 people=["ben@house.test"]
+2238434 eve@range.test delegate o1 people=["ben@house.test"]
+2238767 ben@house.test remove o1`,
  },
  {
    fault: "who delegated did not hear that their delegate, who had declined, came after all",
    steps: `
+0 ben@house.test create o1 form="single" people=["hal@house.test"]
+2655093 hal@house.test delegate o1 people=["eve@house.test"] value="informed"
+3235572 eve@house.test answer o1 partstat="DECLINED"
+3260450 eve@house.test counter o1 name="LOCATION" value="place 76"`,
  },
  {
    fault: "what a delegate had said once stood against what the Organizer showed later",
    seed: 662246,
    weather: '{"lost":0.05,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 dan@house.test create o1 form="single" people=["ann@house.test"]
+630704 ann@house.test delegate o1 people=["ben@google.test"] value="informed"
+739517 ben@google.test answer o1 partstat="DECLINED"
+757083 ben@google.test answer o1 partstat="TENTATIVE"`,
  },
  {
    fault: "an Instance forwarded by somebody who had it by an ADD stayed beside the series that has it",
    seed: 638777,
    weather: late,
    steps: `
+0 ben@house.test create o1 form="single" people=["dan@house.test"]
+406519 ben@house.test add o1 by=180000
+523599 dan@house.test delegate o1 people=["ann@outlook.test"]
+557229 ann@outlook.test forward o1 people=["clara@house.test"] partstat="ACCEPTED"`,
  },
  {
    fault: "a delegate lost the Instances that were older than the series they came with",
    steps: `
+0 ann@outlook.test create o1 form="to-do-weekly" people=["eve@house.test"]
+0 ann@outlook.test invite o1 instance=1 people=["clara@google.test"]
+355237 ann@outlook.test split o1 instance=2 name="SUMMARY"
+881282 eve@house.test delegate o1 people=["dan@range.test"]
+881282 dan@range.test answer o1 instance=5 partstat="COMPLETED"`,
  },
  {
    fault: "a REQUEST because of one answer of a REPLY did not show the others of it",
    steps: `
+0 eve@house.test create o1 form="all-day-weekly" people=["ben@house.test"]
+552389 eve@house.test move o1 instance=0 by=-86400
+554864 ben@house.test delegate o1 people=["ann@house.test"]
+554864 eve@house.test edit o1 name="LOCATION"
+554920 ben@house.test answer o1 partstat="DECLINED"`,
  },
  {
    fault: "an answer to an Instance was older than the one to all after it, which names a later version",
    steps: `
+0 ann@house.test create o1 form="daily" people=[]
+1327909 ann@house.test invite o1 people=["ben@house.test"]
+1423051 ann@house.test move o1 instance=0 by=1800
+1425745 ann@house.test rule o1
+2151504 ben@house.test answer o1 instance=0 range="this-and-future" partstat="ACCEPTED"
+2153455 ben@house.test remove o1`,
  },
  {
    fault: "who threw a series away did not take back what they had said of all after an Instance",
    seed: 672194,
    weather: '{"lost":0.05,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 ann@outlook.test create o1 form="weekly" people=["eve@range.test"]
+1310 eve@range.test answer o1 range="this-and-future" instance=2 partstat="ACCEPTED"
+1721081 eve@range.test remove o1
+3253800 ann@outlook.test exclude o1 instance=2`,
  },
  {
    fault: "a void answer that said the same made one that counts seem void",
    steps: `
+0 ben@outlook.test create o1 form="to-do-weekly" people=["ann@range.test"]
+153399 ann@range.test answer o1 range="this-and-future" instance=3 partstat="DECLINED"
+1273098 ben@outlook.test move o1 by=172800
+1642924 ann@range.test answer o1 partstat="DECLINED"
+1701037 ben@outlook.test edit o1 instance=3 name="SUMMARY"
+1701126 ann@range.test answer o1 partstat="TENTATIVE"`,
  },
  {
    fault: "an Instance was not told that was as the series says again when what spoke for it was dropped",
    steps: `
+0 ann@range.test create o1 form="weekly-zoned" people=["hal@house.test"]
+1045825 ann@range.test split o1 instance=4 by=-86400
+1045825 hal@house.test answer o1 partstat="ACCEPTED"
+1045944 ann@range.test move o1 by=86400
+1396871 ann@range.test split o1 instance=1 by=1800
+3613373 ann@range.test move o1 by=-86400`,
  },
  {
    fault: "who was told that an Instance is cancelled could not be admitted to the whole",
    seed: 684061,
    weather: late,
    steps: `
+4369922 ben@house.test create o2 form="to-do-weekly" people=["dan@plain.test"]
+4414256 ben@house.test cancel o2 instance=5
+6621538 dan@plain.test forward o2 people=["ann@house.test"] partstat="COMPLETED"
+6622207 ann@house.test answer o2 instance=5 partstat="ACCEPTED"`,
  },
  {
    fault: "who was refused for one Instance and admitted to the whole did not see that Instance",
    seed: 694873,
    weather: late,
    steps: `
+0 eve@house.test create o1 form="monthly" people=["ben@house.test"]
+3332 ben@house.test forward o1 people=["clara@outlook.test"] partstat="TENTATIVE"
+233636 clara@outlook.test answer o1 instance=1 partstat="TENTATIVE"
+417470 clara@outlook.test answer o1 instance=0 partstat="DECLINED"
+550587 eve@house.test resend o1`,
  },
  {
    fault: "what somebody had thrown away as its Organizer came back to them by being forwarded",
    seed: 706768,
    weather: '{"lost":0,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 ann@house.test create o1 form="weekly-zoned" people=["clara@range.test"]
+29356 clara@range.test delegate o1 instance=2 people=["ben@range.test"]
+29399 ann@house.test remove o1
+336340 ben@range.test forward o1 people=["ann@house.test"] partstat="ACCEPTED"`,
  },
  {
    fault: "an answer in the second of a COUNTER was older than it",
    steps: `
+0 ann@plain.test create o1 form="single" people=["clara@house.test"]
+2585079 clara@house.test answer o1 partstat="ACCEPTED"
+2585079 clara@house.test counter o1 by=86400`,
  },
  {
    fault: "an answer to all from an Instance on stood for who gave it, when all had moved away and back",
    seed: 310483,
    weather: late,
    steps: `
+165239 clara@google.test create o2 form="to-do-weekly" people=["ben@range.test","dan@house.test"]
+606548 clara@google.test uninvite o2 instance=1 people=["dan@house.test"]
+607281 clara@google.test cancel o2
+2191969 ben@range.test answer o2 instance=5 range="this-and-future" partstat="DECLINED"
+2194648 clara@google.test revive o2`,
  },
  {
    fault: "what was answered of single Instances was not shown in the latter half of a series that was split",
    steps: `
+0 ann@house.test create o1 form="weekly" people=["ben@house.test","dan@google.test"]
+3600 ben@house.test answer o1 instance=4 partstat="ACCEPTED"
+3700 dan@google.test answer o1 instance=4 range="this-and-future" partstat="DECLINED"
+7200 ann@house.test split o1 instance=2 name="SUMMARY" value="later"`,
  },
  {
    fault: "a delegation ended when the series was split",
    steps: `
+0 ann@house.test create o1 form="weekly" people=["ben@house.test"]
+3600 ben@house.test delegate o1 people=["dan@google.test"] value="informed"
+7200 ann@house.test split o1 instance=2 name="SUMMARY" value="later"
+9000 dan@google.test answer o1 part=1 partstat="ACCEPTED"`,
  },
  {
    fault: "a delegation to who is a guest beside ended for its delegator alone, when all was called off and on again",
    steps: `
+0 eve@house.test create o1 form="weekly" people=["ben@house.test","clara@outlook.test"]
+41197 clara@outlook.test delegate o1 instance=0 people=["ben@house.test"]
+1729116 eve@house.test cancel o1
+3432786 eve@house.test revive o1`,
  },
  {
    fault: "who got a series forwarded and answered all of it was still asked about an Instance revised since",
    steps: `
+0 gus@house.test create o1 form="weekly-zoned" people=["ben@house.test","finn@house.test"]
+1801959 gus@house.test uninvite o1 instance=2 people=["finn@house.test"]
+3080807 gus@house.test restore o1 instance=2
+3080934 gus@house.test edit o1 name="LOCATION"
+3349254 ben@house.test forward o1 people=["ann@house.test"] partstat="ACCEPTED"`,
  },
];
