export type { Command, Reply, SentSummary, ViewSummary } from "./play.ts";
export { playScenario } from "./play.ts";
export type { Expectation, ScenarioResult, Step } from "./scenario.ts";
export { parseScenario } from "./scenario.ts";
export type { World, WorldOptions } from "./world.ts";
export { editedObject, makeEngineWorld, readMessage, readObject, viewOf } from "./world.ts";
