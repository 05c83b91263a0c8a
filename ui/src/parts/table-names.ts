// SPDX-License-Identifier: Apache-2.0
/* What each table is called for who hears it instead of seeing it. The name of a table itself is that of its file. */
import { mark, t } from "../text";

const NAMES: Readonly<Record<string, string>> = {
  accounts: mark("Accounts"), analyses: mark("Analyses"), attacked: mark("Attacks whose success was not seen"), attempts: mark("Attacks on it and by it whose success was not seen"), "case-enquiries": mark("Enquiries"),
  cases: mark("Cases"), compared: mark("Both in figures"), contacts: mark("Contacts of the team"), custody: mark("Chain of custody"), deadlines: mark("Deadlines"), decided: mark("Decided changes"),
  "distinct-addresses": mark("Distinct addresses over time"), due: mark("Contacts whose check is due"), enquiries: mark("Enquiries"), "epidemic-curve": mark("Epidemic curve"), evidence: mark("Evidence"), families: mark("Families"), findings: mark("To be put right"),
  found: mark("What was found"), generations: mark("Generations"), history: mark("History"), hosts: mark("Hosts"), indicators: mark("Indicators"), infections: mark("Infections"), inherits: mark("What it inherits"), inputs: mark("Inputs"), jobs: mark("Jobs"),
  keys: mark("Keys"), left: mark("Hosts that are told to nobody"), limits: mark("Limits reached"), lineage: mark("Lineage"), live: mark("Sources that are watched"), members: mark("Members over time"), networks: mark("Networks"), news: mark("News"), notices: mark("Notices"),
  outbreaks: mark("Outbreaks"), owners: mark("Who is affected"), parents: mark("Who infected it"), "patient-zero": mark("Candidates for patient zero"), proof: mark("Why"), "raster-parts": mark("What is in sight of the raster"),
  "raster-probes": mark("Single probes in sight"), reached: mark("When parts of the hosts have fallen"), received: mark("Received"), signs: mark("Signs, each with its packets"), "simulated-curve": mark("The simulated curve"), simulations: mark("Simulations"),
  strategies: mark("How the sources search"), teams: mark("Teams"), timeline: mark("Course of the case"), times: mark("Its times"), tokens: mark("Your API tokens"), unfinished: mark("Uploads that are not whole"), uploads: mark("Files being sent"), values: mark("Values with their sources"),
  wire: mark("What passed between them"), years: mark("Founded and joined by year"),
};

/** The name of a table in words: "infections-7" and "infections" are called the same. */
export function tableTitle(name: string): string {
  const known = NAMES[name] ?? Object.entries(NAMES).find(([begins]) => name.startsWith(`${begins}-`))?.[1];
  return known ? t(known) : name;
}
