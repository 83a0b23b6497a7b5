#!/usr/bin/env node
import { existsSync } from "node:fs";

const entry = new URL("../dist/main.js", import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`parley needs Node 22.19 or newer; this is ${process.version}. "npm start" brings its own.\n`);
  process.exitCode = 1;
} else if (existsSync(entry)) {
  const { main } = await import(entry.href);
  await main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`parley: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
} else {
  process.stderr.write('parley is not built yet: run "npm run build" (or "npm start") first.\n');
  process.exitCode = 1;
}
