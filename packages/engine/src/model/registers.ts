/**
 * A map that knows what was written since it was loaded: a store saves `written` alone, so recording one answer costs the
 * same at 10 and at 10,000 Attendees. Immutable: `writeRegister` returns a new one.
 */
export interface Registers<Value> {
  readonly stored: ReadonlyMap<string, Value>;
  readonly written: ReadonlyMap<string, Value>;
}

/** Holds nothing: where every copy begins. */
export const noRegisters: Registers<never> = { stored: new Map<string, never>(), written: new Map<string, never>() };

/** Reads a register. */
export function readRegister<Value>(registers: Registers<Value>, key: string): Value | undefined {
  return registers.written.get(key) ?? registers.stored.get(key);
}

/** Writes a register. */
export function writeRegister<Value>(registers: Registers<Value>, key: string, value: Value): Registers<Value> {
  return { stored: registers.stored, written: new Map(registers.written).set(key, value) };
}

/** Writes many registers at once. */
export function writeRegisters<Value>(
  registers: Registers<Value>,
  entries: Iterable<readonly [string, Value]>,
): Registers<Value> {
  return { stored: registers.stored, written: new Map([...registers.written, ...entries]) };
}

/** Lists all registers, written ones in place of stored ones. */
export function allRegisters<Value>(registers: Registers<Value>): ReadonlyMap<string, Value> {
  return registers.written.size === 0 ? registers.stored : new Map([...registers.stored, ...registers.written]);
}

/** Takes what was written as stored: what a store does when it has saved. */
export function settleRegisters<Value>(registers: Registers<Value>): Registers<Value> {
  return { stored: allRegisters(registers), written: new Map() };
}
