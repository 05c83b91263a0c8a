// SPDX-License-Identifier: Apache-2.0
/* Plays an outbreak: a line moves over every chart of the page and the hosts turn colour as they fall. */
import { bothTimes, grouped } from "../format";
import { plural, t } from "../text";
import type { View } from "./view";

const SPEEDS = [1, 4, 60] as const;

export function Replay({ view, fallen, all }: { view: View; fallen: number; all: number }) {
  const [t0, t1] = view.whole;
  const time = bothTimes(view.origin, view.now);
  return (
    <div class="bar replay" role="group" aria-label={t("Replay")}>
      <button type="button" class="main" onClick={() => view.setPlaying(!view.playing)}>
        <span aria-hidden="true">{view.playing ? "❚❚" : "▶"}</span> {view.playing ? t("Pause") : t("Play")}
      </button>
      {SPEEDS.map((speed) => (
        <button key={speed} type="button" aria-pressed={view.speed === speed} onClick={() => view.setSpeed(speed)} aria-label={plural(speed, "as fast as it happened", "{1} times as fast")}>
          {speed}×
        </button>
      ))}
      <input class="scrub" type="range" min={t0} max={t1} step={(t1 - t0) / 1000 || 1} value={view.now} aria-label={t("Moment of the replay")}
        aria-valuetext={time} onInput={(event) => { view.setPlaying(false); view.setNow(Number(event.currentTarget.value)); }} />
      <span class="clock">{time}</span>
      <span>{t("{1} of {2} infected", grouped(fallen), grouped(all))}</span>
      {(view.sight[0] !== t0 || view.sight[1] !== t1) && <button type="button" onClick={() => view.setSight(null)}>{t("Whole time")}</button>}
    </div>
  );
}
