// SPDX-License-Identifier: Apache-2.0
import "./style/page.css";
import "./style/chart.css";
import { render } from "preact";
import { App } from "./app";
import { catchLinks } from "./router";
import { keptTheme, setTheme } from "./theme";
import { setLanguage, wantedLanguage } from "./text";

async function start(): Promise<void> {
  setTheme(keptTheme());
  await setLanguage(wantedLanguage());
  catchLinks();
  const page = document.getElementById("page");
  if (page) render(<App />, page);
}

void start();
