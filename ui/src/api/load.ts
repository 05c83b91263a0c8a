// SPDX-License-Identifier: Apache-2.0
/* Data of a page: asked for when the page opens or the language changes, given up when the page closes. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useTarget } from "../router";
import { language } from "../text";
import { get, Problem } from "./client";
import type { List } from "./types";

export interface Loaded<T> {
  data: T | null;
  error: Problem | null;
  waiting: boolean;
  reload: () => void;
}

/** Loads `path`; null loads nothing. While it reloads, what was there stays. */
export function useLoad<T>(path: string | null): Loaded<T> {
  const [state, setState] = useState<{ path: string | null; data: T | null; error: Problem | null; waiting: boolean }>({
    path: null, data: null, error: null, waiting: path !== null,
  });
  const [turn, setTurn] = useState(0);
  const wanted = language();
  useEffect(() => {
    if (path === null) return undefined;
    const stop = new AbortController();
    setState((old) => ({ path, data: old.path === path ? old.data : null, error: null, waiting: true }));
    get<T>(path, stop.signal).then(
      (data) => setState({ path, data, error: null, waiting: false }),
      (wrong: unknown) => {
        if (stop.signal.aborted) return;
        setState({ path, data: null, error: wrong instanceof Problem ? wrong : new Problem(0, String(wrong), ""), waiting: false });
      });
    return () => stop.abort();
  }, [path, turn, wanted]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const current = state.path === path;
  return { data: current ? state.data : null, error: current ? state.error : null, waiting: !current || state.waiting, reload };
}

/** A list that comes in pages: those that were asked for, and how to ask for the next one. */
export interface Pages<T> extends Loaded<List<T>> {
  more: () => void;
}

/* Pages are read one after the other until a row is found: as many rows as a table may hold. */
const MOST_PAGES = 100;

async function readPages<T>(path: string, least: number, sought: ((row: T) => boolean) | null, signal: AbortSignal): Promise<{ list: List<T>; pages: number }> {
  const list = await get<List<T>>(path, signal);
  const items = [...list.items];
  let { next } = list;
  let pages = 1;
  const missing = () => sought !== null && pages < MOST_PAGES && !items.some(sought);
  while (next && (pages < least || missing())) {
    const page: List<T> = await get<List<T>>(`${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(next)}`, signal);
    items.push(...page.items);
    next = page.next;
    pages++;
  }
  return { list: { ...list, items, next }, pages };
}

/** By what links lead to a row of a list: /cases/7#task-12 has the prefix "task-". */
export interface Placed<T> {
  prefix: string;
  of: (row: T) => string | number;
}

export const placeOf = <T>(placed: Placed<T>) => (row: T): string => `${placed.prefix}${placed.of(row)}`;

/**
 * Loads a list page by page. When the address names a row of it that is not there yet, further pages are read until it is. Reloading reads as many pages
 * as were there.
 */
export function usePages<T>(path: string | null, placed?: Placed<T>): Pages<T> {
  const target = useTarget().id;
  const sought = placed && target.startsWith(placed.prefix) ? target : "";
  const [state, setState] = useState<{ path: string | null; data: List<T> | null; error: Problem | null; waiting: boolean }>({ path, data: null, error: null, waiting: path !== null });
  const [turn, setTurn] = useState(0);
  const pages = useRef<{ path: string | null; least: number }>({ path, least: 1 });
  const wanted = language();
  useEffect(() => {
    if (path === null) return undefined;
    const stop = new AbortController();
    if (pages.current.path !== path) pages.current = { path, least: 1 };
    setState((old) => ({ path, data: old.path === path ? old.data : null, error: null, waiting: true }));
    readPages<T>(path, pages.current.least, sought && placed ? (row) => placeOf(placed)(row) === sought : null, stop.signal).then(
      (read) => {
        pages.current = { path, least: Math.max(pages.current.least, read.pages) };
        setState({ path, data: read.list, error: null, waiting: false });
      },
      (wrong: unknown) => {
        if (!stop.signal.aborted) setState({ path, data: null, error: wrong instanceof Problem ? wrong : new Problem(0, String(wrong), ""), waiting: false });
      });
    return () => stop.abort();
  }, [path, turn, wanted, sought]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const more = useCallback(() => { pages.current = { ...pages.current, least: pages.current.least + 1 }; setTurn((n) => n + 1); }, []);
  const current = state.path === path;
  return { data: current ? state.data : null, error: current ? state.error : null, waiting: !current || state.waiting, reload, more };
}
