// SPDX-License-Identifier: Apache-2.0
// Uploads that the line breaks: the page goes on by itself, and a page that was loaded anew goes on where the earlier one ended.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { assert, test } from "./tap.mjs";

const STAMP = 1000; // when the file was changed, as the browser tells it

/** Begins an upload by the API with the first bytes of a file, and lets the page remember it. */
const beginHalf = (page, half, size) => page.evaluate(async ({ half, size, stamp }) => {
  const { csrf } = await (await fetch("/api/v1/session")).json();
  const made = await (await fetch("/api/v1/inputs?name=half.pcap&handling_class=4", { method: "POST", body: Uint8Array.from(atob(half), (letter) => letter.charCodeAt(0)),
    headers: { "X-CSRF-Token": csrf, "Upload-Complete": "?0", "Upload-Length": String(size) } })).json();
  localStorage.setItem(`ekigaku upload 4 ${size} ${stamp} half.pcap`, String(made.id));
  return made;
}, { half: half.toString("base64"), size, stamp: STAMP });

/** Chooses a file of this name and time. */
const choose = (page, bytes) => page.evaluate(({ text, stamp }) => {
  const data = new DataTransfer(), field = document.querySelector("input[type=file]");
  data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], "half.pcap", { lastModified: stamp }));
  field.files = data.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}, { text: bytes.toString("base64"), stamp: STAMP });

export async function uploads({ page, visit, place, complaints }) {
  const bytes = readFileSync(place.capture);

  await test("an upload goes on when the line breaks", async () => {
    let pieces = 0;
    await page.route("**/api/v1/uploads/*", (route) => (route.request().method() === "PATCH" && pieces++ < 2 ? route.abort("connectionreset") : route.continue()));
    await visit(page, "/upload");
    await page.setInputFiles("input[type=file]", place.capture);
    await page.getByText(/the line broke, going on in 1 s/).waitFor();
    await page.getByText(/^on the server, /).waitFor();
    await page.unroute("**/api/v1/uploads/*");
    assert(pieces === 3, `${pieces} pieces`);
    const broken = complaints.filter((text) => /ERR_CONNECTION_RESET/.test(text)); // the browser tells of what this test did
    assert(broken.length === 2, complaints.join("\n"));
    for (const text of broken) complaints.splice(complaints.indexOf(text), 1);
  });

  await test("and where an earlier page ended", async () => {
    await visit(page, "/upload");
    const begun = await beginHalf(page, bytes.subarray(0, 5000), bytes.length);
    assert(begun.offset === 5000, JSON.stringify(begun));
    await visit(page, "/upload");
    await page.getByText("Unfinished uploads").waitFor();
    const sent = page.waitForRequest((request) => request.method() === "PATCH");
    await choose(page, bytes);
    assert((await sent).headers()["upload-offset"] === "5000", "it goes on where it ended");
    await page.getByText(/^on the server, /).waitFor();
    const inputs = await page.evaluate(async () => (await (await fetch("/api/v1/inputs")).json()).items);
    const digest = createHash("sha256").update(bytes).digest("hex");
    assert(inputs.filter((input) => input.sha256 === digest).length >= 2 && inputs.some((input) => input.name === "half.pcap" && input.sha256 === digest), JSON.stringify(inputs));
    assert(await page.evaluate(() => !Object.keys(localStorage).some((key) => key.startsWith("ekigaku upload"))), "what is done is not remembered");
  });
}
