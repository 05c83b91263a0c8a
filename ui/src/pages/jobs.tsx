// SPDX-License-Identifier: Apache-2.0
/* What is being worked on, how far it is, and how to stop it. */
import { useEffect, useState } from "preact/hooks";
import { useMay } from "../app";
import { Problem, remove } from "../api/client";
import { listen } from "../api/events";
import { placeOf, usePages, type Placed } from "../api/load";
import type { Job } from "../api/types";
import { bytes, duration, grouped, milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Empty, More, Progress, Show, State, Wrong } from "../parts/words";
import { plural, t } from "../text";
import { word } from "../words";

/** Rate and time left of a running job, in words. */
export function jobProgress(job: Job): string {
  const parts: string[] = [];
  const size = job.kind === "simulate" ? grouped : bytes; // runs, not bytes
  if (job.size_bytes && job.done_bytes !== undefined) parts.push(t("{1} of {2}", size(job.done_bytes), size(job.size_bytes)));
  if (typeof job.eta_s === "number" && job.eta_s > 0) parts.push(t("{1} left", duration(job.eta_s)));
  return parts.join(", ");
}

const JOB: Placed<Job> = { prefix: "job-", of: (job) => job.id };

/** The list of jobs, each changed row put in its place as the server tells of it. */
export function useJobs() {
  const loaded = usePages<Job>("/jobs?limit=1000&sort=-created", JOB);
  const [changed, setChanged] = useState<ReadonlyMap<number, Job>>(new Map());
  useEffect(() => listen("job", (row) => {
    const job = row as Job;
    if (job && typeof job.id === "number") setChanged((old) => new Map(old).set(job.id, job));
  }, () => {
    setChanged(new Map()); /* older than what is asked for now */
    loaded.reload();
  }), []);
  const known = new Map((loaded.data?.items ?? []).map((job) => [job.id, job]));
  for (const [id, job] of changed) known.set(id, { ...known.get(id), ...job });
  const jobs = [...known.values()].sort((a, b) => b.id - a.id);
  return { loaded, jobs };
}

export function jobResult(job: Job) {
  if (job.analysis) return <a href={`/analyses/${job.analysis}`}>{t("Open the analysis")}</a>;
  if (job.simulation) return <a href={`/simulate/${job.simulation}`}>{t("Open the simulation")}</a>;
  return job.message ? t(job.message) : "";
}

function JobState({ job }: { job: Job }) {
  if (job.state === "running") return <Progress share={job.progress} says={jobProgress(job)} />;
  return <State of={job.state} />;
}

export function Jobs() {
  const { loaded, jobs } = useJobs();
  const may = useMay("analyst");
  const [problem, setProblem] = useState<Problem | null>(null);
  const stop = (job: Job) => remove(`/jobs/${job.id}`).then(loaded.reload, (wrong: unknown) => setProblem(wrong as Problem));
  const active = jobs.filter((job) => job.state === "running" || job.state === "queued");
  const failed = jobs.filter((job) => job.state === "failed").length;
  return (
    <Show loaded={loaded} whole>{() => (
      <>
        <Answer>
          {active.length ? plural(active.length, "{1} job is being worked on or waits.", "{1} jobs are being worked on or wait.")
            : failed ? plural(failed, "No job is running; {1} has failed.", "No job is running; {1} have failed.") : t("No job is running.")}
        </Answer>
        {problem && <Wrong problem={problem} />}
        {!jobs.length ? <Empty><p>{t("Analyses and simulations that are worked on stand here, with how far they are.")}</p><a class="button" href="/upload">{t("Upload a capture or log")}</a></Empty> : (
          <Table name="jobs" rows={jobs} keyOf={(job) => job.id} idOf={placeOf(JOB)} columns={[
            { title: t("Job"), value: (job) => job.title || job.id },
            { title: t("Kind"), value: (job) => word(job.kind) },
            { title: t("State"), value: (job) => job.state, cell: (job) => <JobState job={job} /> },
            { title: t("Asked for"), value: (job) => milliseconds(job.created), cell: (job) => stamp(job.created), short: true },
            { title: t("Took"), value: (job) => milliseconds(job.ended) - milliseconds(job.started), cell: (job) => (job.ended && job.started ? duration((milliseconds(job.ended) - milliseconds(job.started)) / 1000) : "–"), figure: true },
            { title: t("Result"), value: (job) => job.message, cell: jobResult },
            ...(may ? [{ title: t("Stop"), value: () => "", cell: (job: Job) => (job.state === "running" || job.state === "queued" ? <button type="button" onClick={() => void stop(job)} aria-label={t("Stop {1}", job.title || job.id)}>{t("Stop")}</button> : "") }] : []),
          ]} />
        )}
        <More of={loaded} />
      </>
    )}</Show>
  );
}
