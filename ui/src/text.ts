// SPDX-License-Identifier: Apache-2.0
/*
 * The words of the pages in two languages. A text stands in the source in English, t("..."), with places {1} to {9};
 * po/ja.po holds its Japanese (tools/check-texts keeps the two in step). The Japanese is loaded when it is asked for.
 */
export type Language = "en" | "ja";

let table: Readonly<Record<string, string>> = {};
let current: Language = "en";

export const language = (): Language => current;

/** The text in the language of the reader, its places filled in. */
export function t(english: string, ...values: readonly (string | number)[]): string {
  const text = table[english] ?? english;
  return values.length ? text.replace(/\{([1-9])\}/g, (_, n: string) => String(values[Number(n) - 1] ?? "")) : text;
}

/** Marks a text that is looked up later, by t(). */
export const mark = (english: string): string => english;

/** A number with its noun: `one` when it is 1, else `many`; {1} is the number. */
export function plural(count: number, one: string, many: string, ...values: readonly (string | number)[]): string {
  return t(count === 1 ? one : many, count.toLocaleString("en-US"), ...values);
}

/** Changes the language; resolves when its texts are there. */
export async function setLanguage(wanted: Language): Promise<void> {
  table = wanted === "ja" ? (await import("virtual:japanese")).default : {};
  current = wanted;
  document.documentElement.lang = wanted;
}

const KEY = "ekigaku.language";

/** What the reader chose last, else what the browser asks for. */
export function wantedLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "en" || kept === "ja") return kept;
  return navigator.language.startsWith("ja") ? "ja" : "en";
}

export const keepLanguage = (wanted: Language): void => localStorage.setItem(KEY, wanted);
