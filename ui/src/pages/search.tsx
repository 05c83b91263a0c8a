// SPDX-License-Identifier: Apache-2.0
/* Finds all that is kept, by any part of its name or text. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useLoad } from "../api/load";
import type { Found, List } from "../api/types";
import { Table } from "../parts/table";
import { MOST_LETTERS } from "../parts/top";
import { Answer, Empty, Show, Wrong } from "../parts/words";
import { setQuery, useAddress } from "../router";
import { mark, plural, t } from "../text";

const KINDS: Readonly<Record<string, string>> = {
  host: mark("Host"), outbreak: mark("Outbreak"), analysis: mark("Analysis"), family: mark("Family"), scenario: mark("Scenario"), job: mark("Job"),
  simulation: mark("Simulation"), input: mark("Input"), scanner: mark("Scanner"), infection: mark("Host"),
  team: mark("Team"), case: mark("Case"), case_host: mark("Host"), case_entry: mark("Note"), task: mark("Task"), indicator: mark("Indicator"), notice: mark("Notice"),
  enquiry: mark("Enquiry"), enquiry_entry: mark("Message"),
};

/** Links of the server lead to pages of this program only. */
const inside = (url: string): string => (url.startsWith("/") && !url.startsWith("//") ? url : "/");

export function Search() {
  const q = useAddress().searchParams.get("q") ?? "";
  const [text, setText] = useState(q);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setText(q), [q]); // another search from the top of the page
  useEffect(() => { if (!q) field.current?.focus(); }, []); // whoever comes without a word wants to write one
  const loaded = useLoad<List<Found> | Found[]>(q ? `/search?q=${encodeURIComponent(q)}` : null);
  const form = (
    <form class="bar" role="search" onSubmit={(event) => { event.preventDefault(); setQuery({ q: text }); }}>
      <input class="grow" type="search" ref={field} value={text} maxLength={MOST_LETTERS} aria-label={t("Find")} onInput={(event) => setText(event.currentTarget.value)} />
      <button class="main">{t("Find")}</button>
    </form>
  );
  const said = t("An address, a word of a case, a note, a notice or an enquiry, the name of a team, an outbreak, an analysis, a family or a scenario.");
  if (!q) return <><Answer>{t("What are you looking for?")}</Answer>{form}<Empty>{said}</Empty></>;
  if (loaded.error) return <><Answer>{t("This search was not answered.")}</Answer>{form}<Wrong problem={loaded.error} retry={loaded.reload} /></>;
  return (
    <Show loaded={loaded} whole>{(data) => {
      const found = Array.isArray(data) ? data : data.items;
      return (
        <>
          <Answer>{found.length ? plural(found.length, "{1} thing is called like “{2}”.", "{1} things are called like “{2}”.", q) : t("Nothing is called like “{1}”.", q)}</Answer>
          {form}
          {found.length ? (
            <Table name="found" rows={found} keyOf={(f) => `${f.kind} ${f.id} ${f.url}`} columns={[
              { title: t("Kind"), value: (f) => t(KINDS[f.kind] ?? f.kind) },
              { title: t("Name"), wide: true, value: (f) => f.title, cell: (f) => <a href={inside(f.url)}>{f.title}</a> },
            ]} />
          ) : <Empty>{said}</Empty>}
        </>
      );
    }}</Show>
  );
}
