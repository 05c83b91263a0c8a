// SPDX-License-Identifier: Apache-2.0
/*
 * The constituency as a map without geography: a block a sector, a tile a team, as large as it has networks, marked by whether
 * somebody there can be reached (squarified treemap: Bruls, Huizing, van Wijk 2000).
 */
import type { Health, Team } from "../api/directory";
import { teamName } from "../desk-words";
import { go } from "../router";
import { plural, t } from "../text";
import { word } from "../words";
import { useWidth } from "./paint";

export interface Tile<T> { of: T; x: number; y: number; w: number; h: number }

/* How far from a square the worst tile of a row is. */
function worst(row: readonly number[], side: number): number {
  const sum = row.reduce((a, b) => a + b, 0);
  return Math.max((side * side * Math.max(...row)) / (sum * sum), (sum * sum) / (side * side * Math.min(...row)));
}

/** Lays values out in a rectangle, the largest first. O(n log n). */
export function squarify<T>(items: readonly T[], size: (item: T) => number, area: { x: number; y: number; w: number; h: number }): Tile<T>[] {
  const sorted = items.filter((item) => size(item) > 0).sort((a, b) => size(b) - size(a));
  const total = sorted.reduce((sum, item) => sum + size(item), 0);
  const scale = (area.w * area.h) / Math.max(total, 1e-9);
  const tiles: Tile<T>[] = [];
  let { x, y, w, h } = area;
  for (let at = 0; at < sorted.length;) {
    const side = Math.max(1e-6, Math.min(w, h));
    const row: number[] = [];
    while (at + row.length < sorted.length) {
      const next = size(sorted[at + row.length] as T) * scale;
      if (row.length && worst([...row, next], side) > worst(row, side)) break;
      row.push(next);
    }
    const thick = row.reduce((a, b) => a + b, 0) / side;
    let along = 0;
    for (const [i, value] of row.entries()) {
      const length = value / thick;
      tiles.push(w >= h ? { of: sorted[at + i] as T, x, y: y + along, w: thick, h: length } : { of: sorted[at + i] as T, x: x + along, y, w: length, h: thick });
      along += length;
    }
    if (w >= h) { x += thick; w -= thick; } else { y += thick; h -= thick; }
    at += row.length;
  }
  return tiles;
}

const HEAD = 20;
const networksOf = (team: Team): number => Object.values(team.networks).reduce((sum, n) => sum + n, 0);

const HEALTHS: readonly Health[] = ["alive", "stale", "unknown", "dead", "none"];

function Pattern() {
  return (
    <defs>
      <pattern id="map-unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="map-ground" width="6" height="6" /><line class="map-hatch" x1="0" y1="0" x2="0" y2="6" /></pattern>
    </defs>
  );
}

/** As wide as letters of the map are, about: those of Japanese take a whole square. */
const wideness = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > "\u02ff" ? 13 : 7.6), 0);

/** A name with its count as far as they fit: first the count goes, then the end of the name, which says so. */
function fitting(name: string, count: string, room: number): string {
  if (wideness(`${name} ${count}`) <= room) return `${name} ${count}`;
  let kept = name;
  while (kept.length > 1 && wideness(kept === name ? name : `${kept}…`) > room) kept = kept.slice(0, -1);
  return kept === name ? name : `${kept.trimEnd()}…`;
}

/** A tile: its colour, and a sign for those who see none. */
function TeamTile({ tile }: { tile: Tile<Team> }) {
  const { of: team, x, y, w, h } = tile;
  const name = teamName(team);
  const dead = team.health === "dead" || team.health === "none";
  return (
    <g class="map-team" onClick={() => go(`/directory/${encodeURIComponent(team.id)}`)}>
      <title>{`${name}: ${plural(networksOf(team), "{1} network", "{1} networks")}, ${word(team.health)}`}</title>
      <rect class={`map-tile ${team.health}`} x={x + 0.5} y={y + 0.5} width={Math.max(0, w - 1)} height={Math.max(0, h - 1)} />
      {dead && w > 8 && h > 8 && <path class="map-cross" d={`M${x + w / 2 - 4},${y + h / 2 - 4}l8,8m0,-8l-8,8`} />}
      {team.health === "stale" && w > 8 && h > 8 && <path class="map-cross" d={`M${x + w / 2 - 4},${y + h / 2}h8`} />}
    </g>
  );
}

export function Constituency({ teams }: { teams: readonly Team[] }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const height = width < 600 ? 460 : 420;
  const there = teams.filter((team) => !team.left && networksOf(team) > 0);
  const sectors = new Map<string, Team[]>();
  for (const team of there) sectors.set(team.sector ?? "", [...(sectors.get(team.sector ?? "") ?? []), team]);
  const size = (team: Team) => Math.sqrt(networksOf(team)); /* one with a thousand prefixes must not hide the others */
  const blocks = width > 0 ? squarify([...sectors.entries()], ([, of]) => of.reduce((sum, team) => sum + size(team), 0), { x: 0, y: 0, w: width, h: height }) : [];
  const count = (health: Health) => there.filter((team) => team.health === health).length;
  const said = plural(there.length, "{1} team with networks", "{1} teams with networks") + ": " + HEALTHS.filter((h) => count(h) > 0).map((h) => `${count(h)} ${word(h)}`).join(", ") + ".";
  if (!there.length) return <p class="note">{t("No team has a network: there is no map.")}</p>;
  return (
    <figure>
      <figcaption>{t("The constituency: networks by sector and by whether somebody answers")}</figcaption>
      <p class="says">{said}</p>
      <div ref={box}>
        {width > 0 && (
          <svg width={width} height={height} role="img" aria-label={said} class="map">
            <Pattern />
            {blocks.map((block) => {
              const [sector, of] = block.of;
              return (
                <g key={sector}>
                  <rect class="map-sector" x={block.x} y={block.y} width={Math.max(0, block.w)} height={Math.max(0, block.h)} />
                  {squarify(of, size, { x: block.x + 2, y: block.y + HEAD, w: Math.max(1, block.w - 4), h: Math.max(1, block.h - HEAD - 2) }).map((tile) => <TeamTile key={tile.of.id} tile={tile} />)}
                  {block.w > 50 && <text class="strong" x={block.x + 6} y={block.y + 14}>{fitting(word(sector || "unknown"), String(of.length), block.w - 10)}<title>{`${word(sector || "unknown")}: ${of.length}`}</title></text>}
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <div class="keys">
        {HEALTHS.filter((h) => count(h) > 0).map((h) => (
          <span class="key" key={h}>
            <svg viewBox="0 0 16 14" aria-hidden="true"><Pattern /><rect class={`map-tile ${h}`} x="0.5" y="0.5" width="15" height="13" />{(h === "dead" || h === "none") && <path class="map-cross" d="M4,3l8,8m0,-8l-8,8" />}{h === "stale" && <path class="map-cross" d="M4,7h8" />}</svg>
            {word(h)}
          </span>
        ))}
      </div>
    </figure>
  );
}
