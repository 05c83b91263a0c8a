// SPDX-License-Identifier: Apache-2.0
/* A scenario as a form. The YAML is the truth: each field is read from it and written back into it, comments kept. */
import { useMemo } from "preact/hooks";
import { type Document, isMap, isSeq, parseDocument } from "yaml";
import { Field } from "../parts/words";
import { mark, t } from "../text";

type Path = readonly (string | number)[];

interface Entry { path: Path; name: string; kind: "text" | "number" | "share" }

const GENERAL: readonly Entry[] = [
  { path: ["name"], name: mark("Name (letters, digits, hyphens)"), kind: "text" }, { path: ["title"], name: mark("Title"), kind: "text" },
  { path: ["source"], name: mark("Source of the figures"), kind: "text" }, { path: ["stop_s"], name: mark("Ends after, s"), kind: "number" },
  { path: ["runs"], name: mark("Runs"), kind: "number" }, { path: ["seed"], name: mark("Seed"), kind: "number" }, { path: ["seeds"], name: mark("Infected at the start"), kind: "number" },
];
const MALWARE: readonly Entry[] = [
  { path: ["malware", "name"], name: mark("Family"), kind: "text" }, { path: ["malware", "success"], name: mark("Success of an attempt, 0 to 1"), kind: "share" },
  { path: ["malware", "latency_s"], name: mark("From infection to the first own probe, s"), kind: "number" },
];
const ON_NETWORK: readonly Entry[] = [
  { path: ["malware", "slots"], name: mark("Attempts in flight"), kind: "number" }, { path: ["malware", "dead_s"], name: mark("Held by an address without a victim, s"), kind: "number" },
  { path: ["malware", "service_s"], name: mark("Held by a victim, s"), kind: "number" },
];
const ON_INTERNET: readonly Entry[] = [
  { path: ["population", "vulnerable"], name: mark("Hosts that can fall"), kind: "number" }, { path: ["malware", "rate_per_s"], name: mark("Probes of one host per s"), kind: "number" },
];
const SUBNET = [["name", mark("Name"), "text"], ["network", mark("Network"), "text"], ["hosts", mark("Hosts"), "number"], ["patched", mark("Patched, 0 to 1"), "share"]] as const;
const MEASURE = [["at_s", mark("At, s"), "number"], ["share", mark("Share, 0 to 1"), "share"], ["after_s", mark("After, s"), "number"]] as const;
const DO = ["patch", "isolate", "throttle", "block", "reset", "stop", "restore"] as const;
const DO_WORDS: Readonly<Record<string, string>> = {
  patch: mark("patch hosts"), isolate: mark("isolate infected hosts"), throttle: mark("slow down probes"), block: mark("block between subnets"),
  reset: mark("change administrators' passwords"), stop: mark("kill switch"), restore: mark("restore hosts"),
};

interface Edit { document: Document; get: (path: Path) => unknown; set: (path: Path, value: unknown) => void; drop: (path: Path) => void }

function useEdit(yaml: string, change: (yaml: string) => void): Edit | null {
  return useMemo(() => {
    const document = parseDocument(yaml);
    if (document.errors.length || !isMap(document.contents)) return null;
    const done = () => change(document.toString({ lineWidth: 0, flowCollectionPadding: false }));
    return {
      document, get: (path) => document.getIn(path),
      set: (path, value) => { if (value === "" || value === null) document.deleteIn(path); else document.setIn(path, value); done(); },
      drop: (path) => { document.deleteIn(path); done(); },
    };
  }, [yaml]);
}

function Value({ edit, path, name, kind }: { edit: Edit; path: Path; name: string; kind: Entry["kind"] }) {
  const value = edit.get(path);
  const shown = value === undefined || value === null ? "" : String(value);
  const number = kind !== "text";
  return (
    <Field name={t(name)}>
      <input value={shown} type={number ? "number" : "text"} min={number ? 0 : undefined} max={kind === "share" ? 1 : undefined} step={number ? "any" : undefined}
        onChange={(event) => { const text = event.currentTarget.value; edit.set(path, number && text !== "" ? Number(text) : text); }} />
    </Field>
  );
}

function Items({ edit, path, columns, add, title }: { edit: Edit; path: Path; columns: readonly (readonly [string, string, string])[]; add: () => unknown; title: string }) {
  const node = edit.document.getIn(path);
  const count = isSeq(node) ? node.items.length : 0;
  const isMeasure = path[0] === "measures";
  return (
    <>
      <h2 class="near">{title}</h2>
      {Array.from({ length: count }, (_, i) => (
        <div class="fields tight" key={i}>
          {isMeasure && (
            <Field name={t("Measure")}>
              <select value={String(edit.get([...path, i, "do"]) ?? "")} onChange={(event) => edit.set([...path, i, "do"], event.currentTarget.value)}>
                {DO.map((name) => <option key={name} value={name}>{t(DO_WORDS[name] ?? name)}</option>)}
              </select>
            </Field>
          )}
          {columns.map(([key, name, kind]) => <Value key={key} edit={edit} path={[...path, i, key]} name={name} kind={kind as Entry["kind"]} />)}
          <div><button type="button" onClick={() => edit.drop([...path, i])} aria-label={t("Delete {1} of {2}", i + 1, title)}>{t("Delete")}</button></div>
        </div>
      ))}
      <p><button type="button" onClick={() => { const made = edit.document.createNode(add()); if (isSeq(node)) node.add(made); else edit.document.setIn(path, edit.document.createNode([made])); edit.set(["name"], edit.get(["name"])); }}>{t("Add")}</button></p>
    </>
  );
}

export function ScenarioForm({ yaml, change }: { yaml: string; change: (yaml: string) => void }) {
  const edit = useEdit(yaml, change);
  if (!edit) return <p class="wrong" role="alert">{t("The YAML cannot be read as it is: mend it first, then the form opens.")}</p>;
  const internet = edit.get(["population", "place"]) === "internet";
  const fields = (entries: readonly Entry[]) => <div class="fields">{entries.map((e) => <Value key={e.path.join(".")} edit={edit} {...e} />)}</div>;
  return (
    <div>
      {fields(GENERAL)}
      <h2 class="near">{t("Malware")}</h2>
      {fields([...MALWARE, ...(internet ? [] : ON_NETWORK)])}
      <h2 class="near">{t("Population")}</h2>
      <div class="fields">
        <Field name={t("Place")}>
          <select value={internet ? "internet" : "network"} onChange={(event) => edit.set(["population", "place"], event.currentTarget.value)}>
            <option value="network">{t("the subnets of an organisation")}</option><option value="internet">{t("the Internet, 2^32 addresses")}</option>
          </select>
        </Field>
      </div>
      {internet ? fields(ON_INTERNET) : <Items edit={edit} path={["population", "subnets"]} columns={SUBNET} title={t("Subnets")} add={() => ({ name: "office", network: "192.0.2.0/24", hosts: 50 })} />}
      <Items edit={edit} path={["measures"]} columns={MEASURE} title={t("Countermeasures")} add={() => ({ at_s: 3600, do: "patch", share: 0.5 })} />
    </div>
  );
}
