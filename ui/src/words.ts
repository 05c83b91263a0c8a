// SPDX-License-Identifier: Apache-2.0
/* The closed lists of the facts in words, as the terminal and the report say them. */
import type { Scanner } from "./api/types";
import { service } from "./format";
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
  alive: mark("alive"), stale: mark("not heard of for a year"), dead: mark("dead"), none: mark("no contact"), open: mark("open"), approved: mark("approved"), refused: mark("refused"),
  "received file": mark("file"), "received bundle": mark("signed bundle"), "received taxii": "TAXII", "received opened": mark("case opened"), "received updated": mark("case updated"),
  "received old": mark("earlier than what came before"), "received refused": mark("refused"),
  "claim owner": mark("decides"), "claim second choice": mark("second choice: the owner cannot be reached"), "claim shorter": mark("a longer one decides"), "claim imported": mark("what was entered by hand decides"),
  "claim broader": mark("a narrower department decides"), "claim older": mark("contradicted by a newer record"), "claim later": mark("something nearer is known"), "claim public suffix": mark("passed over: strangers register names there"),
  "role poc": mark("point of contact"), "role technical": mark("technical contact"), "role abuse": mark("abuse contact"), "role noc": mark("network operation"), "role executive": mark("executive"), "role legal": mark("legal contact"),
  "tier 0": mark("not known"), "tier 1": mark("1, basic"), "tier 2": mark("2, sector"), "tier 3": mark("3, cross-sector"),
  "finding wrong": mark("wrong"), "finding doubtful": mark("doubtful"), "finding note": mark("to be noted"),
  "check answered": mark("answered"), "check silent": mark("no answer"), "check bounced": mark("came back"), "check wrong-person": mark("wrong person"),
  "deadline own-owners": mark("All owners are told"), "deadline nis2-warning": mark("NIS2: early warning to the CSIRT or authority"), "deadline nis2-notification": mark("NIS2: incident notification"), "deadline nis2-final": mark("NIS2: final report"),
  "deadline appi-preliminary": mark("Japan, if personal data are concerned: preliminary report (3 to 5 days)"), "deadline appi-final": mark("Japan, if personal data are concerned: final report (60 days)"),
  "indicator address": mark("address"), "indicator network": mark("network"), "indicator domain": mark("domain"), "indicator url": "URL", "indicator mail": mark("mail address"), "indicator as": "AS", "indicator md5": "MD5", "indicator sha1": "SHA-1",
  "indicator sha256": "SHA-256", "indicator file": mark("file name"), "indicator mutex": "mutex", "indicator registry": mark("registry key"), "indicator pattern": mark("pattern"),
  "enquiry open": mark("open enquiry"), "enquiry waiting": mark("we asked back"), "enquiry answered": mark("answered enquiry"), "enquiry closed": mark("closed enquiry"), "entry enquiry": mark("enquiry"),
  "profile own": mark("The desk's own promise"), "profile nis2": "NIS2", "profile appi": mark("Japan: personal data"),
  "handling 1": mark("class 1: only its hash is recorded"), "handling 2": mark("class 2: kept with leave"), "handling 3": mark("class 3: kept in encrypted archives"), "handling 4": mark("class 4: kept as a record"),
  "seen same": mark("unchanged"), "seen changed": mark("CHANGED"), "seen gone": mark("GONE"), "seen none": mark("nobody could look"),
  "say judgement": mark("Judgement: what I think of it"), "say answer": mark("Answer: what the asker was told"), "say request": mark("Asked back: it waits"), "say question": mark("Further question of the asker"), "say closing": mark("Close: no more is to be done"),
  "thread question": mark("Question"), "thread request": mark("Asked back"), "thread judgement": mark("Judgement"), "thread answer": mark("Given answer"), "thread handover": mark("Hand-over to"), "thread closing": mark("Closing"),
  "case open": mark("open case"), "case contained": mark("contained"), "case closed": mark("closed"), "case merged": mark("merged"),
  "host affected": mark("affected"), "host isolated": mark("isolated"), "host cleaned": mark("cleaned"), "host disputed": mark("not theirs"),
  "notice draft": mark("draft"), "notice released": mark("released"), "notice queued": mark("queued for mail"), "notice sending": mark("being sent"), "notice sent": mark("sent"), "notice delivered": mark("delivered"), "notice bounced": mark("came back"),
  "notice opened": mark("opened"), "notice received": mark("received"), "notice handling": mark("being handled"), "notice done": mark("dealt with"), "notice disputed": mark("not theirs"), "notice unknown": mark("not known whether sent"), "notice withdrawn": mark("withdrawn"),
  "say queued": mark("Send it again"), "say sent": mark("Told by telephone"), "say received": mark("They have it"), "say handling": mark("They work on it"), "say done": mark("They are done"), "say disputed": mark("Not theirs"), "say withdrawn": mark("Withdraw"),
  "step 0": mark("first contact person"), "step 1": mark("second contact person"), "step 2": mark("upstream AS"), "step 3": mark("national team"),
  "department desk": mark("CSIRT desk"), "department network": mark("network operations"), "department systems": mark("system administration"), "department helpdesk": mark("help desk"), "department management": mark("management"), "department communications": mark("public relations"), "department legal": mark("legal department"),
  "change add": mark("added"), "change change": mark("changed"), "change remove": mark("removed"), "row case": mark("case"), "row case_host": mark("host"), "row case_entry": mark("entry"), "row task": mark("task"), "row evidence": mark("evidence"), "row custody": mark("step of custody"), "row indicator": mark("indicator"),
  "row notice": mark("notice"), "row notice_host": mark("name in a notice"), "row enquiry": mark("enquiry"), "row enquiry_entry": mark("entry of an enquiry"),
  "task open": mark("not begun"), "task doing": mark("in work"), "task done": mark("finished"), "task dropped": mark("dropped"),
  "entry note": mark("remark"), "entry lesson": mark("lesson"), "entry finding": mark("finding"), "entry task": mark("task"), "entry notice": mark("notice"), "entry evidence": mark("evidence"), "entry decision": mark("decision"),
  it: mark("information technology"), finance: mark("finance"), manufacturing: mark("manufacturing"), telecommunication: mark("telecommunication"), infrastructure: mark("infrastructure"), education: mark("education"), government: mark("government"),
  viewer: mark("viewer"), analyst: mark("analyst"), coordinator: mark("coordinator"), administrator: mark("administrator"),
  worm: mark("worm"), hybrid: mark("hybrid"), trojan: mark("trojan"), virus: mark("virus"), high: mark("high"), medium: mark("medium"), low: mark("low"),
};

/** The word for a value of the facts, in the language of the reader; an unknown value stands as it is. */
export const word = (value: string | null | undefined): string => (value ? t(WORDS[value] ?? value) : "–");

/** What a source asks for: a service, or the ports of a host. */
export const asked = (of: Pick<Scanner, "proto" | "port" | "shape" | "victim">): string =>
  (of.shape === "vertical" ? t("many ports of {1}", of.victim ?? "–") : service(of.proto, of.port));

/** The roles of the playbooks, in the order in which they are shown. */
export const DEPARTMENTS: readonly string[] = ["desk", "network", "systems", "helpdesk", "management", "communications", "legal"];

/** A role of the playbooks in words; another department by its own name. */
export const department = (name: string | null): string => (!name ? t("nobody yet") : DEPARTMENTS.includes(name) ? word(`department ${name}`) : name);

/** "contact" is a route of infection as well as evidence: here the route. */
export const route = (value: string | null | undefined): string => word(value === "contact" ? "contact_route" : value);

const FAMILIES: Readonly<Record<string, string>> = {
  wannacry: "WannaCry", notpetya: "NotPetya", badrabbit: "Bad Rabbit", codered1: "Code Red v2", codered2: "Code Red II",
  slammer: "SQL Slammer", locky: "Locky", petya: "Petya", mischa: "Mischa", gpcode: "Gpcode", cryptolocker: "CryptoLocker", cryptowall: "CryptoWall",
  "ctb-locker": "CTB-Locker", teslacrypt: "TeslaCrypt", winlock: "Winlock", archiveus: "Archiveus", gumblar: "Gumblar", brickerbot: "BrickerBot", aids: "AIDS (PC Cyborg)", blaster: "Blaster", nimda: "Nimda", sasser: "Sasser", witty: "Witty", conficker: "Conficker", mirai: "Mirai",
};

/** A family by its usual name; its id links to the catalogue. */
export const family = (id: string): string => FAMILIES[id] ?? id;
