// SPDX-License-Identifier: Apache-2.0
// The pages as the service gives them, of an outbreak that it analysed itself; the tiles of the raster are made by a relay in between, so that the
// browser alone is measured (bench/service measures the service's own).
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepare, start } from "../tests/ui/service.mjs";

const require = createRequire(new URL("../ui/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const INFECTIONS = 100000;
const PROBES = 10e6;
const ROUNDS = 3;
const ANALYSIS_MS = 300000;
const PASSWORD = "correct horse battery staple";

function random(seed) {
  return () => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32);
}

/** A tile of the raster with the share of PROBES that falls into it, spread at random. */
function tile(query) {
  const [w, h] = [Number(query.get("w")), Number(query.get("h"))];
  const [t0, t1, a0, a1] = ["t0", "t1", "a0", "a1"].map((name) => Number(query.get(name)));
  const out = Buffer.alloc(32 + w * h);
  out.writeUInt32LE(w, 0); out.writeUInt32LE(h, 4); out.writeDoubleLE(t0, 8); out.writeDoubleLE(t1, 16); out.writeUInt32LE(a0, 24); out.writeUInt32LE(a1, 28);
  const next = random(3);
  const count = Math.min(PROBES, 20 * w * h) * Math.min(1, (a1 - a0) / 2 ** 32);
  for (let i = 0; i < count; i++) {
    const at = 32 + Math.floor(next() * w * h);
    out[at] = Math.min(127, (out[at] & 127) + 1) | (i % 400 ? out[at] & 128 : 128);
  }
  return out;
}

/** The contact lines of an outbreak of as many hosts, as a file. */
function lines(folder) {
  const path = join(folder, "large.jsonl");
  const file = openSync(path, "w");
  execFileSync(fileURLToPath(new URL("large_outbreak", import.meta.url)), [String(INFECTIONS)], { stdio: ["ignore", file, "inherit"] });
  closeSync(file);
  return path;
}

/** Hands everything on to the service, but for the tiles of the raster. */
function relay(base) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, base);
    const send = (type, body) => response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" }).end(body);
    if (url.pathname.endsWith("/raster")) return send("application/octet-stream", tile(url.searchParams));
    const headers = { ...request.headers, host: new URL(base).host };
    for (const name of ["origin", "referer"]) if (headers[name]) headers[name] = headers[name].replace(/^http:\/\/[^/]+/, base);
    return request.pipe(ask(url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    }));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve({ base: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() })));
}

async function analysed(page, capture) {
  await page.setInputFiles("input[type=file]", capture);
  await page.getByRole("button", { name: "Analyse 1 file" }).first().click();
  await page.getByRole("link", { name: "Open the analysis" }).waitFor({ timeout: ANALYSIS_MS });
}

/** Seconds from the click on an outbreak until its tree is drawn with all infections, and until their data were there, by the browser's own clock. */
async function drawn(page) {
  await page.goto("/");
  await page.getByRole("link", { name: "Open this outbreak" }).waitFor();
  return page.evaluate(() => new Promise((resolve) => {
    const start = performance.now();
    const look = () => {
      const done = /100,000 of 100,000/.test(document.body.textContent) && document.querySelector(".rows canvas")?.width > 300;
      if (done) requestAnimationFrame(() => requestAnimationFrame(() => {
        const data = performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/infections")).pop();
        resolve({ drawn: (performance.now() - start) / 1000, there: (data.responseEnd - start) / 1000 });
      }));
      else setTimeout(look, 4);
    };
    [...document.querySelectorAll("a.button")].find((a) => a.textContent === "Open this outbreak").click();
    look();
  }));
}

const pace = (times) => {
  const gaps = times.slice(1).map((t, i) => t - times[i]).sort((a, b) => a - b);
  return { mean: ((times.length - 1) * 1000) / (times[times.length - 1] - times[0]), worst: 1000 / gaps[Math.floor(gaps.length * 0.95)] };
};

/** When each frame of the next three seconds was drawn, by the browser's own clock. */
const frames = (page) => page.evaluate(() => new Promise((resolve) => {
  const times = [];
  const step = (at) => { times.push(at); if (at - times[0] < 3000) requestAnimationFrame(step); else resolve(times); };
  requestAnimationFrame(step);
}));

/** Frames per second while the infection tree is played at four times the pace. */
async function replayed(page) {
  await page.evaluate(() => document.getElementById("tree").scrollIntoView());
  await page.getByRole("button", { name: "4 times as fast" }).click();
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.waitForTimeout(500);
  const times = await frames(page);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  return pace(times);
}

/** Frames per second while the raster is dragged to and fro for three seconds. */
async function panned(page) {
  const raster = page.locator(".raster canvas");
  await raster.scrollIntoViewIfNeeded();
  await page.waitForTimeout(1500);
  await page.keyboard.press("Tab");
  await page.locator(".raster").press("+");
  await page.waitForTimeout(1500);
  const box = await raster.boundingBox();
  const drawn = frames(page);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  const start = Date.now();
  for (let i = 0; Date.now() - start < 3100; i++) await page.mouse.move(box.x + box.width / 2 + 200 * Math.sin(i / 9), box.y + box.height / 2 + 100 * Math.cos(i / 7));
  await page.mouse.up();
  return pace(await drawn);
}

const place = prepare();
const service = await start(place.folder);
const between = await relay(service.base);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ baseURL: between.base, viewport: { width: 1280, height: 900 }, locale: "en-US" });
await page.goto(service.invitation);
await page.fill("input[name=password]", PASSWORD);
await page.fill("input[name=again]", PASSWORD);
await page.click("button.main");
await page.getByText("Nothing has been analysed yet.").first().waitFor();
await page.goto("/upload");
await analysed(page, lines(place.folder));
const seconds = [];
for (let i = 0; i < ROUNDS; i++) seconds.push(await drawn(page));
seconds.sort((a, b) => a.drawn - b.drawn);
const replay = await replayed(page);
const pan = await panned(page);
const row = (name, value, goal, met) => console.log(`${name.padEnd(66)} ${value.padStart(10)}   goal ${goal.padStart(8)}   ${met ? "met" : "MISSED"}`);
row(`pages: ${INFECTIONS.toLocaleString("en-US")} infections, click to drawn, median of ${ROUNDS}`, `${seconds[1].drawn.toFixed(2)} s`, "1 s", seconds[1].drawn <= 1);
row("pages: of these, from the data to drawn", `${(seconds[1].drawn - seconds[1].there).toFixed(2)} s`, "1 s", seconds[1].drawn - seconds[1].there <= 1);
row(`pages: replay of ${INFECTIONS.toLocaleString("en-US")} infections at 4x, mean`, `${replay.mean.toFixed(0)} fps`, "30 fps", replay.mean >= 30);
row("pages: the same, 95 % of the frames at least", `${replay.worst.toFixed(0)} fps`, "30 fps", replay.worst >= 30);
row("pages: raster of 10 million probes dragged, mean", `${pan.mean.toFixed(0)} fps`, "30 fps", pan.mean >= 30);
row("pages: the same, 95 % of the frames at least", `${pan.worst.toFixed(0)} fps`, "30 fps", pan.worst >= 30);
await browser.close();
between.stop();
await service.stop();
place.clean();
process.exit(0);
