// SPDX-License-Identifier: Apache-2.0
// The raster of a search through IPv6 and of one through the ports of a host: axis, table, keyboard, in both languages.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, test } from "./tap.mjs";

const SIX = "2001:db8:9::5", PORTS = "10.0.0.9", VICTIM = "10.0.0.77";

/** Two sources as a log: 256 hosts of each of three /64 networks in order; ports 1 to 1,000 of one host, every seventh first. */
function log() {
  const contacts = [];
  for (const [k, net] of [3, 1, 2].entries())
    for (let i = 0; i < 256; i++) contacts.push([k * 130 + i * 0.5, SIX, `2001:db8:9:${net}::${(i + 1).toString(16)}`, 445, i % 40 === 0 ? "SF" : "S0"]);
  for (let i = 0; i < 1000; i++) contacts.push([50 + i * 0.1, PORTS, VICTIM, 1 + ((i * 7) % 1000), i % 200 === 3 ? "SF" : "REJ"]);
  return contacts.sort((a, b) => a[0] - b[0]).map(([t, from, to, port, state], n) => JSON.stringify({
    ts: 1500000000 + t, uid: `C${n}`, "id.orig_h": from, "id.orig_p": 40000 + (n % 20000), "id.resp_h": to, "id.resp_p": port, proto: "tcp", duration: 0.01, orig_bytes: 0, resp_bytes: 0,
    conn_state: state, history: state === "S0" ? "S" : "Sr", orig_pkts: 1, resp_pkts: state === "S0" ? 0 : 1 })).join("\n") + "\n";
}

/** How many points of the canvas have the colour of an answered probe. */
const ink = (page) => page.locator(".raster canvas").evaluate((canvas) => {
  const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), bottom = canvas.height - 40 * devicePixelRatio;
  let count = 0;
  for (let y = 0; y < bottom; y++)
    for (let x = 0; x < canvas.width; x++) {
      const at = (y * canvas.width + x) * 4;
      if (image.data[at + 3] > 200 && image.data[at] > 180 && image.data[at + 1] < 110) count++; // answered ones
    }
  return count;
});

export async function rasters({ page, open, settled, place, shots }) {
  const file = join(place.folder, "conn.log");
  writeFileSync(file, log());
  let path = "";

  await test("a search through IPv6 has a raster by the addresses that were tried, with its networks as a table", async () => {
    // The stream of events comes late, after the job has ended: what it did not tell is seen all the same.
    const late = async (route) => {
      await new Promise((done) => setTimeout(done, 4000));
      await route.continue().catch(() => {}); // the page was left before, which is no fault
    };
    await page.route("**/api/v1/events", late);
    await page.goto("/upload");
    await settled(page);
    await page.setInputFiles("input[type=file]", file);
    await page.getByText(/on the server/).first().waitFor();
    await page.getByRole("button", { name: "Analyse 1 file" }).first().click();
    await page.waitForURL(/\/jobs/);
    await page.locator("tr", { hasText: "conn.log" }).getByRole("link", { name: "Open the analysis" }).click();
    await page.unroute("**/api/v1/events");
    await page.waitForURL(/\/analyses\/\d+/);
    await settled(page);
    path = new URL(page.url()).pathname;
    const chosen = page.locator("label", { hasText: /^Scanner/ }).locator("select");
    await chosen.selectOption({ label: `${SIX} tcp/445` });
    await page.getByRole("button", { name: "Whole time" }).click();
    await page.getByText(/768 of the addresses that were tried/).waitFor();
    await page.getByText("768 probes in sight, 21 answered.").waitFor();
    await page.getByText("What is in sight as a table").click();
    const rows = await page.locator(`[data-name="raster-parts"] tbody tr`).allInnerTexts();
    assert(rows.length === 6 && /^2001:db8:9:1::\/120\s+255\s+7\s/.test(rows[0]), rows.join(" | "));
    const reach = await page.evaluate(async (url) => (await fetch(url)).json(), `/api/v1${path}/scanners/1/reach`);
    assert(Math.max(...reach.map((p) => p.distinct)) >= 768, `${JSON.stringify(reach.slice(-1))}`);
    assert((await ink(page)) > 40, `${await ink(page)} points of answered probes`);
  });

  await test("the table leads nearer by the keyboard, and every address is told at the end", async () => {
    const nearer = page.getByRole("button", { name: "Show 2001:db8:9:2::/120 only" });
    await nearer.focus();
    await page.keyboard.press("Enter");
    await page.getByText(/: 255 of the addresses that were tried/).waitFor();
    await page.getByText("255 probes in sight, 7 answered.").waitFor();
    for (let i = 0; i < 6; i++) await page.locator(".raster").press("+");
    await page.getByText(/^2001:db8:9:2::[0-9a-f]+ to 2001:db8:9:2::[0-9a-f]+: 16 of the addresses that were tried.* 0 probes in sight/).waitFor(); // nearer in time as well, where nothing was tried
    await page.getByRole("button", { name: "Whole time" }).click();
    await page.getByText("16 probes in sight").waitFor();
    const single = await page.locator(`[data-name="raster-parts"] tbody tr`).allInnerTexts();
    assert(single.length === 16 && single.every((row) => /^2001:db8:9:2::[0-9a-f]+\s+1\s/.test(row)), single.join(" | "));
    await page.locator(".raster").press("0");
    await page.getByText("768 probes in sight, 21 answered.").waitFor();
  });

  await test("a search through the ports of a host has a raster of ports, and is told by the host", async () => {
    await page.getByRole("cell", { name: `many ports of ${VICTIM}` }).waitFor();
    await page.locator("label", { hasText: /^Scanner/ }).locator("select").selectOption({ label: `${PORTS} many ports of ${VICTIM}` });
    await page.getByText(/^Ports 0 to 1023\./).waitFor();
    await page.getByRole("button", { name: "all ports" }).click();
    await page.getByText(/^Ports 0 to 65535\./).waitFor();
    await page.getByRole("button", { name: "Whole time" }).click();
    await page.getByText("1,000 probes in sight, 5 answered.").waitFor();
    await page.getByText("Scan raster: which port was tried when").waitFor();
    await page.getByRole("button", { name: "ports 0 to 1,023" }).click();
    await page.getByText(/^Ports 0 to 1023\./).waitFor();
    await page.getByText("What is in sight as a table").click();
    await page.locator(`[data-name="raster-parts"] tbody tr`).nth(15).waitFor();
    const rows = await page.locator(`[data-name="raster-parts"] tbody tr`).allInnerTexts();
    assert(rows.length === 16 && /^64 to 127\s+64\s/.test(rows[1]), rows.join(" | "));
    assert((await page.locator(`[data-name="raster-probes"]`).getByText("tcp/0").count()) === 0, "a port 0");
  });

  if (shots)
    for (const [lang, theme, width] of [["en", "light", 1280], ["ja", "light", 1280], ["en", "dark", 1280], ["ja", "dark", 390]]) {
      const eye = await open({ colorScheme: theme, viewport: { width, height: 844 }, storageState: await page.context().storageState() });
      await eye.addInitScript((l) => localStorage.setItem("ekigaku.language", l), lang);
      for (const number of [0, 1]) {
        await eye.goto(path);
        await settled(eye);
        await eye.locator("label.onscreen select").selectOption({ index: number });
        await eye.locator("summary").filter({ hasText: /What is in sight|表示範囲/ }).click();
        await eye.waitForTimeout(900);
        await eye.screenshot({ path: join(shots, `_raster_${number}-${lang}-${theme}-${width}.png`), fullPage: true });
      }
      await eye.context().close();
    }
  return path;
}
