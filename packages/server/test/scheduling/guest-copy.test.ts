import {
  currentAnswer,
  leadingComponent,
  type Participation,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { expect, test } from "vitest";
import { guestCopy } from "../../src/scheduling/guest-copy.ts";
import { contextFor } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import { addAnn, address, answer, calendarObject, event, property, written } from "../store/fixtures.ts";
import { houseOver, storeOptions } from "./house.ts";

const guest = address("guest0@example.test");
const instances = ["20270115T080000Z", "20270122T080000Z", "20270129T080000Z", "20270205T080000Z"];

test("a guest who comes by a link sees what they have said of an Instance, and of all from it on", async () => {
  const store = await openSqliteStore(":memory:", storeOptions);
  const house = houseOver(store);
  const ann = await addAnn(store);
  const { properties, ...weekly } = event({ guests: 1 });
  const rule = [property("RRULE", "FREQ=WEEKLY;COUNT=4"), property("DURATION", "PT1H")];
  const object = calendarObject({ ...weekly, properties: [...properties, ...rule] });
  const begun = schedule(unknownState, object, contextFor(house, ann));
  if (begun.kind !== "applied") throw new Error(begun.kind);
  const [, from = ""] = instances;
  const ranged: Participation = { ...answer(guest, "TENTATIVE", from), range: "this-and-future" };
  const state = {
    ...settleState(begun.state),
    participations: written(
      [`${guest} ${from}`, answer(guest, "DECLINED", from)],
      [`${guest} ${from} this-and-future`, ranged],
    ),
    answerRanges: written([guest, [from]]),
  };
  const copy = guestCopy(house, ann, state, guest);
  if (!copy?.state.object) throw new Error("they are invited");
  const whole = leadingComponent(copy.state.object);
  expect(instances.map((key) => currentAnswer(copy.state, whole, guest, key).partstat)).toEqual([
    "NEEDS-ACTION",
    "DECLINED",
    "TENTATIVE",
    "TENTATIVE",
  ]);
  await store.close();
});
