// SPDX-License-Identifier: Apache-2.0
/* What is known of self-propagating malware: families, who inherited what from whom, generations; every value with its source. */
import { useState } from "preact/hooks";
import { useLoad } from "../api/load";
import type { Descent, Era, Family, List } from "../api/types";
import { Eras } from "../charts/eras";
import { Lineage } from "../charts/lineage";
import { Table } from "../parts/table";
import { Answer, Facts, Show } from "../parts/words";
import { plural, t } from "../text";
import { family, route, word } from "../words";

const list = <T,>(data: T[] | List<T> | null): T[] => (data ? (Array.isArray(data) ? data : data.items) : []);

function matches(one: Family, wanted: string): boolean {
  const text = [one.name, one.id, one.first, t(one.means ?? ""), t(one.payload ?? ""), route(one.route), word(one.kind)].join(" ").toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((part) => text.includes(part));
}

export function Catalogue() {
  const families = useLoad<{ families: Family[] }>("/catalogue");
  const lineage = useLoad<Descent[] | List<Descent>>("/catalogue/lineage");
  const timeline = useLoad<Era[] | List<Era>>("/catalogue/timeline");
  const [wanted, setWanted] = useState("");
  return (
    <Show loaded={families} whole>{({ families: all }) => {
      const shown = all.filter((one) => matches(one, wanted));
      const spread = all.filter((one) => one.propagates).length;
      return (
        <>
          <Answer>{plural(all.length, "{1} family is known; {2} spread by themselves.", "{1} families are known; {2} spread by themselves.", spread)}</Answer>
          <label class="field">{t("Find a family")}<input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} /></label>
          <Table name="families" rows={shown} keyOf={(f) => f.id} columns={[
            { title: t("Family"), short: true, value: (f) => f.name, cell: (f) => <a href={`/catalogue/${f.id}`}>{f.name}</a> },
            { title: t("First seen"), value: (f) => f.first, short: true },
            { title: t("Kind"), value: (f) => word(f.kind) },
            { title: t("Route of infection"), value: (f) => route(f.route) },
            { title: t("Class"), value: (f) => word(f.countermeasure_class), short: true },
            { title: t("In the connected network"), value: (f) => (f.connected ? t(f.connected) : "–") },
            { title: t("In other networks"), value: (f) => (f.elsewhere ? t(f.elsewhere) : "–") },
            { title: t("Means of spreading"), value: (f) => (f.means ? t(f.means) : "–") },
            { title: t("Does"), value: (f) => (f.payload ? t(f.payload) : "–") },
          ]} />
          <h2>{t("Lineage")}</h2>
          {lineage.data && <Lineage families={all} descents={list(lineage.data)} />}
          <h2>{t("Timeline")}</h2>
          {timeline.data && <Eras eras={list(timeline.data)} families={all} />}
        </>
      );
    }}</Show>
  );
}

function familySentence(f: Family): string {
  const how = f.propagates ? t("spreads by itself ({1})", route(f.route)) : t("does not spread by itself");
  return t("{1} ({2}): {3}; {4}.", f.name, f.first, how, f.payload ? t(f.payload) : t("nothing else known"));
}

function FamilyText({ f }: { f: Family }) {
  const said = (text: string | null | undefined) => (text ? t(text) : "–");
  return (
    <>
      <Answer kicker={<a href="/catalogue">{t("Catalogue")}</a>}>{familySentence(f)}</Answer>
      {f.recovery && <><h2 class="near">{t("What to do now")}</h2><ol class="now"><li>{t(f.recovery)}</li>{f.kill_switch && <li>{t("Kill switch: {1}", t(f.kill_switch))}</li>}{f.vaccine && <li>{t("Vaccine: {1}", t(f.vaccine))}</li>}</ol></>}
      <Facts of={[
        [t("Kind"), word(f.kind)], [t("Route of infection"), route(f.route)], [t("Countermeasure class"), word(f.countermeasure_class)],
        [t("In the connected network"), said(f.connected)], [t("In other networks"), said(f.elsewhere)], [t("Means of spreading"), said(f.means)],
        [t("Told by"), f.source], [t("Confidence"), word(f.confidence)],
      ]} />
      {f.inherits.length > 0 && (
        <>
          <h2>{t("Took over from")}</h2>
          <Table name={`inherits-${f.id}`} rows={f.inherits} keyOf={(i) => `${i.from} ${i.technique}`} bare columns={[
            { title: t("Family"), value: (i) => i.from, cell: (i) => <a href={`/catalogue/${i.from}`}>{family(i.from)}</a> }, { title: t("Technique"), value: (i) => t(i.technique) },
          ]} />
        </>
      )}
      {f.values && f.values.length > 0 && (
        <>
          <h2>{t("Figures, each with its source")}</h2>
          <Table name={`values-${f.id}`} rows={f.values} keyOf={(v) => `${v.key} ${v.value} ${v.source}`} columns={[
            { title: t("Figure"), value: (v) => v.key }, { title: t("Value"), value: (v) => v.value, figure: true }, { title: t("Unit"), value: (v) => v.unit },
            { title: t("Told by"), value: (v) => v.source }, { title: t("Confidence"), value: (v) => word(v.confidence) },
          ]} />
        </>
      )}
      {f.limits && <p class="note">{t(f.limits)}</p>}
    </>
  );
}

export function FamilyPage({ parameters }: { parameters: Readonly<Record<string, string>> }) {
  const loaded = useLoad<Family>(`/catalogue/families/${encodeURIComponent(parameters["name"] ?? "")}`);
  return <Show loaded={loaded} whole>{(one) => <FamilyText f={one} />}</Show>;
}
