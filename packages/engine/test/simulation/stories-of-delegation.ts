import type { OldStory } from "./stories.ts";

const late = '{"lost":0,"repeated":0,"reordered":0.3,"maxDelaySeconds":2592000}';

/** Worlds that did not agree once: of single Instances that are delegated, left alone, forwarded, or not seen by all. */
export const storiesOfDelegation: readonly OldStory[] = [
  {
    fault:
      "who had a series forwarded by a former Organizer was told by the new one of one Instance, and refused their CANCELs",
    seed: 395618,
    weather: late,
    steps: `
+0 eve@house.test create o1 form="weekly-zoned" people=["ann@house.test"]
+759418 ann@house.test forward o1 people=["finn@outlook.test"] partstat="TENTATIVE"
+768927 eve@house.test hand-over o1 people=["clara@house.test"]
+2479608 ann@house.test delegate o1 instance=4 people=["finn@outlook.test"]`,
  },
  {
    fault: "who answered the only Instance that is left of a series had answered it, and not the whole",
    steps: `
+0 finn@house.test create o1 form="single" people=[]
+326125 finn@house.test invite o1 people=["ann@house.test"]
+328899 finn@house.test add o1 by=180000
+328899 finn@house.test invite o1 instance=4 people=["dan@house.test"]
+754875 finn@house.test restore o1 instance=1
+1232695 ann@house.test answer o1 instance=4 partstat="ACCEPTED"
+1662258 finn@house.test rule o1`,
  },
  {
    fault:
      "who delegated the only Instance that is left of a series still came themselves, as they had when they organized it",
    steps: `
+0 ann@house.test create o1 form="single" people=["finn@google.test"]
+1579169 ann@house.test add o1 by=266400
+2069025 ann@house.test edit o1 instance=0 name="LOCATION"
+2069087 ann@house.test hand-over o1 people=["ben@house.test"]
+2069174 ann@house.test delegate o1 instance=2 people=["finn@google.test"]
+2904580 ben@house.test cancel o1 instance=1 range="this-and-future"
+4360653 ben@house.test restore o1 instance=1`,
  },
  {
    fault: "who delegated the first Instance of what became a range had it back, for the range does not show that",
    steps: `
+0 gus@range.test create o1 form="to-do-weekly" people=["clara@house.test","finn@house.test"]
+2176 finn@house.test delegate o1 instance=1 people=["clara@house.test"]
+829194 gus@range.test rule o1 value="FREQ=WEEKLY;COUNT=9"
+870088 gus@range.test split o1 instance=1 name="SUMMARY"
+870833 finn@house.test answer o1 partstat="COMPLETED"`,
  },
  {
    fault: "who was not on one Instance proposed another place for the whole, and that Instance was gone for all",
    steps: `
+0 eve@house.test create o1 form="to-do-weekly" people=["dan@range.test"]
+21332 eve@house.test uninvite o1 instance=1 people=["dan@range.test"]
+108721 eve@house.test edit o1 name="DESCRIPTION"
+1836714 eve@house.test invite o1 instance=5 people=["ann@plain.test"]
+1837790 dan@range.test counter o1 name="LOCATION" value="place 63"
+1923543 eve@house.test accept-proposal o1`,
  },
  {
    fault: "who had one Instance from somebody else lost that too, when the whole was taken back from them",
    steps: `
+0 dan@outlook.test create o1 form="all-day-weekly" people=["ann@house.test","ben@plain.test"]
+2369 ben@plain.test delegate o1 instance=0 people=["clara@google.test"]
+1196787 clara@google.test answer o1 partstat="DECLINED"
+2114556 ann@house.test delegate o1 people=["clara@google.test"]
+4821977 ann@house.test answer o1 partstat="ACCEPTED"`,
  },
  {
    fault: "what a delegate had said counted again, when they were invited after their delegator had taken it back",
    steps: `
+0 clara@house.test create o1 form="daily" people=["ben@house.test"]
+208313 ben@house.test delegate o1 people=["ann@google.test"]
+210435 ann@google.test answer o1 instance=1 partstat="ACCEPTED"
+1882535 ben@house.test counter o1 name="LOCATION" value="place 51"
+1885194 clara@house.test invite o1 people=["ann@google.test"]`,
  },
  {
    fault:
      "who delegated an Instance with a component of its own was not asked anew, when the delegate was taken off all",
    steps: `
+702622 dan@house.test create o2 form="weekly" people=["ben@house.test","clara@house.test"]
+1676899 dan@house.test edit o2 instance=0 name="DESCRIPTION"
+2136648 ben@house.test delegate o2 instance=0 people=["clara@house.test"]
+2136668 dan@house.test uninvite o2 people=["clara@house.test"]`,
  },
  {
    fault: "the same, where somebody else had been admitted to the Instance",
    seed: 504373,
    steps: `
+0 eve@google.test create o1 form="daily" people=["ann@plain.test","ben@range.test"]
+4903 ann@plain.test delegate o1 instance=5 people=["ben@range.test"]
+4903 ben@range.test forward o1 people=["finn@plain.test"] partstat="ACCEPTED"
+330018 eve@google.test uninvite o1 people=["ben@range.test"]`,
  },
  {
    fault: "an Instance that its delegate had given back was taken to go to who had the whole",
    seed: 529167,
    weather: late,
    steps: `
+291098 hal@house.test create o2 form="weekly" people=["ben@house.test"]
+1647258 ben@house.test delegate o2 people=["gus@plain.test"] value="informed"
+1647258 hal@house.test rule o2 value="FREQ=WEEKLY;INTERVAL=2"
+3029454 ben@house.test delegate o2 instance=4 people=["ann@plain.test"]
+3084812 ann@plain.test remove o2`,
  },
  {
    fault:
      "what was said of the whole counted for an Instance that its delegate had given back, but not at the Organizer's",
    steps: `
+0 clara@range.test create o1 form="weekly-zoned" people=["finn@house.test"]
+1979470 clara@range.test exclude o1 instance=1
+2427268 finn@house.test delegate o1 instance=5 people=["gus@house.test"]
+2434096 gus@house.test answer o1 partstat="DECLINED"
+2689845 finn@house.test answer o1 partstat="TENTATIVE"`,
  },
  {
    fault: "an answer that came last, as its giver was asked once more, was told to nobody",
    seed: 564681,
    weather: '{"lost":0.05,"repeated":0,"reordered":0.3,"maxDelaySeconds":2592000}',
    steps: `
+0 clara@house.test create o1 form="monthly" people=["ann@house.test","ben@plain.test","dan@house.test"]
+1193264 clara@house.test uninvite o1 instance=4 people=["ben@plain.test"]
+1193272 dan@house.test counter o1 by=172800
+1480592 clara@house.test split o1 instance=5 by=172800
+2084821 dan@house.test delegate o1 people=["ann@house.test"] value="informed"
+3709667 dan@house.test delegate o1 people=["ben@plain.test"]
+4254135 dan@house.test remove o1
+5546390 clara@house.test move o1 instance=4 by=172800`,
  },
  {
    fault:
      "a delegation that came late, of what had been called off and taken up again, counted at the Organizer's alone",
    seed: 568009,
    weather: late,
    steps: `
+0 ann@range.test create o1 form="all-day-weekly" people=["clara@house.test","dan@plain.test"]
+1507328 dan@plain.test answer o1 partstat="ACCEPTED"
+1584697 dan@plain.test answer o1 partstat="ACCEPTED"
+1658723 ann@range.test move o1 by=-86400
+1658723 ann@range.test cancel o1
+2032455 dan@plain.test answer o1 partstat="ACCEPTED"
+2034314 dan@plain.test answer o1 partstat="ACCEPTED"
+2438987 dan@plain.test delegate o1 instance=4 people=["clara@house.test"]
+2762453 ann@range.test revive o1`,
  },
  {
    fault:
      "who got two Instances forwarded and answered one had the other, of which the Organizer did not know, until all was sent again",
    seed: 593029,
    steps: `
+0 dan@google.test create o1 form="weekly" people=["clara@plain.test"]
+1269692 dan@google.test invite o1 instance=2 people=["ann@house.test"]
+2376062 clara@plain.test delegate o1 instance=0 people=["ann@house.test"]
+3903161 ann@house.test forward o1 people=["ben@house.test"] partstat="TENTATIVE"`,
  },
  {
    fault:
      "what was said of the first Instance of a range was void to its giver, as an answer to the whole was void long since",
    steps: `
+0 dan@range.test create o1 form="weekly-zoned" people=["ann@house.test"]
+0 ann@house.test answer o1 partstat="DECLINED"
+529302 dan@range.test split o1 instance=1 by=1800
+1233083 ann@house.test counter o1 instance=1 name="LOCATION" value="place 51"
+1234333 dan@range.test accept-proposal o1`,
  },
  {
    fault: "who had answered a range that moved twice, and ended, was not asked about its first Instance",
    steps: `
+0 dan@range.test create o1 form="all-day-weekly" people=["ann@outlook.test"]
+129675 dan@range.test split o1 instance=1 by=86400
+343966 ann@outlook.test answer o1 partstat="ACCEPTED"
+739814 dan@range.test move o1 instance=5 by=-86400
+1013397 dan@range.test restore o1 instance=1`,
  },
  {
    fault:
      "what was said of an Instance counted for who delegated the whole, when it moved, and not at the Organizer's",
    steps: `
+0 ben@house.test create o1 form="monthly" people=["dan@outlook.test"]
+0 ben@house.test move o1 instance=5 by=3600
+0 ben@house.test restore o1 instance=0
+291533 dan@outlook.test answer o1 partstat="TENTATIVE"
+315656 dan@outlook.test delegate o1 people=["finn@outlook.test"] value="informed"
+1055793 ben@house.test move o1 by=-86400`,
  },
  {
    fault: "who was not on the Instance from which on a series was called off was not told of what came after",
    steps: `
+0 ann@range.test create o1 form="weekly-zoned" people=["dan@house.test"]
+2779357 ann@range.test uninvite o1 instance=3 people=["dan@house.test"]
+4559524 ann@range.test cancel o1 range="this-and-future" instance=3`,
  },
  {
    fault:
      "who took over a series that was called off but for one Instance had an older version than the others of one that was moved before",
    steps: `
+0 ben@range.test create o1 form="all-day-weekly" people=["dan@google.test","gus@range.test"]
+264121 ben@range.test move o1 instance=3 by=86400
+1175812 ben@range.test uninvite o1 instance=4 people=["dan@google.test"]
+1557505 ben@range.test cancel o1
+1558702 ben@range.test revive o1 instance=0
+2563695 ben@range.test hand-over o1 people=["gus@range.test"]`,
  },
  {
    fault: "who was taken off all, and did not hear of it, was asked anew of all but what has a component of its own",
    seed: 1244664,
    weather: '{"lost":0,"repeated":0,"reordered":0.3,"maxDelaySeconds":2592000}',
    steps: `
+0 clara@house.test create o1 form="monthly" people=["ann@house.test","ben@house.test"]
+1644805 ben@house.test answer o1 partstat="TENTATIVE"
+2379504 clara@house.test edit o1 instance=3 name="DESCRIPTION"
+2627551 ben@house.test answer o1 partstat="TENTATIVE"
+2630393 ann@house.test answer o1 partstat="TENTATIVE"
+2709535 ben@house.test delegate o1 people=["ann@house.test"]
+2926260 clara@house.test uninvite o1 people=["ann@house.test"]
+2926260 clara@house.test lengthen o1 by=86400
+4048941 ben@house.test answer o1 range="this-and-future" instance=2 partstat="TENTATIVE"`,
  },
  {
    fault:
      "who handed the role over and delegated an Instance after it was taken for the new Organizer's own word on that",
    steps: `
+0 finn@house.test create o1 form="to-do-weekly" people=["eve@house.test"]
+296808 eve@house.test delegate o1 people=["ann@house.test"]
+343813 finn@house.test hand-over o1 people=["dan@house.test"]
+476116 finn@house.test delegate o1 instance=2 people=["eve@house.test"]
+476224 dan@house.test edit o1 name="SUMMARY"
+1915392 eve@house.test answer o1 partstat="COMPLETED"`,
  },
  {
    fault: "an Instance that was told of by name when the role was handed over had an older SEQUENCE than the series",
    steps: `
+0 ann@house.test create o1 form="monthly" people=["gus@house.test"]
+5079 ann@house.test move o1 instance=0 by=172800
+318482 ann@house.test restore o1 instance=1
+1886853 ann@house.test hand-over o1 people=["ben@house.test"]
+1890832 ann@house.test delegate o1 instance=4 people=["eve@house.test"]`,
  },
  {
    fault: "a late CANCEL of a former Organizer's took away an Instance of the new one's",
    seed: 2085973,
    weather: late,
    steps: `
+0 ann@google.test create o1 form="to-do-weekly" people=["eve@outlook.test"]
+107 eve@outlook.test delegate o1 people=["clara@plain.test"]
+347317 ann@google.test uninvite o1 instance=5 people=["clara@plain.test"]
+572298 ann@google.test move o1 by=3600
+2448078 ann@google.test split o1 instance=5 by=86400
+2499966 ann@google.test hand-over o1 people=["dan@google.test"]
+4677427 dan@google.test move o1 by=-3600`,
  },
  {
    fault: "an answer to an older time took the place of the delegation of the only Instance",
    steps: `
+0 dan@house.test create o1 form="all-day-weekly" people=["ben@plain.test","clara@house.test"]
+1177220 clara@house.test delegate o1 instance=4 people=["ben@plain.test"]
+1840430 dan@house.test rule o1
+1840476 clara@house.test answer o1 partstat="DECLINED"`,
  },
  {
    fault: "an Instance that was asked about anew when all was revived was older than the series",
    steps: `
+0 clara@house.test create o1 form="to-do-weekly" people=["eve@house.test","finn@house.test"]
+40 finn@house.test delegate o1 instance=5 people=["eve@house.test"]
+1673818 eve@house.test answer o1 partstat="ACCEPTED"
+1726427 clara@house.test cancel o1
+2001706 clara@house.test revive o1`,
  },
  {
    fault: "an Instance that was delegated had the SEQUENCE of the component it had once, below that of the series",
    steps: `
+0 dan@range.test create o1 form="to-do-weekly" people=["ann@google.test","clara@house.test"]
+0 dan@range.test uninvite o1 instance=4 people=["ann@google.test"]
+713101 dan@range.test restore o1 instance=1
+2494859 dan@range.test split o1 instance=2 name="SUMMARY"
+4110155 dan@range.test exclude o1 instance=2
+4111845 clara@house.test delegate o1 instance=0 people=["ben@google.test"]`,
  },
  {
    fault: "who knew one Instance alone took their answer to the whole for one to all after it",
    seed: 2130937,
    weather: '{"lost":0,"repeated":0.2,"reordered":0.3,"maxDelaySeconds":2592000}',
    steps: `
+0 finn@range.test create o1 form="single" people=["ann@house.test"]
+304573 finn@range.test add o1 by=93600
+2250059 finn@range.test rule o1 value="FREQ=WEEKLY;INTERVAL=2"
+2465334 finn@range.test split o1 instance=1 name="SUMMARY"
+2746855 ann@house.test delegate o1 instance=3 people=["clara@google.test"]
+2746855 ann@house.test remove o1`,
  },
  {
    fault: "who answered the Instance that was left was asked anew when somebody was taken off it",
    steps: `
+0 clara@outlook.test create o1 form="weekly" people=["ann@plain.test"]
+1394725 clara@outlook.test rule o1 value="FREQ=DAILY;COUNT=5"
+1736668 ann@plain.test answer o1 partstat="ACCEPTED"
+1736668 clara@outlook.test invite o1 instance=5 people=["eve@plain.test"]
+1776361 clara@outlook.test rule o1
+1856079 clara@outlook.test uninvite o1 people=["eve@plain.test"]`,
  },
  {
    fault: "of two answers in one REPLY the version sent because of one did not show the other",
    steps: `
+0 finn@house.test create o1 form="all-day-weekly" people=["eve@house.test"]
+277731 eve@house.test delegate o1 instance=4 people=["gus@outlook.test"]
+350289 finn@house.test rule o1
+497610 finn@house.test move o1 instance=0 by=-86400
+1696093 eve@house.test counter o1 by=86400
+1735856 finn@house.test accept-proposal o1
+1735917 eve@house.test answer o1 partstat="ACCEPTED"`,
  },
  {
    fault: "who had delegated a series that moved since got it back, and not that it moved where they had answered",
    steps: `
+0 eve@house.test create o1 form="all-day-weekly" people=["ann@house.test"]
+465765 ann@house.test answer o1 instance=0 partstat="ACCEPTED"
+512972 ann@house.test delegate o1 people=["dan@house.test"]
+513170 eve@house.test split o1 instance=4 by=86400
+513438 eve@house.test move o1 by=-3600
+671993 eve@house.test uninvite o1 people=["dan@house.test"]`,
  },
  {
    fault:
      "all after an Instance that was called off and came back counted as answered where that began to speak for them",
    seed: 540022,
    weather: late,
    steps: `
+0 eve@house.test create o1 form="monthly" people=["dan@house.test"]
+0 eve@house.test hand-over o1 people=["ben@range.test"]
+2136110 ben@range.test cancel o1 instance=2
+3470470 ben@range.test restore o1 instance=5
+5242969 dan@house.test answer o1 part=1 partstat="TENTATIVE"
+6564581 ben@range.test split o1 instance=2 name="SUMMARY"`,
  },
  {
    fault: "of two answers in one second, to the only Instance and to the whole, not all kept the same",
    seed: 77309,
    weather: late,
    steps: `
+0 ben@range.test create o1 form="single" people=["clara@range.test"]
+317952 clara@range.test answer o1 partstat="ACCEPTED"
+399359 clara@range.test answer o1 partstat="ACCEPTED"
+481614 clara@range.test answer o1 partstat="TENTATIVE"
+569372 ben@range.test publish o1 people=["clara@range.test"]
+1711532 ben@range.test add o1 by=180000
+2127753 clara@range.test answer o1 instance=0 partstat="DECLINED"
+2127753 clara@range.test counter o1 instance=1 by=-3600
+2127753 clara@range.test answer o1 partstat="ACCEPTED"
+2475405 ben@range.test rule o1`,
  },
  {
    fault: "who answered one Instance was asked anew where a range that had moved was called off with all after",
    steps: `
+0 eve@range.test create o1 form="weekly" people=["finn@house.test"]
+0 eve@range.test split o1 instance=5 by=3600
+138734 finn@house.test answer o1 instance=0 partstat="TENTATIVE"
+805440 eve@range.test cancel o1 instance=4 range="this-and-future"`,
  },
  {
    fault: "who was asked about a range that moved was asked about the whole where its first Instance was left out",
    steps: `
+0 finn@range.test create o1 form="weekly" people=[]
+2687 finn@range.test invite o1 people=["ben@google.test"]
+212547 ben@google.test counter o1 instance=1 by=3600
+286399 finn@range.test split o1 instance=3 by=-86400
+657605 finn@range.test exclude o1 instance=3`,
  },
  {
    fault: "who is on a called-off Instance alone, and has the rest from a guest not invited any more, kept the rest",
    seed: 4033162,
    weather: late,
    steps: `
+0 ann@house.test create o1 form="to-do-weekly" people=["ben@house.test","eve@house.test"]
+128 ann@house.test uninvite o1 people=["eve@house.test"]
+124376 eve@house.test delegate o1 people=["clara@range.test"]
+200561 ann@house.test cancel o1 instance=0
+1747227 ann@house.test edit o1 name="LOCATION"
+2241545 ben@house.test delegate o1 instance=3 people=["clara@range.test"]
+2441946 ann@house.test cancel o1 instance=1`,
  },
];
