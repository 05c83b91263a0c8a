// SPDX-License-Identifier: Apache-2.0
// What the pages compute, without a browser: orders, groups, bars, words of times, routes of the pages.
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { assert, plan, test } from "./tap.mjs";

const ui = fileURLToPath(new URL("../../ui/", import.meta.url));
const require = createRequire(join(ui, "node_modules/vite/package.json"));
const esbuild = require("esbuild");
const folder = mkdtempSync(join(tmpdir(), "ekigaku-logic-"));

/** One source file with what it needs, as a module of node. */
async function load(path) {
  const outfile = join(folder, path.replace(/\W/g, "_") + ".mjs");
  await esbuild.build({ entryPoints: [join(ui, "src", path)], outfile, bundle: true, format: "esm", platform: "neutral", mainFields: ["module", "main"], jsx: "automatic", jsxImportSource: "preact",
    loader: { ".css": "empty" }, external: ["virtual:japanese"], logLevel: "error" });
  return import(pathToFileURL(outfile));
}

const same = (found, wanted) => assert(JSON.stringify(found) === JSON.stringify(wanted), `${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
const columns = (parents, hosts) => ({
  host: hosts ?? parents.map((_, i) => `10.0.${Math.floor(i / 200)}.${(i % 200) + 1}`), t: parents.map((_, i) => i * 10), parent: parents,
  posterior: parents.map(() => 0.9), evidence: parents.map(() => "scan"), generation: parents.map(() => 0),
});

const infections = await load("charts/infections.ts");

await test("marks of a time axis differ however near they stand, and the sources that infect most come first", async () => {
  const { tickLines } = await load("charts/paint.ts");
  const origin = Date.UTC(2017, 4, 12, 7, 44);
  same(tickLines(origin, 7462.5), ["09:48:22.500Z", "+2:04:22.5"]);
  same(tickLines(origin, 7462), ["09:48:22Z", "+2:04:22"]);
  same(tickLines(origin, 7440), ["09:48:00Z", "+2 h 4 min"]);
  same(tickLines(origin, 90005)[1], "+1 d 1:00:05");
  same(tickLines(origin, 330), ["07:49:30Z", "+5:30"]);
  same(tickLines(NaN, 40), ["", "+40 s"]);
  const read = infections.readInfections(columns([-1, 0, 1, 1, 2, 2, 1]));
  same(infections.byChildren(read, 3).map((host) => read.host.indexOf(host)), [1, 2, 0]);
});

await test("parents stand above their children, earlier children first", () => {
  const read = infections.readInfections(columns([-1, 0, 1, 0, 1]));
  const layout = infections.layHosts(read, "tree", [], false);
  same(layout.rows.map((row) => row.members[0]), [0, 1, 2, 4, 3]);
  same([...layout.rowOf], [0, 1, 2, 4, 3]);
  same([...read.children], [2, 2, 0, 0, 0]);
});

await test("a chain of 100,000 infections is laid out too", () => {
  const read = infections.readInfections(columns(Array.from({ length: 100000 }, (_, i) => i - 1)));
  same(infections.layHosts(read, "tree", [], false).rows.length, 100000);
});

await test("a parent that is no index counts as from outside", () => same([...infections.readInfections(columns([-1, 99, -7])).parent], [-1, -1, -1]));

await test("networks come in order of their first infection, an opened one shows its hosts", () => {
  const read = infections.readInfections(columns([-1, 0, 0, 1], ["10.0.2.1", "10.0.1.1", "10.0.2.9", "2001:db8::1"]));
  const groups = infections.groupByNetwork(read);
  same([...groups.keys()], ["10.0.2.0/24", "10.0.1.0/24", "2001:db8::/64"]);
  const layout = infections.layNetworks(read, groups, "tree", new Set(["10.0.2.0/24"]));
  same(layout.rows.map((row) => row.label), ["10.0.2.0/24", "10.0.2.1", "10.0.2.9", "10.0.1.0/24", "2001:db8::/64"]);
  same([...layout.rowOf], [1, 3, 2, 4]);
});

await test("attacked hosts come last, those that fell keep their attempts", () => {
  const read = infections.readInfections(columns([-1, 0]));
  const attempt = (target) => ({ source: "10.0.0.1", target, attempts: 2, first_t: 1, last_t: 2, what: "check" });
  const rows = infections.layHosts(read, "time", [attempt("10.0.0.2"), attempt("10.0.0.77")], true).rows;
  same(rows.map((row) => [row.label, row.kind, row.attempts.length]), [["10.0.0.1", "host", 0], ["10.0.0.2", "host", 1], ["10.0.0.77", "attacked", 1]]);
});

await test("as many have fallen as have times up to now", () => {
  const read = infections.readInfections(columns([-1, 0, 0]));
  same([-1, 0, 9.9, 10, 25].map((now) => infections.fallenBy(read, now)), [0, 1, 1, 2, 3]);
});

await test("the bars of the curve add up to all infections", async () => {
  const { makeBars, barWidth } = await load("charts/curve.tsx");
  const curve = Array.from({ length: 124 }, (_, i) => ({ t: i * i / 9, infected: i + 1 }));
  const bars = makeBars(curve, barWidth(1800));
  same([barWidth(1800), bars.reduce((sum, bar) => sum + bar.fresh, 0), bars[bars.length - 1].total], [60, 124, 124]);
  same([barWidth(60), barWidth(250), barWidth(86400 * 30)], [1, 10, 21600]);
});

await test("times, shares and addresses in words", async () => {
  const f = await load("format.ts");
  same([0.25, 9.5, 51, 90.7, 3600, 90000].map(f.duration), ["250 ms", "9.5 s", "51 s", "1 min 31 s", "1 h", "1 d 1 h"]);
  same([1, 0.995, 0.5, 0.001, null].map(f.certainty), [">99 %", ">99 %", "50 %", "<1 %", "–"]);
  same(f.bothTimes(Date.parse("2017-05-12T08:06:10.3Z"), 411.7), "08:13:02Z, +411.7 s");
  same([f.relative(-3), f.relative(12345.6), f.bothTimes(NaN, 2)], ["−3.0 s", "+12,345.6 s", "+2.0 s"]);
  same([f.milliseconds(1494575040000000), f.milliseconds("2017-05-12T07:44:00Z")], [1494575040000, 1494575040000]);
  same(["10.0.0.10", "10.0.0.9", "9.1.1.1"].sort(f.compareText), ["9.1.1.1", "10.0.0.9", "10.0.0.10"]);
  same([f.near("10.0.0.7", "10.0.0.9"), f.near("10.0.1.7", "10.0.0.9"), f.addressText(f.addressNumber("203.0.113.9"))], [".7", "10.0.1.7", "203.0.113.9"]);
  same(["10.1.2.3", "172.31.0.1", "172.32.0.1", "192.168.1.1", "192.169.1.1", "100.64.0.1", "8.8.8.8", "fd00::1", "fe80::1", "2001:db8::1"].map(f.isOwn),
    [true, true, false, true, false, true, false, true, true, false]);
  same([f.bytes(0), f.bytes(1536), f.bytes(10e9)], ["0 B", "1.5 KiB", "9.3 GiB"]);
});

rmSync(folder, { recursive: true, force: true });
const { spread } = await load("charts/spread.ts");
const room = { least: 10, most: 100, apart: 14 };

await test("labels that stand apart stay where they are", () => same(spread([20, 80, 50], room), [20, 80, 50]));

await test("labels keep their order, their distance and the room, wherever they want to be", () => {
  for (const wanted of [[50, 50, 50], [99, 100, 98, 97], [-40, -30, 5], [200, 300], [10, 12, 60, 61, 99, 100], [30, 40, 50, 60, 70, 80]]) {
    const places = spread(wanted, room);
    const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
    for (let k = 0; k < order.length; k++) {
      const place = places[order[k]];
      assert(place >= room.least && place <= room.most, `${wanted}: ${places}`);
      assert(!k || place - places[order[k - 1]] >= room.apart - 1e-9, `${wanted}: ${places}`);
    }
  }
});

process.exitCode = plan();
