// SPDX-License-Identifier: Apache-2.0
/* What the server says of the directory (src/web/directory.yaml). */
import type { Instant } from "../format";

export type Health = "alive" | "stale" | "unknown" | "dead" | "none";
export type Resource = "prefix" | "domain" | "as" | "country";

export interface Team {
  row: number;
  id: string;
  name: string;
  name_ja: string | null;
  host: string | null;
  sector: string | null;
  country: string | null;
  region: string | null;
  founded: string | null;
  joined: string | null;
  left: string | null;
  tier: number;
  contacts: number;
  health: Health;
  networks: Readonly<Record<Resource, number>>;
  addresses: number;
  source: string | null;
}

export interface Claim {
  verdict: string;
  by: Resource;
  resource: string;
  team?: string;
  department?: string;
  source: string;
  entered?: Instant;
  age_days?: number;
  contact?: string;
  contradicted?: boolean;
}

export interface FoundContact {
  id: string;
  team: string;
  department?: string;
  role: string;
  name?: string;
  medium: string;
  address: string;
  health: Health;
  verified?: Instant;
  verified_how?: string;
  last_seen?: Instant;
  last_seen_days?: number;
}

export interface OwnerAnswer {
  question: string;
  team: { id: string; name: string; name_ja?: string } | null;
  department?: string;
  contact: FoundContact | null;
  first_choice?: FoundContact | null;
  inhibited: boolean;
  candidates: number;
  claims: Claim[];
  remarks: { text: string; expires?: Instant }[];
}

export interface Lookup { question: string; answer: OwnerAnswer | null; text: string | null; team: Team | null; teams: Team[] }

export interface ContactPoint {
  row: number;
  id: string;
  role: string;
  medium: string;
  address: string;
  name: string | null;
  department: string | null;
  languages: string[];
  health: Health;
  verified: Instant;
  verified_how: string | null;
  seen: Instant;
  checked: Instant;
  checks: number;
  answers: number;
  bounces: number;
  answer_s: number | null;
  hops: number | null;
  waiting: boolean;
  disabled: boolean;
  source: string | null;
}

export interface Network { row: number; kind: Resource; resource: string; team: string | null; department: string | null; name: string | null; source: string | null; entered: Instant; whole: boolean }

export interface TeamCard extends Team {
  constituency: string | null;
  authority: string | null;
  sharing: string | null;
  website: string | null;
  postal: string | null;
  time_zone: string | null;
  hours: string | null;
  languages: string[];
  groups: string[];
  business: { state: "unknown" | "open" | "closed"; next: Instant; holiday: string | null; holiday_ja: string | null };
  departments: { row: number; id: string; name: string; name_ja: string | null; parent: string | null; depth: number }[];
  contact_points: ContactPoint[];
  keys: { row: number; type: string; fingerprint: string; contact: string | null; expires: string | null }[];
  resources: Network[];
  shared?: { incidents: number; updates: number; hosts: number; indicators: number; refused: number; first: Instant | null; last: Instant | null };
  card: string | null;
}

export interface Share { name: string | null; teams: number }

export interface Members {
  as_of: Instant;
  teams: number;
  members: number;
  months: { month: string; joined: number; left: number; total: number }[];
  projection: { month: string; total: number; low: number; high: number }[];
  members_per_month: number;
  sectors: Share[];
  regions: Share[];
  tiers: Readonly<Record<string, number>>;
  founded_joined: { team: string; founded: number; joined: number }[];
  contacts: Readonly<Record<string, number | null>>;
  unreachable_teams: number;
}

export type RecordLine = Readonly<Record<string, unknown>>;

export interface Proposal {
  id: number;
  record: number | null;
  line: string | null;
  after: RecordLine | null;
  before: RecordLine | null;
  why: string | null;
  state: "open" | "approved" | "refused";
  notice: number | null;
  account: number | null;
  who: string | null;
  created: Instant;
  decided: Instant;
}

export interface Findings { items: { weight: "wrong" | "doubtful" | "note"; text: string }[]; wrong: number; doubtful: number; note: number }
