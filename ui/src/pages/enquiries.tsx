// SPDX-License-Identifier: Apache-2.0
/* Technical enquiries: what waits, through how many hands they go; and one with its thread. */
import { useEffect, useState } from "preact/hooks";
import { useMay, type Parameters } from "../app";
import { post, Problem } from "../api/client";
import { listen } from "../api/events";
import { useLoad, usePages } from "../api/load";
import type { Enquiry, EnquiryFigures, EnquiryWhole, Takers } from "../api/enquiry";
import { teamName } from "../desk-words";
import { duration, milliseconds, stamp } from "../format";
import { useNamed } from "../parts/landing";
import { Table } from "../parts/table";
import { Answer, Empty, Facts, Field, More, Show, Wrong } from "../parts/words";
import { go } from "../router";
import { plural, t } from "../text";
import { word } from "../words";

const holderOf = (e: Enquiry): string => [e.department, e.holder].filter(Boolean).join(" / ") || t("nobody");
const stateOf = (e: Enquiry): string => word(`enquiry ${e.state}`);

function Rows({ items, name }: { items: readonly Enquiry[]; name: string }) {
  return (
    <Table name={name} bare rows={items} keyOf={(e) => e.id} columns={[
      { title: t("Enquiry"), value: (e) => e.id, cell: (e) => <a href={`/enquiries/${e.id}`}>{`${e.id}: ${e.subject}`}</a>, wide: true },
      { title: t("Asker"), value: (e) => e.asker }, { title: t("State"), value: stateOf, short: true },
      { title: t("Who has it"), value: holderOf }, { title: t("Hand-overs"), value: (e) => e.handovers, figure: true },
      { title: t("Came"), value: (e) => milliseconds(e.created), cell: (e) => stamp(e.created), short: true },
    ]} />
  );
}

/** Somebody called: what they ask. */
function AskForm({ of, opened }: { of: number | null; opened: (e: EnquiryWhole) => void }) {
  const [asker, setAsker] = useState("");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = (event: Event) => {
    event.preventDefault();
    void post<EnquiryWhole>("/enquiries", { asker, text, case: of }).then((made) => { setProblem(null); setAsker(""); setText(""); opened(made); }, (wrong: unknown) => setProblem(wrong as Problem));
  };
  return (
    <details>
      <summary>{t("Take down an enquiry")}</summary>
      <form onSubmit={send}>
        {problem && <Wrong problem={problem} />}
        <Field name={t("Who asks (name or address)")}><input name="asker" required maxLength={100} value={asker} onInput={(event) => setAsker(event.currentTarget.value)} /></Field>
        <Field name={t("The question")}><textarea name="question" required rows={4} maxLength={20000} value={text} onInput={(event) => setText(event.currentTarget.value)} /></Field>
        <div class="bar"><button type="submit" class="main">{t("Open the enquiry")}</button></div>
      </form>
    </details>
  );
}

function figureWords(f: EnquiryFigures): string {
  if (f.reached_after_s === null || f.handovers === null || f.answered_after_s === null) return t("None was answered yet.");
  return t("Of {1} answered, {2} went through no other hands. Medians: hand-overs: {3}, {4} until the right person had it, {5} until the answer.",
    f.reached, f.direct, f.handovers, duration(f.reached_after_s), duration(f.answered_after_s));
}

function firstLine(f: EnquiryFigures): string {
  if (!f.all) return t("Nobody has asked anything yet.");
  return [
    plural(f.open, "{1} enquiry is open.", "{1} enquiries are open."),
    f.untaken ? plural(f.untaken, "{1} has nobody who deals with it.", "{1} have nobody who deals with them.") : "",
    f.oldest ? t("The oldest came at {1}.", stamp(f.oldest)) : "",
  ].filter(Boolean).join(" ");
}

export function Enquiries() {
  const may = useMay("analyst");
  const list = usePages<Enquiry>("/enquiries?limit=1000");
  const figures = useLoad<EnquiryFigures>("/enquiries/statistics");
  useEffect(() => {
    const both = () => { list.reload(); figures.reload(); };
    return listen("enquiry", both, both);
  }, []);
  return (
    <Show loaded={figures} whole>{(f) => (
      <>
        <Answer mood={f.untaken ? "searching" : "calm"}>{firstLine(f)}</Answer>
        {f.all > 0 && <p class="note">{figureWords(f)}</p>}
        {may && <AskForm of={null} opened={(made) => go(`/enquiries/${made.id}`)} />}
        <Show loaded={list}>{(l) => (l.items.length ? <Rows name="enquiries" items={l.items} /> : <Empty>{t("Questions from outside come by mail, or are taken down here.")}</Empty>)}</Show>
        <More of={list} />
      </>
    )}</Show>
  );
}

/** The enquiries of a case. */
export function CaseEnquiries({ of }: { of: number }) {
  const may = useMay("analyst");
  const list = usePages<Enquiry>(`/enquiries?case=${of}&limit=1000`);
  useEffect(() => listen("enquiry", list.reload, list.reload), [of]);
  return (
    <>
      <h2>{t("Enquiries")}</h2>
      <Show loaded={list}>{(l) => (l.items.length ? <Rows name="case-enquiries" items={l.items} /> : <p class="note">{t("Nobody has asked anything yet.")}</p>)}</Show>
      <More of={list} />
      {may && <AskForm of={of} opened={() => list.reload()} />}
    </>
  );
}

const KINDS = ["judgement", "answer", "request", "question", "closing"] as const;

function SayForm({ of, changed }: { of: EnquiryWhole; changed: () => void }) {
  const [kind, setKind] = useState<string>(of.state === "closed" ? "question" : "judgement");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const kinds = of.state === "closed" ? ["question"] : KINDS;
  const send = (event: Event) => {
    event.preventDefault();
    void post(`/enquiries/${of.id}/entries`, { kind, text }).then(() => { setProblem(null); setText(""); changed(); }, (wrong: unknown) => setProblem(wrong as Problem));
  };
  return (
    <form onSubmit={send}>
      <h2>{t("Say something")}</h2>
      {problem && <Wrong problem={problem} />}
      <Field name={t("What it is")}>
        <select name="kind" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>{kinds.map((k) => <option key={k} value={k}>{word(`say ${k}`)}</option>)}</select>
      </Field>
      <Field name={t("Text")}><textarea name="words" rows={4} maxLength={20000} required={kind !== "closing"} value={text} onInput={(event) => setText(event.currentTarget.value)} /></Field>
      <p class="note">{t("Nothing is mailed: an answer is noted here after it was given.")}</p>
      <div class="bar"><button type="submit" class="main">{t("Write it down")}</button></div>
    </form>
  );
}

function HandForm({ of, changed }: { of: EnquiryWhole; changed: () => void }) {
  const takers = useLoad<Takers>("/enquiries/takers");
  const [person, setPerson] = useState("");
  const [department, setDepartment] = useState("");
  const [why, setWhy] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = (event: Event) => {
    event.preventDefault();
    void post(`/enquiries/${of.id}/handover`, { account: person ? Number(person) : null, department: department || null, why }).then(
      () => { setProblem(null); setWhy(""); changed(); }, (wrong: unknown) => setProblem(wrong as Problem));
  };
  return (
    <form onSubmit={send}>
      <h2>{t("Hand it over")}</h2>
      {problem && <Wrong problem={problem} />}
      <Show loaded={takers}>{(all) => (
        <>
          <Field name={t("To the person")}>
            <select name="person" value={person} onChange={(event) => setPerson(event.currentTarget.value)}>
              <option value="">{t("nobody named")}</option>
              {all.people.map((p) => <option key={p.id} value={p.id}>{p.display || p.name}</option>)}
            </select>
          </Field>
          {all.departments.length > 0 && (
            <Field name={t("To the department")}>
              <select name="department" value={department} onChange={(event) => setDepartment(event.currentTarget.value)}>
                <option value="">{t("none named")}</option>
                {all.departments.map((d) => <option key={d.id} value={d.id}>{`${teamName(d)} (${d.team})`}</option>)}
              </select>
            </Field>
          )}
          <Field name={t("Reason of the hand-over")}><input name="why" maxLength={500} value={why} onInput={(event) => setWhy(event.currentTarget.value)} /></Field>
          <div class="bar"><button type="submit" disabled={!person && !department}>{t("Hand over")}</button></div>
        </>
      )}</Show>
    </form>
  );
}

const SENTENCES: Readonly<Record<Enquiry["state"], () => string>> = {
  open: () => t("Open."), waiting: () => t("We asked back and wait."), answered: () => t("Answered."), closed: () => t("Closed."),
};

function verdict(e: EnquiryWhole): string {
  const hands = plural(e.handovers, "Handed over once.", "Handed over {1} times.");
  const now = e.state === "open" ? t("{1} has it since {2}.", holderOf(e), stamp(e.held)) : "";
  return [
    SENTENCES[e.state](), e.state === "open" && !e.held ? t("Nobody deals with it yet.") : now, e.handovers ? hands : "",
    e.reached ? t("The person who could answer had it after {1}.", duration((milliseconds(e.reached) - milliseconds(e.created)) / 1000)) : "",
  ].filter(Boolean).join(" ");
}

function Entry({ of }: { of: EnquiryWhole["thread"][number] }) {
  const id = `entry-${of.id}`;
  const here = useNamed(id);
  return (
    <li id={id} class={here ? "wanted" : undefined} aria-current={here ? "true" : undefined}>
      <p><strong>{word(`thread ${of.kind}`)}</strong>{` · ${of.author} · ${stamp(of.at)}${of.mail ? ` · ${t("by mail")}` : ""}`}</p>
      <p class="said">{of.text || "–"}</p>
    </li>
  );
}

export function EnquiryPage({ parameters }: { parameters: Parameters }) {
  const id = encodeURIComponent(parameters.id ?? "");
  const may = useMay("analyst");
  const loaded = useLoad<EnquiryWhole>(`/enquiries/${id}`);
  useEffect(() => listen("enquiry", (row) => { if (String((row as { id: number }).id) === id) loaded.reload(); }, loaded.reload), [id]);
  return (
    <Show loaded={loaded} whole>{(e) => (
      <>
        <Answer mood={e.state === "open" ? "searching" : "calm"} kicker={<><a href="/enquiries">{t("Enquiries")}</a>{` › ${e.id}: ${e.subject}`}</>}>{verdict(e)}</Answer>
        <Facts of={[
          [t("Asker"), e.asker], [t("Came"), stamp(e.created)], [t("Who has it"), holderOf(e)], [t("Hand-overs"), e.handovers],
          [t("First answer"), e.answered ? stamp(e.answered) : "–"], [t("Case"), e.case ? <a href={`/cases/${e.case}`}>{e.case}</a> : "–"],
        ]} />
        <h2>{t("What was said")}</h2>
        <ol class="thread">
          {e.thread.map((entry) => <Entry key={entry.id} of={entry} />)}
        </ol>
        {may && <SayForm key={`${e.id} ${e.state}`} of={e} changed={loaded.reload} />}
        {may && e.state !== "closed" && <HandForm of={e} changed={loaded.reload} />}
      </>
    )}</Show>
  );
}
