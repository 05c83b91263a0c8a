// SPDX-License-Identifier: Apache-2.0
/* Captures and logs of any size go to the server as they are; then one job analyses them together. */
import { useRef, useState } from "preact/hooks";
import { useMay } from "../app";
import { post, Problem, remove } from "../api/client";
import { placeOf, useLoad, usePages, type Placed } from "../api/load";
import type { Input, Job, List } from "../api/types";
import { upload, type Part } from "../api/upload";
import { bytes, duration, milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, Field, More, Progress, Show, Wrong } from "../parts/words";
import { go } from "../router";
import { mark, plural, t } from "../text";

/* The attacker's side: pathogens by what possessing them needs (A3); here what the program does with the file. */
const CLASSES: readonly (readonly [number, string])[] = [
  [4, mark("class 4: keep to the usual standards (kept)")], [3, mark("class 3: by notification (analysed, then deleted)")],
  [2, mark("class 2: by permission (analysed, then deleted)")], [1, mark("class 1: possession prohibited (analysed, then deleted)")],
];

interface Sending { file: File; sent: number; waits: number; from: number; started: number; input: Input | null; problem: Problem | null; cancel: () => void }

function rate(one: Sending): string {
  const seconds = (performance.now() - one.started) / 1000;
  const pace = seconds > 0.3 ? (one.sent - one.from) / seconds : 0;
  const left = pace > 0 ? (one.file.size - one.sent) / pace : NaN;
  if (one.waits) return t("{1} of {2} are there; the line broke, going on in {3} s", bytes(one.sent), bytes(one.file.size), one.waits);
  return pace > 0 ? t("{1} of {2}, {3}/s, {4} left", bytes(one.sent), bytes(one.file.size), bytes(pace), duration(left)) : t("{1} of {2}", bytes(one.sent), bytes(one.file.size));
}

function useSending(handlingClass: number) {
  const [sending, setSending] = useState<readonly Sending[]>([]);
  const change = (file: File, by: Partial<Sending>) => setSending((old) => old.map((one) => (one.file === file ? { ...one, ...by } : one)));
  const send = async (files: readonly File[]) => {
    const queue: Sending[] = files.map((file) => ({ file, sent: 0, waits: 0, from: 0, started: performance.now(), input: null, problem: null, cancel: () => undefined }));
    setSending((old) => [...old.filter((one) => !files.includes(one.file)), ...queue]);
    for (const { file } of queue) { // one after the other: the slowest part is the disk
      let first = true;
      const going = upload(file, handlingClass, (sent, waits) => {
        change(file, { sent, waits, ...(first ? { from: sent } : {}) });
        first = false;
      });
      change(file, { started: performance.now(), cancel: going.cancel });
      try {
        change(file, { input: await going.done, sent: file.size });
      } catch (wrong) {
        change(file, { problem: wrong instanceof Problem ? wrong : new Problem(0, String(wrong), "") });
      }
    }
  };
  return { sending, send };
}

function Drop({ take }: { take: (files: File[]) => void }) {
  const [over, setOver] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take([...(event.dataTransfer?.files ?? [])]);
  };
  return (
    <div class={over ? "drop over" : "drop"} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <p>{t("Drop captures (pcap, pcapng) or logs (Zeek, Suricata EVE, NetFlow, IPFIX, firewall) here, or")}</p>
      <button type="button" class="main" onClick={() => field.current?.click()}>{t("Choose files")}</button>
      <input ref={field} class="hidden" type="file" multiple tabIndex={-1} aria-label={t("Choose files")} onChange={(event) => { take([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ""; }} />
    </div>
  );
}

const INPUT: Placed<Input> = { prefix: "input-", of: (input) => input.id };

function Kept({ reload, analyse }: { reload: number; analyse: (inputs: Input[]) => void }) {
  const loaded = usePages<Input>(`/inputs?limit=1000&sort=-created&turn=${reload}`, INPUT);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [problem, setProblem] = useState<Problem | null>(null);
  const toggle = (id: number) => setChosen((old) => { const next = new Set(old); if (!next.delete(id)) next.add(id); return next; });
  const drop = (input: Input) => remove(`/inputs/${input.id}`).then(loaded.reload, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <Show loaded={loaded}>{(list) => !list.items.length ? <Empty>{t("The server keeps no file.")}</Empty> : (
      <>
        {problem && <Wrong problem={problem} />}
        <Table name="inputs" rows={list.items} keyOf={(input) => input.id} idOf={placeOf(INPUT)} columns={[
          { title: t("Analyse"), value: (input) => (chosen.has(input.id) ? 1 : 0), cell: (input) => <input type="checkbox" checked={chosen.has(input.id)} aria-label={input.name} onChange={() => toggle(input.id)} /> },
          { title: t("File"), value: (input) => input.name },
          { title: t("Size"), value: (input) => input.size, cell: (input) => bytes(input.size), figure: true },
          { title: t("Format"), value: (input) => input.form },
          { title: t("Handling class"), value: (input) => input.handling_class, figure: true },
          { title: t("Uploaded"), value: (input) => milliseconds(input.created), cell: (input) => stamp(input.created), short: true },
          { title: t("Delete"), value: () => "", cell: (input) => <button type="button" aria-label={t("Delete {1}", input.name)} onClick={() => void drop(input)}>{t("Delete")}</button> },
        ]} />
        <More of={loaded} />
        {chosen.size > 0 && <p><button type="button" class="main" onClick={() => analyse(list.items.filter((input) => chosen.has(input.id)))}>{plural(chosen.size, "Analyse {1} file", "Analyse {1} files together")}</button></p>}
      </>
    )}</Show>
  );
}

/** Uploads that are not whole, of this account: the same file goes on where it ended. */
function Unfinished({ reload }: { reload: string }) {
  const loaded = useLoad<List<Part>>(`/uploads?limit=1000&turn=${reload}`);
  const parts = (loaded.data?.items ?? []).filter((part) => !part.complete && part.offset > 0);
  if (!parts.length) return null;
  return (
    <>
      <h2>{t("Unfinished uploads")}</h2>
      <p>{t("Choose the same file again: it goes on where it ended. What nobody goes on with is deleted after two days.")}</p>
      <Table name="unfinished" rows={parts} keyOf={(part) => part.id} bare columns={[
        { title: t("File"), value: (part) => part.name },
        { title: t("Size"), value: (part) => part.offset, cell: (part) => (part.length ? t("{1} of {2}", bytes(part.offset), bytes(part.length)) : bytes(part.offset)), figure: true },
        { title: t("Delete"), value: () => "", cell: (part) => <button type="button" aria-label={t("Delete {1}", part.name)} onClick={() => void remove(`/uploads/${part.id}`).then(loaded.reload, loaded.reload)}>{t("Delete")}</button> },
      ]} />
    </>
  );
}

export function Upload() {
  const may = useMay("analyst");
  const [handlingClass, setHandlingClass] = useState(4);
  const [title, setTitle] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const { sending, send } = useSending(handlingClass);
  const ready = sending.flatMap((one) => (one.input ? [one.input] : []));
  const analyse = (inputs: readonly Input[]) => {
    const name = title || inputs.map((input) => input.name).join(", ").slice(0, 120);
    post<Job>("/jobs", { kind: "analyze", inputs: inputs.map((input) => input.id), title: name }).then(() => go("/jobs"), (wrong: unknown) => setProblem(wrong as Problem));
  };
  if (!may) return <><Answer>{t("Your account may look, not upload.")}</Answer><Empty>{t("Ask an administrator for the role of an analyst.")}</Empty></>;
  return (
    <>
      <Answer>{t("Give captures or logs: each analysis says whether something spreads.")}</Answer>
      {problem && <Wrong problem={problem} />}
      <div class="fields">
        <Field name={t("Handling class of what you upload")}>
          <select value={handlingClass} onChange={(event) => setHandlingClass(Number(event.currentTarget.value))}>
            {CLASSES.map(([n, text]) => <option key={n} value={n}>{t(text)}</option>)}
          </select>
        </Field>
        <Field name={t("Title of the analysis (else the names of the files)")}><input value={title} maxLength={200} onInput={(event) => setTitle(event.currentTarget.value)} /></Field>
      </div>
      <p />
      <Drop take={(files) => void send(files)} />
      {sending.length > 0 && (
        <Table name="uploads" rows={sending} keyOf={(one) => `${one.file.name} ${one.started}`} bare columns={[
          { title: t("File"), value: (one) => one.file.name },
          { title: t("State"), value: (one) => one.sent, cell: (one) => one.problem ? <span class="wrong" role="alert">{one.problem.message}</span> : one.input ? t("on the server, {1}", bytes(one.file.size)) : <Progress share={one.file.size ? one.sent / one.file.size : 0} says={rate(one)} /> },
          { title: t("Stop"), value: () => "", cell: (one) => one.problem ? <button type="button" onClick={() => void send([one.file])}>{t("Go on")}</button> : one.input ? "" : <button type="button" onClick={one.cancel}>{t("Stop")}</button> },
        ]} />
      )}
      {ready.length > 0 && <p><button type="button" class="main" onClick={() => analyse(ready)}>{plural(ready.length, "Analyse {1} file", "Analyse {1} files together")}</button></p>}
      <Unfinished reload={`${ready.length}-${sending.filter((one) => one.problem).length}-${sending.length}`} />
      <h2>{t("Files on the server")}</h2>
      <Kept reload={ready.length} analyse={analyse} />
    </>
  );
}
