// SPDX-License-Identifier: Apache-2.0
/* Pages have stable URLs: plain links, caught here so that they open without a new document. */
import { useEffect, useState } from "preact/hooks";

const listeners = new Set<() => void>();

/* Counts how often a page was opened, so that a link to a place on it leads there again although the address is the same. */
let opened = 0;

const tell = (): void => listeners.forEach((listener) => listener());

/** Opens a page of this program. */
export function go(url: string, replace = false): void {
  const next = new URL(url, location.href);
  const stays = next.pathname === location.pathname && next.hash !== "";
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  opened++;
  tell();
  if (!replace && !stays) window.scrollTo(0, 0); // to a place on this page it is led from where the reader is
}

/** Changes the query of the page that is open, without a step in the history. */
export function setQuery(values: Readonly<Record<string, string | null>>): void {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(values)) {
    if (value === null || value === "") url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  }
  history.replaceState(null, "", url);
  tell();
}

/** The address of the open page; renders anew when it changes. */
export function useAddress(): URL {
  const [href, setHref] = useState(location.href);
  useEffect(() => {
    const listener = () => setHref(location.href);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return new URL(href);
}

/** The place on the page that the address names (/cases/7#task-12), "" when none, and which opening of a page it belongs to. */
export function useTarget(): { id: string; turn: number } {
  const { hash } = useAddress();
  try {
    return { id: decodeURIComponent(hash.slice(1)), turn: opened };
  } catch {
    return { id: "", turn: opened };
  }
}

/** Catches clicks on links that stay in this program, and the way back. */
export function catchLinks(): void {
  window.addEventListener("popstate", () => { opened++; tell(); });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname.startsWith("/api/") || link.classList.contains("skip")) return;
    event.preventDefault();
    go(link.href);
  });
}
