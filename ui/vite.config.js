// SPDX-License-Identifier: Apache-2.0
// How the pages are bundled: one script, one style sheet, the Japanese texts apart (loaded when they are asked for).
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

/** "virtual:japanese" is po/ja.po, read by the same reader as the program's own table. */
function japanese() {
  const name = "virtual:japanese";
  return {
    name: "japanese",
    resolveId: (id) => (id === name ? "\0" + name : null),
    load(id) {
      if (id !== "\0" + name) return null;
      const table = execFileSync("python3", [root + "../tools/po-to-c", "--json", root + "../po/ja.po"], { encoding: "utf8" });
      return `export default ${table}`;
    },
  };
}

export default defineConfig({
  root,
  base: "/",
  plugins: [japanese()],
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "inline" },
  build: {
    outDir: process.env.EKI_UI_OUT || root + "../build/ui/pages",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // no data: URL: the content security policy stays short
    reportCompressedSize: false,
  },
});
