// SPDX-License-Identifier: Apache-2.0
// The service under test: started on a free port with a data directory of its own, stopped with the test.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MS = 20000;

/** A folder that goes away with the test, a capture of the demo outbreak in it; directory() loads the teams beside the service. */
export function prepare() {
  const folder = mkdtempSync(join(tmpdir(), "ekigaku-ui-"));
  execFileSync(process.env.EKI_GENERATE, ["sample", "--out", join(folder, "sample")]);
  return { folder, capture: join(folder, "sample.pcap"), directory: () => execFileSync(process.env.EKIGAKU, ["directory", "--store", join(folder, "data/ekigaku.db"), "sample"], { stdio: "ignore" }), clean: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts it; resolves with its address, the one-time link of the first start, and how to stop it. */
export async function start(folder, name = "data", options = []) {
  const server = spawn(process.env.EKIGAKU, ["serve", "--data", join(folder, name), "--listen", "127.0.0.1:0", "--access-log", join(folder, `${name}.log`), ...options],
    { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const link = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the service did not start: ${said}`)), START_MS);
    const hear = (bytes) => {
      said += bytes;
      const found = /(http:\/\/127\.0\.0\.1:\d+)(\/invitation\/[\w-]+)/.exec(said);
      if (found) {
        clearTimeout(late);
        resolve({ base: found[1], invitation: found[2] });
      }
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("exit", (code) => reject(new Error(`the service ended with ${code}: ${said}`)));
  });
  return { ...link, stop: async () => { server.kill("SIGTERM"); return ended; } };
}
