// SPDX-License-Identifier: Apache-2.0
/* What the server says of technical enquiries (src/web/enquiry.yaml). */
import type { Instant } from "../format";

export interface Enquiry {
  id: number;
  case: number | null;
  notice: number | null;
  subject: string;
  asker: string;
  state: "open" | "waiting" | "answered" | "closed";
  department: string | null;
  account: number | null;
  holder: string | null;
  held: Instant;
  handovers: number;
  created: Instant;
  reached: Instant;
  answered: Instant;
}

export interface EnquiryEntry { id: number; at: Instant; kind: string; author: string; text: string; mail: boolean }

export interface EnquiryWhole extends Enquiry { thread: EnquiryEntry[] }

export interface EnquiryFigures {
  all: number;
  open: number;
  waiting: number;
  untaken: number;
  reached: number;
  direct: number;
  handovers: number | null;
  reached_after_s: number | null;
  reached_most_s: number | null;
  answered_after_s: number | null;
  oldest: Instant;
}

export interface Takers { people: { id: number; name: string; display: string }[]; departments: { id: string; team: string; name: string; name_ja: string | null }[] }
