import type { Path } from "./path.ts";

/** Headers by their names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request, as far as it was read. */
export interface DavRequest {
  readonly method: string;
  readonly path: Path;
  readonly headers: RequestHeaders;
  readonly body: Uint8Array;
}

/** What is answered. */
export interface DavResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
