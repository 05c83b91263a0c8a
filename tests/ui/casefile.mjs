// SPDX-License-Identifier: Apache-2.0
// The files of a case: an enquiry that is taken down, judged, handed over and answered.
import { assert, test } from "./tap.mjs";

/** `casePath` is the page of an open case; `page` is signed in as an administrator. */
export async function casefile({ page, visit, heading, casePath }) {
  await test("an enquiry is taken down at its case, judged, and answered; nothing it says becomes markup", async () => {
    await visit(page, casePath);
    await page.getByText("Take down an enquiry").click();
    await page.fill("input[name=asker]", "noc@kawa.example");
    await page.fill("textarea[name=question]", "Which <b>ports</b> do you see?");
    await page.getByRole("button", { name: "Open the enquiry" }).click();
    await page.locator(`[data-name="case-enquiries"]`).getByRole("link", { name: /Which <b>ports<\/b>/ }).click();
    await page.waitForURL(/\/enquiries\/\d+/);
    await page.getByText(/^Open\. Administrator has it since/).waitFor();
    await page.fill("textarea[name=words]", "SMB, not RDP");
    await page.getByRole("button", { name: "Write it down" }).click();
    await page.locator(".thread li").filter({ hasText: "SMB, not RDP" }).waitFor();
    await page.selectOption("select[name=department]", { index: 1 });
    await page.fill("input[name=why]", "they know the shares");
    await page.getByRole("button", { name: "Hand over", exact: true }).click();
    await page.locator(".thread li").filter({ hasText: "they know the shares" }).waitFor();
    await page.selectOption("select[name=kind]", "answer");
    await page.fill("textarea[name=words]", "445 and 139");
    await page.getByRole("button", { name: "Write it down" }).click();
    await page.getByText(/^Answered\. Handed over once\. The person who could answer had it after/).waitFor();
    await visit(page, "/enquiries");
    const words = await heading(page).innerText();
    assert(/^0 enquiries are open\./.test(words), words);
    await page.getByText(/Of 1 answered, 0 went through no other hands\. Medians: hand-overs: 1,/).waitFor();
  });
  await test("evidence is recorded and handed on, an indicator explained", async () => {
    await visit(page, casePath);
    await page.getByText("Enter evidence").click();
    await page.selectOption("select[name=kind-of-evidence]", "recorded");
    await page.fill("input[name=sha256]", "0".repeat(64));
    await page.fill("input[name=size]", "7");
    await page.fill("input[name=evidence-name]", "live <b>sample</b>");
    await page.selectOption("select[name=evidence-class]", "1");
    await page.fill("input[name=giver]", "the works");
    await page.getByRole("button", { name: "Enter it" }).click();
    await page.getByRole("button", { name: "Chain of 1" }).click();
    await page.fill("input[name=taker]", "laboratory");
    await page.getByRole("button", { name: "Note that it changed hands" }).click();
    await page.locator(`[data-name="custody"] tbody tr`).filter({ hasText: "laboratory" }).waitFor();
    await page.getByRole("button", { name: "Is it still the same?" }).click();
    await page.getByText("nobody could look").first().waitFor();
    await page.getByLabel(/^Paste a mail/).fill("198[.]51[.]100[.]77");
    await page.getByRole("button", { name: "Take the indicators", exact: true }).click();
    const row = page.locator(`[data-name="indicators"] tbody tr`).filter({ hasText: "198.51.100.77" });
    await row.getByRole("button").click();
    await page.fill("input[name=comment]", "first stage");
    await page.selectOption("select[name=indicator-tlp]", "RED");
    await page.getByRole("button", { name: "Keep this" }).click();
    await row.filter({ hasText: "first stage" }).filter({ hasText: "RED" }).waitFor();
  });
  await test("what happens by itself is said and chosen", async () => {
    await visit(page, "/cases");
    await page.getByText("A case is opened by a person.").waitFor();
    await page.getByText("Change what happens by itself").click();
    await page.fill("input[name=open_from]", "5000");
    await page.uncheck("input[name=follows]");
    await page.getByRole("button", { name: "Keep the rule" }).click();
    await page.getByText("New hosts of an outbreak are added to its case by hand. An outbreak becomes a case from 5,000 infected hosts on.").waitFor();
    await page.fill("input[name=open_from]", "0");
    await page.check("input[name=follows]");
    await page.getByRole("button", { name: "Keep the rule" }).click();
    await page.getByText(/^An open case takes new hosts .* within 7 days\. A case is opened by a person\.$/).waitFor();
  });
}
