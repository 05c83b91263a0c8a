// SPDX-License-Identifier: Apache-2.0
// A person's way through the pages: the one-time link, a capture, its job, the outbreak, a replay, an edge's packets, Japanese,
// print; then every page is looked at by axe, at phone width, and with the keyboard alone.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { casefile } from "./casefile.mjs";
import { find } from "./find.mjs";
import { jumps } from "./jumps.mjs";
import { keys } from "./keys.mjs";
import { live } from "./live.mjs";
import { markup } from "./markup.mjs";
import { rasters } from "./rasters.mjs";
import { prepare, start } from "./service.mjs";
import { assert, plan, test } from "./tap.mjs";
import { uploads } from "./uploads.mjs";
import { urgent } from "./urgent.mjs";

const require = createRequire(new URL("../../ui/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const shots = process.argv[2] === "--shots" ? process.argv[3] : null;
const PASSWORD = "correct horse battery staple";
const WAIT_MS = 15000;

const place = prepare();
const service = await start(place.folder);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const complaints = [];

async function open(options = {}) {
  const context = await browser.newContext({ baseURL: service.base, viewport: { width: 1280, height: 800 }, locale: "en-US", permissions: ["clipboard-read", "clipboard-write"], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.on("pageerror", (wrong) => complaints.push(`${page.url()}: ${wrong.message}`));
  page.on("console", (said) => {
    // A refused request is said too (400 of a search that is too long, 401 before the sign-in, 404 of what does not exist): those the pages themselves show.
    if (said.type() === "error" && !/status of (400|401|404)/.test(said.text())) complaints.push(`${page.url()}: ${said.text()}`);
  });
  return page;
}

const heading = (page) => page.locator("h1").first();
const settled = async (page) => {
  await heading(page).waitFor();
  await page.waitForFunction(() => ![...document.querySelectorAll("[role=status]")].some((e) => /Reading|読み込んで/.test(e.textContent ?? "")));
};
const visit = async (page, path) => {
  await page.goto(path);
  await settled(page);
};

const page = await open();
let outbreakUrl = "";

await test("the one-time link sets a password and signs in", async () => {
  await visit(page, service.invitation);
  await page.fill("input[name=password]", PASSWORD);
  await page.fill("input[name=again]", PASSWORD);
  await page.click("button.main");
  await page.waitForURL(`${service.base}/`);
  await page.getByText("Nothing has been analysed yet.").first().waitFor();
});

await test("signs out, and in again with the password only", async () => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/sign-in/);
  await page.fill("input[name=name]", "admin");
  await page.fill("input[name=password]", "not the password");
  await page.click("main button.main");
  await page.getByText("Name and password do not fit together.").waitFor();
  await page.fill("input[name=password]", PASSWORD);
  await page.click("main button.main");
  await page.getByText("Nothing has been analysed yet.").first().waitFor();
});

await test("uploads a capture, watches its job, opens the outbreak it found", async () => {
  await visit(page, "/upload");
  await page.setInputFiles("input[type=file]", place.capture);
  await page.getByText(/on the server/).waitFor();
  await page.getByRole("button", { name: "Analyse 1 file" }).first().click();
  await page.waitForURL(/\/jobs/);
  await page.getByRole("link", { name: "Open the analysis" }).waitFor();
  await page.goto("/");
  await page.getByRole("link", { name: "Open this outbreak" }).click();
  await page.waitForURL(/\/outbreaks\/\d+/);
  await settled(page);
  outbreakUrl = new URL(page.url()).pathname;
  const words = await heading(page).innerText();
  assert(/Spreading\. 7 of 86 hosts infected/.test(words), `the first line says: ${words}`);
});

await test("the infections are in the table beside the tree, each with its parent and packets", async () => {
  const rows = page.locator(`[data-name^="infections-"] tbody tr`);
  await rows.first().waitFor();
  assert((await rows.count()) === 7, `${await rows.count()} rows`);
  const second = await rows.nth(1).innerText();
  assert(second.includes("192.168.20.161") && />99 %/.test(second), second);
});

await test("replays at four times the pace, hosts fall as it goes", async () => {
  const scrub = page.getByRole("slider", { name: "Moment of the replay" });
  const end = Number(await scrub.inputValue());
  await page.getByRole("button", { name: "4 times as fast" }).click();
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.waitForTimeout(300);
  const [from, at] = [Number(await scrub.inputValue()), Date.now()];
  await page.waitForTimeout(2500);
  const [to, then] = [Number(await scrub.inputValue()), Date.now()];
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const pace = (to - from) / ((then - at) / 1000);
  assert(from < end - 60, "the replay begins again from the start");
  assert(pace > 2.5 && pace < 5.5, `pace ${pace.toFixed(2)} instead of 4`);
  await scrub.evaluate((e) => { e.value = "200"; e.dispatchEvent(new Event("input", { bubbles: true })); });
  const fallen = await page.getByText(/\d of 7 infected/).innerText();
  assert(/^4 of 7/.test(fallen), `at 200 s: ${fallen}`);
  // The line of the replay stands in both curves at that moment.
  const lines = await page.locator(".moment").evaluateAll((all) => all.map((e) => ({ hidden: e.hidden, share: (e.getBoundingClientRect().left - e.parentElement.querySelector(".u-over").getBoundingClientRect().left) / e.parentElement.querySelector(".u-over").clientWidth })));
  const [t0, t1] = [Number(await scrub.getAttribute("min")), Number(await scrub.getAttribute("max"))];
  assert(lines.slice(0, 2).every((line) => !line.hidden && Math.abs(line.share - (200 - t0) / (t1 - t0)) < 0.01), JSON.stringify(lines));
});

await test("an infection's host page has the sequence on the wire with packet numbers", async () => {
  await page.locator(`[data-name^="infections-"] tbody tr`).nth(1).getByRole("link").first().click();
  await page.waitForURL(/\/hosts\//);
  await settled(page);
  const wire = page.locator(`[data-name^="wire-"] tbody tr`);
  await wire.first().waitFor();
  assert((await wire.count()) >= 3, `${await wire.count()} steps`);
  const packets = await wire.locator("td.figure").allInnerTexts();
  // The number of a reply's packet is not kept: a dash stands for it.
  const answers = await wire.filter({ hasText: "reply" }).count();
  assert(packets.filter((text) => !/^\d/.test(text)).length === answers && packets.length > 2 * answers, packets.join());
});

await test("speaks Japanese", async () => {
  await visit(page, outbreakUrl);
  await page.getByRole("button", { name: "日本語" }).click();
  await page.getByText("今すべきこと").waitFor();
  await page.waitForFunction(() => /広がっています/.test(document.querySelector("h1")?.textContent ?? ""));
  assert((await page.locator("html").getAttribute("lang")) === "ja", "lang of the document");
  await page.reload();
  await page.getByText("感染経路").first().waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByText("What to do now").waitFor();
});

await test("in Japanese the signs of a host and the names of tables are Japanese as well", async () => {
  await visit(page, `${outbreakUrl}/hosts/192.168.20.30`);
  const asked = page.getByRole("cell", { name: /^asked 1 time for \S+\.com$/ });
  await asked.first().waitFor(); // one thing is said as one
  await page.getByRole("button", { name: "日本語" }).click();
  const table = page.getByRole("table", { name: "兆候とそのパケット" });
  await table.getByRole("cell", { name: /を1回照会$/ }).first().waitFor();
  const left = (await table.locator("tbody td").allInnerTexts()).filter((text) => / (answers|asked|uploads|continued|carries) /.test(text));
  assert(!left.length, left.join("\n"));
  await page.getByRole("button", { name: "English" }).click();
  await page.getByText("What to do now").waitFor();
});

await test("prints to a document", async () => {
  await visit(page, outbreakUrl);
  await page.waitForTimeout(500);
  const pdf = await page.pdf({ format: "A4", printBackground: true });
  assert(pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 30000, `${pdf.length} bytes`);
  const paper = await open({ colorScheme: "dark", viewport: { width: 760, height: 1000 }, storageState: await page.context().storageState() });
  await visit(paper, outbreakUrl);
  await paper.waitForTimeout(500);
  await paper.emulateMedia({ media: "print" });
  const { ground, over } = await paper.evaluate(() => ({ ground: getComputedStyle(document.body).backgroundColor, over: document.documentElement.scrollWidth - innerWidth }));
  assert(ground === "rgb(255, 255, 255)", `paper is ${ground}`);
  assert(over <= 0, `${over} pixels wider than the paper`);
  await paper.context().close();
});

await test("exports and copies the tables", async () => {
  await visit(page, outbreakUrl);
  const table = page.locator(`[data-name^="infections-"]`).locator("xpath=..");
  await table.getByRole("button", { name: "Copy" }).first().click();
  await page.getByText("7 rows copied.").waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert(text.split("\n").length === 9 && text.includes("\t"), text.slice(0, 200));
});

await test("the charts are taken along as SVG and as PNG", async () => {
  await visit(page, outbreakUrl);
  const take = async (control) => {
    const [file] = await Promise.all([page.waitForEvent("download"), control.click()]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const svg = await take(page.getByRole("link", { name: "SVG", exact: true }));
  assert(/^outbreak-\d+\.svg$/.test(svg.name) && svg.bytes.includes("</svg>"), svg.name);
  const [, width, height] = svg.bytes.toString().match(/width="(\d+)" height="([\d.]+)"/).map(Number);
  const png = await take(page.getByRole("link", { name: "PNG", exact: true }));
  assert(/^outbreak-\d+\.png$/.test(png.name) && png.bytes.subarray(1, 4).toString() === "PNG", png.name);
  assert(png.bytes.readUInt32BE(16) === 2 * width && Math.abs(png.bytes.readUInt32BE(20) - 2 * height) <= 2,
    `${png.bytes.readUInt32BE(16)} x ${png.bytes.readUInt32BE(20)} of ${width} x ${height}`);
  // Something is drawn: the red of an infected host is in it.
  const red = await page.evaluate(async (data) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height), brush = canvas.getContext("2d");
    brush.drawImage(image, 0, 0);
    const at = brush.getImageData(0, 0, image.width, image.height).data;
    let count = 0;
    for (let i = 0; i < at.length; i += 4) if (at[i] === 0xc8 && at[i + 1] === 0x46 && at[i + 2] === 0x0a) count++;
    return count;
  }, png.bytes.toString("base64"));
  assert(red > 500, `${red} red points`);
});

await test("the keyboard reaches and works the infection tree", async () => {
  await visit(page, outbreakUrl);
  const tree = page.locator(".rows").first();
  await tree.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.getByText(/192\.168\.20\.\d+: .*infected by/).first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/hosts\//);
});

await test("every control can be reached by the keyboard and shows that it is", async () => {
  await visit(page, "/upload");
  await page.keyboard.press("Tab");
  const seen = new Set();
  for (let i = 0; i < 40; i++) {
    const state = await page.evaluate(() => {
      const e = document.activeElement;
      const style = getComputedStyle(e);
      return { name: e.outerHTML.slice(0, 90), shown: e === document.body || style.outlineStyle !== "none" || e.classList.contains("skip") };
    });
    assert(state.shown, `no visible focus: ${state.name}`);
    seen.add(state.name);
    await page.keyboard.press("Tab");
  }
  assert(seen.size > 10, `${seen.size} controls`);
});

await test("100,000 infections are grouped by network, and the table holds only the rows in sight", async () => {
  const count = 100000;
  const all = (make) => Array.from({ length: count }, (_, i) => make(i));
  const body = JSON.stringify({ count, host: all((i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`), t: all((i) => i / 50), parent: all((i) => i - 1), posterior: all(() => 0.9),
    error_s: all(() => 0.1), evidence: all(() => "scan"), generation: all((i) => i) });
  await page.route("**/infections?columns=1", (route) => route.fulfill({ contentType: "application/json", body }));
  await visit(page, outbreakUrl);
  await page.getByText("100,000 of 100,000 infected").waitFor();
  await page.getByText("The infections as a table").click();
  const table = page.locator(`[data-name^="infections-"]`);
  assert((await table.locator("table").getAttribute("aria-rowcount")) === "100001", "the count of rows for a screen reader");
  assert((await table.locator("tbody tr").count()) < 120, `${await table.locator("tbody tr").count()} rows in the document`);
  await table.evaluate((e) => { e.scrollTop = e.scrollHeight; });
  await table.getByText("10.1.134.159", { exact: true }).first().waitFor();
  const tree = page.locator(".rows").first();
  await tree.focus();
  await page.keyboard.press("ArrowDown");
  await page.getByText(/10\.0\.0\.0\/24: 256 infected hosts/).waitFor();
  await page.unroute("**/infections?columns=1");
});

await test("1,000 outbreaks are a list that scrolls", async () => {
  await page.route("**/api/v1/outbreaks?*", async (route) => {
    const answer = await (await route.fetch()).json();
    const items = Array.from({ length: 1000 }, (_, i) => ({ ...answer.items[0], id: i + 1, title: `outbreak ${i + 1}` }));
    await route.fulfill({ json: { items, next: null, total: 1000 } });
  });
  await visit(page, "/");
  await page.getByText("1,000 outbreaks").waitFor();
  assert((await page.locator("tbody tr").count()) < 120, "rows in the document");
  await page.locator(".sheet.long").evaluate((e) => { e.scrollTop = e.scrollHeight; });
  await page.getByRole("link", { name: "outbreak 1000" }).waitFor();
  await page.unroute("**/api/v1/outbreaks?*");
});

await test("a scenario is changed in the form, run, and its result told in words", async () => {
  await visit(page, "/simulate?scenario=lecture-6pc");
  await page.getByLabel("Success of an attempt, 0 to 1").fill("0.9");
  await page.getByLabel("Success of an attempt, 0 to 1").blur();
  await page.getByRole("tab", { name: "YAML" }).click();
  assert(/success: 0\.9/.test(await page.getByLabel("Scenario as YAML").inputValue()), "the form writes into the YAML");
  await page.getByText("The scenario is valid.").waitFor();
  await page.getByLabel("Runs (else as the scenario says)").fill("20");
  await page.getByRole("button", { name: "Simulate", exact: true }).click();
  await page.waitForURL(/\/simulate\/\d+/);
  await settled(page);
  const words = await heading(page).innerText();
  assert(/In half of the runs 7 of 7 hosts fall/.test(words), words);
});

await test("a simulation has its curve as a table too, and two are compared: what the measures buy", async () => {
  await page.getByText("The curve as a table").click();
  const rows = await page.locator(`[data-name="simulated-curve"] tbody tr`).allInnerTexts();
  assert(rows.length > 30 && /\+0\.0 s\s+1\s+1\s+1$/.test(rows[0].trim()) && /\s7$/.test(rows[rows.length - 1].trim()), `${rows[0]} ... ${rows[rows.length - 1]}`);
  await visit(page, "/simulate?scenario=enterprise-notpetya");
  await page.getByLabel(/Also without its measures/).check();
  await page.getByLabel("Runs (else as the scenario says)").fill("20");
  await page.getByText("The scenario is valid.").waitFor();
  await page.getByRole("button", { name: "Simulate", exact: true }).click();
  await page.waitForURL(/compare=\d+%2C\d+|compare=\d+,\d+/);
  const table = page.locator(`[data-name="compared"]`);
  await table.locator("tbody tr").first().waitFor();
  const names = await page.locator(`section[aria-label="Two simulations compared"] p.mini`).allInnerTexts();
  assert(names.length === 2 && /^A .*, without measures$/.test(names[0]) && /^B /.test(names[1]) && !/without measures/.test(names[1]), names.join(" | "));
  const words = await page.locator(`section[aria-label="Two simulations compared"] h3`).innerText();
  assert(/fewer fall with|the same number/.test(words), words);
  await page.reload();
  await table.locator("tbody tr").first().waitFor();
});

await test("markup in a name is shown as text", async () => {
  const name = '<img src=x onerror="document.title=1">';
  await page.route("**/api/v1/outbreaks?*", async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, items: answer.items.map((row) => ({ ...row, title: name, text: name, patient_zero: name })) } });
  });
  await visit(page, "/");
  assert((await page.locator("main img").count()) === 0, "it became an element");
  assert((await heading(page).innerText()) === name, "it is not shown as it is");
  await page.unroute("**/api/v1/outbreaks?*");
});

await test("the directory says as one types whose an address is, and why", async () => {
  await visit(page, "/directory");
  await page.getByText("The directory is empty.").waitFor();
  place.directory();
  await visit(page, "/directory");
  await page.getByText(/^262 teams in the directory\./).waitFor();
  await page.getByRole("heading", { name: "To be put right" }).waitFor();
  const words = await heading(page).innerText();
  assert(/^262 teams in the directory\. \d+ cannot be reached\.$/.test(words), words);
  const box = page.getByRole("searchbox", { name: /Whose is it/ });
  await box.pressSequentially("192.168.20.130");
  await page.getByText(/Sample 002 .* answers for 192\.168\.20\.130\. The first contact is dead: reach \+81-3-0000-0000\./).waitFor();
  const proof = await page.locator(`[data-name="proof"] tbody tr`).allInnerTexts();
  assert(proof[0].includes("decides") && proof[0].includes("192.168.20.128/26"), proof.join("\n"));
  assert(page.url().endsWith("/directory?q=192.168.20.130"), page.url());
  await box.fill("Sample 003");
  await page.getByText("1 team is called like that").waitFor();
  await page.getByText("Half of the teams joined within").waitFor();
  assert((await page.locator(".map-team").count()) === 262, `${await page.locator(".map-team").count()} tiles`);
});

let other = null;
await test("a change of the directory is proposed by one and approved by another, then the answer is another", async () => {
  await visit(page, "/directory/sample-002");
  await page.getByText("Propose a change").click();
  await page.getByLabel("Record").selectOption("192.168.20.128/26");
  const line = page.getByLabel("As it should be");
  await line.fill((await line.inputValue()).replace("sample-002", "sample-003"));
  await page.getByLabel("Reason").fill("moved in October");
  await page.getByRole("button", { name: "Propose", exact: true }).click();
  await page.getByText("It waits for somebody else's approval.").waitFor();
  await visit(page, "/directory/changes");
  assert((await heading(page).innerText()) === "1 change waits for a decision.", await heading(page).innerText());
  assert(await page.getByRole("button", { name: "Approve" }).isDisabled(), "the one who asked may approve");
  await visit(page, "/accounts");
  await page.locator("form.fields input").first().fill("noether");
  await page.locator("form select").first().selectOption("coordinator");
  await page.getByRole("button", { name: "Make the account" }).click();
  const link = await page.locator("p[role=status] code").innerText();
  other = await open({ locale: "ja-JP" });
  await visit(other, new URL(link).pathname);
  await other.fill("input[name=password]", PASSWORD);
  await other.fill("input[name=again]", PASSWORD);
  await other.click("button.main");
  await other.waitForURL(`${service.base}/`);
  await visit(other, "/directory/changes");
  await other.getByText("moved in October").waitFor();
  await other.getByRole("button", { name: "承認" }).click();
  await other.getByText("承認待ちの提案はありません。").waitFor();
  await visit(other, "/directory?q=192.168.20.130");
  await other.getByText(/192\.168\.20\.130 の担当は 見本003.*連絡/).waitFor();
});

let answerUrl = "";
await test("an outbreak becomes a case that says who is affected", async () => {
  await page.evaluate(async (base) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    await fetch("/api/v1/relay", { method: "PUT", headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
      body: JSON.stringify({ url: "", sender_name: "Desk CSIRT", sender_mail: "csirt@desk.example", answer_url: base, mass: 2 }) });
  }, service.base);
  await visit(page, outbreakUrl);
  await page.getByRole("button", { name: "Open a case" }).click();
  await page.waitForURL(/\/cases\/\d+/);
  await page.getByText(/^Open\. 7 hosts, 7 still affected\. \d owners?\./).first().waitFor();
  const told = await page.locator(`[data-name="owners"] tbody tr`).allInnerTexts();
  assert(told.length >= 2 && told.every((row) => row.includes("not yet")), told.join("\n"));
});

await test("notices are previewed in both languages and released by two people", async () => {
  await page.getByRole("button", { name: "Make a notice for each owner" }).click();
  await page.getByText(/notices were made for \d+ hosts\./).waitFor();
  await page.locator(`[data-name="notices"] tbody tr`).first().waitFor(); // the words come before the table is loaded again
  const count = await page.locator(`[data-name="notices"] tbody tr`).count();
  await page.locator(`[data-name="notices"] tbody tr`).first().getByRole("button").click();
  const text = page.locator("pre.paper");
  await text.filter({ hasText: "What to do first" }).waitFor();
  answerUrl = /\/answer\/\S+/.exec(await text.innerText())[0];
  await page.getByRole("tab", { name: "日本語" }).click();
  await text.filter({ hasText: "御中" }).waitFor();
  await page.getByRole("button", { name: /^Release \d+ notices$/ }).click();
  await page.getByText(`0 released, ${count} wait for a second person.`).waitFor();
  await visit(other, new URL(page.url()).pathname);
  await other.getByRole("button", { name: `通知 ${count} 件を承認する` }).click();
  await other.getByText(`${count} 件を承認、0 件は 2 人目の承認待ちです。`).waitFor();
  await page.reload();
  await page.locator(`[data-name="notices"] tbody tr`).first().getByRole("button").click();
  await page.getByRole("button", { name: "Told by telephone" }).click();
  await page.getByText(/1 has not answered\. Next: passed on at/).waitFor();
});

await test("the recipient answers on a phone that it is not theirs; approved, the right owner is told in both languages", async () => {
  const casePath = new URL(page.url()).pathname;
  const phone = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "ja-JP" });
  await phone.goto(answerUrl);
  const over = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert(over <= 0, `the answer page is ${over} pixels too wide`);
  await phone.evaluate(axe);
  const bad = await phone.evaluate(async () => (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa"] })).violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id));
  assert(!bad.length, bad.join());
  if (shots) await phone.screenshot({ path: join(shots, "answer-ja-390.png"), fullPage: true });
  await phone.locator("input[name=state][value=disputed]").check();
  await phone.locator("[name=who]").fill("sample-004");
  await phone.locator("[name=text]").fill(`譲渡済み <img src=x onerror="hit=1">`);
  await phone.locator("button").first().click();
  await phone.context().close();
  await visit(other, "/directory/changes");
  await other.getByText(`譲渡済み <img src=x onerror="hit=1">`).first().waitFor();
  assert(await other.evaluate(() => !("hit" in window) && !document.querySelector("img[src=x]")), "what a stranger answers became markup");
  for (let left = await other.getByRole("button", { name: "承認" }).count(); left > 0; left--) {
    await other.getByRole("button", { name: "承認" }).first().click();
    await other.waitForFunction((n) => [...document.querySelectorAll("button.main")].filter((b) => b.textContent === "承認").length === n, left - 1);
  }
  await visit(page, casePath);
  await page.getByRole("button", { name: "Make a notice for each owner" }).click();
  await page.getByText(/1 notice was made for \d+ hosts?\./).waitFor();
  const right = page.locator(`[data-name="notices"] tbody tr`).filter({ hasText: "sample004" });
  await right.getByRole("button").click();
  await page.locator("pre.paper").filter({ hasText: "What to do first" }).waitFor();
  await page.getByText(/Sample 004 .*<.*sample004\.example>/).waitFor();
  await page.getByRole("tab", { name: "日本語" }).click();
  await page.locator("pre.paper").filter({ hasText: /見本004[^]*御中/ }).waitFor();
  await other.context().close();
});

await test("a case lays its tasks by department; one is taken up and done", async () => {
  await page.getByText("Not to do:").first().waitFor();
  const desk = page.getByRole("region", { name: "network operations" });
  await desk.getByText("Take the infected hosts off the network").waitFor();
  await desk.getByRole("button", { name: "I take it: Take the infected hosts off the network" }).click();
  await desk.getByRole("listitem").filter({ hasText: "in work" }).filter({ hasText: "admin" }).waitFor();
  await desk.getByRole("button", { name: "Done: Take the infected hosts off the network" }).click();
  await page.locator(`[data-name="timeline"] tbody tr`).filter({ hasText: "Task done: Take the infected hosts off the network" }).waitFor();
  await desk.getByText("Take the infected hosts off the network").waitFor({ state: "detached" });
  await page.getByLabel("A further task").fill("Call the works");
  await page.getByRole("button", { name: "Set the task" }).click();
  await page.getByRole("region", { name: "CSIRT desk" }).getByText("Call the works").waitFor();
});

await test("hosts are split off into a case and merged again; the history and the report tell it", async () => {
  const path = new URL(page.url()).pathname;
  await page.getByText("Merge with another case, or split").click();
  await page.getByRole("group", { name: /^Hosts that become a case/ }).getByLabel("192.168.20.30", { exact: true }).check();
  await page.getByRole("button", { name: "Split off 1 host" }).click();
  await page.getByText(/^Open\. 1 host, \d still affected/).first().waitFor();
  await page.getByRole("link", { name: /^It was split off from case/ }).waitFor();
  await page.getByText("Merge with another case, or split").click();
  await page.getByLabel("Becomes a part of").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Merge", exact: true }).click();
  await page.waitForURL(path);
  await page.getByText(/^Open\. 7 hosts/).first().waitFor();
  await page.getByText("Full history: who changed what").click();
  await page.locator(`[data-name="history"] tbody tr`).filter({ hasText: /case: \d+ → \d+/ }).first().waitFor();
  const report = await page.context().newPage();
  await report.goto(`/api/v1${path}/report?lang=ja`);
  await report.getByRole("heading", { name: "影響を受けた組織" }).waitFor();
  assert((await report.getByText("TLP:AMBER", { exact: true }).count()) === 2, "the label stands at head and foot");
  if (shots) await report.screenshot({ path: join(shots, "report-ja.png"), fullPage: true });
  await report.close();
});

await test("a case takes notes and pasted indicators, and is closed with its lesson and opened again", async () => {
  await page.getByLabel("Note for the course of the case").fill("Called <b>the works</b>");
  await page.getByRole("button", { name: "Write the note" }).click();
  await page.locator(`[data-name="timeline"] tbody tr`).filter({ hasText: "Called <b>the works</b>" }).waitFor();
  await page.evaluate(async (path) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    await fetch(`/api/v1${path}/notes`, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf }, body: JSON.stringify({ text: "Written elsewhere" }) });
  }, new URL(page.url()).pathname);
  await page.locator(`[data-name="timeline"] tbody tr`).filter({ hasText: "Written elsewhere" }).waitFor(); // by the event, without a reload
  await page.getByLabel(/^Paste a mail/).fill("hxxp://evil[.]example/a and 192[.]0[.]2[.]7");
  await page.getByRole("button", { name: "Take the indicators", exact: true }).click();
  await page.getByText("2 new, 0 known already; words that are no indicator: 1.").waitFor();
  await page.locator(`[data-name="indicators"] tbody tr`).filter({ hasText: "http://evil.example/a" }).waitFor();
  await page.getByRole("button", { name: "Mark as met: NIS2: early warning to the CSIRT or authority" }).click();
  await page.locator(`[data-name="deadlines"] tbody tr`).filter({ hasText: "early warning" }).filter({ hasText: "kept at" }).waitFor();
  assert(await page.getByRole("button", { name: "Close with this lesson" }).isDisabled(), "an empty lesson can be sent");
  await page.getByLabel(/^What was learnt/).fill("Segment the shares");
  await page.getByRole("button", { name: "Close with this lesson" }).click();
  await page.getByText(/^Closed\. 7 hosts/).first().waitFor();
  await page.locator(`[data-name="timeline"] tbody tr`).filter({ hasText: "Segment the shares" }).waitFor();
  await page.getByRole("button", { name: "Open the case again" }).click();
  await page.getByText(/^Open\. 7 hosts/).first().waitFor();
});

await casefile({ page, visit, heading, casePath: "/cases/1" });
await uploads({ page, visit, place, complaints });
await find({ page, open, visit, heading });
await jumps({ page, visit });
await urgent({ page, visit, outbreakUrl });
await keys({ page, open, visit, settled, outbreakUrl, axe });
const searches = await rasters({ page, open, settled, place, shots });

const host = "192.168.20.30";
const pages = ["/received", "/deadlines", "/enquiries", "/enquiries/1", searches, "/directory?q=192.168.20.130", "/directory/sample-001", "/directory/changes", "/directory/checks", "/cases", "/cases/1", "/", outbreakUrl, `${outbreakUrl}/hosts/${host}`, "/analyses", "/analyses/1", "/jobs", "/upload", "/live", "/simulate", "/simulate/1", "/catalogue", "/catalogue/wannacry",
  "/search?q=192.168", "/accounts", "/sign-in", "/no-such-page"];

for (const theme of ["light", "dark"]) {
  await test(`axe finds no serious violation on any page (${theme})`, async () => {
    const found = [];
    const eye = await open({ colorScheme: theme, storageState: await page.context().storageState() });
    for (const path of pages) {
      await visit(eye, path);
      await eye.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
      await eye.evaluate(axe);
      const violations = await eye.evaluate(async () => (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })).violations
        .filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`));
      found.push(...violations.map((v) => `${path} ${v}`));
    }
    await eye.context().close();
    assert(found.length === 0, found.join("\n"));
  });
}

await test("at the width of a phone nothing is wider than the page and what is pressed is 44 pixels high", async () => {
  const phone = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, storageState: await page.context().storageState() });
  const found = [];
  for (const path of pages) {
    await visit(phone, path);
    const { over, small } = await phone.evaluate(() => ({
      over: document.documentElement.scrollWidth - innerWidth,
      small: [...document.querySelectorAll("button, .button, select, summary, nav a, input:not([type=checkbox], [type=range], [type=file])")].filter((e) => e.checkVisibility?.() && e.getBoundingClientRect().height > 0 && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 90)),
    }));
    if (over > 0) found.push(`${path}: ${over} pixels too wide`);
    if (small.length) found.push(`${path}: ${small.slice(0, 3).join(" | ")}`);
  }
  await phone.context().close();
  assert(found.length === 0, found.join("\n"));
});

await markup({ open, settled, place });
await live({ open, settled, heading, place, axe, shots });

await test("no page broke its content security policy or threw", async () => assert(complaints.length === 0, complaints.join("\n")));

if (shots) {
  for (const [lang, theme, width] of [["en", "light", 1280], ["ja", "light", 1280], ["en", "dark", 1280], ["ja", "dark", 390], ["en", "light", 390]]) {
    const eye = await open({ colorScheme: theme, viewport: { width, height: 844 }, storageState: await page.context().storageState() });
    await eye.addInitScript((l) => localStorage.setItem("ekigaku.language", l), lang);
    for (const path of pages) {
      await visit(eye, path);
      await eye.waitForTimeout(700);
      await eye.screenshot({ path: join(shots, `${path.replace(/[^a-z0-9]+/gi, "_")}-${lang}-${theme}-${width}.png`), fullPage: true });
    }
    await eye.context().close();
  }
}

await browser.close();
await test("the service stops when it is asked to", async () => assert((await service.stop()) === 0, "its status"));
place.clean();
process.exitCode = plan();
