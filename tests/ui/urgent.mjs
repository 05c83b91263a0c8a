// SPDX-License-Identifier: Apache-2.0
// What somebody at the desk at night needs first stands first: what to do, whom to call, how it spreads.
import { assert, test } from "./tap.mjs";

/** `page` is signed in; the directory is loaded and case 1 is of the outbreak. */
export async function urgent({ page, visit, outbreakUrl }) {
  await test("an outbreak says at its top what to do and whom to call, by telephone", async () => {
    await visit(page, outbreakUrl);
    const calls = page.getByRole("region", { name: "Whom to call" });
    await calls.getByRole("listitem").nth(1).waitFor();
    const said = await calls.getByRole("listitem").allInnerTexts();
    assert(/\d hosts?: 192\.168\.20\./.test(said[0]), said[0]);
    const phone = await calls.getByRole("link", { name: /^Call \+81/ }).first().getAttribute("href");
    assert(/^tel:\+\d+$/.test(phone), phone);
    assert((await calls.getByText("out of office hours").count()) + (await calls.getByText("in office hours now").count()) > 0, said.join("\n"));
    const tops = await page.evaluate(() => ["section[aria-label='What to do now']", "section[aria-label='Whom to call']", "#tree"].map((name) => Math.round(document.querySelector(name).getBoundingClientRect().top + scrollY)));
    assert(tops[0] < 500 && tops[1] < 500 && tops[2] > tops[0], tops.join());
  });

  await test("a case says at its top what is due and whom to call, and leads there", async () => {
    await visit(page, "/cases/1");
    const now = page.getByRole("region", { name: "What to do now" });
    const task = now.locator(`a[href^="#task-"]`).first();
    await task.waitFor();
    const id = (await task.getAttribute("href")).slice(1);
    await task.click();
    await page.waitForFunction((wanted) => document.activeElement?.id === wanted, id);
    assert(page.url().endsWith(`/cases/1#${id}`), page.url());
    await page.goBack();
    await page.getByRole("region", { name: "Whom to call" }).getByRole("link", { name: /^Call \+81/ }).first().waitFor();
    const order = await page.evaluate(() => [...document.querySelectorAll("main h2")].map((h) => h.id).filter(Boolean));
    assert(order.indexOf("spread") < order.indexOf("affected") && order.indexOf("affected") < order.indexOf("notices") && order.indexOf("notices") < order.indexOf("tasks"), order.join());
    const facts = await page.locator("#spread ~ dl").first().innerText();
    assert(/Doubles every\s+\S+/.test(facts) && /Reproduction number\s+\d/.test(facts) && /Patient zero\s+192/.test(facts), facts);
  });
}
