// SPDX-License-Identifier: Apache-2.0
/*
 * The top of every page: its name, the pages, the search, colours and language. On a telephone the pages fold into a menu, so that
 * the first line of the page stands high, and a magnifier leads to the search.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Account } from "../api/types";
import { go } from "../router";
import { keepLanguage, language, setLanguage, t, type Language } from "../text";
import { keptTheme, setTheme, type Theme } from "../theme";

/* As much as the server takes. */
export const MOST_LETTERS = 200;

function Navigation({ path }: { path: string }) {
  const links: readonly (readonly [string, string])[] = [
    ["/", t("Outbreaks")], ["/cases", t("Cases")], ["/enquiries", t("Enquiries")], ["/received", t("Received")], ["/directory", t("Directory")], ["/live", t("Live")], ["/analyses", t("Analyses")], ["/upload", t("Upload")], ["/jobs", t("Jobs")],
    ["/simulate", t("Simulate")], ["/catalogue", t("Catalogue")], ["/accounts", t("Account")],
  ];
  const here = (href: string) => (href === "/" ? path === "/" || path.startsWith("/outbreaks") : path === href || path.startsWith(href + "/"));
  return (
    <nav aria-label={t("Pages")}>
      {links.map(([href, name]) => <a key={href} href={href} aria-current={here(href) ? "page" : undefined}>{name}</a>)}
    </nav>
  );
}

function Settings({ change }: { change: () => void }) {
  const speak = async (wanted: Language) => {
    keepLanguage(wanted);
    await setLanguage(wanted);
    change();
  };
  return (
    <>
      <select aria-label={t("Colours")} value={keptTheme()} onChange={(event) => { setTheme(event.currentTarget.value as Theme); change(); }}>
        <option value="system">{t("automatic")}</option>
        <option value="light">{t("light")}</option>
        <option value="dark">{t("dark")}</option>
      </select>
      {language() === "en"
        ? <button type="button" lang="ja" onClick={() => void speak("ja")}>日本語</button>
        : <button type="button" lang="en" onClick={() => void speak("en")}>English</button>}
    </>
  );
}

function Find() {
  const [query, setQuery] = useState("");
  return (
    <form role="search" onSubmit={(event) => { event.preventDefault(); go(`/search?q=${encodeURIComponent(query)}`); }}>
      <input type="search" value={query} maxLength={MOST_LETTERS} aria-label={t("Find")} onInput={(event) => setQuery(event.currentTarget.value)} />
      <button type="submit">{t("Find")}</button>
    </form>
  );
}

/** Only on a telephone: the way to the search, and what unfolds the pages. */
function Small({ open, turn, here }: { open: boolean; turn: () => void; here: boolean }) {
  return (
    <>
      <a class="button small" href="/search" aria-label={t("Find")} aria-current={here ? "page" : undefined}>
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><circle cx="8.5" cy="8.5" r="5.5" fill="none" stroke="currentColor" stroke-width="2" /><path d="M12.5 12.5L18 18" stroke="currentColor" stroke-width="2" /></svg>
      </a>
      <button type="button" class="small" aria-expanded={open} aria-controls="menu" onClick={turn}>{t("Menu")}</button>
    </>
  );
}

interface Properties { path: string; account: Account | null; change: () => void; leave: () => void }

export function Top({ path, account, change, leave }: Properties) {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLElement>(null);
  useEffect(() => setOpen(false), [path]);
  const escape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    setOpen(false);
    frame.current?.querySelector<HTMLElement>("button.small")?.focus();
  };
  return (
    <header class="top" ref={frame} onKeyDown={escape}>
      <a class="skip" href="#main">{t("To the content")}</a>
      <a class="name" href="/">{"ekigaku"}</a>
      {account && <Small open={open} turn={() => setOpen(!open)} here={path === "/search"} />}
      <div id="menu" class={account ? (open ? "menu open" : "menu") : "menu alone"}>
        {account && <Navigation path={path} />}
        <div class="right">
          {account && <Find />}
          <Settings change={change} />
          {account && <button type="button" title={account.display || account.name} onClick={leave}>{t("Sign out")}</button>}
        </div>
      </div>
    </header>
  );
}
