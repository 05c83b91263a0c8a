// SPDX-License-Identifier: Apache-2.0
// Markup and scripts in every text that a stranger or a user can fill in: nothing of it becomes an element or runs, and all of it is
// shown as text, in both languages.
import { readFileSync } from "node:fs";
import { start } from "./service.mjs";
import { assert, test } from "./tap.mjs";

const PASSWORD = "correct horse battery staple";

/** What would show itself, were it not text; short enough for the shortest field. */
const mark = (field) => `"'><b class=grew>${field}</b><img src=x onerror="hit=1"><script>hit=1</script>`;

/** Asks the API as the page that is signed in; the JSON of the answer. */
const asker = (page) => async (method, path, body, type = "application/json") => {
  const answer = await page.evaluate(async ({ method, path, body, type }) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const sent = typeof body === "string" && type.endsWith("octet-stream") ? Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)) : body;
    const answered = await fetch(`/api/v1${path}`, { method, body: sent, headers: { "X-CSRF-Token": csrf, ...(sent === undefined ? {} : { "Content-Type": type }) } });
    return { status: answered.status, text: await answered.text() };
  }, { method, path, body: body === undefined || typeof body === "string" ? body : JSON.stringify(body), type });
  assert(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.text ? JSON.parse(answer.text) : null;
};

/** Fills in every text; the pages to look at and the fields that must be seen on them. */
async function fill(ask, capture) {
  const fields = [];
  const say = (field) => { fields.push(field); return mark(field); };
  const lines = [{ schema: "ekigaku.directory/1" }, { kind: "team", id: "kawa", name: say("team"), name_ja: say("team in Japanese"), sector: "finance" },
    { kind: "department", id: "works", team: "kawa", name: say("department") }, { kind: "network", prefix: "192.168.20.0/24", team: "kawa", department: "works" },
    { kind: "contact", id: "kawa-poc", team: "kawa", role: "poc", medium: "email", address: "csirt@kawa.example" }];
  await ask("POST", "/directory/import", { format: "own", source: "sample", text: lines.map((line) => JSON.stringify(line)).join("\n") + "\n" });
  await ask("POST", "/directory/checks", { contact: "kawa-poc", outcome: "answered", note: mark("note of a check") });
  await ask("POST", "/proposals", { line: JSON.stringify({ kind: "annotation", team: "kawa", text: say("annotation") }), why: say("reason of a proposal") });
  const input = await ask("POST", `/inputs?name=${encodeURIComponent(say("file"))}&handling_class=4`, readFileSync(capture).toString("base64"), "application/octet-stream");
  const job = await ask("POST", "/jobs", { kind: "analyze", inputs: [input.id], title: say("analysis") });
  let state = job;
  while (state.state === "queued" || state.state === "running") state = await ask("GET", `/jobs/${job.id}`);
  const outbreak = (await ask("GET", "/outbreaks")).items[0];
  const found = await ask("POST", "/cases", { outbreak: outbreak.id, title: say("case") });
  const id = found.id ?? found.case;
  await ask("POST", `/cases/${id}/notes`, { text: say("note"), host: "192.168.20.30" });
  await ask("POST", `/cases/${id}/tasks`, { title: say("task"), text: say("words of a task") });
  await ask("POST", `/cases/${id}/indicators`, { text: `198[.]51[.]100[.]77 ${mark("paste")} hxxp://evil[.]example/"'><b class=grew>` });
  const indicator = (await ask("GET", `/cases/${id}/indicators`)).items.find((row) => row.value === "198.51.100.77");
  await ask("PATCH", `/cases/${id}/indicators/${indicator.id}`, { comment: say("indicator") });
  const evidence = await ask("POST", `/cases/${id}/evidence`, { name: say("evidence"), giver: say("giver"), why: say("why"), sha256: "0".repeat(64), size: 7, handling_class: 4 });
  await ask("POST", `/cases/${id}/evidence/${evidence.id}/custody`, { taker: say("taker"), why: say("next why") });
  const enquiry = await ask("POST", "/enquiries", { asker: mark("as").slice(0, 100), subject: mark("su").slice(0, 100), text: say("question"), case: id });
  await ask("POST", `/enquiries/${enquiry.id}/entries`, { kind: "answer", text: say("entry of an enquiry") });
  await ask("POST", "/accounts", { name: mark("user"), display: say("display name"), role: "viewer" });
  await ask("POST", "/tokens", { name: mark("key").slice(0, 100), scopes: ["read"] });
  const yaml = (await ask("GET", "/scenarios")).items.find((row) => row.builtin).yaml;
  await ask("POST", "/scenarios", { name: mark("scenario"), yaml });
  fields.push("user", "key", "scenario", "as", "su");
  const words = encodeURIComponent(mark("query")), place = encodeURIComponent(`"'><b class=grew><img src=x onerror="hit=1">`);
  fields.push("query");
  return { fields, outbreak: outbreak.id, paths: ["/", `/outbreaks/${outbreak.id}`, `/outbreaks/${outbreak.id}/hosts/192.168.20.30`, "/analyses", `/analyses/${job.id}`, "/jobs", "/upload", "/simulate", "/cases", `/cases/${id}`,
    "/enquiries", `/enquiries/${enquiry.id}`, "/directory", "/directory/kawa", "/directory/changes", "/directory/checks", "/received", "/deadlines", "/accounts", "/catalogue",
    `/search?q=${words}`, "/search?q=class%3Dgrew", `/directory?q=${words}`, `/${place}`, `/catalogue/${place}`, `/outbreaks/${place}`, `/directory/${place}`] };
}

/** What stands on a page: its words, and what became of markup in them. */
const look = (page) => page.evaluate(() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const typed = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
  const told = [...document.querySelectorAll("[title], [aria-label]")].map((element) => `${element.title} ${element.getAttribute("aria-label")}`);
  return { text: [document.title, document.body.textContent, ...typed, ...told].join("\n"), ran: "hit" in window,
    grown: [...document.querySelectorAll(".grew, [onerror], img[src=x], script:not([src])")].map((element) => element.outerHTML.slice(0, 120)) };
});

export async function markup({ open, settled, place }) {
  const service = await start(place.folder, "markup");
  const page = await open({ baseURL: service.base });
  await page.goto(service.invitation);
  await settled(page);
  await page.fill("input[name=password]", PASSWORD);
  await page.fill("input[name=again]", PASSWORD);
  await page.click("button.main");
  await page.waitForURL(`${service.base}/`);
  let filled;
  await test("every text takes markup", async () => { filled = await fill(asker(page), place.capture); });
  for (const language of filled ? ["en", "ja"] : []) {
    await test(`markup in every text is shown as text and nothing of it runs (${language})`, async () => {
      const eye = await open({ baseURL: service.base, storageState: await page.context().storageState() });
      await eye.addInitScript((l) => localStorage.setItem("ekigaku.language", l), language);
      const wrong = [], unseen = new Set(filled.fields.filter((field) => language === "ja" || field !== "team in Japanese"));
      for (const path of filled.paths) {
        await eye.goto(path);
        await settled(eye);
        await eye.waitForTimeout(250);
        for (const chain of await eye.locator(`[data-name="evidence"] tbody button`).all()) {
          await chain.click();
          await eye.locator(`[data-name="custody"] tbody tr`).first().waitFor();
        }
        const seen = await look(eye);
        if (seen.ran) wrong.push(`${path}: it ran`);
        if (seen.grown.length) wrong.push(`${path}: ${seen.grown.slice(0, 2).join(" | ")}`);
        for (const field of unseen) if (seen.text.includes(`<b class=grew>${field}</b><img src=x`)) unseen.delete(field);
      }
      for (const form of ["html", "svg"]) {
        const text = await eye.evaluate(async (path) => (await fetch(path)).text(), `/api/v1/outbreaks/${filled.outbreak}/export?format=${form}`);
        if (/<b class=grew|<img src=x|<script>hit/.test(text)) wrong.push(`the ${form} of the outbreak has it as markup`);
      }
      await eye.context().close();
      assert(!wrong.length && !unseen.size, `${wrong.join("\n")}\nnot seen anywhere: ${[...unseen].join(", ")}`);
    });
  }
  await page.context().close();
  await service.stop();
}
