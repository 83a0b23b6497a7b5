/** Said on `window` when the server tells that something in the person's calendar has changed. */
export const changedEvent = "parley-changed";

/** How long to wait before asking for notices again where the server would not give any, in ms. */
const againMs = 60_000;

let listens = false;

/** Whether the server tells of changes at the moment: then there is little need to ask. */
export function isTold(): boolean {
  return listens;
}

/**
 * Lets the server tell of changes in the calendar of `address` as long as the window can be seen: browsers allow few connections to one
 * server, and hidden windows would use them up. Returns how to end it.
 */
export function listenForChanges(address: string): () => void {
  let source: EventSource | undefined;
  let timer = 0;
  const say = (): void => void window.dispatchEvent(new Event(changedEvent));
  const heard = ({ data }: MessageEvent<string>): void => {
    const { of } = JSON.parse(data) as { readonly of?: string };
    if (of === undefined || of === address) say();
  };
  const stop = (): void => {
    window.clearTimeout(timer);
    source?.close();
    source = undefined;
    listens = false;
  };
  const start = (): void => {
    stop();
    if (document.visibilityState !== "visible") return;
    const opened = new EventSource("/api/live");
    source = opened;
    opened.onopen = () => {
      listens = true;
    };
    opened.onerror = () => {
      listens = false;
      // Refused, it does not come again by itself; it may only have been signed out elsewhere.
      if (opened.readyState !== EventSource.CLOSED) return;
      say();
      timer = window.setTimeout(start, againMs);
    };
    for (const name of ["anew", "object", "message", "question", "delivery"]) opened.addEventListener(name, heard);
  };
  start();
  document.addEventListener("visibilitychange", start);
  return () => {
    document.removeEventListener("visibilitychange", start);
    stop();
  };
}
