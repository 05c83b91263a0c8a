// SPDX-License-Identifier: Apache-2.0
// Two ways of a person without a mouse: from an outbreak to an infection's packets, and from a case to a notice that is read and released.
// And what axe says of what opens on demand: menus, panels, forms, in both languages and themes.
import { assert, test } from "./tap.mjs";

/** Presses Tab until what has the focus fits; every stop on the way must show that it has it. */
async function tabTo(page, what, fits, most = 150) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement, style = getComputedStyle(e);
      return { tag: e.tagName, text: (e.getAttribute("aria-label") ?? e.textContent ?? "").slice(0, 80), html: e.outerHTML.slice(0, 120), name: e.dataset.name ?? "", class: e.className, seen: e === document.body || style.outlineStyle !== "none" || e.classList.contains("skip") };
    });
    assert(at.seen, `no visible focus: ${at.html}`);
    if (fits(at)) return at;
  }
  throw new Error(`${what} is not among the first ${most} stops`);
}

const SERIOUS = ["serious", "critical"];
async function complaints(page, axe) {
  await page.evaluate(axe);
  return page.evaluate(async (grave) => (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })).violations.filter((v) => grave.includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 140)).join(" | ")}`), SERIOUS);
}

/** `page` is signed in; case 1 has a draft of a notice, evidence and indicators. */
export async function keys({ page, open, visit, settled, outbreakUrl, axe }) {
  await test("by the keyboard alone from an outbreak to the packets of an infection", async () => {
    await visit(page, "/");
    await tabTo(page, "the outbreak", (at) => at.tag === "A" && at.text === "Open this outbreak");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(outbreakUrl));
    await settled(page);
    await page.waitForFunction(() => document.activeElement.tagName === "H1");
    await page.locator(".rows canvas").first().waitFor();
    await tabTo(page, "the tree", (at) => /\brows\b/.test(at.class));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/hosts\//);
    await settled(page);
    await page.waitForFunction(() => document.activeElement.tagName === "H1");
    await page.locator(`[data-name^="wire-"]`).waitFor();
    await tabTo(page, "the sequence on the wire", (at) => at.name.startsWith("wire-"));
    await tabTo(page, "the filter of a sign", (at) => at.text === "Copy the filter");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copied" }).first().waitFor();
    await page.goBack();
    await page.waitForURL(new RegExp(`${outbreakUrl}$`));
  });

  await test("by the keyboard alone from the cases to a notice that is read and released", async () => {
    await visit(page, "/cases");
    await tabTo(page, "the case", (at) => at.tag === "A" && /^1: /.test(at.text));
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/cases\/1$/);
    await settled(page);
    await page.getByRole("link", { name: /^Read and release \d+ notices?\.$/ }).waitFor();
    await tabTo(page, "what is to be released", (at) => /^Read and release \d+ notices?\.$/.test(at.text));
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.id === "notices");
    const draft = await page.evaluate(async () => (await (await fetch("/api/v1/cases/1/notices?limit=1000")).json()).items.find((n) => n.state === "draft").id);
    await tabTo(page, "the draft", (at) => at.tag === "BUTTON" && at.text === `Notice ${draft}`);
    await page.keyboard.press("Enter");
    const panel = page.getByRole("region", { name: `Notice ${draft}` });
    await panel.getByText("What to do first").waitFor();
    await tabTo(page, "its release", (at) => at.tag === "BUTTON" && at.text === "Release this notice");
    await tabTo(page, "its text", (at) => at.tag === "PRE");
    for (let i = 0; i < 12 && (await page.evaluate(() => document.activeElement.textContent)) !== "Release this notice"; i++) await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await panel.getByRole("button", { name: "Release this notice" }).waitFor({ state: "detached" });
    await page.waitForFunction((id) => document.activeElement.closest(`section[aria-label="Notice ${id}"]`) !== null, draft);
  });

  for (const [lang, theme] of [["en", "dark"], ["ja", "light"]])
    await test(`axe finds nothing serious in what opens on demand (${lang}, ${theme})`, async () => {
      const found = [];
      const say = async (where, eye) => found.push(...(await complaints(eye, axe)).map((text) => `${where}: ${text}`));
      const options = { colorScheme: theme, storageState: await page.context().storageState() };
      const phone = await open({ ...options, viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true });
      await phone.addInitScript((l) => localStorage.setItem("ekigaku.language", l), lang);
      await visit(phone, "/cases");
      await phone.locator("button.small").tap();
      await phone.locator(".menu.open").waitFor();
      await say("menu", phone);
      await phone.context().close();
      const eye = await open(options);
      await eye.addInitScript((l) => localStorage.setItem("ekigaku.language", l), lang);
      await visit(eye, "/cases/1");
      await eye.locator(`[data-name="notices"] tbody button`).first().click();
      await eye.locator("pre.paper").waitFor();
      await eye.locator(`[data-name="evidence"] tbody button`).first().click();
      await eye.locator(`[data-name="custody"] tbody tr`).first().waitFor();
      await eye.locator(`[data-name="indicators"] tbody button`).first().click();
      await eye.locator("input[name=comment]").waitFor();
      await eye.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
      await eye.locator(`[data-name="history"] tbody tr`).first().waitFor();
      await say("case", eye);
      await visit(eye, outbreakUrl);
      await eye.locator(".rows").first().press("ArrowDown");
      await eye.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
      await say("outbreak", eye);
      await eye.context().close();
      assert(!found.length, found.join("\n"));
    });
}
