// SPDX-License-Identifier: Apache-2.0
/* The top of a case: what is to be done next and whom to call, then how what is fought spreads. */
import { useEffect } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { listen } from "../api/events";
import { useLoad } from "../api/load";
import type { Case, CaseDeadline, CaseHost, CaseTask, Notice } from "../api/case";
import type { List, Outbreak } from "../api/types";
import { teamName } from "../desk-words";
import { milliseconds, stamp } from "../format";
import { Show } from "../parts/words";
import { plural, t } from "../text";
import { department, word } from "../words";
import { deadlineName } from "./case-work";
import { isOver } from "./case-tasks";
import { teamUrl } from "./directory";
import { Summary } from "./outbreak-summary";
import { CallList, type Called, useAnswers, useCards } from "./whom-to-call";

const MOST_TASKS = 3;
const GONE = new Set(["sent", "delivered", "bounced", "opened", "unknown"]);

/** Hosts of one owner, and what that owner was told. */
export interface Owner { key: string; team: string | null; department: string | null; hosts: readonly CaseHost[]; notice: Notice | null }

interface Properties { of: Case; owners: readonly Owner[]; notices: readonly Notice[]; tasks: readonly CaseTask[]; names: (id: string | null, department?: string | null) => string }

/** What is due, the most pressing first, each with the place where it is done. */
function nextSteps({ of, owners, notices, tasks, names }: Properties, deadlines: readonly CaseDeadline[], called: readonly Called[]): [string, ComponentChildren][] {
  const steps: [string, ComponentChildren][] = [];
  const now = Date.now();
  const drafts = notices.filter((n) => n.state === "draft").length;
  const mute = called.filter((o) => o.answer?.team && !o.answer.contact); // nobody can be written to there
  const untold = owners.filter((o) => o.team && !mute.some((one) => one.key === o.key) && !notices.some((n) => n.team === o.team && (n.department ?? "") === (o.department ?? "") && n.state !== "withdrawn")).length;
  const unowned = owners.filter((o) => !o.team).reduce((sum, o) => sum + o.hosts.length, 0);
  const bounced = notices.filter((n) => n.state === "bounced" || n.state === "unknown");
  if (untold) steps.push(["untold", <a href="#notices">{plural(untold, "{1} owner has no notice yet: make it.", "{1} owners have no notice yet: make them.")}</a>]);
  for (const one of mute.slice(0, MOST_TASKS)) steps.push([`m${one.key}`, <a href={teamUrl(one.answer?.team?.id ?? "")}>{t("{1} has no contact that can be reached: find one.", one.answer?.team ? teamName(one.answer.team) : "")}</a>]);
  if (drafts) steps.push(["drafts", <a href="#notices">{plural(drafts, "Read and release {1} notice.", "Read and release {1} notices.")}</a>]);
  for (const n of bounced.slice(0, MOST_TASKS)) steps.push([`b${n.id}`, <a href={`#notice-${n.id}`}>{t("Call {1}: the notice is {2}.", names(n.team, n.department), word(`notice ${n.state}`))}</a>]);
  for (const n of notices.filter((one) => one.due && GONE.has(one.state) && milliseconds(one.due) < now).slice(0, MOST_TASKS))
    steps.push([`s${n.id}`, <a href={`#notice-${n.id}`}>{t("Call {1}: no answer since {2}.", names(n.team, n.department), stamp(n.sent))}</a>]);
  const open = tasks.filter((task) => !isOver(task)).sort((a, b) => (milliseconds(a.due) || Infinity) - (milliseconds(b.due) || Infinity));
  for (const task of open.slice(0, MOST_TASKS)) {
    const late = milliseconds(task.due) < now;
    const when = !task.due ? "" : late ? t("was due {1}", stamp(task.due)) : t("until {1}", stamp(task.due));
    steps.push([`t${task.id}`, <a href={`#task-${task.id}`}>{t("{1}: {2}", department(task.department), task.title)}{when ? ` (${when})` : ""}</a>]);
  }
  const due = deadlines.filter((d) => !d.met).sort((a, b) => milliseconds(a.due) - milliseconds(b.due))[0];
  if (due) steps.push(["due", <a href="#deadlines">{milliseconds(due.due) < now ? t("Overdue since {1}: {2}", stamp(due.due), deadlineName(due)) : t("Until {1}: {2}", stamp(due.due), deadlineName(due))}</a>]);
  if (unowned) steps.push(["unowned", <a href="/directory">{plural(unowned, "Find out whose {1} host is.", "Find out whose {1} hosts are.")}</a>]);
  return of.state === "open" || of.state === "contained" ? steps : [];
}

/** Each owner with one host looked up for its contact, and what it knows. */
function useCalled(owners: readonly Owner[]): Called[] {
  const first = owners.map((owner) => owner.hosts[0]?.host ?? "").filter(Boolean);
  const answers = useAnswers(first);
  const cards = useCards(owners.flatMap((owner) => (owner.team ? [owner.team] : [])));
  return owners.map((owner) => ({
    key: owner.key, hosts: owner.hosts.map((host) => host.host), team: owner.team ? cards.get(owner.team) ?? null : null, department: owner.department,
    answer: owner.team ? answers?.get(owner.hosts[0]?.host ?? "") ?? null : null, told: owner.notice ? word(`notice ${owner.notice.state}`) : t("not yet told"),
  }));
}

export function CaseNow(properties: Properties) {
  const { of, owners } = properties;
  const deadlines = useLoad<List<CaseDeadline>>(`/cases/${of.id}/deadlines`);
  useEffect(() => listen("case", deadlines.reload, deadlines.reload), [of.id]);
  const called = useCalled(owners.slice(0, 12));
  const steps = nextSteps(properties, deadlines.data?.items ?? [], called);
  return (
    <div class="two">
      <section aria-label={t("What to do now")}>
        <h2 class="near">{t("What to do now")}</h2>
        {steps.length ? <ol class="now">{steps.map(([key, line]) => <li key={key}>{line}</li>)}</ol> : <p>{of.state === "open" ? t("Nothing is due. Close the case with what was learnt when the last host is clean.") : t("The case is closed: nothing is due.")}</p>}
      </section>
      {called.length > 0 && <CallList of={called} left={owners.length > called.length ? t("{1} more owners stand in the table below.", owners.length - called.length) : ""} />}
    </div>
  );
}

/** The outbreak of the case in its own words: how it spreads, how fast, what stops it. */
export function CaseSpread({ of }: { of: Case }) {
  const loaded = useLoad<Outbreak>(of.outbreak ? `/outbreaks/${of.outbreak}` : null);
  if (!of.outbreak) return null;
  return (
    <>
      <h2 id="spread">{t("How it spreads")}</h2>
      <Show loaded={loaded}>{(outbreak) => (
        <>
          <p>{outbreak.text} <a href={`/outbreaks/${outbreak.id}#tree`}>{t("Who infected whom")}</a></p>
          <Summary of={outbreak} count={outbreak.infected ?? of.hosts} />
          {outbreak.advice && outbreak.advice.length > 0 && <><h3>{t("What stops it")}</h3><ol class="now">{outbreak.advice.map((line, i) => <li key={i}>{line}</li>)}</ol></>}
        </>
      )}</Show>
    </>
  );
}
