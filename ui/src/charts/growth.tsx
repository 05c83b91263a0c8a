// SPDX-License-Identifier: Apache-2.0
/* Members month by month as steps, where the pace of the last two years leads, and those that joined below. */
import type { Members } from "../api/directory";
import { Table } from "../parts/table";
import { plural, t } from "../text";
import { useWidth } from "./paint";

const HEIGHT = 260;
const JOINED = 46;
const LEFT = 44;
const RIGHT = 46;

/** A month ("2017-10") as a year with its part. */
export const monthOf = (month: string): number => Number(month.slice(0, 4)) + (Number(month.slice(5, 7)) - 1) / 12;

const niceStep = (most: number): number => [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000].find((s) => most / s <= 5) ?? 50000;

export function Growth({ members }: { members: Members }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const { months, projection } = members;
  const last = months[months.length - 1];
  const first = months[0];
  if (!first || !last) return <p class="note">{t("No team has a date of joining: there is no curve.")}</p>;
  const ahead = projection[projection.length - 1];
  const end = ahead ? monthOf(ahead.month) : monthOf(last.month);
  const most = Math.max(last.total, ahead?.high ?? 0, 1);
  const x = (at: number) => LEFT + ((at - monthOf(first.month)) / Math.max(1 / 12, end - monthOf(first.month))) * (width - LEFT - RIGHT);
  const y = (total: number) => HEIGHT - JOINED - 22 - (total / most) * (HEIGHT - JOINED - 44);
  const busiest = Math.max(1, ...months.map((m) => m.joined));
  const steps = months.map((m, i) => `${i ? "H" : "M"}${x(monthOf(m.month)).toFixed(1)}${i ? "V" : ","}${y(m.total).toFixed(1)}`).join("");
  const fan = [{ month: last.month, low: last.total, high: last.total }, ...projection];
  const area = `${fan.map((p, i) => `${i ? "L" : "M"}${x(monthOf(p.month)).toFixed(1)},${y(p.high).toFixed(1)}`).join("")}${[...fan].reverse().map((p) => `L${x(monthOf(p.month)).toFixed(1)},${y(p.low).toFixed(1)}`).join("")}Z`;
  const years = Array.from({ length: Math.floor(end) - Math.ceil(monthOf(first.month)) + 1 }, (_, i) => Math.ceil(monthOf(first.month)) + i);
  const every = Math.ceil(years.length / Math.max(2, (width - LEFT) / 60));
  const step = niceStep(most);
  const said = t("{1} members in {2}, {3} a month in the last two years.", last.total, last.month, members.members_per_month.toFixed(1))
    + (ahead ? " " + t("{1}: between {2} and {3} if that goes on.", ahead.month, Math.round(ahead.low), Math.round(ahead.high)) : "");
  return (
    <figure>
      <figcaption>{t("Growth of the membership")}</figcaption>
      <p class="says">{said}</p>
      <div ref={box}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={said}>
            {Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step).map((n) => <g key={n}><line class="rule" x1={LEFT} x2={width - RIGHT} y1={y(n)} y2={y(n)} /><text class="quiet end" x={LEFT - 6} y={y(n) + 4}>{n}</text></g>)}
            {years.filter((_, i) => i % every === 0).map((year) => <text key={year} class="quiet middle" x={x(year)} y={HEIGHT - 4}>{year}</text>)}
            {ahead && <path class="area other" d={area} />}
            {ahead && <path class="line other" d={fan.map((p, i) => `${i ? "L" : "M"}${x(monthOf(p.month)).toFixed(1)},${y("total" in p ? Number(p.total) : last.total).toFixed(1)}`).join("")} />}
            <path class="line members" d={steps} />
            <text class="strong" x={x(monthOf(last.month)) - 6} y={y(last.total) - 8} text-anchor="end">{last.total}</text>
            {ahead && <text x={Math.min(x(end) + 4, width - RIGHT + 4)} y={y(ahead.total) + 4}>{Math.round(ahead.total)}</text>}
            {months.map((m) => <rect key={m.month} class="joined" x={x(monthOf(m.month)) - 1} width={2} y={HEIGHT - 18 - (m.joined / busiest) * (JOINED - 10)} height={(m.joined / busiest) * (JOINED - 10)} />)}
          </svg>
        )}
      </div>
      <p class="note">{t("Line: members. Dashed: where the last two years lead; area: nine times of ten. Bars: joined in the month, {1} at most.", busiest)}</p>
      <details>
        <summary>{t("The months as a table")}</summary>
        <Table name="members" keyOf={(m) => m.month} rows={months} columns={[
          { title: t("Month"), value: (m) => m.month }, { title: t("Joined"), value: (m) => m.joined, figure: true },
          { title: t("Left"), value: (m) => m.left, figure: true }, { title: t("Members"), value: (m) => m.total, figure: true },
        ]} />
      </details>
    </figure>
  );
}

/** Sectors or regions as bars, each with its number. */
export function Shares({ title, of, name }: { title: string; of: Members["sectors"]; name: (key: string | null) => string }) {
  const all = of.reduce((sum, share) => sum + share.teams, 0);
  const most = Math.max(1, ...of.map((share) => share.teams));
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <table>
        <tbody>
          {of.slice(0, 12).map((share) => (
            <tr key={share.name ?? ""}>
              <th scope="row">{name(share.name)}</th>
              <td class="wide short"><span class="share of" style={{ width: `${(share.teams / most) * 44}%` }} />{t("{1} ({2} %)", share.teams, Math.round((share.teams / Math.max(1, all)) * 100))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {of.length > 12 && <p class="note">{plural(of.length - 12, "and {1} more", "and {1} more")}</p>}
    </figure>
  );
}

const SQUARE = 300;

/** Founding year against joining year: the diagonal are those that joined when they were founded. */
export function FoundedJoined({ members }: { members: Members }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const points = new Map<string, { founded: number; joined: number; teams: number }>();
  for (const { founded, joined } of members.founded_joined) {
    const key = `${founded} ${joined}`;
    const point = points.get(key) ?? { founded, joined, teams: 0 };
    point.teams++;
    points.set(key, point);
  }
  const list = [...points.values()];
  if (!list.length) return <p class="note">{t("No team has both dates: there is nothing to compare.")}</p>;
  const low = Math.min(...list.map((p) => Math.min(p.founded, p.joined)));
  const high = Math.max(...list.map((p) => Math.max(p.founded, p.joined))) + 1;
  const x = (year: number) => LEFT + ((year - low) / (high - low)) * (width - LEFT - 16);
  const y = (year: number) => SQUARE - 30 - ((year - low) / (high - low)) * (SQUARE - 44);
  const every = Math.max(1, Math.ceil((high - low) / 8));
  const ticks = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => low + i * every);
  const waited = members.founded_joined.map((p) => p.joined - p.founded).sort((a, b) => a - b);
  const said = plural(waited[Math.floor(waited.length / 2)] ?? 0, "Half of the teams joined within {1} year of their foundation.", "Half of the teams joined within {1} years of their foundation.");
  return (
    <figure>
      <figcaption>{t("Founded and joined")}</figcaption>
      <p class="says">{said}</p>
      <div ref={box}>
        {width > 0 && (
          <svg width={width} height={SQUARE} role="img" aria-label={said}>
            {ticks.map((year) => <g key={year}><line class="rule" x1={LEFT} x2={width - 16} y1={y(year)} y2={y(year)} /><text class="quiet end" x={LEFT - 6} y={y(year) + 4}>{year}</text><text class="quiet middle" x={x(year)} y={SQUARE - 12}>{year}</text></g>)}
            <line class="diagonal" x1={x(low)} y1={y(low)} x2={x(high)} y2={y(high)} />
            {list.map((p) => <circle key={`${p.founded} ${p.joined}`} class="teams" cx={x(p.founded + 0.5)} cy={y(p.joined + 0.5)} r={2 + Math.sqrt(p.teams) * 1.8}><title>{plural(p.teams, "{1} team founded {2}, joined {3}", "{1} teams founded {2}, joined {3}", p.founded, p.joined)}</title></circle>)}
          </svg>
        )}
      </div>
      <p class="note">{t("To the right: year of foundation. Upward: year of joining. The larger the circle, the more teams.")}</p>
      <details>
        <summary>{t("The years as a table")}</summary>
        <Table name="years" keyOf={(p) => `${p.founded} ${p.joined}`} rows={list} columns={[
          { title: t("Founded"), value: (p) => p.founded, figure: true }, { title: t("Joined"), value: (p) => p.joined, figure: true }, { title: t("Teams"), value: (p) => p.teams, figure: true },
        ]} />
      </details>
    </figure>
  );
}
