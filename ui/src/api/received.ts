// SPDX-License-Identifier: Apache-2.0
/* What other teams sent, as the API tells it. */
import type { Instant } from "../format";

export interface Received {
  id: number;
  way: "file" | "bundle" | "taxii";
  form: string;
  sender: string;
  team: string | null;
  tier: number;
  proven: boolean;
  title: string;
  tlp: string | null;
  at: Instant;
  case: number | null;
  answer: "opened" | "updated" | "old" | "refused";
  why: string | null;
  hosts: number;
  indicators: number;
}

export interface Reception {
  answer: "opened" | "updated" | "same" | "old" | "refused";
  case: number | null;
  hosts: number;
  indicators: number;
  label: string;
  why: string | null;
  records?: { proposed: number; known: number; refused: number; why: string | null };
}
