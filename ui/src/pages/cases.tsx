// SPDX-License-Identifier: Apache-2.0
/* Cases: the list; and one case: who is affected, who was told, who has not answered, what is due next. */
import { useEffect, useState } from "preact/hooks";
import { useMay, type Parameters } from "../app";
import { post, press, Problem } from "../api/client";
import { placeOf, useLoad, usePages, type Placed } from "../api/load";
import { listen } from "../api/events";
import type { Case, CaseEntry, CaseHost, Drafted, Notice, Pasted } from "../api/case";
import type { Team } from "../api/directory";
import type { List } from "../api/types";
import { teamName } from "../desk-words";
import { grouped, milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, Facts, More, Show, Wrong } from "../parts/words";
import { go, useTarget } from "../router";
import { language, plural, t } from "../text";
import { route, word } from "../words";
import { teamUrl } from "./directory";
import { CaseRuleNote } from "./case-rule";
import { CaseEnd, Deadlines, Indicators, NoteForm } from "./case-work";
import { History, MergeAndSplit } from "./case-parts";
import { CaseNow, CaseSpread, type Owner } from "./case-now";
import { Duties, Tasks, useTasks } from "./case-tasks";
import { departmentName, useCards } from "./whom-to-call";
import { CaseEnquiries } from "./enquiries";
import { LabelBanner, LabelForm } from "./case-label";
import { CaseEvidence } from "./case-evidence";
import { NoticePanel } from "./notice";

const HOST: Placed<CaseHost> = { prefix: "host-", of: (h) => h.host };
const NOTICE: Placed<Notice> = { prefix: "notice-", of: (n) => n.id };
const ENTRY: Placed<CaseEntry> = { prefix: "entry-", of: (e) => e.id };

const ENDED = new Set(["withdrawn", "draft"]);
const GONE = new Set(["sent", "delivered", "bounced", "opened", "unknown"]);

export const noticeState = (state: string): string => word(`notice ${state}`);

function caseWords(c: Case): string {
  const state = c.state === "open" ? t("Open.") : c.state === "contained" ? t("Contained.") : c.state === "merged" ? t("Merged into another.") : t("Closed.");
  return `${state} ${plural(c.hosts, "{1} host, {2} still affected.", "{1} hosts, {2} still affected.", grouped(c.affected))}`;
}

export function Cases() {
  const loaded = usePages<Case>("/cases?limit=200");
  useEffect(() => listen("case", loaded.reload, loaded.reload), []);
  return (
    <Show loaded={loaded} whole>{(list) => {
      const open = list.items.filter((c) => c.state === "open");
      return (
        <>
          <Answer mood={open.length ? "spreading" : "calm"}>{open.length ? plural(open.length, "{1} case is open.", "{1} cases are open.") : t("No case is open.")}</Answer>
          {list.items.length ? (
            <Table name="cases" rows={list.items} keyOf={(c) => c.id} columns={[
              { title: t("Case"), value: (c) => c.id, cell: (c) => <a href={`/cases/${c.id}`}>{`${c.id}: ${c.title}`}</a> },
              { title: t("State"), value: (c) => word(`case ${c.state}`), short: true },
              { title: t("Still affected"), value: (c) => c.affected, figure: true }, { title: t("Hosts"), value: (c) => c.hosts, figure: true },
              { title: t("Notices"), value: (c) => c.notices, figure: true }, { title: "TLP", value: (c) => c.tlp, short: true },
              { title: t("Opened"), value: (c) => milliseconds(c.created), cell: (c) => stamp(c.created), short: true },
            ]} />
          ) : <Empty>{t("A case is opened on the page of an outbreak.")} <a href="/">{t("Outbreaks")}</a></Empty>}
          <More of={loaded} />
          <CaseRuleNote />
        </>
      );
    }}</Show>
  );
}

/** Owners, silent ones and the next clock, in words. */
function firstLine(c: Case, hosts: readonly CaseHost[], notices: readonly Notice[]): string {
  const owners = new Set(hosts.filter((h) => h.team).map((h) => `${h.team} ${h.department ?? ""}`)).size;
  const nobody = hosts.filter((h) => !h.team).length;
  const silent = notices.filter((n) => GONE.has(n.state)).length;
  const drafts = notices.filter((n) => n.state === "draft").length;
  const due = notices.filter((n) => n.due && GONE.has(n.state)).map((n) => milliseconds(n.due)).sort((a, b) => a - b)[0];
  return [
    caseWords(c), hosts.length < c.hosts ? t("Of the first {1} of them:", grouped(hosts.length)) : "", plural(owners, "{1} owner.", "{1} owners."),
    nobody ? plural(nobody, "{1} host has no owner.", "{1} hosts have no owner.") : "",
    drafts ? plural(drafts, "{1} notice waits for release.", "{1} notices wait for release.") : "",
    silent ? plural(silent, "{1} has not answered.", "{1} have not answered.") : "",
    due ? t("Next: passed on at {1}.", stamp(due * 1000)) : "",
  ].filter(Boolean).join(" ");
}

/** What a team is called; its id until the directory is there. */
type Names = (id: string | null, department?: string | null) => string;

/** Teams of the list; the departments of those that the case concerns from their cards. */
function useNames(hosts: readonly CaseHost[]): Names {
  const teams = useLoad<List<Team>>("/directory/teams?limit=1000");
  const cards = useCards(hosts.flatMap((h) => (h.team && h.department ? [h.team] : [])));
  return (id, department) => {
    const team = (id && cards.get(id)) || teams.data?.items.find((candidate) => candidate.id === id);
    const name = team ? teamName(team) : id ?? t("nobody known");
    return department ? `${name} / ${departmentName(cards.get(id ?? ""), department)}` : name;
  };
}

function ownersOf(hosts: readonly CaseHost[], notices: readonly Notice[]): Owner[] {
  const owners = new Map<string, Owner & { hosts: CaseHost[] }>();
  for (const host of hosts) {
    const key = `${host.team ?? ""}/${host.department ?? ""}`;
    const owner: Owner & { hosts: CaseHost[] } = owners.get(key) ?? { key, team: host.team, department: host.department, hosts: [], notice: notices.find((n) => n.team === host.team && (n.department ?? "") === (host.department ?? "") && !ENDED.has(n.state)) ?? null };
    owner.hosts.push(host);
    owners.set(key, owner);
  }
  return [...owners.values()].sort((a, b) => b.hosts.length - a.hosts.length);
}

function Affected({ hosts, owners, names }: { hosts: readonly CaseHost[]; owners: readonly Owner[]; names: Names }) {
  return (
    <>
      <h2 id="affected">{t("Who is affected")}</h2>
      <Table name="owners" bare rows={owners} keyOf={(o) => o.key} columns={[
        { title: t("Owner"), value: (o) => names(o.team, o.department), cell: (o) => (o.team ? <a href={teamUrl(o.team)}>{names(o.team, o.department)}</a> : t("nobody known")) },
        { title: t("Hosts"), value: (o) => o.hosts.length, figure: true },
        { title: t("Addresses"), value: (o) => o.hosts.slice(0, 6).map((h) => h.host).join(", ") + (o.hosts.length > 6 ? " …" : ""), wide: true },
        { title: t("Told"), value: (o) => (o.notice ? noticeState(o.notice.state) : t("not yet")), short: true },
      ]} />
      <details>
        <summary>{t("The hosts as a table")}</summary>
        <Table name="hosts" rows={hosts} keyOf={(h) => h.id} idOf={placeOf(HOST)} columns={[
          { title: t("Host"), value: (h) => h.host, short: true }, { title: t("Infected at"), value: (h) => milliseconds(h.at), cell: (h) => stamp(h.at), short: true },
          { title: t("By"), value: (h) => h.parent, short: true }, { title: t("Evidence"), value: (h) => word(h.evidence) },
          { title: t("Owner"), value: (h) => names(h.team, h.department) }, { title: t("State"), value: (h) => word(`host ${h.state}`) },
        ]} />
      </details>
    </>
  );
}

function Notices({ of, notices, names, changed }: { of: Case; notices: readonly Notice[]; names: Names; changed: () => void }) {
  const may = useMay("coordinator");
  const [chosen, setChosen] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [left, setLeft] = useState<Drafted["left"]>([]);
  const [said, setSaid] = useState("");
  const target = useTarget();
  useEffect(() => {
    const sought = notices.find((n) => placeOf(NOTICE)(n) === target.id);
    if (sought) setChosen(sought.id);
  }, [target.id, target.turn]);
  const wrong = (why: unknown) => setProblem(why as Problem);
  const draft = () => post<Drafted>(`/cases/${of.id}/notices`, {}).then((made) => {
    setLeft(made.left);
    setProblem(null);
    setSaid(plural(made.notices, "{1} notice was made for {2} hosts.", "{1} notices were made for {2} hosts.", made.hosts));
    changed();
  }, wrong);
  const release = () => press<{ released: number; waiting: number }>(`/cases/${of.id}/notices/release`).then((done) => {
    setProblem(null);
    setSaid(t("{1} released, {2} wait for a second person.", done.released, done.waiting));
    changed();
  }, wrong);
  const drafts = notices.filter((n) => n.state === "draft").length;
  return (
    <>
      <h2 id="notices">{t("Notices")}</h2>
      {problem && <Wrong problem={problem} />}
      {!of.mail && <p class="note">{t("Mail is off: no relay is named, and nothing is sent. Released notices wait; say by telephone what they say, or start the service with --relay.")}</p>}
      {may && (
        <div class="bar">
          <button type="button" class={notices.length ? "" : "main"} onClick={() => void draft()}>{t("Make a notice for each owner")}</button>
          {drafts > 0 && <button type="button" class="main" onClick={() => void release()}>{plural(drafts, "Release {1} notice", "Release {1} notices")}</button>}
          <span role="status">{said}</span>
        </div>
      )}
      {left.length > 0 && (
        <details open>
          <summary>{plural(left.length, "{1} host is told to nobody", "{1} hosts are told to nobody")}</summary>
          <Table name="left" bare rows={left} keyOf={(l) => l.host} columns={[{ title: t("Host"), value: (l) => l.host, short: true }, { title: t("Reason"), value: (l) => l.text, wide: true }]} />
        </details>
      )}
      {notices.length > 0 ? (
        <Table name="notices" bare rows={notices} keyOf={(n) => n.id} idOf={placeOf(NOTICE)} chosen={chosen} columns={[
          { title: t("Owner"), value: (n) => names(n.team, n.department) },
          { title: t("Hosts"), value: (n) => n.hosts, figure: true }, { title: t("Goes to"), value: (n) => n.address },
          { title: t("State"), value: (n) => noticeState(n.state), cell: (n) => <span class={`state notice-${n.state}`}>{noticeState(n.state)}</span>, short: true },
          { title: t("Step"), value: (n) => word(`step ${n.step}`) }, { title: "TLP", value: (n) => n.tlp, short: true },
          { title: t("Answer due"), value: (n) => milliseconds(n.due), cell: (n) => (n.due ? stamp(n.due) : "–"), short: true },
          { title: t("Look"), value: () => "", cell: (n) => <button type="button" aria-expanded={chosen === n.id} onClick={() => setChosen(chosen === n.id ? null : n.id)}>{t("Notice {1}", n.id)}</button> },
        ]} />
      ) : <p class="note">{t("Nobody was told yet.")}</p>}
      {chosen !== null && <NoticePanel key={chosen} id={chosen} changed={changed} />}
    </>
  );
}

/** A tag in words: what the program set itself; others stand as they were written. */
function tagWords(tag: string): string {
  const [, of, id] = /^(enquiry|evidence|task)-(\d+)$/.exec(tag) ?? [];
  if (of && id) return `${word(`row ${of}`)} ${id}`;
  const state = word(`notice ${tag}`);
  return state === `notice ${tag}` ? tag : state;
}

/** The course, filtered: by host, tag and word or indicator, all of which must hold. An entry gives its indicators to the case. */
function Timeline({ of, entries, changed }: { of: Case; entries: readonly CaseEntry[]; changed: () => void }) {
  const may = useMay("analyst") && of.state !== "merged";
  const [filter, setFilter] = useState("");
  const [host, setHost] = useState("");
  const [tag, setTag] = useState("");
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const hosts = [...new Set(entries.map((e) => e.host).filter(Boolean) as string[])].sort();
  const tags = [...new Set(entries.flatMap((e) => (e.tags ? e.tags.split(" ") : [])))].sort();
  const shown = entries.filter((e) => (!host || e.host === host) && (!tag || e.tags?.split(" ").includes(tag)) && (!filter || [e.host, e.tags, e.text, word(`entry ${e.kind}`)].some((text) => text?.toLowerCase().includes(filter.toLowerCase()))));
  const take = (entry: CaseEntry) => post<Pasted>(`/cases/${of.id}/indicators`, { text: `${entry.host ?? ""} ${entry.text}` }).then((done) => {
    setProblem(null);
    setSaid(t("{1} new, {2} known already; words that are no indicator: {3}.", done.added, done.again, done.passed));
    changed();
  }, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <>
      <h2 id="course">{t("Course of the case")}</h2>
      {problem && <Wrong problem={problem} />}
      <div class="bar">
        <label class="field grow"><span>{t("Only with this word or indicator")}</span><input type="search" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} /></label>
        <label class="field"><span>{t("Host")}</span><select value={host} onChange={(event) => setHost(event.currentTarget.value)}><option value="">{t("all")}</option>{hosts.map((name) => <option key={name}>{name}</option>)}</select></label>
        <label class="field"><span>{t("Tag")}</span><select value={tag} onChange={(event) => setTag(event.currentTarget.value)}><option value="">{t("all")}</option>{tags.map((name) => <option key={name} value={name}>{tagWords(name)}</option>)}</select></label>
        <span role="status">{said}</span>
      </div>
      <Table name="timeline" rows={shown} keyOf={(e) => e.id} idOf={placeOf(ENTRY)} columns={[
        { title: t("Time"), value: (e) => milliseconds(e.at), cell: (e) => stamp(e.at), short: true }, { title: t("Kind"), value: (e) => word(`entry ${e.kind}`), short: true },
        { title: t("Host"), value: (e) => e.host, short: true }, { title: t("What happened"), value: (e) => e.text, wide: true },
        ...(may ? [{ title: t("Do"), value: () => "", cell: (e: CaseEntry) => <button type="button" aria-label={t("Take the indicators of entry {1}", e.id)} onClick={() => void take(e)}>{t("Take the indicators")}</button> }] : []),
      ]} />
    </>
  );
}

export function CasePage({ parameters }: { parameters: Parameters }) {
  const id = encodeURIComponent(parameters.id ?? "");
  const whole = useLoad<Case>(`/cases/${id}`);
  const hosts = usePages<CaseHost>(`/cases/${id}/hosts?limit=1000&sort=at`, HOST);
  const notices = usePages<Notice>(`/cases/${id}/notices?limit=1000`, NOTICE);
  const timeline = usePages<CaseEntry>(`/cases/${id}/timeline?limit=1000`, ENTRY);
  const tasks = useTasks(id);
  const names = useNames(hosts.data?.items ?? []);
  const owners = ownersOf(hosts.data?.items ?? [], notices.data?.items ?? []);
  const [taken, setTaken] = useState(0);
  const reload = () => { whole.reload(); hosts.reload(); notices.reload(); timeline.reload(); };
  useEffect(() => {
    const ends = [listen("notice", reload, reload), listen("case", reload, reload)];
    return () => ends.forEach((end) => end());
  }, [id]);
  return (
    <Show loaded={whole} whole>{(c) => (
      <>
        <LabelBanner tlp={c.tlp} />
        <Answer mood={c.state === "open" ? "spreading" : "calm"} kicker={<><a href="/cases">{t("Cases")}</a>{` › ${c.title}`}</>}>
          {hosts.data && notices.data ? firstLine(c, hosts.data.items, notices.data.items) : caseWords(c)}
        </Answer>
        {hosts.data && notices.data && <CaseNow of={c} owners={owners} notices={notices.data.items} tasks={tasks.data?.items ?? []} names={names} />}
        <Facts of={[
          [t("Countermeasure class"), `${word(c.class)}, ${word(c.known)}`], [t("Route of infection"), route(c.route)], ["TLP", c.tlp ?? t("not marked")],
          [t("Handling class"), c.handling_class], [t("Known since"), stamp(c.aware)], [t("Outbreak"), c.outbreak ? <a href={`/outbreaks/${c.outbreak}`}>{t("Open the outbreak")}</a> : "–"],
        ]} />
        <Duties of={c} />
        <LabelForm key={c.tlp ?? ""} of={c} changed={reload} />
        <div class="bar mini"><button type="button" onClick={() => window.print()}>{t("Print")}</button><a class="button" href={`/api/v1/cases/${c.id}/report?lang=${language()}`} target="_blank" rel="noopener">{t("Report to print")}</a></div>
        {c.merged_into && <p class="note"><a href={`/cases/${c.merged_into}`}>{t("It goes on as case {1}.", c.merged_into)}</a></p>}
        {c.split_from && <p class="note"><a href={`/cases/${c.split_from}`}>{t("It was split off from case {1}.", c.split_from)}</a></p>}
        <CaseSpread of={c} />
        <Show loaded={hosts}>{(list) => <Affected hosts={list.items} owners={owners} names={names} />}</Show>
        <More of={hosts} />
        <Show loaded={notices}>{(list) => <Notices of={c} notices={list.items} names={names} changed={reload} />}</Show>
        <More of={notices} />
        <Tasks of={c} loaded={tasks} />
        <Deadlines of={c} changed={() => timeline.reload()} />
        <Show loaded={timeline}>{(list) => <Timeline of={c} entries={list.items} changed={() => setTaken(taken + 1)} />}</Show>
        <More of={timeline} />
        <NoteForm of={c} changed={reload} />
        <Indicators key={taken} of={c} />
        <CaseEvidence of={c} changed={reload} />
        <CaseEnquiries of={c.id} />
        <CaseEnd of={c} changed={reload} />
        <MergeAndSplit of={c} hosts={hosts.data?.items ?? []} />
        <History of={c} />
        <LabelBanner tlp={c.tlp} foot />
      </>
    )}</Show>
  );
}

/** Opens a case for an outbreak, or leads to the one that is open. */
export function OpenCase({ outbreak }: { outbreak: number }) {
  const may = useMay("analyst");
  const loaded = useLoad<List<Case>>(`/cases?outbreak=${outbreak}`);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tlp, setTlp] = useState("AMBER");
  const open = loaded.data?.items.find((c) => c.state === "open" || c.state === "contained");
  const send = () => post<Case>("/cases", { outbreak, tlp }).then((made) => go(`/cases/${made.id}`), (wrong: unknown) => setProblem(wrong as Problem));
  if (open) return <p class="onscreen"><a class="button" href={`/cases/${open.id}`}>{t("Open case {1}", open.id)}</a></p>;
  if (!may || !loaded.data) return null;
  return (
    <div class="bar">
      {problem && <Wrong problem={problem} />}
      <button type="button" class="main" onClick={() => void send()}>{t("Open a case")}</button>
      <select aria-label="TLP" value={tlp} onChange={(event) => setTlp(event.currentTarget.value)}>{["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"].map((label) => <option key={label}>{label}</option>)}</select>
    </div>
  );
}
