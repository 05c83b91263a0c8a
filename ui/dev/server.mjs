// SPDX-License-Identifier: Apache-2.0
// A stand-in for `ekigaku serve` while pages are drawn: one analysis, read from files, no accounts, nothing kept. Never shipped.
// usage: node dev/server.mjs PAGES FOLDER [PORT]
//   PAGES: the built pages (build/ui). FOLDER: facts.json (ekigaku analyze --json), contacts.jsonl (ekigaku contacts),
//   families.json, lineage.json, timeline.json (ekigaku catalogue ... --json), summary.json, tree.json (ekigaku simulate --out).
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";

const [pages, folder, port = "8418"] = process.argv.slice(2);
const json = (name, otherwise = null) => (existsSync(join(folder, name)) ? JSON.parse(readFileSync(join(folder, name), "utf8")) : otherwise);
const facts = json("facts.json");
const origin = Date.parse(facts.origin);
const contacts = existsSync(join(folder, "contacts.jsonl"))
  ? readFileSync(join(folder, "contacts.jsonl"), "utf8").trim().split("\n").filter((line) => line.includes("\"contact\"")).map((line) => JSON.parse(line)) : [];
const families = json("families.json", { families: [] });
facts.scanners.forEach((scanner, i) => (scanner.number = i + 1));
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const outbreakRow = (o) => ({
  id: o.id, analysis: 1, number: o.id, proto: o.proto, port: o.port, family: o.family?.name ?? null, route: o.route, class: o.countermeasure_class, known: o.known,
  patient_zero: o.patient_zero?.host ?? null, infected: o.infections.length, started: o.infections[0].at, ended: o.infections.at(-1).at,
  doubling_s: o.growth?.doubling_s, r: o.growth?.r, title: `sample ${o.proto}/${o.port}`, text: facts.verdict.text,
});

function outbreak(o) {
  const { infections, curve, failed_attempts, wire, ...rest } = o;
  return { ...outbreakRow(o), ...rest, origin: facts.origin, end: facts.end, hosts: facts.counts.hosts, inputs: facts.inputs, limits: facts.limits,
    advice: ["Isolate 192.168.20.161, .30, .230 first, then the other 4. Leave them switched on: memory is evidence.", "Block tcp/445 between networks and workstations until all are checked."],
    strategies: facts.scanners.filter((s) => infections.some((i) => i.host === s.host)) };
}

function columns(o) {
  const at = new Map(o.infections.map((i, n) => [i.host, n]));
  const pick = (f) => o.infections.map(f);
  return { host: pick((i) => i.host), t: pick((i) => i.t), parent: pick((i) => (i.parent === null ? -1 : at.get(i.parent))), posterior: pick((i) => i.parent_posterior),
    error_s: pick((i) => i.error_s), evidence: pick((i) => i.evidence), generation: pick((i) => i.generation), scan_t: pick((i) => i.scan_t ?? null),
    onset_t: pick((i) => i.onset_t ?? null), dialog_t: pick((i) => i.dialog_t ?? null), first_packet: pick((i) => i.packets[0]), last_packet: pick((i) => i.packets[1]) };
}

/** An outbreak of any size, to see that long lists stay fast: /outbreaks/9N has 10^N infections. */
function large(count) {
  const out = { host: [], t: [], parent: [], posterior: [], error_s: [], evidence: [], generation: [] };
  let seed = 1;
  const random = () => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 2 ** 32);
  for (let i = 0; i < count; i++) {
    const net = Math.floor(random() ** 2 * count / 100);
    const parent = i === 0 ? -1 : Math.floor(random() * i);
    out.host.push(`10.${net >> 8}.${net & 255}.${i % 254 + 1}`);
    out.t.push(i === 0 ? 0 : 600 * Math.log2(1 + i) + random());
    out.parent.push(parent);
    out.posterior.push(0.5 + random() / 2);
    out.error_s.push(0.005);
    out.evidence.push("exploit");
    out.generation.push(parent < 0 ? 0 : out.generation[parent] + 1);
  }
  out.t.sort((a, b) => a - b);
  return out;
}

const number = (address) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

function raster(scanner, query) {
  const [w, h] = [Number(query.get("w") ?? 600), Number(query.get("h") ?? 300)];
  const [t0, t1] = [Number(query.get("t0")), Number(query.get("t1"))];
  const [a0, a1] = [Number(query.get("a0") ?? 0), Number(query.get("a1") ?? 4294967295)];
  const out = Buffer.alloc(32 + w * h);
  out.writeUInt32LE(w, 0); out.writeUInt32LE(h, 4); out.writeDoubleLE(t0, 8); out.writeDoubleLE(t1, 16); out.writeUInt32LE(a0, 24); out.writeUInt32LE(a1, 28);
  for (const contact of contacts) {
    if (contact.client !== scanner.host || contact.port !== scanner.port || !/^\d+\./.test(contact.server)) continue;
    const [x, y] = [Math.floor((((Date.parse(contact.t) - origin) / 1000 - t0) / (t1 - t0)) * w), Math.floor(((number(contact.server) - a0) / (a1 - a0 + 1)) * h)];
    if (x < 0 || x >= w || y < 0 || y >= h) continue;
    const at = 32 + y * w + x;
    out[at] = Math.min(127, (out[at] & 127) + 1) | (out[at] & 128) | (contact.answered ? 128 : 0);
  }
  return out;
}

function reach(scanner) {
  const seen = new Set();
  const points = [];
  for (const contact of contacts) {
    if (contact.client !== scanner.host || contact.port !== scanner.port || seen.has(contact.server)) continue;
    seen.add(contact.server);
    const t = (Date.parse(contact.t) - origin) / 1000 - scanner.since_t;
    if (t >= 0 && (!points.length || t > points.at(-1).t + 1)) points.push({ t, distinct: seen.size });
  }
  return points;
}

function story(o, host) {
  const infection = o.infections.find((i) => i.host === host);
  return infection && { ...infection, children: o.infections.filter((i) => i.parent === host).map((i) => i.host), attempts: o.failed_attempts.filter((a) => a.target === host),
    signs: facts.signs.filter((s) => s.source === host || s.target === host), scanner: facts.scanners.find((s) => s.host === host) ?? null };
}

const analysisRow = { id: 1, job: 1, title: "sample.pcap", origin: facts.origin, ended: facts.end, first: facts.origin, last: facts.end, ...facts.counts, verdict: "spreading", text: facts.verdict.text,
  created: new Date().toISOString(), outbreaks: facts.outbreaks.map((o) => ({ id: o.id, proto: o.proto, port: o.port, infected: o.infections.length })) };
const jobs = [{ id: 1, kind: "analyze", title: "sample.pcap", state: "done", progress: 1, created: facts.origin, started: facts.origin, ended: facts.end, analysis: 1 },
  { id: 2, kind: "analyze", title: "office.pcapng", state: "running", progress: 0.42, done_bytes: 4.2e9, size_bytes: 1e10, eta_s: 73, created: facts.end }];
const list = (items) => ({ items, next: null, total: items.length });
const summary = json("summary.json");
const simulation = () => ({ id: 1, title: summary?.title, seed: 1, runs: summary?.runs ?? 0, created: facts.end, summary, tree: null });
const account = { id: 1, name: "demo", display: "Demo", role: "administrator" };

/** The answer to a GET under /api/v1, or undefined. */
function answer(path, query) {
  const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  const o = facts.outbreaks.find((one) => String(one.id) === parts[1]) ?? facts.outbreaks[0];
  const size = /^9([1-6])$/.exec(parts[1] ?? "")?.[1];
  switch (parts[0]) {
    case "session": return { account, csrf: "none" };
    case "analyses":
      if (!parts[1]) return list([analysisRow]);
      if (!parts[2]) return analysisRow;
      if (parts[2] === "facts") return facts;
      if (!parts[3]) return list(facts.scanners);
      return parts[4] === "raster" ? raster(facts.scanners[parts[3] - 1], query) : reach(facts.scanners[parts[3] - 1]);
    case "outbreaks":
      if (!parts[1]) return list(facts.outbreaks.map(outbreakRow));
      if (!parts[2]) return size ? { ...outbreak(o), id: Number(parts[1]), infected: 10 ** size, end: null } : outbreak(o);
      if (parts[2] === "infections") return size ? large(10 ** size) : columns(o);
      if (parts[2] === "curve") return size ? large(10 ** size).t.map((t, i) => ({ t, infected: i + 1 })) : o.curve;
      if (parts[2] === "attempts") return list(size ? [] : o.failed_attempts);
      if (parts[2] === "hosts") return story(o, parts[3]);
      if (parts[2] === "edges") { const i = o.infections.find((one) => one.host === parts[3]); return { source: i.parent, target: i.host, proto: o.proto, port: o.port, packets: i.packets, input: "sample.pcap", filter: `ip.addr == ${i.host}`, wire: o.wire }; }
      return undefined;
    case "jobs": return list(jobs);
    case "inputs": return list([{ id: 1, name: "sample.pcap", size: 6453090, handling_class: 4, form: "pcap", created: facts.end }]);
    case "catalogue":
      if (!parts[1]) return families;
      if (parts[1] === "families") return families.families.find((f) => f.id === parts[2]);
      if (parts[1] === "lineage" || parts[1] === "timeline") return json(`${parts[1]}.json`, []);
      return [{ name: "wannacry", label: "WannaCry as measured in 2017", axis: "distinct", points: [[0, 0], [300, 8000]] }, { name: "slammer", label: "Slammer", axis: "distinct", points: [[0, 0], [30, 30000]] }];
    case "scenarios": return list([{ id: 1, name: "lecture-6pc", builtin: true, yaml: existsSync(join(folder, "scenario.yaml")) ? readFileSync(join(folder, "scenario.yaml"), "utf8") : "name: x\n" }]);
    case "simulations": return parts[1] ? simulation() : list(summary ? [simulation()] : []);
    case "search": return list([{ kind: "host", id: 1, title: "192.168.20.161", url: "/outbreaks/1/hosts/192.168.20.161" }]);
    case "accounts": return list([account]);
    case "tokens": return list([]);
    default: return undefined;
  }
}

function serveFile(path, response) {
  const file = normalize(join(pages, path));
  const found = file.startsWith(normalize(pages)) && extname(file) && existsSync(file) ? file : join(pages, "index.html");
  response.writeHead(200, { "Content-Type": types[extname(found)] ?? "application/octet-stream", "Content-Security-Policy": csp });
  response.end(readFileSync(found));
}

createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (!url.pathname.startsWith("/api/v1/")) return serveFile(url.pathname, response);
  if (url.pathname === "/api/v1/events") return void response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
  const found = url.pathname === "/api/v1/scenarios/validate" ? { valid: true, errors: [] } : answer(url.pathname.slice(7), url.searchParams);
  if (Buffer.isBuffer(found)) return response.writeHead(200, { "Content-Type": "application/octet-stream" }).end(found);
  if (found === undefined) return response.writeHead(404, { "Content-Type": "application/problem+json" }).end(JSON.stringify({ title: "Not found", status: 404 }));
  return response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(found));
}).listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/`));
