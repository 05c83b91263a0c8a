// SPDX-License-Identifier: Apache-2.0
/*
 * What the server says in English whatever the language: sources of rules, and the clause of a sign with its figures. They are looked up here as they stand, so that
 * a page in Japanese has them in Japanese; one that is not known stands as it is.
 */
import { mark, t } from "./text";

/* Sources of duties (catalogue/measures.yaml, handling.yaml), of deadlines (src/case/deadline.c), comments of indicators (src/protocol/shown.c). */
export const SENTENCES: readonly string[] = [
  mark("infectious-disease law of Japan; lecture 2017"), mark("pathogen rules of Japan; lecture 2017"), mark("the desk's own promise"),
  mark("Directive (EU) 2022/2555, art. 23(4)(a)"), mark("Directive (EU) 2022/2555, art. 23(4)(b)"),
  mark("Directive (EU) 2022/2555, art. 23(4)(d): a month after the notification; counted from when the team knew, the earliest it can be"),
  mark("Act on the Protection of Personal Information, art. 26: about 3 to 5 days"),
  mark("Act on the Protection of Personal Information, art. 26: 60 days where the cause is malicious"),
  mark("asked for before it spreads; it stops where this name answers: let it resolve, do not block it"),
];

/* The clauses of the signs (src/protocol), with a place for each figure. {1} is their count: a second one is said of one alone. */
const CLAUSES: readonly (readonly [string, string?])[] = [
  [mark("PeekNamedPipe answered 0xC0000205: MS17-010 is not patched")], [mark("PeekNamedPipe on handle 0: asks for MS17-010")],
  [mark("{1} answers nobody asked for, last command {2}, MID {3}"), mark("{1} answer nobody asked for, last command {2}, MID {3}")],
  [mark("{1} uploads to the implant acknowledged (MID 82)"), mark("{1} upload to the implant acknowledged (MID 82)")],
  [mark("the target carries the implant (MID 81), put there after this source's exploit")], [mark("the target carries the implant (MID 81); who put it there is not seen here")],
  [mark("asked {1} times for the implant"), mark("asked {1} time for the implant")], [mark("asked {1} times for {2}"), mark("asked {1} time for {2}")],
  [mark("NT_TRANSACT continued by {1} TRANSACTION2_SECONDARY")], [mark("NT_TRANSACT RENAME ({1}) continued by {2} NT_TRANSACT_SECONDARY")],
  [mark("WRITE_ANDX inside an open TRANSACTION; TRANSACTION2 SESSION_SETUP then succeeded")], [mark("WRITE_ANDX inside an open TRANSACTION")],
  [mark("{1} files written to administrative shares, last {2}"), mark("{1} file written to administrative shares: {2}")],
  [mark("{1} files to administrative shares ({2}), then started by {3}"), mark("{1} file to administrative shares ({2}), then started by {3}")],
  [mark("{1} calls to start something, last {2}"), mark("{1} call to start something: {2}")],
  [mark("{1} requests for /default.ida? and a run of {2}"), mark("{1} request for /default.ida? and a run of {2}")],
  [mark("{1} or more SYNs whose sequence number is the target's address")], [mark("{1} or more datagrams of 376 bytes")],
  [mark("{1} failed logins here, {2} on {3} hosts in all; then one was accepted"), mark("{1} failed login here, {2} on {3} hosts in all; then one was accepted")],
  [mark("{1} failed logins here, {2} on {3} hosts in all"), mark("{1} failed login here, {2} on {3} hosts in all")],
  [mark("{1} conversations in a row too small for a session"), mark("{1} conversation too small for a session")],
  [mark("{1} refused logins here, {2} hosts tried in all"), mark("{1} refused login here, {2} hosts tried in all")],
  [mark("{1} refused logins, then one accepted"), mark("{1} refused login, then one accepted")],
  [mark("after the busybox check a program was written or fetched and started")], [mark("after the busybox check a program was fetched by the target from this host")],
  [mark("logged in after {1} refusals; {2} shells answered the busybox check"), mark("logged in after {1} refusal; {2} shells answered the busybox check")],
];

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
let patterns: readonly (readonly [RegExp, RegExp | null])[] | null = null;

/** A clause as a pattern: figures and names stand where its places are. */
const pattern = (clause: string): RegExp => new RegExp(`^${clause.split(/\{[1-9]\}/).map(quoted).join("(.+?)")}$`);

/** The clause of a sign in the language of the reader, one thing as one. */
export function clause(said: string): string {
  patterns ??= CLAUSES.map(([many, one]) => [pattern(many), one ? pattern(one) : null]);
  for (const [at, [many, one]] of CLAUSES.entries()) {
    const several = patterns[at]?.[0].exec(said), single = patterns[at]?.[1]?.exec(said);
    if (single) return t(one ?? many, ...single.slice(1));
    if (several) return t(one && several[1] === "1" ? one : many, ...several.slice(1));
  }
  return t(said);
}

/* The 47 prefectures, as rosters in English have them. */
export const PREFECTURES: readonly string[] = [
  mark("Hokkaido"), mark("Aomori"), mark("Iwate"), mark("Miyagi"), mark("Akita"), mark("Yamagata"), mark("Fukushima"), mark("Ibaraki"), mark("Tochigi"), mark("Gunma"), mark("Saitama"), mark("Chiba"),
  mark("Tokyo"), mark("Kanagawa"), mark("Niigata"), mark("Toyama"), mark("Ishikawa"), mark("Fukui"), mark("Yamanashi"), mark("Nagano"), mark("Gifu"), mark("Shizuoka"), mark("Aichi"), mark("Mie"),
  mark("Shiga"), mark("Kyoto"), mark("Osaka"), mark("Hyogo"), mark("Nara"), mark("Wakayama"), mark("Tottori"), mark("Shimane"), mark("Okayama"), mark("Hiroshima"), mark("Yamaguchi"), mark("Tokushima"),
  mark("Kagawa"), mark("Ehime"), mark("Kochi"), mark("Fukuoka"), mark("Saga"), mark("Nagasaki"), mark("Kumamoto"), mark("Oita"), mark("Miyazaki"), mark("Kagoshima"), mark("Okinawa"),
];
