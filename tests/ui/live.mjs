// SPDX-License-Identifier: Apache-2.0
// The live page while a capture grows: how near a decision is, then who searches, then what spreads; with the keyboard alone, in
// Japanese, and after the watch has ended.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { start } from "./service.mjs";
import { assert, test } from "./tap.mjs";

const PASSWORD = "correct horse battery staple";
const PATIENCE_MS = 60000;
const HEAD = 24; // of a capture without packets

/** What a look shows of sources of which some are near a decision: sources of a real capture are decided within a few attempts. */
const undecided = (host, evidence, threshold) => ({
  host, proto: "tcp", port: 445, shape: "horizontal", verdict: "undecided", evidence, threshold, targets: 9, answered: 4, refused: 0, rate_per_s: 0.4, since_t: 0, strategies: [], signs: [],
});

async function violations(page, axe) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  await page.evaluate(axe);
  return page.evaluate(async () => (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })).violations
    .filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`));
}

export async function live({ open, settled, heading, place, axe, shots }) {
  const whole = readFileSync(place.capture), file = join(place.folder, "growing.pcap");
  writeFileSync(file, whole.subarray(0, HEAD));
  const service = await start(place.folder, "watched", ["--watch", file, "--watch-checkpoint", "1"]);
  const page = await open({ baseURL: service.base });
  const shown = (eye, rows) => eye.route("**/api/v1/live", async (route) => {
    const real = await (await route.fetch()).json();
    await route.fulfill({ json: { packets: 1200, contacts: 40, ...real, message: null, looked: real.looked ?? "2026-11-28T08:13:02Z", sources: rows, sources_total: rows.length } });
  });
  const looks = async (name, rows) => {
    for (const [lang, theme, width] of [["en", "light", 1280], ["ja", "light", 1280], ["en", "dark", 1280], ["ja", "dark", 390]]) {
      if (!shots) return;
      const eye = await open({ baseURL: service.base, colorScheme: theme, viewport: { width, height: 844 }, storageState: await page.context().storageState() });
      await eye.addInitScript((l) => localStorage.setItem("ekigaku.language", l), lang);
      if (rows) await shown(eye, rows);
      await eye.goto("/live");
      await settled(eye);
      await eye.waitForTimeout(400);
      await eye.screenshot({ path: join(shots, `_live_${name}-${lang}-${theme}-${width}.png`), fullPage: true });
      await eye.context().close();
    }
  };

  await test("the live page tells what is watched before anything was decided", async () => {
    await page.goto(service.invitation);
    await settled(page);
    await page.fill("input[name=password]", PASSWORD);
    await page.fill("input[name=again]", PASSWORD);
    await page.click("button.main");
    await page.waitForURL(`${service.base}/`);
    await page.goto("/live");
    await settled(page);
    await page.getByText(`Watched: ${file}`).waitFor();
  });

  await test("an undecided source has a bar that says how near the decision is", async () => {
    const rows = [undecided("192.168.20.7", 3, 12), undecided("192.168.20.8", 4.8, 6), { ...undecided("192.168.20.9", 1, null) }];
    await shown(page, rows);
    await page.goto("/live");
    await settled(page);
    const bars = page.getByRole("progressbar");
    assert((await bars.count()) === 2, `${await bars.count()} bars`); // where other things than evidence decide there is none
    const first = await bars.first().getAttribute("aria-label"), second = await bars.nth(1).getAttribute("aria-label");
    assert(first.startsWith("192.168.20.8: 80 %") && second.startsWith("192.168.20.7: 25 %"), `${first}; ${second}`);
    assert(/^Nobody searches for victims now; 3 sources/.test(await heading(page).innerText()), await heading(page).innerText());
    await page.getByText(/Look at 192\.168\.20\.8 on tcp\/445 before it is decided: 80 %/).waitFor();
    await page.getByText(/4\.80 \/ 6\.00; about 1 more failed attempt/).waitFor();
    await looks("near", rows);
    const found = await violations(page, axe);
    assert(found.length === 0, found.join("\n"));
  });

  await test("it renews itself: who searches, what spreads, and what was kept", async () => {
    await page.unrouteAll({ behavior: "wait" }); // an answer that is still being made is waited for
    appendFileSync(file, whole.subarray(HEAD));
    await page.waitForFunction(() => /^Spreading now/.test(document.querySelector("h1")?.textContent ?? ""), null, { timeout: PATIENCE_MS });
    await page.getByRole("link", { name: /Open what was found so far/ }).waitFor();
    assert(await page.getByText(/was infected by/).count() > 0, "no news of an infection");
    assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "wider than the page");
    const found = await violations(page, axe);
    assert(found.length === 0, found.join("\n"));
    await looks("spreading");
  });

  await test("with the keyboard alone one comes from the live page to the analysis that is kept", async () => {
    await page.goto("/live");
    await settled(page);
    const link = page.getByRole("link", { name: /Open what was found so far/ });
    for (let i = 0; i < 60 && !(await link.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/analyses\/\d+/);
    await settled(page);
    await page.goto("/");
    await settled(page);
    await page.getByRole("link", { name: "Open this outbreak" }).waitFor();
  });

  await test("each state says what to do: nothing seen yet, stopped, a search from outside, an infection", async () => {
    const says = async (live, wanted) => {
      await page.route("**/api/v1/live", async (route) => route.fulfill({ json: { inputs: ["eth0"], message: null, analysis: null, sources: [], sources_total: 0, news: [], packets: 9, contacts: 1, infected: 0, ...live } }));
      await page.goto("/live");
      await settled(page);
      for (const text of wanted) await page.getByText(text).first().waitFor();
      await page.unrouteAll({ behavior: "wait" });
    };
    const looked = "2026-11-28T08:13:02Z";
    const source = (host, more) => ({ ...undecided(host, 12, 9), verdict: "scanner", ...more });
    await says({ running: true, looked: null }, ["The watch has seen nothing yet.", /See whether anything arrives/]);
    await says({ running: false, looked: null, message: "eth0: no such device" }, ["The watch stands still.", "eth0: no such device", /Put right what the message says/]);
    await says({ running: true, looked }, [/^Nobody searches for victims now/, /^Nothing: this page renews itself/, /four at least/]);
    await says({ running: true, looked, sources: [source("198.51.100.7"), source("10.0.0.9", { shape: "vertical", victim: "10.0.0.77", port: 0 })], sources_total: 2 },
      [/^Block 198\.51\.100\.7 at the border/, /^Ask who looks after 10\.0\.0\.9/, "many ports of 10.0.0.77"]);
    const news = [{ at: looked, text: "", type: "infection", proto: "tcp", port: 445, host: "10.0.0.30", parent: "10.0.0.9", parent_posterior: 0.99 }];
    await says({ running: false, looked, infected: 2, sources: [source("10.0.0.9")], sources_total: 1, news },
      [/^The watch stands still\. What it saw last: Spreading now/, /^Start the watch again/, /^Isolate 10\.0\.0\.9, but leave it/, /^Block tcp\/445 between networks/, /^Infected too, though they do not search yet: 10\.0\.0\.30/]);
  });

  await test("in Japanese all of the live page is Japanese", async () => {
    const eye = await open({ baseURL: service.base, storageState: await page.context().storageState() });
    await eye.addInitScript(() => localStorage.setItem("ekigaku.language", "ja"));
    await eye.goto("/live");
    await settled(eye);
    const words = await eye.locator("main").innerText();
    assert(/^感染拡大中/.test(await heading(eye).innerText()), await heading(eye).innerText());
    const english = words.split("\n").filter((line) => /\b(infected|searches|evidence|source|host|news)\b/i.test(line));
    assert(english.length === 0, english.slice(0, 5).join("\n"));
    await eye.context().close();
  });

  await page.context().close();
  await test("the service with its watch stops when it is asked to", async () => assert((await service.stop()) === 0, "its status"));
}
