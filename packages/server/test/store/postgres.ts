import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { inject } from "vitest";
import { findPostgres } from "./postgres-server.ts";

/** Where there is no PostgreSQL its tests skip themselves, tools/announce-skips.ts says so; in CI they fail. */
export const skipsPostgres = findPostgres() === undefined && process.env["CI"] !== "true";

/** Gives the URL of an empty database on the PostgreSQL of this run. */
export async function emptyDatabase(): Promise<string> {
  const answer = await text(connect(inject("postgresPort"), "127.0.0.1"));
  if (!answer.startsWith("postgresql://")) throw new Error(answer);
  return answer;
}
