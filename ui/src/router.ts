// SPDX-License-Identifier: Apache-2.0
/* Pages have stable URLs: plain links, caught here so that they open without a new document. */
import { useEffect, useState } from "preact/hooks";

const listeners = new Set<() => void>();

const tell = (): void => listeners.forEach((listener) => listener());

/** Opens a page of this program. */
export function go(url: string, replace = false): void {
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  tell();
  if (!replace) window.scrollTo(0, 0);
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
    window.addEventListener("popstate", listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("popstate", listener);
    };
  }, []);
  return new URL(href);
}

/** Catches clicks on links that stay in this program. */
export function catchLinks(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname.startsWith("/api/") || (link.pathname === location.pathname && link.hash)) return;
    event.preventDefault();
    go(link.href);
  });
}
