// SPDX-License-Identifier: Apache-2.0
/* The closed lists of the facts in words, as the terminal and the report say them. */
import { mark, t } from "./text";

const WORDS: Readonly<Record<string, string>> = {
  sequential: mark("in order"), random: mark("random"), local: mark("local preference"), permuted: mark("permuted"),
  known_peers: mark("known peers"), unknown: mark("unknown"),
  implant: mark("implant"), exploit: mark("exploit"), session: mark("session, then scans"), contact: mark("contact, then scans"),
  scan: mark("scans"), access: mark("access"), attempt: mark("attempt"), check: mark("check"), note: mark("note"),
  scanner: mark("scanner"), benign: mark("ordinary"), backscatter: mark("backscatter"), flood: mark("flooded"),
  undecided: mark("undecided"),
  "stolen credential": mark("stolen credential"), dictionary: mark("dictionary"), datagram: mark("datagram"),
  airborne: mark("airborne"), droplet: mark("droplet"), contact_route: mark("physical contact"),
  known: mark("known"), "re-emerging": mark("re-emerging"), novel: mark("novel"),
  I: mark("class I"), II: mark("class II"), III: mark("class III"), IV: mark("class IV"), V: mark("class V"),
  queued: mark("waiting"), running: mark("running"), done: mark("done"), failed: mark("failed"), cancelled: mark("cancelled"),
  analyze: mark("analysis"), simulate: mark("simulation"),
  spreading: mark("spreading"), searching: mark("searching"), calm: mark("calm"),
  viewer: mark("viewer"), analyst: mark("analyst"), coordinator: mark("coordinator"), administrator: mark("administrator"),
  worm: mark("worm"), hybrid: mark("hybrid"), trojan: mark("trojan"), virus: mark("virus"), high: mark("high"), medium: mark("medium"), low: mark("low"),
};

/** The word for a value of the facts, in the language of the reader; an unknown value stands as it is. */
export const word = (value: string | null | undefined): string => (value ? t(WORDS[value] ?? value) : "–");

/** "contact" is a route of infection as well as evidence: here the route. */
export const route = (value: string | null | undefined): string => word(value === "contact" ? "contact_route" : value);

const FAMILIES: Readonly<Record<string, string>> = {
  wannacry: "WannaCry", notpetya: "NotPetya", badrabbit: "Bad Rabbit", codered1: "Code Red v2", codered2: "Code Red II",
  slammer: "SQL Slammer", locky: "Locky", petya: "Petya", mischa: "Mischa", gpcode: "Gpcode", cryptolocker: "CryptoLocker", cryptowall: "CryptoWall",
  "ctb-locker": "CTB-Locker", teslacrypt: "TeslaCrypt", winlock: "Winlock", archiveus: "Archiveus", gumblar: "Gumblar", brickerbot: "BrickerBot", aids: "AIDS (PC Cyborg)", blaster: "Blaster", nimda: "Nimda", sasser: "Sasser", witty: "Witty", conficker: "Conficker", mirai: "Mirai",
};

/** A family by its usual name; its id links to the catalogue. */
export const family = (id: string): string => FAMILIES[id] ?? id;
