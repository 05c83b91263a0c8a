// SPDX-License-Identifier: Apache-2.0
/* What changes on the server while a page is open: one stream of server-sent events for all who listen. */
export type Change = "job" | "analysis" | "outbreak" | "live" | "notice" | "case" | "enquiry";

type Listener = (row: unknown) => void;

/* Called when the stream has opened, the first time and after a break: what changed before is not told again. */
const missed = new Set<() => void>();

const listeners: Record<Change, Set<Listener>> = { job: new Set(), analysis: new Set(), outbreak: new Set(), live: new Set(), notice: new Set(), case: new Set(), enquiry: new Set() };
let source: EventSource | null = null;

function open(): void {
  source = new EventSource("/api/v1/events");
  source.addEventListener("open", () => { for (const look of [...missed]) look(); });
  for (const change of Object.keys(listeners) as Change[]) {
    source.addEventListener(change, (event) => {
      let row: unknown;
      try {
        row = JSON.parse((event as MessageEvent<string>).data);
      } catch {
        return;
      }
      for (const listener of listeners[change]) listener(row);
    });
  }
}

/**
 * Calls `listener` with each changed row, and `look` when rows may have changed untold, since the page asked for them before the stream was open;
 * returns how to stop. The stream is open while anyone listens.
 */
export function listen(change: Change, listener: Listener, look: () => void): () => void {
  listeners[change].add(listener);
  missed.add(look);
  if (!source) open();
  return () => {
    listeners[change].delete(listener);
    missed.delete(look);
    if (Object.values(listeners).every((set) => set.size === 0)) {
      source?.close();
      source = null;
    }
  };
}
