import type { OldStory } from "./stories.ts";

const late = '{"lost":0,"repeated":0,"reordered":0.3,"maxDelaySeconds":2592000}';

/** Worlds that did not agree once: of what speaks for all after an Instance, and of answers to it. */
export const storiesOfRanges: readonly OldStory[] = [
  {
    fault: "who declined the first Instance of a range was asked again when the delegation of the whole ended",
    steps: `
+0 eve@range.test create o1 form="weekly" people=["gus@house.test"]
+318990 eve@range.test split o1 instance=3 name="SUMMARY"
+1126535 gus@house.test answer o1 instance=3 partstat="DECLINED"
+1205140 gus@house.test delegate o1 people=["ann@google.test"]
+1256539 eve@range.test uninvite o1 people=["ann@google.test"]`,
  },
  {
    fault: "who delegated one Instance was not told that the delegate declines it with all after another",
    steps: `
+0 clara@google.test create o1 form="to-do-weekly" people=["dan@house.test"]
+485805 dan@house.test delegate o1 instance=2 people=["ben@outlook.test"]
+1668936 clara@google.test invite o1 people=["ben@outlook.test"]
+1669030 ben@outlook.test answer o1 range="this-and-future" instance=4 partstat="DECLINED"`,
  },
  {
    fault:
      "who accepted a range had accepted another time where its first Instance was called off, and all after with it",
    steps: `
+0 eve@range.test create o1 form="weekly-zoned" people=["ann@google.test"]
+1624950 eve@range.test split o1 instance=1 by=1800
+3202958 ann@google.test answer o1 partstat="ACCEPTED"
+3460213 eve@range.test cancel o1 instance=1
+4561070 eve@range.test restore o1 instance=0`,
  },
  {
    fault:
      "who had a series that was called off kept it, as they were sent an Instance that takes place after all again",
    seed: 7009350,
    weather: late,
    steps: `
+0 dan@house.test create o1 form="to-do-weekly" people=["finn@house.test"]
+320286 dan@house.test hand-over o1 people=["ben@house.test"]
+527374 ben@house.test invite o1 instance=3 people=["ann@house.test"]
+527472 ben@house.test cancel o1
+697970 ben@house.test revive o1 instance=4`,
  },
  {
    fault: "who had declined a range at another time still had, for them, where its first Instance was called off",
    steps: `
+0 dan@range.test create o1 form="weekly" people=["eve@house.test"]
+106890 dan@range.test split o1 instance=1 by=-3600
+151436 eve@house.test answer o1 partstat="DECLINED"
+453253 dan@range.test split o1 instance=1 name="SUMMARY"
+1765230 dan@range.test rule o1 value="FREQ=WEEKLY;COUNT=9"
+3061266 dan@range.test cancel o1 instance=1`,
  },
  {
    fault:
      "what was split off a series, and split in the same second at an Instance of the same name, wrote over itself",
    steps: `
+0 ben@google.test create o1 form="monthly" people=[]
+2168245 ben@google.test move o1 instance=3 by=1800
+2168245 ben@google.test split o1 instance=5 by=-86400
+2168245 ben@google.test split o1 part=1 instance=5 by=3600`,
  },
];
