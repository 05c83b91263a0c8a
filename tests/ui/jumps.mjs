// SPDX-License-Identifier: Apache-2.0
// A hit of the search leads to its row: in sight, marked, with the focus, also when the row comes late, is folded away, or stands on a further page.
import { assert, test } from "./tap.mjs";

/** The element that has the focus: its id, whether it is marked, and whether it is in sight (also within the box it scrolls in). */
const focused = (page) => page.evaluate(() => {
  const e = document.activeElement, at = e.getBoundingClientRect(), box = e.closest(".sheet")?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
  return { id: e.id, text: e.textContent, marked: e.getAttribute("aria-current") === "true", seen: at.height > 0 && at.top >= Math.max(0, box.top) - 1 && at.bottom <= Math.min(innerHeight, box.bottom) + 1 };
});

const arrived = (page, id) => page.waitForFunction((wanted) => document.activeElement?.id === wanted, id);

/** `page` is signed in; case 1 has notices, tasks, indicators, notes and an enquiry. */
export async function jumps({ page, visit }) {
  await test("each kind of hit leads to its row", async () => {
    await visit(page, "/");
    const host = (await page.evaluate(async () => (await (await fetch("/api/v1/cases/1/hosts")).json()).items[0])).host;
    const wrong = [];
    for (const [query, kind] of [["off the network", "Task"], ["evil.example", "Indicator"], ["alled", "Note"], [host, "Host"], ["ports", "Message"], [".pcap", "Input"], ["sample", "Job"], [host, "Scanner"]]) {
      await visit(page, `/search?q=${encodeURIComponent(query)}`);
      const hits = page.locator(`[data-name="found"] tbody tr`).filter({ has: page.getByRole("cell", { name: kind, exact: true }) }).locator("a");
      const hit = kind === "Host" ? page.locator(`[data-name="found"] a[href*="#host-"]`) : hits;
      const link = await hit.first().getAttribute("href").catch(() => null);
      if (!link) { wrong.push(`${kind}: "${query}" finds none`); continue; }
      await hit.first().click();
      await arrived(page, link.split("#")[1]).catch(() => undefined);
      const at = await focused(page);
      if (at.id !== link.split("#")[1] || !at.marked || !at.seen) wrong.push(`${kind} ${link}: ${JSON.stringify({ ...at, text: at.text?.slice(0, 60) })}`);
    }
    assert(!wrong.length, wrong.join("\n"));
  });

  await test("a link to a notice leads to its row and shows what it says", async () => {
    const id = await page.evaluate(async () => (await (await fetch("/api/v1/cases/1/notices")).json()).items[0].id);
    await page.goto("about:blank");
    await page.goto(`/cases/1#notice-${id}`);
    await arrived(page, `notice-${id}`);
    await page.getByRole("region", { name: `Notice ${id}` }).getByText("What to do first").waitFor();
    const at = await focused(page);
    assert(at.marked && at.seen, JSON.stringify(at));
  });

  await test("a row that comes late is led to, and what comes above it later does not push it away; the reader may leave", async () => {
    const late = (ms) => async (route) => { await new Promise((done) => setTimeout(done, ms)); await route.continue(); };
    await page.route("**/cases/1/timeline?*", late(700));
    await page.route("**/cases/1/duties", late(1500));
    await page.route("**/cases/1/tasks?*", late(1500));
    const entry = await page.evaluate(async () => (await (await fetch("/api/v1/cases/1/timeline?limit=1000")).json()).items.at(-1).id);
    await page.goto("about:blank");
    await page.goto(`/cases/1#entry-${entry}`);
    await arrived(page, `entry-${entry}`);
    await page.locator("#tasks").waitFor();
    await page.locator(".task").first().waitFor();
    await page.waitForTimeout(300);
    const at = await focused(page);
    assert(at.id === `entry-${entry}` && at.seen, JSON.stringify(at));
    await page.mouse.wheel(0, -20000);
    await page.waitForFunction(() => scrollY === 0);
    await page.waitForTimeout(500);
    assert(await page.evaluate(() => scrollY === 0), "the page takes the reader back");
    for (const path of ["timeline?*", "duties", "tasks?*"]) await page.unroute(`**/cases/1/${path}`);
  });

  await test("a row of a further page is read and led to, and what is not shown is said and shown on demand", async () => {
    await page.route("**/cases/1/timeline?*", (route) => route.continue({ url: route.request().url().replace("limit=1000", "limit=2") }));
    const all = await page.evaluate(async () => (await (await fetch("/api/v1/cases/1/timeline?limit=999")).json()).items.map((e) => e.id));
    assert(all.length > 6, `${all.length} entries`);
    await page.goto("about:blank");
    await page.goto(`/cases/1#entry-${all[4]}`);
    await arrived(page, `entry-${all[4]}`);
    const rows = page.locator(`[data-name="timeline"] tbody tr`);
    assert((await rows.count()) === 6, `${await rows.count()} rows`);
    await page.getByText(`6 of ${all.length} rows are shown.`).waitFor();
    await page.getByRole("button", { name: "Show more" }).click();
    await page.waitForFunction((n) => document.querySelectorAll(`[data-name="timeline"] tbody tr`).length === n, Math.min(8, all.length));
    await page.unroute("**/cases/1/timeline?*");
  });

  await test("a row far down a long table is scrolled to within it", async () => {
    await page.route("**/api/v1/jobs?*", async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: { items: Array.from({ length: 900 }, (_, i) => ({ ...answer.items[0], id: 900 - i, title: `job ${900 - i}` })), next: null, total: 900 } });
    });
    await page.goto("about:blank");
    await page.goto("/jobs#job-77");
    await arrived(page, "job-77");
    const at = await focused(page);
    assert(at.marked && at.seen && at.text.startsWith("job 77"), JSON.stringify(at));
    await page.unroute("**/api/v1/jobs?*");
  });
}
