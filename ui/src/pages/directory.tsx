// SPDX-License-Identifier: Apache-2.0
/* The directory: whom to call about an address, as one types; then who the members are, and what is to be put right. */
import { useEffect, useState } from "preact/hooks";
import { useMay } from "../app";
import { useLoad } from "../api/load";
import type { Claim, Findings, Lookup, Members, Proposal, Team } from "../api/directory";
import type { List } from "../api/types";
import { FoundedJoined, Growth, Shares } from "../charts/growth";
import { Constituency } from "../charts/treemap";
import { healthWords, ownerWords, teamName } from "../desk-words";
import { grouped, milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, Facts, Show } from "../parts/words";
import { setQuery, useAddress } from "../router";
import { plural, t } from "../text";
import { word } from "../words";

const TYPING_MS = 150;

export const teamUrl = (id: string): string => `/directory/${encodeURIComponent(id)}`;

export const Health = ({ of }: { of: string }) => <span class={`state health-${of}`}>{word(of)}</span>;

/** An address to press: a mail is begun, a telephone dials. */
export function Reach({ medium, address }: { medium: string; address: string }) {
  if (medium === "email") return <a href={`mailto:${address}`}>{address}</a>;
  if (medium === "phone") return <a href={`tel:${address.replace(/[^\d+]/g, "")}`}>{address}</a>;
  return <>{address}</>;
}

/** What is typed, once the fingers rest. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const late = setTimeout(() => setRested(text), TYPING_MS);
    return () => clearTimeout(late);
  }, [text]);
  return rested;
}

const reason = (claim: Claim): string => (claim.contradicted ? t("{1}; another record by hand says otherwise", word(`claim ${claim.verdict}`)) : word(`claim ${claim.verdict}`));

function Proof({ found }: { found: Lookup }) {
  const answer = found.answer;
  if (!answer) return null;
  return (
    <section aria-label={t("The answer")}>
      <p class="answer" role="status">{ownerWords(answer)}</p>
      {answer.contact && (
        <Facts of={[
          [t("Team"), answer.team ? <a href={teamUrl(answer.team.id)}>{teamName(answer.team)}</a> : "–"],
          [t("Reach"), <Reach medium={answer.contact.medium} address={answer.contact.address} />],
          [t("Role"), word(`role ${answer.contact.role}`)],
          [t("Contact"), healthWords(answer.contact)],
        ]} />
      )}
      {answer.remarks.map((remark) => <p key={remark.text} class="problem">{remark.text}</p>)}
      {answer.claims.length > 0 && (
        <>
          <h2 class="near">{t("Why")}</h2>
          <Table name="proof" bare rows={answer.claims} keyOf={(c) => answer.claims.indexOf(c)} columns={[
            { title: t("Judged"), value: reason, wide: true },
            { title: t("Record"), value: (c) => c.resource, short: true },
            { title: t("Team"), value: (c) => c.team ?? "", cell: (c) => (c.team ? <a href={teamUrl(c.team)}>{c.department ? `${c.team} / ${c.department}` : c.team}</a> : "–") },
            { title: t("Comes from"), value: (c) => (c.source === "by hand" ? t("by hand") : c.source) },
            { title: t("Entered"), value: (c) => milliseconds(c.entered), cell: (c) => (c.entered ? stamp(c.entered) : "–"), short: true },
          ]} />
        </>
      )}
    </section>
  );
}

function LookUp() {
  const url = useAddress();
  const [text, setText] = useState(url.searchParams.get("q") ?? "");
  const rested = useRested(text.trim());
  useEffect(() => setQuery({ q: rested }), [rested]);
  const loaded = useLoad<Lookup>(rested ? `/lookup?q=${encodeURIComponent(rested)}` : null);
  const found = loaded.data;
  return (
    <>
      <form role="search" class="bar lookup" onSubmit={(event) => event.preventDefault()}>
        <label class="grow field"><span>{t("Whose is it? Address, domain, AS number or name of a team")}</span>
          <input type="search" value={text} spellcheck={false} autocomplete="off" autocapitalize="none" onInput={(event) => setText(event.currentTarget.value)} />
        </label>
      </form>
      {rested && loaded.error && <Show loaded={loaded}>{() => null}</Show>}
      {found && <Proof found={found} />}
      {found && found.teams.length > 0 && (
        <>
          <h2 class="near">{plural(found.teams.length, "{1} team is called like that", "{1} teams are called like that")}</h2>
          <ul class="plainlist">{found.teams.map((team) => <li key={team.id}><a href={teamUrl(team.id)}>{teamName(team)}</a> <Health of={team.health} /></li>)}</ul>
        </>
      )}
      {found && !found.answer && found.teams.length === 0 && <p class="note" role="status">{t("No team is called like that, and it is no address, domain or AS number yet.")}</p>}
    </>
  );
}

/** All teams, page by page; more than this are not drawn. */
function useTeams(): { teams: Team[]; total: number; loaded: ReturnType<typeof useLoad<List<Team>>> } {
  const loaded = useLoad<List<Team>>("/directory/teams?limit=1000");
  return { teams: loaded.data?.items ?? [], total: loaded.data?.total ?? 0, loaded };
}

function Teams({ teams, total }: { teams: readonly Team[]; total: number }) {
  return (
    <>
      <h2>{plural(total, "{1} team", "{1} teams")}</h2>
      {total > teams.length && <p class="note">{t("The first {1} are shown; the others are found by their name above.", grouped(teams.length))}</p>}
      <Table name="teams" rows={teams} keyOf={(team) => team.id} columns={[
        { title: t("Team"), value: teamName, cell: (team) => <a href={teamUrl(team.id)}>{teamName(team)}</a> },
        { title: t("Sector"), value: (team) => word(team.sector) },
        { title: t("Region"), value: (team) => word(team.region) },
        { title: t("Tier"), value: (team) => team.tier || null, cell: (team) => word(`tier ${team.tier}`) },
        { title: t("Founded"), value: (team) => team.founded, short: true },
        { title: t("Joined"), value: (team) => team.joined, short: true },
        { title: t("Networks"), value: (team) => Object.values(team.networks).reduce((a, b) => a + b, 0), figure: true },
        { title: t("Contact"), value: (team) => word(team.health), cell: (team) => <Health of={team.health} />, short: true },
      ]} />
    </>
  );
}

function Wrongs() {
  const loaded = useLoad<Findings>("/directory/findings");
  return (
    <Show loaded={loaded}>{(found) => (
      <>
        <h2>{t("To be put right")}</h2>
        <p>{t("{1} wrong, {2} doubtful, {3} to be noted.", found.wrong, found.doubtful, found.note)}</p>
        {found.items.length > 0 && (
          <details>
            <summary>{t("The findings as a table")}</summary>
            <Table name="findings" rows={found.items} keyOf={(f) => found.items.indexOf(f)} columns={[
              { title: t("Weight"), value: (f) => word(`finding ${f.weight}`), short: true }, { title: t("Finding"), value: (f) => f.text, wide: true },
            ]} />
          </details>
        )}
      </>
    )}</Show>
  );
}

function Charts({ members, teams }: { members: Members; teams: readonly Team[] }) {
  return (
    <>
      <h2>{t("The members")}</h2>
      <div class="two">
        <Growth members={members} />
        <FoundedJoined members={members} />
        <Shares title={t("Sectors")} of={members.sectors} name={word} />
        <Shares title={t("Regions")} of={members.regions} name={word} />
      </div>
      <Constituency teams={teams} />
    </>
  );
}

export function Directory() {
  const members = useLoad<Members>("/directory/members");
  const open = useLoad<List<Proposal>>("/proposals?state=open&limit=1");
  const { teams, total, loaded } = useTeams();
  const may = useMay("analyst");
  const waiting = open.data?.total ?? 0;
  if (loaded.error) return <Show loaded={loaded} whole>{() => null}</Show>;
  const dead = members.data?.unreachable_teams ?? 0;
  const words = plural(total, "{1} team in the directory.", "{1} teams in the directory.")
    + (dead ? " " + plural(dead, "{1} cannot be reached.", "{1} cannot be reached.") : "")
    + (waiting ? " " + plural(waiting, "{1} change waits for a decision.", "{1} changes wait for a decision.") : "");
  return (
    <>
      <Answer mood={dead ? "searching" : ""} kicker={t("Directory")}>{loaded.data ? words : t("Reading the directory.")}</Answer>
      <LookUp />
      <div class="bar">
        <a class="button" href="/directory/changes">{t("Proposed changes")}</a>
        <a class="button" href="/directory/checks">{t("Checks of contacts")}</a>
        <a class="button" href="/api/v1/directory/export?format=own" download="directory.jsonl">{t("Export")}</a>
      </div>
      {loaded.data && total === 0 && <Empty>{t("The directory is empty. A directory file is brought in by: ekigaku directory --store STORE import FILE")}</Empty>}
      {total > 0 && <Show loaded={members}>{(data) => <Charts members={data} teams={teams} />}</Show>}
      {total > 0 && <Teams teams={teams} total={total} />}
      {total > 0 && may && <Wrongs />}
    </>
  );
}
