// SPDX-License-Identifier: Apache-2.0
/* Data of a page: asked for when the page opens or the language changes, given up when the page closes. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { language } from "../text";
import { get, Problem } from "./client";

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
