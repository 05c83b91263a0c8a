// SPDX-License-Identifier: Apache-2.0
/* What the server says (its own description: /api/v1/openapi.json). Names are those of docs/formats/facts.md. */
import type { Instant } from "../format";

export type Role = "viewer" | "analyst" | "coordinator" | "administrator";

export interface Account {
  id: number;
  name: string;
  display?: string;
  role: Role;
  language?: string | null;
  disabled?: boolean;
  created?: Instant;
  locked_until?: Instant;
}

export interface Session { account: Account; csrf: string }
export interface List<T> { items: T[]; next?: string | null; total?: number }

export interface Input {
  id: number;
  name: string;
  size: number;
  sha256?: string;
  form?: string | null;
  handling_class: number;
  kept?: boolean;
  account?: number | string | null;
  created: Instant;
}

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface Job {
  id: number;
  kind: "analyze" | "simulate";
  title: string;
  state: JobState;
  progress: number;
  done_bytes?: number;
  size_bytes?: number;
  eta_s?: number | null;
  message?: string | null;
  created: Instant;
  started?: Instant;
  ended?: Instant;
  analysis?: number | null;
  simulation?: number | null;
}

export interface OutbreakRow {
  id: number;
  analysis: number;
  analysis_title?: string | null;
  analysed?: Instant;
  number?: number;
  proto: string;
  port: number;
  family: string | null;
  route?: string | null;
  class?: string | null;
  known?: string | null;
  patient_zero: string | null;
  infected: number;
  started: Instant;
  ended: Instant;
  doubling_s?: number | null;
  r?: number | null;
  title?: string;
  text?: string;
}

export interface AnalysisRow {
  id: number;
  job?: number;
  title: string;
  origin: Instant;
  ended?: Instant;
  first?: Instant;
  last?: Instant;
  packets: number;
  flows?: number;
  contacts?: number;
  hosts: number;
  verdict: "spreading" | "searching" | "calm";
  text?: string;
  created: Instant;
  outbreaks?: { id: number; number?: number; proto: string; port: number; infected: number }[];
}

export interface Strategy {
  scope: "connected" | "elsewhere";
  name: string;
  posterior: number;
  pass_seconds: number | null;
  probes: number;
  order?: string | null;
}

export interface Sign {
  name: string;
  family?: string | null;
  technique?: string | null;
  grade: string;
  source: string;
  target: string;
  proto: string;
  port: number;
  first?: Instant;
  last?: Instant;
  t: number;
  packets: [number, number];
  input?: number;
  count?: number;
  vector?: boolean;
  detail?: string | null;
}

export interface Scanner {
  number?: number;
  host: string;
  proto: string;
  port: number;
  shape?: "horizontal" | "vertical";
  first?: Instant;
  last?: Instant;
  t?: number;
  since_t: number;
  since_packet?: number;
  targets: number;
  answered: number;
  refused?: number;
  rate_per_s: number;
  victim?: string | null;
  verdict: string;
  reason?: string | null;
  decided_after?: number | null;
  evidence?: number;
  strategies: Strategy[];
  signs?: Sign[];
}

/** What a raster shows, as facts: places on its axis are numbers from 0 on. */
export interface RasterFacts {
  axis: "ipv4" | "ipv6" | "ports";
  places: number;
  seen: number;
  kept: number;
  t0: number;
  t1: number;
  a0: number;
  a1: number;
  from: string | null;
  to: string | null;
  probes: number;
  answered: number;
  parts: { a0: number; a1: number; from: string; to: string; prefix: string | null; probes: number; answered: number; first_t: number; last_t: number }[];
  items: { t: number; target: string; answered: boolean }[];
}

export interface Growth {
  rate_per_s: number | null;
  rate_interval: [number, number] | null;
  doubling_s: number | null;
  r: number | null;
  r_period_s: number | null;
  r_interval: [number, number] | null;
}

export interface WireStep { t: number; packet: number; input?: number; from_source: boolean; text: string }

export interface FactsInput {
  path: string;
  format: string;
  packets: number;
  flows?: number;
  bytes: number;
  first?: Instant;
  last?: Instant;
  malformed: number;
  error?: { text: string; offset?: number; what?: string } | string | null;
  cannot_tell?: string | null;
}

export interface Limit { name: string; reached: number; effect: string }

export interface FailedAttempt { source: string; target: string; attempts: number; first_t: number; last_t: number; what: string }

export interface Infection {
  host: string;
  at?: Instant;
  t: number;
  error_s: number;
  parent: string | null;
  parent_posterior: number;
  evidence: string;
  generation: number;
  runners_up?: { host: string | null; posterior: number }[]; /* null: from outside what was seen */
  packets: [number, number];
  input?: number;
  scans?: boolean;
  scan_t?: number | null;
  onset_t?: number | null;
  dialog_t?: number | null;
}

export interface Outbreak extends Omit<OutbreakRow, "family" | "patient_zero"> {
  family: { name: string; score: number; runners_up?: { name: string; score: number }[] } | null;
  patient_zero: { host: string; posterior: number; candidates?: { host: string; posterior: number }[] } | null;
  countermeasure_class?: string | null;
  vectors: string[];
  growth: Growth | null;
  origin: Instant;
  end?: Instant;
  hosts?: number;
  inputs?: FactsInput[];
  limits?: Limit[];
  advice?: string[];
  strategies?: Scanner[];
}

/** All infections at once, one array a column, in the order of t. */
export interface Columns {
  count?: number;
  host: string[];
  t: number[];
  parent: number[];
  posterior: number[];
  error_s?: number[];
  evidence: string[];
  generation: number[];
  scan_t?: (number | null)[];
  onset_t?: (number | null)[];
  dialog_t?: (number | null)[];
  first_packet?: number[];
  last_packet?: number[];
  input?: number[];
}

export interface CurvePoint { t: number; infected: number }

export interface HostStory extends Infection {
  children?: string[];
  attempts?: (Omit<FailedAttempt, "target"> & { target?: string })[];
  signs?: Sign[];
  scanner?: Scanner | null;
  screen_t?: number | null;
}

export interface Edge {
  source: string;
  target: string;
  proto: string;
  port: number;
  packets?: [number, number] | null;
  input?: string | null;
  /** What the numbers count: packets of a capture, records of a log. */
  counted_in?: "packets" | "records";
  filter?: string | null;
  wire: WireStep[];
  /** Further steps, where there were too many. */
  omitted?: number;
}

export interface Facts {
  origin: Instant;
  end: Instant;
  verdict: { spreading: boolean; text: string; exit_status: number };
  inputs: FactsInput[];
  counts: { packets: number; flows: number; contacts: number; hosts: number };
  scanners: Scanner[];
  signs: Sign[];
  limits: Limit[];
}

export interface ReferenceCurve { name: string; label: string; source?: string; axis: "distinct" | "infected"; points: [number, number][] }

export interface FamilyValue { key: string; value: string; unit?: string; source: string; confidence: string }

export interface Family {
  id: string;
  name: string;
  first: string;
  kind: string;
  route: string | null;
  propagates: boolean;
  infects_files: boolean;
  connected?: string | null;
  elsewhere?: string | null;
  means?: string | null;
  payload?: string | null;
  recovery?: string | null;
  kill_switch?: string | null;
  vaccine?: string | null;
  limits?: string | null;
  countermeasure_class: string | null;
  inherits: { from: string; technique: string }[];
  values?: FamilyValue[];
  source: string;
  confidence?: string;
}

export interface Era { id: string; name: string; from: string; to: string; aim: string; answer: string; source: string; families: string[] }
export interface Descent { family: string; from: string; technique: string }

export interface Scenario { id: number; name: string; yaml: string; builtin?: boolean; created?: Instant; changed?: Instant }
export interface YamlError { line: number; key?: string; message: string }

export interface Simulation {
  id: number;
  job?: number;
  title?: string;
  scenario?: number | string | null;
  seed: number;
  runs: number;
  created: Instant;
  summary?: {
    title?: string;
    hosts?: number;
    infected?: { mean: number; median: number; low: number; high: number };
    reached?: { percent: number; t: number | null; low: number | null; high: number | null }[];
    probes?: number;
    source?: string;
  } | null;
  tree?: Columns | null;
  /** Infected hosts over time: half of the runs are below median, a twentieth below low and above high. */
  curve?: { t: number; low: number; median: number; high: number }[] | null;
}

export interface LiveSource extends Scanner {
  /** Evidence at which it is judged to search; null where other things decide. */
  threshold: number | null;
}
export interface LiveNews {
  at: Instant;
  text: string;
  type: "scanner" | "outbreak" | "infection" | "parent" | "patient_zero" | "withdrawn";
  proto: string;
  port: number;
  host?: string | null;
  patient_zero?: string | null;
  verdict?: string;
  /** The host whose ports are searched. */
  victim?: string | null;
  targets?: number;
  infected?: number;
  parent?: string | null;
  parent_posterior?: number;
  before?: string | null;
}
export interface Live {
  running: boolean;
  inputs?: string[];
  message: string | null;
  analysis: number | null;
  looked: Instant;
  end?: Instant;
  packets?: number;
  contacts?: number;
  infected?: number;
  sources: LiveSource[];
  sources_total?: number;
  news?: LiveNews[];
}
export interface Found { kind: string; id: number | string; title: string; url: string }
export interface Token { id: number; name: string; scopes: string; created: Instant; used?: Instant; expires?: Instant; token?: string }
