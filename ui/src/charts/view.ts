// SPDX-License-Identifier: Apache-2.0
/* One time axis for all charts of a page: the part in sight, and the moment that a replay has reached. */
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";

export interface View {
  origin: number; /* milliseconds since 1970 of t = 0 */
  whole: readonly [number, number]; /* seconds */
  sight: readonly [number, number];
  now: number;
  playing: boolean;
  speed: number;
  setSight: (sight: readonly [number, number] | null) => void;
  setNow: (now: number) => void;
  setPlaying: (playing: boolean) => void;
  setSpeed: (speed: number) => void;
}

/** Moves `now` on while it plays: `speed` seconds of the outbreak in a second. */
function usePlay(playing: boolean, speed: number, end: number, move: (step: (now: number) => number) => void, stop: () => void): void {
  const last = useRef(0);
  useEffect(() => {
    if (!playing) return undefined;
    let frame = 0;
    last.current = performance.now();
    const step = (at: number) => {
      const passed = Math.min(0.25, (at - last.current) / 1000);
      last.current = at;
      let over = false;
      move((now) => {
        const next = now + passed * speed;
        over = next >= end;
        return over ? end : next;
      });
      if (over) stop();
      else frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [playing, speed, end]);
}

/** `start` and `end` in seconds; the replay stands at the end, so that the page opens with all there is. */
export function useView(origin: number, start: number, end: number): View {
  const margin = Math.max(0.5, (end - start) * 0.02);
  const t0 = start - margin;
  const t1 = end + margin;
  const [sight, setSightState] = useState<readonly [number, number] | null>(null);
  const [now, setNowState] = useState(t1);
  const [playing, setPlayingState] = useState(false);
  const [speed, setSpeed] = useState(4);
  useEffect(() => {
    setSightState(null);
    setNowState(t1);
    setPlayingState(false);
  }, [t0, t1]);
  usePlay(playing, speed, t1, setNowState, () => setPlayingState(false));
  const setSight = useCallback((wanted: readonly [number, number] | null) => {
    if (!wanted) return setSightState(null);
    const least = Math.max(1e-3, (t1 - t0) / 1e6);
    const from = Math.max(t0, Math.min(wanted[0], wanted[1] - least));
    const to = Math.min(t1, Math.max(wanted[1], from + least));
    return setSightState(from <= t0 && to >= t1 ? null : [from, to]);
  }, [t0, t1]);
  const setNow = useCallback((at: number) => setNowState(Math.min(t1, Math.max(t0, at))), [t0, t1]);
  const setPlaying = useCallback((play: boolean) => {
    if (play) setNowState((at) => (at >= t1 - 1e-6 ? t0 : at));
    setPlayingState(play);
  }, [t0, t1]);
  return useMemo(() => ({
    origin, whole: [t0, t1] as const, sight: sight ?? ([t0, t1] as const), now, playing, speed, setSight, setNow, setPlaying, setSpeed,
  }), [origin, t0, t1, sight, now, playing, speed]);
}
