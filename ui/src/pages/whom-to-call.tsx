// SPDX-License-Identifier: Apache-2.0
/* Whom to call about affected hosts: for each owner a telephone, what else there is, and whether somebody is there now. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { get } from "../api/client";
import type { ContactPoint, Lookup, OwnerAnswer, TeamCard } from "../api/directory";
import { teamName } from "../desk-words";
import { near, stamp } from "../format";
import { language, plural, t } from "../text";
import { teamUrl } from "./directory";

/* Of as many hosts the owners are looked up, of as many owners the contacts: what one person can call. */
const MOST_HOSTS = 24;
const MOST_OWNERS = 12;
const MOST_ADDRESSES = 6;

/** Who answers for some hosts. */
export interface Called {
  key: string;
  hosts: readonly string[];
  team: TeamCard | null;
  department: string | null;
  answer: OwnerAnswer | null;
  told?: string; /* what they know already, in words */
}

/** A department by its name in the reader's language. */
export function departmentName(card: TeamCard | null | undefined, id: string | null | undefined): string {
  const found = card?.departments.find((d) => d.id === id);
  return found ? teamName(found) : id ?? "";
}

/** The cards of teams by their id; those that cannot be read are left out. */
export function useCards(ids: readonly string[]): ReadonlyMap<string, TeamCard> {
  const [cards, setCards] = useState<ReadonlyMap<string, TeamCard>>(new Map());
  const wanted = [...new Set(ids)].slice(0, MOST_OWNERS).sort().join("\n");
  useEffect(() => {
    if (!wanted) return undefined;
    const stop = new AbortController();
    const one = (id: string) => get<TeamCard>(`/directory/teams/${encodeURIComponent(id)}`, stop.signal).catch(() => null);
    void Promise.all(wanted.split("\n").map(one)).then((found) => {
      if (!stop.signal.aborted) setCards(new Map(found.flatMap((card) => (card ? [[card.id, card] as const] : []))));
    });
    return () => stop.abort();
  }, [wanted]);
  return cards;
}

/** The owners of hosts as the directory answers; null until it has. Most urgent hosts first: only MOST_HOSTS are looked up. */
export function useAnswers(hosts: readonly string[]): ReadonlyMap<string, OwnerAnswer | null> | null {
  const [answers, setAnswers] = useState<ReadonlyMap<string, OwnerAnswer | null> | null>(null);
  const wanted = hosts.slice(0, MOST_HOSTS).join("\n");
  useEffect(() => {
    const stop = new AbortController();
    const one = async (host: string) => [host, await get<Lookup>(`/lookup?q=${encodeURIComponent(host)}`, stop.signal).then((found) => found.answer, () => null)] as const;
    void Promise.all(wanted ? wanted.split("\n").map(one) : []).then((found) => { if (!stop.signal.aborted) setAnswers(new Map(found)); });
    return () => stop.abort();
  }, [wanted]);
  return answers;
}

/** Hosts of one owner together, in the order of the first of each. */
function grouped(hosts: readonly string[], answers: ReadonlyMap<string, OwnerAnswer | null>, cards: ReadonlyMap<string, TeamCard>): Called[] {
  const owners = new Map<string, Called & { hosts: string[] }>();
  for (const host of hosts) {
    const answer = answers.get(host) ?? null;
    const key = answer?.team ? `${answer.team.id}/${answer.department ?? ""}` : "";
    const owner = owners.get(key) ?? { key, hosts: [], team: answer?.team ? cards.get(answer.team.id) ?? null : null, department: answer?.department ?? null, answer };
    owner.hosts.push(host);
    owners.set(key, owner);
  }
  return [...owners.values()];
}

const usable = (point: ContactPoint): boolean => !point.disabled && point.health !== "dead";

/** A telephone of the department, else of the team. */
function telephone(of: Called): string | null {
  const contact = of.answer?.contact;
  if (contact?.medium === "phone") return contact.address;
  const points = (of.team?.contact_points ?? []).filter((point) => point.medium === "phone" && usable(point));
  return (points.find((point) => point.department === of.department) ?? points.find((point) => !point.department) ?? null)?.address ?? null;
}

function mailbox(of: Called): string | null {
  const contact = of.answer?.contact;
  if (contact?.medium === "email") return contact.address;
  const points = (of.team?.contact_points ?? []).filter((point) => point.medium === "email" && usable(point));
  return (points.find((point) => point.department === of.department) ?? points.find((point) => !point.department) ?? null)?.address ?? null;
}

function opening(of: Called): string {
  const business = of.team?.business;
  if (!business || business.state === "unknown") return "";
  const holiday = business.holiday ? ` (${language() === "ja" && business.holiday_ja ? business.holiday_ja : business.holiday})` : "";
  if (business.state === "open") return t("in office hours now");
  return (business.next ? t("out of office hours, opens {1}", stamp(business.next)) : t("out of office hours")) + holiday;
}

const digits = (phone: string): string => phone.replace(/[^\d+]/g, "");

function addresses(hosts: readonly string[]): string {
  const shown = hosts.slice(0, MOST_ADDRESSES).map((host, i) => (i ? near(host, hosts[0]) : host)).join(", ");
  return hosts.length > MOST_ADDRESSES ? `${shown}, …` : shown;
}

function Owner({ of }: { of: Called }) {
  const name = of.answer?.team ?? of.team;
  if (!name) return <li class="call"><p class="title"><strong>{t("No owner is known")}</strong></p><p>{plural(of.hosts.length, "{1} host: {2}", "{1} hosts: {2}", addresses(of.hosts))}</p><p><a href={`/directory?q=${encodeURIComponent(of.hosts[0] ?? "")}`}>{t("Ask the directory")}</a></p></li>;
  const phone = telephone(of);
  const mail = mailbox(of);
  const department = of.team ? departmentName(of.team, of.department) : of.department;
  return (
    <li class="call">
      <p class="title"><a href={teamUrl(name.id)}>{teamName(name)}</a>{department ? ` / ${department}` : ""}{of.told ? <span class="note">{` · ${of.told}`}</span> : ""}</p>
      <p>{plural(of.hosts.length, "{1} host: {2}", "{1} hosts: {2}", addresses(of.hosts))}</p>
      <p class="reach">
        {phone ? <a class="button" href={`tel:${digits(phone)}`}>{t("Call {1}", phone)}</a> : <span>{t("no telephone is known")}</span>}
        {mail && <a href={`mailto:${mail}`}>{mail}</a>}
      </p>
      {of.answer?.inhibited && <p class="wrong">{t("No notice is sent there: see the remark in the directory.")}</p>}
      {opening(of) && <p class="note">{opening(of)}</p>}
    </li>
  );
}

export function CallList({ of, left }: { of: readonly Called[]; left: string }) {
  return (
    <section aria-label={t("Whom to call")}>
      <h2 class="near">{t("Whom to call")}</h2>
      <ul class="calls">{of.slice(0, MOST_OWNERS).map((owner) => <Owner key={owner.key} of={owner} />)}</ul>
      {left && <p class="note">{left}</p>}
    </section>
  );
}

/** Whom to call about hosts whose owners nobody has looked up yet, the most urgent first. */
export function WhomToCall({ hosts, all }: { hosts: readonly string[]; all: number }) {
  const urgent = useMemo(() => hosts.slice(0, MOST_HOSTS), [hosts]);
  const answers = useAnswers(urgent);
  const cards = useCards([...(answers?.values() ?? [])].flatMap((answer) => (answer?.team ? [answer.team.id] : [])));
  if (!answers) return <section aria-label={t("Whom to call")}><h2 class="near">{t("Whom to call")}</h2><p class="note" role="status">{t("Reading from the server.")}</p></section>;
  const owners = grouped(urgent, answers, cards);
  if (owners.every((owner) => !owner.answer?.team))
    return <section aria-label={t("Whom to call")}><h2 class="near">{t("Whom to call")}</h2><p>{t("The directory knows no owner of these hosts.")} <a href="/directory">{t("Directory")}</a></p></section>;
  return <CallList of={owners} left={all > urgent.length ? t("Looked up for the {1} hosts that infect most; a case does it for all {2}.", urgent.length, all.toLocaleString("en-US")) : ""} />;
}
