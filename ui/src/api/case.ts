// SPDX-License-Identifier: Apache-2.0
/* What the server says of cases and notices (src/web/case.yaml, notice.yaml). */
import type { Instant } from "../format";

export interface Case {
  id: number;
  title: string;
  state: "open" | "contained" | "closed" | "merged";
  outbreak: number | null;
  merged_into: number | null;
  split_from: number | null;
  class: string;
  handling_class: number;
  known: string;
  route: string;
  tlp: string | null;
  created: Instant;
  aware: Instant;
  closed: Instant;
  hosts: number;
  affected: number;
  notices: number;
  mail: boolean;
}

export interface CaseRule { follows: boolean; open_from: number; days: number }

export interface CaseHost { id: number; host: string; at: Instant; parent: string | null; evidence: string; team: string | null; department: string | null; state: string }

export interface CaseEntry { id: number; at: Instant; kind: string; host: string | null; tags: string | null; text: string }

export interface CaseTask {
  id: number;
  title: string;
  text: string | null;
  step: string | null;
  playbook: string | null;
  readiness: boolean;
  department: string | null;
  state: "open" | "doing" | "done" | "dropped";
  account: number | null;
  assignee: string | null;
  due: Instant;
  created: Instant;
  ended: Instant;
}

export interface CaseChange { id: number; at: Instant; who: string; account: number | null; what: string; table: string; row: string; before: Record<string, unknown> | null; after: Record<string, unknown> | null }

export interface CaseDuty { id: string; name: string; obliges: string; forbids: string; source: string }

export interface CaseDuties { countermeasure: CaseDuty | null; handling: CaseDuty | null }

export interface CaseIndicator { id: number; kind: string; value: string; comment: string | null; first: Instant; last: Instant; sightings: number; detect: boolean; tlp: string | null }

export interface CaseDeadline { id: string; profile: string; title: string; source: string; due: Instant; met: Instant }

export interface Pasted { added: number; again: number; passed: number }

export interface Notice {
  id: number;
  case: number;
  team: string;
  department: string | null;
  contact: string | null;
  address: string;
  language: string;
  format: string;
  tlp: string;
  state: string;
  subject: string;
  hosts: number;
  step: number;
  releaser: number | null;
  second_releaser: number | null;
  attempts: number;
  message: string | null;
  created: Instant;
  released: Instant;
  sent: Instant;
  answered: Instant;
  due: Instant;
}

export interface NoticeWhole extends Notice { of: { id: number; host: string; at: Instant; evidence: string; state: string }[]; next: string[]; needs: number }

export interface Preview {
  to: string;
  name: string;
  language: string;
  subject: string;
  text: string;
  attachment: { name: string; type: string; size: number } | null;
  key: string | null;
  key_type: string | null;
  allowed: boolean;
  label: string;
  reason: string;
}

export interface Drafted { notices: number; hosts: number; told: number; left: { host: string; why: string; text: string }[] }

export interface Evidence { id: number; case: number; name: string; input: number | null; kept: boolean; size: number | null; sha256: string | null; handling_class: number; rule: string; download: boolean; holder: string; taken: Instant; created: Instant }

export interface Custody { id: number; at: Instant; giver: string | null; taker: string; why: string | null; seen: "same" | "changed" | "gone" | null; sha256: string | null }

export interface EvidenceWhole extends Evidence { custody: Custody[] }

export interface DeadlineProfile { name: string; shipped: boolean; on: boolean; steps: { id: string; name: string; title: string; source: string; hours: number | null; months: number | null }[] }
