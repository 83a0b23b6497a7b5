// Loaded before a server of a crash test (`node --import`): its clock is so many seconds ahead. What a killed server had leased is
// free again when the next one starts, without anybody waiting for it.
const ahead = Number(process.env["CRASH_CLOCK_AHEAD"] ?? 0) * 1_000;
const now = Date.now;
Date.now = () => now() + ahead;
