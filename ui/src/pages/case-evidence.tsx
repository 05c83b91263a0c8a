// SPDX-License-Identifier: Apache-2.0
/* The evidence of a case: what there is, who has it, how it went from hand to hand. */
import { useState } from "preact/hooks";
import { useMay } from "../app";
import { post, press, Problem } from "../api/client";
import { upload } from "../api/upload";
import { placeOf, useLoad, usePages, type Placed } from "../api/load";
import type { Case, Evidence, EvidenceWhole } from "../api/case";
import { bytes, milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { Field, More, Show, Wrong } from "../parts/words";
import { t } from "../text";
import { word } from "../words";

const whereOf = (e: Evidence): string => (e.kept ? t("kept here") : e.sha256 ? t("held elsewhere, recorded") : t("a thing"));

/** A file from here, a file that others hold, or a thing. */
function AddForm({ of, changed }: { of: Case; changed: () => void }) {
  const [kind, setKind] = useState("file");
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const [hash, setHash] = useState("");
  const [size, setSize] = useState("");
  const [handling, setHandling] = useState("4");
  const [giver, setGiver] = useState("");
  const [why, setWhy] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [waits, setWaits] = useState(false);
  const enter = async () => {
    const body = { name: name || (file?.name ?? ""), handling_class: Number(handling), giver, why };
    if (kind === "file" && file) {
      const input = await upload(file, Number(handling), () => undefined).done;
      return post(`/cases/${of.id}/evidence`, { ...body, input: input.id });
    }
    return post(`/cases/${of.id}/evidence`, kind === "recorded" ? { ...body, sha256: hash, size: size ? Number(size) : null } : body);
  };
  const send = (event: Event) => {
    event.preventDefault();
    setWaits(true);
    void enter().then(() => { setProblem(null); setName(""); setHash(""); changed(); }, (wrong: unknown) => setProblem(wrong as Problem)).finally(() => setWaits(false));
  };
  return (
    <details>
      <summary>{t("Enter evidence")}</summary>
      <form onSubmit={send}>
        {problem && <Wrong problem={problem} />}
        <Field name={t("What kind of evidence")}>
          <select name="kind-of-evidence" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            <option value="file">{t("a file that is kept here")}</option>
            <option value="recorded">{t("a file that somebody else holds")}</option>
            <option value="thing">{t("a thing")}</option>
          </select>
        </Field>
        {kind === "file" && <Field name={t("File")}><input type="file" name="evidence" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} /></Field>}
        {kind === "recorded" && <Field name="SHA-256"><input name="sha256" required pattern="[0-9a-fA-F]{64}" value={hash} onInput={(event) => setHash(event.currentTarget.value)} /></Field>}
        {kind === "recorded" && <Field name={t("Size in bytes")}><input name="size" inputMode="numeric" required pattern="[0-9]+" value={size} onInput={(event) => setSize(event.currentTarget.value)} /></Field>}
        <Field name={t("What it is called")}><input name="evidence-name" maxLength={150} required={kind !== "file"} value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>
        <Field name={t("Handling class")}>
          <select name="evidence-class" value={handling} onChange={(event) => setHandling(event.currentTarget.value)}>{["4", "3", "2", "1"].map((c) => <option key={c} value={c}>{word(`handling ${c}`)}</option>)}</select>
        </Field>
        <Field name={t("From whom")}><input name="giver" maxLength={300} value={giver} onInput={(event) => setGiver(event.currentTarget.value)} /></Field>
        <Field name={t("To what end, and where it is kept")}><input name="evidence-why" maxLength={300} value={why} onInput={(event) => setWhy(event.currentTarget.value)} /></Field>
        <div class="bar"><button type="submit" disabled={waits || (kind === "file" && !file)}>{t("Enter it")}</button></div>
      </form>
    </details>
  );
}

/** One piece: its chain, and what may be done with it. */
function Chain({ of, id, changed }: { of: Case; id: number; changed: () => void }) {
  const may = useMay("analyst");
  const loaded = useLoad<EvidenceWhole>(`/cases/${of.id}/evidence/${id}`);
  const [taker, setTaker] = useState("");
  const [why, setWhy] = useState("");
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const wrong = (why_not: unknown) => setProblem(why_not as Problem);
  const done = () => { setProblem(null); loaded.reload(); changed(); };
  const give = (event: Event) => {
    event.preventDefault();
    void post(`/cases/${of.id}/evidence/${id}/custody`, { taker, why }).then(() => { setTaker(""); setWhy(""); done(); }, wrong);
  };
  const verify = () => void press<{ seen: string | null }>(`/cases/${of.id}/evidence/${id}/verify`).then((found) => { setSaid(word(`seen ${found.seen ?? "none"}`)); done(); }, wrong);
  return (
    <Show loaded={loaded}>{(e) => (
      <section aria-label={t("Evidence {1}", e.id)}>
        <h3>{`${e.id}: ${e.name}`}</h3>
        {problem && <Wrong problem={problem} />}
        <p class="note">{e.rule}</p>
        <Table name="custody" bare rows={e.custody} keyOf={(c) => c.id} columns={[
          { title: t("Time"), value: (c) => milliseconds(c.at), cell: (c) => stamp(c.at), short: true },
          { title: t("From whom"), value: (c) => c.giver }, { title: t("To whom"), value: (c) => c.taker },
          { title: t("File then"), value: (c) => word(`seen ${c.seen ?? "none"}`), short: true }, { title: t("To what end"), value: (c) => c.why, wide: true },
        ]} />
        {may && (
          <>
            <div class="bar">
              {e.sha256 && <button type="button" onClick={verify}>{t("Is it still the same?")}</button>}
              {e.download && <a class="button" href={`/api/v1/cases/${of.id}/evidence/${id}/file`} download>{t("Take the file")}</a>}
              <span role="status">{said}</span>
            </div>
            <form onSubmit={give}>
              <Field name={t("Who takes it")}><input name="taker" required maxLength={300} value={taker} onInput={(event) => setTaker(event.currentTarget.value)} /></Field>
              <Field name={t("To what end, and where it is kept")}><input name="custody-why" maxLength={300} value={why} onInput={(event) => setWhy(event.currentTarget.value)} /></Field>
              <div class="bar"><button type="submit">{t("Note that it changed hands")}</button></div>
            </form>
          </>
        )}
      </section>
    )}</Show>
  );
}

const PIECE: Placed<Evidence> = { prefix: "evidence-", of: (e) => e.id };

export function CaseEvidence({ of, changed }: { of: Case; changed: () => void }) {
  const may = useMay("analyst");
  const [chosen, setChosen] = useState<number | null>(null);
  const loaded = usePages<Evidence>(`/cases/${of.id}/evidence?limit=1000`, PIECE);
  const entered = () => { loaded.reload(); changed(); };
  return (
    <>
      <h2>{t("Evidence and who had it")}</h2>
      <Show loaded={loaded}>{(list) => (list.items.length ? (
        <Table name="evidence" bare rows={list.items} keyOf={(e) => e.id} idOf={placeOf(PIECE)} chosen={chosen} columns={[
          { title: t("Evidence piece"), value: (e) => `${e.id}: ${e.name}`, wide: true }, { title: t("Handling class"), value: (e) => word(`handling ${e.handling_class}`) },
          { title: t("Where"), value: whereOf, short: true }, { title: t("Size"), value: (e) => e.size, cell: (e) => (e.size === null ? "–" : bytes(e.size)), figure: true },
          { title: "SHA-256", value: (e) => e.sha256, cell: (e) => (e.sha256 ? <code title={e.sha256}>{e.sha256.slice(0, 12)}</code> : "–"), short: true }, { title: t("Who has the piece"), value: (e) => e.holder },
          { title: t("Chain"), value: () => "", cell: (e) => <button type="button" aria-expanded={chosen === e.id} onClick={() => setChosen(chosen === e.id ? null : e.id)}>{t("Chain of {1}", e.id)}</button> },
        ]} />
      ) : <p class="note">{t("None yet.")}</p>)}</Show>
      <More of={loaded} />
      {chosen !== null && <Chain key={chosen} of={of} id={chosen} changed={() => loaded.reload()} />}
      {may && <AddForm of={of} changed={entered} />}
    </>
  );
}
