// SPDX-License-Identifier: Apache-2.0
/* Three times of each host: infected (from the traffic, with its error), noticed on its screen, and the ransom dialog; and when it began to search. */
import { useMemo, useState } from "preact/hooks";
import { bothTimes, relative } from "../format";
import { t } from "../text";
import { type Infections, layHosts } from "./infections";
import { Rows, type Stage } from "./rows";
import type { View } from "./view";

function paintTimes(stage: Stage, infections: Infections, i: number, y: number, now: number, zero: number): void {
  const { context: c, colours, x } = stage;
  const at = infections.t[i] ?? 0;
  const fallen = at <= now;
  const error = infections.error[i] ?? 0;
  c.lineWidth = 1.5;
  c.strokeStyle = fallen ? colours.infected : colours.untouched;
  c.beginPath();
  c.moveTo(x(at - error), y);
  c.lineTo(x(at + error), y);
  c.stroke();
  const later = (time: number | undefined, draw: (px: number) => void) => {
    if (time !== undefined && Number.isFinite(time) && time <= now) draw(x(time));
  };
  later(infections.scan[i], (px) => {
    c.strokeStyle = colours.infected;
    c.lineWidth = 2;
    c.beginPath();
    c.moveTo(px, y - 7);
    c.lineTo(px, y + 7);
    c.stroke();
  });
  later(infections.onset[i], (px) => {
    c.fillStyle = colours.safe;
    c.fillRect(px - 4, y - 4, 8, 8);
  });
  later(infections.dialog[i], (px) => {
    c.strokeStyle = colours.zero;
    c.lineWidth = 2;
    c.strokeRect(px - 6, y - 6, 12, 12);
  });
  c.beginPath();
  c.arc(x(at), y, 4.5, 0, 2 * Math.PI);
  c.fillStyle = i === zero ? colours.zero : colours.infected;
  c.strokeStyle = colours.untouched;
  c.lineWidth = 1.5;
  if (fallen) c.fill();
  else c.stroke();
}

export function Times({ infections, view, zero, openHost }: { infections: Infections; view: View; zero: string | null; openHost: (host: string) => void }) {
  const [chosen, setChosen] = useState(-1);
  const layout = useMemo(() => layHosts(infections, "time", [], false), [infections]);
  const zeroAt = zero === null ? -1 : (infections.at.get(zero) ?? -1);
  const seen = infections.onset.some(Number.isFinite) || infections.dialog.some(Number.isFinite);
  const i = layout.rows[chosen]?.members[0];
  const says = () => {
    if (i === undefined) return t("Choose a row: its times stand here. Enter opens it.");
    const scan = infections.scan[i] ?? NaN;
    const when = t("{1}: infected {2} ±{3} s", infections.host[i] ?? "", bothTimes(view.origin, infections.t[i] ?? 0), (infections.error[i] ?? 0).toFixed(3));
    return Number.isFinite(scan) ? `${when}; ${t("searches itself since {1}", relative(scan))}` : when;
  };
  return (
    <figure>
      <Rows view={view} count={layout.rows.length} label={(at) => layout.rows[at]?.label ?? ""} chosen={chosen} choose={setChosen}
        open={(at) => openHost(layout.rows[at]?.label ?? "")} most={360}
        describe={t("Times of each host. Arrow keys choose a row, Enter opens it. The table below holds the same.")}
        emphasis={(at) => (layout.rows[at]?.label === zero ? "strong" : "")}
        paint={(stage) => {
          for (let row = stage.first; row < stage.last; row++) {
            const member = layout.rows[row]?.members[0];
            if (member !== undefined) paintTimes(stage, infections, member, stage.y(row), view.now, zeroAt);
          }
        }} />
      <p class="says" aria-live="polite">{says()}</p>
      <div class="keys">
        <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><circle cx="8" cy="7" r="4" fill="var(--infected)" /><path d="M1 7h14" stroke="var(--infected)" /></svg>{t("infected, with the error of that time")}</span>
        <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><path d="M8 1v12" stroke="var(--infected)" stroke-width="2" /></svg>{t("begins to search")}</span>
        <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><rect x="4" y="3" width="8" height="8" fill="var(--safe)" /></svg>{t("first seen on its screen")}</span>
        <span class="key"><svg viewBox="0 0 16 14" aria-hidden="true"><rect x="3" y="2" width="10" height="10" fill="none" stroke="var(--zero)" stroke-width="2" /></svg>{t("ransom dialog")}</span>
      </div>
      {!seen && <p class="note">{t("Nobody has told when the users noticed: analyze with --screen FILE to add the two times from the screen.")}</p>}
    </figure>
  );
}
