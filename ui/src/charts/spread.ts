// SPDX-License-Identifier: Apache-2.0
/* Labels that would lie over one another are moved apart. */

export interface Room { least: number; most: number; apart: number }

/** Places as near to the wanted ones as may be, in their order, `apart` from one another and within the room; when they cannot all be,
 * the last ones go beyond it. O(n log n). */
export function spread(wanted: readonly number[], room: Room): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const places = wanted.map((place) => Math.min(Math.max(place, room.least), room.most));
  order.forEach((at, k) => {
    const before = k ? places[order[k - 1] ?? 0] ?? 0 : -Infinity;
    places[at] = Math.max(places[at] ?? 0, before + room.apart);
  });
  let after = room.most + room.apart;
  for (const at of [...order].reverse()) {
    if ((places[at] ?? 0) <= after - room.apart) break;
    places[at] = after - room.apart;
    after = places[at] ?? 0;
  }
  const first = places[order[0] ?? 0] ?? room.least;
  return first < room.least ? places.map((_, i) => room.least + order.indexOf(i) * room.apart) : places;
}
