import type { OldStory } from "./stories.ts";

const late = '{"lost":0,"repeated":0,"reordered":0.3,"maxDelaySeconds":2592000}';

/** Worlds that did not agree once: of splits, hand-overs, and answers to some Instances beside the whole. */
export const storiesOfAnswers: readonly OldStory[] = [
  {
    fault:
      "who proposed another place for the latter half of a series had answered one of its Instances before the split",
    steps: `
+0 ben@google.test create o1 form="daily" people=["ann@house.test"]
+5525591 ann@house.test answer o1 instance=2 partstat="ACCEPTED"
+5531908 ben@google.test split o1 instance=1 name="SUMMARY"
+6199440 ann@house.test counter o1 part=1 name="LOCATION" value="place 23"`,
  },
  {
    fault: "who threw the latter half of a series away had answered one of its Instances before the split",
    steps: `
+0 ann@outlook.test create o1 form="weekly" people=["clara@house.test"]
+718190 clara@house.test counter o1 instance=2 by=3600
+787102 ann@outlook.test accept-proposal o1
+1867486 clara@house.test answer o1 partstat="ACCEPTED"
+3842490 ann@outlook.test split o1 instance=2 by=172800
+4338894 clara@house.test remove o1 part=1`,
  },
  {
    fault: "who answered the latter half of a series was shown one Instance as answered otherwise",
    steps: `
+0 ann@house.test create o1 form="daily" people=["ben@house.test"]
+40821 ann@house.test uninvite o1 instance=4 people=["ben@house.test"]
+43676 ann@house.test invite o1 people=["ben@house.test"]
+58123 ben@house.test answer o1 partstat="ACCEPTED"
+58219 ann@house.test split o1 instance=3 name="SUMMARY"
+60086 ben@house.test remove o1
+62861 ben@house.test answer o1 partstat="DECLINED"`,
  },
  {
    fault: "an answer to all from an Instance on was carried to Instances the latter half got later",
    steps: `
+0 eve@plain.test create o1 form="weekly" people=["ann@house.test"]
+1369315 ann@house.test answer o1 range="this-and-future" instance=3 partstat="TENTATIVE"
+1628472 eve@plain.test invite o1 instance=3 people=["ben@range.test"]
+3532464 eve@plain.test split o1 instance=3 by=86400
+3540813 eve@plain.test rule o1 part=1 value="FREQ=WEEKLY;COUNT=9"`,
  },
  {
    fault: "who had thrown a meeting away became its Organizer, and handed it over",
    steps: `
+0 ann@house.test create o1 form="to-do-weekly" people=["finn@house.test"]
+80 finn@house.test remove o1
+2710 ann@house.test hand-over o1 people=["finn@house.test"]
+63742 finn@house.test move o1 instance=0 by=172800
+226275 finn@house.test hand-over o1 people=["dan@house.test"]`,
  },
  {
    fault: "what the former Organizer showed of an Instance stood against a delegation of the whole",
    steps: `
+0 ann@house.test create o1 form="to-do-weekly" people=["finn@house.test","hal@house.test"]
+165037 finn@house.test forward o1 people=["gus@range.test"] partstat="ACCEPTED"
+274439 ann@house.test uninvite o1 instance=4 people=["hal@house.test"]
+1059354 ann@house.test lengthen o1 by=3600
+1473161 ann@house.test hand-over o1 people=["hal@house.test"]
+2430352 gus@range.test delegate o1 people=["dan@house.test"] value="informed"`,
  },
  {
    fault: "a COUNTER named the only Instance of what was a series, and its answer was one to that alone",
    steps: `
+0 ann@plain.test create o1 form="all-day-weekly" people=["eve@house.test"]
+1299953 ann@plain.test cancel o1 instance=3
+1299968 ann@plain.test rule o1
+1327625 eve@house.test counter o1 instance=4 by=-3600`,
  },
  {
    fault: "a COUNTER named the last Instance of what was a series, by a copy that has another from then",
    seed: 16247,
    weather: '{"lost":0.05,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+3843 ann@plain.test create o2 form="daily" people=["ben@google.test"]
+1074100 ann@plain.test move o2 instance=5 by=-3600
+2803809 ben@google.test remove o2
+3630958 ann@plain.test rule o2
+3856242 ben@google.test counter o2 instance=5 by=1800`,
  },
  {
    fault: "an answer to an Instance of what was a series came twice, and was taken for one to the whole",
    seed: 140774,
    weather: '{"lost":0,"repeated":0.2,"reordered":0.3,"maxDelaySeconds":2592000}',
    steps: `
+0 eve@house.test create o1 form="single" people=["finn@house.test"]
+113865 finn@house.test counter o1 by=-86400
+1510737 finn@house.test answer o1 partstat="DECLINED"
+1726867 eve@house.test add o1 by=180000
+1794977 finn@house.test answer o1 instance=0 partstat="ACCEPTED"
+2605712 eve@house.test rule o1`,
  },
  {
    fault: "a delegator did not hear that the delegate, who declined all, comes to one Instance",
    seed: 69954,
    weather: '{"lost":0,"repeated":0,"reordered":0.3,"maxDelaySeconds":2592000}',
    steps: `
+0 clara@house.test create o1 form="all-day-weekly" people=["ben@range.test"]
+286610 ben@range.test counter o1 name="LOCATION" value="place 64"
+1949734 ben@range.test refresh o1
+3833879 ben@range.test delegate o1 instance=0 people=["ann@house.test"]
+3833879 ben@range.test delegate o1 people=["ann@house.test"]
+4590392 ann@house.test answer o1 partstat="DECLINED"
+4590439 ann@house.test answer o1 instance=4 partstat="TENTATIVE"`,
  },
  {
    fault: "what was said of an Instance that is sent after a CANCEL of all was void when the whole came back",
    steps: `
+0 clara@plain.test create o1 form="all-day-weekly" people=["ann@house.test","finn@house.test"]
+2673 clara@plain.test split o1 instance=3 name="SUMMARY"
+2704 clara@plain.test edit o1 instance=0 name="SUMMARY"
+1147645 clara@plain.test exclude o1 instance=5
+2572152 clara@plain.test exclude o1 instance=3
+2572152 clara@plain.test invite o1 instance=3 people=["ben@plain.test"]
+3785949 ben@plain.test delegate o1 people=["finn@house.test"]
+5356780 ann@house.test delegate o1 people=["ben@plain.test"]`,
  },
  {
    fault: "what speaks for all after an Instance was taken to doubt the answer to that Instance alone",
    steps: `
+0 gus@range.test create o1 form="all-day-weekly" people=["eve@house.test"]
+129045 eve@house.test answer o1 instance=3 partstat="TENTATIVE"
+132449 gus@range.test exclude o1 instance=2
+1574620 gus@range.test split o1 instance=5 name="SUMMARY"`,
  },
  {
    fault: "a CANCEL of all else made the answer to the first of a range void again and again",
    steps: `
+0 gus@range.test create o1 form="weekly" people=[]
+118084 gus@range.test split o1 instance=2 by=-86400
+1480497 gus@range.test invite o1 instance=2 people=["ben@range.test"]
+3376702 ben@range.test counter o1 instance=4 name="LOCATION" value="place 25"
+3395273 gus@range.test lengthen o1 by=1800`,
  },
  {
    fault: "who is on the first of a range again was shown to have answered it",
    seed: 152328,
    weather: '{"lost":0,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 eve@range.test create o1 form="all-day-weekly" people=["ben@house.test"]
+1583190 ben@house.test answer o1 instance=1 partstat="TENTATIVE"
+1585541 eve@range.test exclude o1 instance=0
+3174946 eve@range.test uninvite o1 instance=0 people=["ben@house.test"]
+3263386 eve@range.test add o1 by=93600
+3458352 eve@range.test split o1 instance=1 name="SUMMARY"
+3458352 ben@house.test delegate o1 people=["dan@house.test"] value="informed"`,
  },
  {
    fault: "an answer to all from an Instance on was void when that was called off and on again",
    steps: `
+0 clara@outlook.test create o1 form="daily" people=["ann@outlook.test"]
+1488312 ann@outlook.test answer o1 range="this-and-future" instance=5 partstat="ACCEPTED"
+4602587 clara@outlook.test cancel o1 instance=5
+4650524 clara@outlook.test revive o1`,
  },
  {
    fault: "who was taken off a series saw all of what speaks for the rest of it, and not its first alone",
    steps: `
+0 ben@range.test create o1 form="weekly" people=["ann@outlook.test"]
+2963 ben@range.test uninvite o1 people=["ann@outlook.test"]
+5586 ben@range.test split o1 instance=3 name="SUMMARY"
+7464 ben@range.test invite o1 instance=3 people=["ann@outlook.test"]`,
  },
  {
    fault: "an Instance that came by an ADD was newer than what spoke for it and all after",
    steps: `
+0 ann@range.test create o1 form="daily" people=["eve@house.test"]
+19 ann@range.test split o1 instance=1 name="SUMMARY"
+19 ann@range.test add o1 by=180000
+382046 ann@range.test split o1 instance=3 name="SUMMARY" value="later 14"`,
  },
  {
    fault: "who was invited to an Instance outside the series, and to the series later, lost that Instance",
    steps: `
+0 finn@outlook.test create o1 form="weekly-zoned" people=["dan@house.test"]
+2141 finn@outlook.test invite o1 instance=4 people=["gus@range.test"]
+1624848 finn@outlook.test split o1 instance=2 by=3600
+1624926 dan@house.test delegate o1 part=1 people=["gus@range.test"]`,
  },
  {
    fault: "who got an Instance forwarded lost it when the Organizer sent the whole",
    steps: `
+0 ann@outlook.test create o1 form="monthly" people=["ben@outlook.test"]
+2254271 ann@outlook.test move o1 instance=0 by=86400
+2930835 ann@outlook.test restore o1 instance=1
+2930835 ben@outlook.test delegate o1 people=["gus@google.test"]
+3017092 gus@google.test counter o1 by=172800`,
  },
  {
    fault: "an Instance that a component for all after moves was added by its moved time",
    steps: `
+0 dan@range.test create o1 form="single" people=["hal@house.test"]
+109 dan@range.test add o1 by=180000
+508757 dan@range.test split o1 instance=5 by=-86400
+782669 dan@range.test add o1 by=266400`,
  },
  {
    fault: "what speaks for all after an Instance was taken to doubt an answer to a later one",
    steps: `
+0 dan@range.test create o1 form="daily" people=["ann@house.test"]
+840538 dan@range.test exclude o1 instance=5
+843135 ann@house.test answer o1 instance=4 partstat="ACCEPTED"
+884763 dan@range.test split o1 instance=5 name="SUMMARY"`,
  },
  {
    fault: "who had the whole from somebody else kept it when all was called off",
    seed: 358002,
    weather: '{"lost":0.05,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 ben@house.test create o1 form="weekly" people=["clara@house.test"]
+38645 ben@house.test uninvite o1 people=["clara@house.test"]
+277123 clara@house.test delegate o1 people=["ann@outlook.test"]
+1286204 ann@outlook.test answer o1 instance=5 partstat="DECLINED"
+1664918 ben@house.test cancel o1`,
  },
  {
    fault: "an answer to the first of what does not repeat, which has a component of its own, was one to the whole",
    seed: 363568,
    weather: '{"lost":0.05,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 clara@house.test create o1 form="to-do" people=["ann@google.test"]
+23190 clara@house.test add o1 by=180000
+44867 clara@house.test invite o1 people=["ben@house.test"]
+453411 clara@house.test uninvite o1 instance=4 people=["ann@google.test"]
+1600861 ben@house.test answer o1 partstat="ACCEPTED"
+2448889 ben@house.test answer o1 instance=0 partstat="IN-PROCESS" percent=32
+2449260 ben@house.test answer o1 instance=0 partstat="ACCEPTED"
+2501301 clara@house.test split o1 instance=3 name="SUMMARY"`,
  },
  {
    fault: "somebody was listed on what is called off alone, and had the whole from somebody else",
    seed: 247408,
    weather: '{"lost":0.05,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 clara@range.test create o1 form="to-do-weekly" people=["ann@outlook.test"]
+1304681 clara@range.test cancel o1 instance=3
+1476245 ann@outlook.test answer o1 partstat="ACCEPTED"
+1476320 ann@outlook.test delegate o1 people=["eve@google.test"]
+1476367 clara@range.test exclude o1 instance=1
+1562577 clara@range.test invite o1 instance=2 people=["eve@google.test"]
+2972974 clara@range.test hand-over o1 people=["ben@house.test"]`,
  },
  {
    fault: "a delegation the Organizer never heard of came back, as the delegate had declined",
    seed: 207261,
    weather: '{"lost":0.05,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 clara@google.test create o1 form="to-do-weekly" people=["dan@house.test"]
+2307 dan@house.test answer o1 range="this-and-future" instance=0 partstat="ACCEPTED"
+54883 dan@house.test delegate o1 instance=1 people=["finn@house.test"] value="informed"
+54995 finn@house.test remove o1`,
  },
  {
    fault:
      "who answered all from an Instance on lost that at their Organizer, as the first of them was answered by itself",
    seed: 325770,
    weather: '{"lost":0.05,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 clara@range.test create o1 form="to-do-weekly" people=["ann@house.test"]
+1921357 clara@range.test edit o1 instance=1 name="DESCRIPTION"
+2681366 ann@house.test refresh o1
+2685354 ann@house.test remove o1
+2685406 clara@range.test lengthen o1 instance=5 by=3600
+2687377 ann@house.test answer o1 partstat="COMPLETED"
+2687377 clara@range.test edit o1 name="SUMMARY"
+2698550 clara@range.test lengthen o1 by=3600
+2701377 clara@range.test split o1 instance=1 name="SUMMARY"`,
  },
  {
    fault:
      "who answered all from an Instance on, and proposed another time for that one, had answered none of the others",
    seed: 587,
    weather: '{"lost":0.05,"repeated":0,"reordered":0,"maxDelaySeconds":2592000}',
    steps: `
+0 ann@google.test create o1 form="to-do-weekly" people=["eve@outlook.test"]
+380130 eve@outlook.test answer o1 instance=4 partstat="COMPLETED"
+704678 eve@outlook.test answer o1 instance=0 range="this-and-future" partstat="ACCEPTED"
+705214 eve@outlook.test counter o1 instance=0 by=-86400
+788383 ann@google.test exclude o1 instance=4`,
  },
  {
    fault: "what was said of the first Instance of a range that was answered came after that, and took it away",
    seed: 2775,
    weather: '{"lost":0,"repeated":0.2,"reordered":0.3,"maxDelaySeconds":2592000}',
    steps: `
+0 clara@house.test create o1 form="daily" people=["ben@house.test"]
+58304 ben@house.test answer o1 range="this-and-future" instance=1 partstat="TENTATIVE"
+409238 ben@house.test answer o1 partstat="DECLINED"
+451651 ben@house.test counter o1 instance=1 by=3600
+587969 clara@house.test cancel o1 instance=1`,
  },
  {
    fault:
      "who answered the only Instance of a series that ended there had a component of it that the Organizer had not",
    steps: `
+0 ann@house.test create o1 form="weekly-zoned" people=["clara@house.test"]
+581390 ann@house.test edit o1 instance=0 name="LOCATION"
+1139711 ann@house.test rule o1
+1139770 ann@house.test restore o1 instance=0
+2759184 clara@house.test answer o1 instance=0 partstat="DECLINED"`,
  },
  {
    fault: "the only Instance of what does not repeat was to be answered anew when it was as the whole again",
    steps: `
+0 clara@house.test create o1 form="to-do-weekly" people=["ann@house.test"]
+1186884 ann@house.test answer o1 partstat="IN-PROCESS" percent=29
+4836202 clara@house.test edit o1 instance=0 name="DESCRIPTION"
+4839538 clara@house.test rule o1
+5425673 clara@house.test hand-over o1 people=["ann@house.test"]
+5425734 ann@house.test restore o1 instance=4`,
  },
  {
    fault: "a later answer that was in doubt gave way to an earlier one to the only Instance",
    seed: 1610572,
    weather: late,
    steps: `
+0 dan@house.test create o1 form="single" people=["clara@house.test"]
+1185 clara@house.test refresh o1
+146822 dan@house.test add o1 by=266400
+723047 clara@house.test answer o1 instance=2 partstat="ACCEPTED"
+796166 clara@house.test answer o1 partstat="DECLINED"
+2722188 dan@house.test cancel o1 range="this-and-future" instance=1`,
  },
  {
    fault: "who threw a series away did not see that all after an Instance moved",
    steps: `
+0 eve@range.test create o1 form="weekly" people=["dan@range.test"]
+308819 eve@range.test move o1 instance=3 by=-3600
+1283480 eve@range.test add o1 by=93600
+1283594 dan@range.test remove o1
+1302628 eve@range.test split o1 instance=4 name="SUMMARY"`,
  },
  {
    fault: "a range that begins with an Instance as it was told nobody",
    steps: `
+2518628 ben@range.test create o2 form="all-day-weekly" people=["eve@house.test"]
+3642378 ben@range.test move o2 instance=5 by=3600
+4046308 ben@range.test split o2 instance=1 by=86400`,
  },
  {
    fault: "a single Instance that was left after a range was called off was lost with the next version of the series",
    steps: `
+0 finn@range.test create o1 form="to-do-weekly" people=["eve@house.test"]
+516894 finn@range.test split o1 instance=5 name="SUMMARY"
+583474 finn@range.test edit o1 instance=2 name="SUMMARY" value="text 26"
+3415591 finn@range.test cancel o1 instance=5
+3415675 finn@range.test edit o1 name="LOCATION"`,
  },
  {
    fault: "the latter halves of a series that two Organizers split had one UID",
    steps: `
+0 ann@house.test create o1 form="weekly-zoned" people=["clara@plain.test"]
+198623 ann@house.test split o1 instance=2 by=1800
+588869 ann@house.test hand-over o1 people=["dan@house.test"]
+2534836 dan@house.test rule o1 value="FREQ=WEEKLY;INTERVAL=2"
+2555921 dan@house.test split o1 instance=1 name="SUMMARY"`,
  },
  {
    fault: "of two answers in one second, to the whole and to its only Instance, not all kept the same",
    seed: 2402983,
    weather: late,
    steps: `
+0 finn@house.test create o1 form="single" people=["ben@house.test"]
+365819 finn@house.test add o1 by=93600
+2055980 ben@house.test answer o1 partstat="ACCEPTED"
+2055980 ben@house.test answer o1 instance=2 partstat="TENTATIVE"
+2260793 finn@house.test cancel o1 range="this-and-future" instance=3`,
  },
  {
    fault: "an Instance nobody had answered was in doubt, and with it all that it spoke for later",
    steps: `
+0 clara@range.test create o1 form="weekly-zoned" people=["ben@house.test","dan@outlook.test"]
+162747 clara@range.test uninvite o1 instance=1 people=["dan@outlook.test"]
+206498 ben@house.test answer o1 instance=5 partstat="DECLINED"
+4584848 clara@range.test lengthen o1 instance=4 by=3600
+4618718 clara@range.test split o1 instance=1 name="SUMMARY"`,
  },
  {
    fault: "who delegated again to a delegate who had declined, after coming themselves meanwhile, was shown as asked",
    steps: `
+0 finn@house.test create o1 form="single" people=["eve@house.test"]
+15242 eve@house.test delegate o1 people=["clara@range.test"]
+2643044 clara@range.test remove o1
+4141754 eve@house.test answer o1 partstat="ACCEPTED"
+4340620 eve@house.test delegate o1 people=["clara@range.test"] value="informed"`,
  },
];
