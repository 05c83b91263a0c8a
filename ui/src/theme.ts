// SPDX-License-Identifier: Apache-2.0
/* Light, dark, or as the system says. */
export type Theme = "system" | "light" | "dark";

const KEY = "ekigaku.theme";

export function keptTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function setTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  localStorage.setItem(KEY, theme);
}
