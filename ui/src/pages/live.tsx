// SPDX-License-Identifier: Apache-2.0
/* What the watch beside the service sees now: sources by evidence, and of the undecided ones how near the decision is. */
import { useEffect } from "preact/hooks";
import { listen } from "../api/events";
import { useLoad } from "../api/load";
import type { Live as LiveOf, LiveNews, LiveSource } from "../api/types";
import { certainty, figure, grouped, isOwn, milliseconds, service, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, Facts, type Mood, Show, State } from "../parts/words";
import { plural, t } from "../text";
import { asked, word } from "../words";

/* Events tell of each change; this is for those that did not come. */
const EVERY_MS = 15000;
const FIRST_TOLD = 3;
/* From this share of the evidence on a person should look before the decision falls. */
const NEAR = 0.5;
/* What a failed first contact of TCP adds to the evidence (src/scan/outcome). */
const FAILURE = 1.386;

/** How much of the evidence that a decision needs is there, 0 to 1; null where other things than evidence decide. */
const nearness = (of: LiveSource): number | null => (of.threshold ? Math.max(0, Math.min(1, (of.evidence ?? 0) / of.threshold)) : null);

function Nearness({ of }: { of: LiveSource }) {
  const share = nearness(of);
  if (of.verdict !== "undecided") return <State of={of.verdict === "scanner" ? "searching" : of.verdict} />;
  if (share === null) return <State of="undecided" />;
  const percent = Math.floor(share * 100);
  const left = of.proto === "tcp" && of.threshold ? Math.max(1, Math.ceil((of.threshold - (of.evidence ?? 0)) / FAILURE)) : 0;
  return <>{percent} % <progress max={1} value={share} aria-label={t("{1}: {2}", of.host, t("{1} % of the evidence needed", percent))} /> <span class="mini">{figure(of.evidence ?? 0)} / {figure(of.threshold ?? 0)}{left > 0 && `; ${plural(left, "about {1} more failed attempt on a new address decides", "about {1} more failed attempts on new addresses decide")}`}</span></>;
}

/** An item of news as a sentence. */
function newsWords(news: LiveNews): string {
  const where = service(news.proto, news.port), parent = news.parent ?? t("outside what was seen"), before = news.before ?? t("outside what was seen");
  switch (news.type) {
    case "scanner":
      if (news.victim) return plural(news.targets ?? 0, "{2} searches the ports of {3}: {1} port so far.", "{2} searches the ports of {3}: {1} ports so far.", news.host ?? "", news.victim);
      return news.verdict === "scanner" ? plural(news.targets ?? 0, "{2} searches for victims on {3}: {1} address so far.", "{2} searches for victims on {3}: {1} addresses so far.", news.host ?? "", where)
        : t("{1} on {2}: {3}.", news.host ?? "", where, word(news.verdict ?? ""));
    case "outbreak":
      return news.patient_zero ? plural(news.infected ?? 0, "An outbreak on {2}: {1} host infected, the first {3}.", "An outbreak on {2}: {1} hosts infected, the first {3}.", where, news.patient_zero)
        : plural(news.infected ?? 0, "An outbreak on {2}: {1} host infected.", "An outbreak on {2}: {1} hosts infected.", where);
    case "infection": return !news.parent ? t("{1} was infected from outside what was seen ({2}).", news.host ?? "", certainty(news.parent_posterior)) : t("{1} was infected by {2} ({3}).", news.host ?? "", parent, certainty(news.parent_posterior));
    case "parent": return t("{1} was infected by {2}, not by {3} as told before.", news.host ?? "", parent, before);
    case "patient_zero": return t("First on {1}: {2}, not {3} as told before.", where, news.patient_zero ?? "–", news.before ?? "–");
    case "withdrawn": return news.host ? t("{1} does not count as infected any more.", news.host) : t("The outbreak on {1} does not hold any more.", where);
  }
  return news.text;
}

function verdict(live: LiveOf, searching: number, undecided: number): { mood: Mood; text: string } {
  const infected = live.infected ?? 0;
  if (infected) return { mood: "spreading", text: plural(infected, "Spreading now: {1} host infected; {2} searching.", "Spreading now: {1} hosts infected; {2} searching.", grouped(searching)) };
  if (searching) return { mood: "searching", text: plural(searching, "{1} host searches for victims now; {2} undecided.", "{1} hosts search for victims now; {2} undecided.", grouped(undecided)) };
  return { mood: "calm", text: plural(undecided, "Nobody searches for victims now; {1} source is undecided.", "Nobody searches for victims now; {1} sources are undecided.") };
}

/** Hosts that the news name as infected and did not take back, the newest first. */
function infectedHosts(live: LiveOf): string[] {
  const hosts: string[] = [];
  const gone = new Set<string>();
  for (const news of [...(live.news ?? [])].sort((a, b) => milliseconds(b.at) - milliseconds(a.at))) {
    if (!news.host || (news.type !== "infection" && news.type !== "parent" && news.type !== "withdrawn") || gone.has(news.host) || hosts.includes(news.host)) continue;
    if (news.type === "withdrawn") gone.add(news.host);
    else hosts.push(news.host);
  }
  return hosts;
}

const names = (hosts: readonly string[]): string => hosts.slice(0, FIRST_TOLD).join(t(", "));

/** What to do about those who search: their own hosts are asked about, strangers are kept out. */
function aboutSearching(searching: readonly LiveSource[], infected: number): string[] {
  const hosts = [...new Set(searching.map((s) => s.host))], own = hosts.filter(isOwn), strangers = hosts.filter((host) => !isOwn(host));
  const services = [...new Set(searching.filter((s) => s.shape !== "vertical" && s.port).map((s) => service(s.proto, s.port)))];
  return [
    ...(infected ? [own.length > 1 ? t("Isolate {1} first, but leave them switched on: memory is evidence.", names(own)) : own.length ? t("Isolate {1}, but leave it switched on: memory is evidence.", names(own)) : ""]
      : own.length ? [t("Ask who looks after {1}. Unless it is a scanner of your own, isolate it.", names(own))] : []),
    ...(infected && services.length ? [t("Block {1} between networks and workstations until all are checked.", services.slice(0, FIRST_TOLD).join(t(", ")))] : []),
    ...(strangers.length ? [t("Block {1} at the border, unless it is a scanner you know.", names(strangers))] : []),
  ].filter((line) => line !== "");
}

/** About the undecided source that is nearest to a decision. */
function aboutUndecided(live: LiveOf): string[] {
  const near = live.sources.filter((s) => s.verdict === "undecided" && (nearness(s) ?? 0) >= NEAR).sort((a, b) => (nearness(b) ?? 0) - (nearness(a) ?? 0))[0];
  return near ? [t("Look at {1} on {2} before it is decided: {3} % of the evidence is there.", near.host, asked(near), Math.floor((nearness(near) ?? 0) * 100))] : [];
}

function ToDo({ live, searching }: { live: LiveOf; searching: LiveSource[] }) {
  const infected = live.infected ?? 0;
  const more = infectedHosts(live).filter((host) => !searching.some((s) => s.host === host));
  const lines = [
    ...(live.running ? [] : [t("Start the watch again: what happens now is not seen.")]),
    ...aboutSearching(searching, infected),
    ...(infected && more.length ? [t("Infected too, though they do not search yet: {1}.", names(more) + (more.length > FIRST_TOLD ? " …" : ""))] : []),
    ...aboutUndecided(live),
  ];
  return (
    <>
      <h2 class="near">{t("What to do now")}</h2>
      <ol class="now">
        {lines.map((line) => <li key={line}>{line}</li>)}
        {live.analysis !== null && <li><a href={`/analyses/${live.analysis}`}>{t("Open what was found so far: outbreaks, infections, evidence")}</a></li>}
        {lines.length === 0 && live.analysis === null && <li>{t("Nothing: this page renews itself when something changes.")}</li>}
      </ol>
    </>
  );
}

function Sources({ live }: { live: LiveOf }) {
  const rows = [...live.sources].sort((a, b) => Number(b.verdict === "scanner") - Number(a.verdict === "scanner") || (nearness(b) ?? 0) - (nearness(a) ?? 0) || (b.evidence ?? 0) - (a.evidence ?? 0));
  const more = (live.sources_total ?? rows.length) - rows.length;
  return (
    <>
      <h2>{t("Sources by evidence")}</h2>
      <p class="note">{t("Each first attempt that fails adds evidence, each that is answered takes some away; in order or too fast counts too. At the threshold the source is told as searching; of one without a bar other things decide, as its pace.")}</p>
      {rows.length === 0 ? <p class="note">{t("No source has tried enough addresses yet to be weighed: four at least.")}</p> : (
        <Table name="live" rows={rows} keyOf={(s) => `${s.host} ${s.proto} ${s.port} ${s.shape} ${s.victim ?? ""}`} columns={[
          { title: t("Contacts from"), value: (s) => s.host, cell: (s) => <a href={`/search?q=${encodeURIComponent(s.host)}`}>{s.host}</a> },
          { title: t("Service"), value: asked },
          { title: t("How near the decision is"), value: (s) => (s.verdict === "undecided" ? nearness(s) ?? 0 : 1 + (s.evidence ?? 0)), cell: (s) => <Nearness of={s} /> },
          { title: t("Addresses"), value: (s) => s.targets, cell: (s) => grouped(s.targets), figure: true },
          { title: t("Answered"), value: (s) => s.answered, cell: (s) => grouped(s.answered), figure: true },
          { title: t("Per s"), value: (s) => s.rate_per_s, cell: (s) => figure(s.rate_per_s), figure: true },
        ]} />
      )}
      {more > 0 && <p class="note">{plural(more, "{1} further source with less evidence is not shown.", "{1} further sources with less evidence are not shown.")}</p>}
    </>
  );
}

function News({ live }: { live: LiveOf }) {
  const news = live.news ?? [];
  if (!news.length) return null;
  return (
    <>
      <h2>{t("News")}</h2>
      <Table name="news" rows={news} keyOf={(n) => `${n.at} ${n.text}`} columns={[
        { title: t("Time"), value: (n) => milliseconds(n.at), cell: (n) => stamp(n.at) }, { title: t("What"), value: newsWords },
      ]} />
    </>
  );
}

function Now({ live }: { live: LiveOf }) {
  const searching = live.sources.filter((s) => s.verdict === "scanner");
  const undecided = live.sources.filter((s) => s.verdict === "undecided").length;
  const { mood, text } = verdict(live, new Set(searching.map((s) => s.host)).size, undecided);
  const watched = t("Watched: {1}", (live.inputs ?? []).join(t(", ")));
  if (!live.looked)
    return (
      <>
        <Answer kicker={watched}>{live.running ? t("The watch has seen nothing yet.") : t("The watch stands still.")}</Answer>
        {live.message && <p class="note" role="status">{live.message}</p>}
        <h2 class="near">{t("What to do now")}</h2>
        <ol class="now">
          {live.running ? <li>{t("See whether anything arrives: an interface wants the mirror port of a switch, a file or folder something that writes into it, a port an exporter that sends to it.")}</li>
            : <li>{t("Put right what the message says, then start the service again: what happens now is not seen.")}</li>}
          <li>{t("What was captured elsewhere can be looked at meanwhile:")} <a href="/upload">{t("Upload a capture or log")}</a></li>
        </ol>
      </>
    );
  return (
    <>
      <Answer mood={live.running ? mood : ""} kicker={watched}>{live.running ? text : t("The watch stands still. What it saw last: {1}", text)}</Answer>
      {live.message && <p class="note" role="status">{live.message}</p>}
      <ToDo live={live} searching={searching} />
      <Sources live={live} />
      <News live={live} />
      <h2>{t("What was read")}</h2>
      <Facts of={[
        [t("Packets"), grouped(live.packets ?? 0)], [t("Contacts"), grouped(live.contacts ?? 0)],
        [t("Data until"), live.end ? stamp(live.end) : "–"], [t("Looked at"), stamp(live.looked)],
      ]} />
    </>
  );
}

export function Live() {
  const loaded = useLoad<LiveOf>("/live");
  useEffect(() => listen("live", loaded.reload, loaded.reload), [loaded.reload]);
  useEffect(() => {
    if (loaded.error) return undefined;
    const timer = setInterval(loaded.reload, EVERY_MS);
    return () => clearInterval(timer);
  }, [loaded.reload, loaded.error]);
  if (loaded.error?.status === 404)
    return (
      <>
        <Answer>{t("Nothing is being watched.")}</Answer>
        <Empty>
          <p>{t("Start the service with what it shall watch: an interface, a file that grows, a folder, or a port to which exporters send flows.")}</p>
          <p><code>ekigaku serve --watch eth0</code></p>
          <p><code>ekigaku serve --watch /opt/zeek/logs/current/conn.log</code></p>
          <p><code>ekigaku serve --watch udp:192.0.2.1:2055</code></p>
        </Empty>
      </>
    );
  return <Show loaded={loaded} whole>{(live) => <Now live={live} />}</Show>;
}
