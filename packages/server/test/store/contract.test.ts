import { onEveryStore } from "./benches.ts";
import { testCalendars } from "./contract-calendars.ts";
import { testDeliveries } from "./contract-deliveries.ts";
import { testFanOut } from "./contract-fan-out.ts";
import { testGroups } from "./contract-groups.ts";
import { testHousekeeping } from "./contract-housekeeping.ts";
import { testLedger } from "./contract-ledger.ts";
import { testKnownBusy, testLinks } from "./contract-links.ts";
import { testNotices } from "./contract-notices.ts";
import { testObjects } from "./contract-objects.ts";
import { testOperation } from "./contract-operation.ts";
import { testPeople } from "./contract-people.ts";
import { testRaces } from "./contract-races.ts";
import { testSharing } from "./contract-sharing.ts";
import { testTransactions } from "./contract-transactions.ts";
import { testUpkeep } from "./contract-upkeep.ts";

// All that every store must do.
onEveryStore((makeBench) => {
  testPeople(makeBench);
  testGroups(makeBench);
  testObjects(makeBench);
  testCalendars(makeBench);
  testLedger(makeBench);
  testDeliveries(makeBench);
  testFanOut(makeBench);
  testTransactions(makeBench);
  testOperation(makeBench);
  testRaces(makeBench);
  testUpkeep(makeBench);
  testHousekeeping(makeBench);
  testNotices(makeBench);
  testLinks(makeBench);
  testSharing(makeBench);
  testKnownBusy(makeBench);
});
