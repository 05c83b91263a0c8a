// SPDX-License-Identifier: Apache-2.0
// The search: reached on a telephone and by the keyboard, bounded as the server bounds it.
import { assert, test } from "./tap.mjs";

const PHONE = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };

/** `page` is signed in. */
export async function find({ page, open, visit, heading }) {
  await test("on a telephone the search is one touch away, and the pages unfold by finger and by keyboard", async () => {
    const phone = await open({ ...PHONE, storageState: await page.context().storageState() });
    await visit(phone, "/jobs");
    await phone.getByRole("link", { name: "Find" }).tap();
    await phone.waitForURL(/\/search$/);
    const field = phone.getByRole("main").getByRole("searchbox", { name: "Find" });
    await phone.waitForFunction(() => document.activeElement?.matches("main input[type=search]"));
    await field.fill("192.168.20.30");
    await field.press("Enter");
    await phone.waitForURL(/q=192\.168\.20\.30/);
    await phone.locator(`[data-name="found"] tbody tr`).first().waitFor();
    const menu = phone.getByRole("button", { name: "Menu" });
    const catalogue = phone.getByRole("navigation").getByRole("link", { name: "Catalogue" });
    assert(!(await catalogue.isVisible()) && (await menu.getAttribute("aria-expanded")) === "false", "the pages stand open");
    await menu.focus();
    await phone.keyboard.press("Enter");
    await catalogue.waitFor();
    assert((await menu.getAttribute("aria-expanded")) === "true", "it does not say that it is open");
    await phone.keyboard.press("Tab");
    assert(await phone.evaluate(() => document.activeElement.closest("nav") !== null), "the first page is not the next stop");
    await phone.keyboard.press("Escape");
    assert(!(await catalogue.isVisible()) && (await menu.evaluate((e) => e === document.activeElement)), "Escape does not lead back");
    await menu.tap();
    await catalogue.tap();
    await phone.waitForURL(/\/catalogue$/);
    assert(!(await phone.getByRole("navigation").isVisible()), "the menu stays open on the page that was chosen");
    await phone.context().close();
  });

  await test("a search takes as many letters as the server, and one that is refused can be changed", async () => {
    await visit(page, "/search");
    await page.getByRole("main").getByRole("searchbox").pressSequentially("x".repeat(205));
    assert((await page.getByRole("main").getByRole("searchbox").inputValue()).length === 200, "more than 200 letters");
    assert((await page.locator(".top input[type=search]").getAttribute("maxlength")) === "200", "the field at the top");
    await visit(page, `/search?q=${"x".repeat(201)}`);
    assert((await heading(page).innerText()) === "This search was not answered.", await heading(page).innerText());
    await page.getByRole("main").getByRole("searchbox").fill("192.168.20.30");
    await page.getByRole("main").getByRole("button", { name: "Find" }).click();
    await page.locator(`[data-name="found"] tbody tr`).first().waitFor();
  });
}
