import type { Zone } from "@parley/engine/recurrence";
import type { Tree } from "../../dav/tree.ts";
import type { House } from "../../scheduling/house.ts";
import type { ReadTransaction } from "../../store/store.ts";
import type { Node, ObjectNode } from "../node.ts";

/** What reports of calendars are given beside what all reports are. */
export interface ReportWorld {
  readonly house: House;
  readonly transaction: ReadTransaction;
  loadObjects(nodes: readonly ObjectNode[]): Promise<readonly ObjectNode[]>;
  /** The tree whose calendar data place times without a zone there. */
  treeIn(zone: Zone | undefined): Tree<Node>;
}
