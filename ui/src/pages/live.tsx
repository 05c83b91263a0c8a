// SPDX-License-Identifier: Apache-2.0
/* What a watch sees now: sources by evidence, and of the undecided ones how near the decision is. */
import { useEffect } from "preact/hooks";
import { useLoad } from "../api/load";
import type { Live as LiveOf, Scanner } from "../api/types";
import { figure, grouped, milliseconds, service, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, Show, State } from "../parts/words";
import { plural, t } from "../text";

const EVERY_MS = 2000;
/* Log likelihood ratio at which a source is judged a scanner (Jung et al. 2004: detection 0.99, false alarms 0.01). */
const DECIDED = Math.log(0.99 / 0.01);

function Nearness({ of }: { of: Scanner }) {
  const share = Math.max(0, Math.min(1, (of.evidence ?? 0) / DECIDED));
  if (of.verdict !== "undecided") return <State of={of.verdict === "scanner" ? "searching" : of.verdict} />;
  return <><progress max={1} value={share} aria-label={t("Evidence of a search")} /> <span class="mini">{t("{1} % of the evidence needed", Math.round(share * 100))}</span></>;
}

function Now({ live }: { live: LiveOf }) {
  const sources = [...live.sources].sort((a, b) => (b.evidence ?? 0) - (a.evidence ?? 0));
  const searching = sources.filter((s) => s.verdict === "scanner").length;
  const undecided = sources.filter((s) => s.verdict === "undecided").length;
  return (
    <>
      <Answer mood={searching ? "searching" : "calm"} kicker={(live.inputs ?? []).join(", ")}>
        {searching ? plural(searching, "{1} host searches for victims now; {2} undecided.", "{1} hosts search for victims now; {2} undecided.", grouped(undecided))
          : plural(undecided, "Nobody searches for victims now; {1} source is undecided.", "Nobody searches for victims now; {1} sources are undecided.")}
      </Answer>
      <Table name="live" rows={sources} keyOf={(s) => `${s.host} ${s.proto} ${s.port}`} columns={[
        { title: t("Scanner"), value: (s) => s.host },
        { title: t("Service"), value: (s) => service(s.proto, s.port) },
        { title: t("How near the decision is"), value: (s) => s.evidence, cell: (s) => <Nearness of={s} /> },
        { title: t("Addresses"), value: (s) => s.targets, cell: (s) => grouped(s.targets), figure: true },
        { title: t("Answered"), value: (s) => s.answered, cell: (s) => grouped(s.answered), figure: true },
        { title: t("Per s"), value: (s) => s.rate_per_s, cell: (s) => figure(s.rate_per_s), figure: true },
      ]} />
      {(live.news?.length ?? 0) > 0 && (
        <>
          <h2>{t("News")}</h2>
          <Table name="news" rows={live.news ?? []} keyOf={(n) => `${n.at} ${n.text}`} columns={[
            { title: t("Time"), value: (n) => milliseconds(n.at), cell: (n) => stamp(n.at) }, { title: t("What"), value: (n) => n.text },
          ]} />
        </>
      )}
    </>
  );
}

export function Live() {
  const loaded = useLoad<LiveOf>("/live");
  useEffect(() => {
    if (loaded.error) return undefined;
    const timer = setInterval(loaded.reload, EVERY_MS);
    return () => clearInterval(timer);
  }, [loaded.reload, loaded.error]);
  if (loaded.error && (loaded.error.status === 404 || loaded.error.status === 501))
    return (
      <>
        <Answer>{t("Nothing is being watched.")}</Answer>
        <Empty>
          <p>{t("ekigaku watch reads an interface or logs that grow and tells what it sees on its terminal:")}</p>
          <p><code>ekigaku watch --interface eth0</code></p>
          <p>{t("This server has no watch attached.")}</p>
        </Empty>
      </>
    );
  return <Show loaded={loaded} whole>{(live) => (live.running ? <Now live={live} /> : <Answer>{t("The watch stands still.")}</Answer>)}</Show>;
}
