import { basic } from "../api/api.ts";

/** What somebody is told by `/api/live`. */
export interface Told {
  readonly status: number;
  /** Events so far, `name of uid`; those that say to look anew are left out. */
  readonly events: string[];
  /** All that was written, as it came. */
  text(): string;
  /** Resolves when the server ends the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Listens at a server as somebody, by the password of all or by a session. */
export async function listenAt(port: number, by: { readonly as: string } | { readonly cookie: string }): Promise<Told> {
  const stop = new AbortController();
  const headers = "as" in by ? { authorization: basic(by.as) } : { cookie: by.cookie };
  const response = await fetch(`http://127.0.0.1:${port}/api/live`, { headers, signal: stop.signal });
  const events: string[] = [];
  let text = "";
  const read = async (): Promise<void> => {
    let rest = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      rest += decoder.decode(chunk, { stream: true });
      const blocks = rest.split("\n\n");
      rest = blocks.pop() ?? "";
      events.push(...blocks.flatMap(nameOf));
    }
  };
  return {
    status: response.status,
    events,
    text: () => text,
    ended: read().catch(() => undefined),
    close: () => stop.abort(),
  };
}

function nameOf(block: string): string[] {
  const [, name = "", data = ""] = /^event: (.*)\ndata: (.*)$/m.exec(block) ?? [];
  if (name === "" || name === "anew") return [];
  const { of, uid } = JSON.parse(data);
  return [[name, of, uid].filter(Boolean).join(" ")];
}
