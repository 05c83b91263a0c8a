// SPDX-License-Identifier: Apache-2.0
/* Who is signed in, and which page an address is. */
import { createContext, type FunctionComponent } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { Problem, session, signOut, whenSessionLost } from "./api/client";
import type { Account, Role } from "./api/types";
import { Accounts } from "./pages/accounts";
import { Analyses, Analysis } from "./pages/analyses";
import { CasePage, Cases } from "./pages/cases";
import { Catalogue, FamilyPage } from "./pages/catalogue";
import { DeadlineProfiles } from "./pages/deadlines";
import { Directory } from "./pages/directory";
import { Enquiries, EnquiryPage } from "./pages/enquiries";
import { Host } from "./pages/host";
import { Invitation, SignIn } from "./pages/sign-in";
import { Jobs } from "./pages/jobs";
import { Live } from "./pages/live";
import { NotFound } from "./pages/not-found";
import { OutbreakPage } from "./pages/outbreak";
import { Outbreaks } from "./pages/outbreaks";
import { Checks, Proposals } from "./pages/proposals";
import { ReceivedPage } from "./pages/received";
import { Search } from "./pages/search";
import { Simulate, SimulationPage } from "./pages/simulate";
import { TeamPage } from "./pages/team";
import { Upload } from "./pages/upload";
import { useLandings } from "./parts/landing";
import { Top } from "./parts/top";
import { Wrong } from "./parts/words";
import { go, useAddress } from "./router";
import { language, t } from "./text";

export type Parameters = Readonly<Record<string, string>>;
type Page = FunctionComponent<{ parameters: Parameters }>;

const PAGES: readonly (readonly [string, Page])[] = [
  ["/", Outbreaks], ["/outbreaks", Outbreaks], ["/outbreaks/:id", OutbreakPage], ["/outbreaks/:id/hosts/:host", Host],
  ["/analyses", Analyses], ["/analyses/:id", Analysis], ["/jobs", Jobs], ["/upload", Upload], ["/live", Live],
  ["/simulate", Simulate], ["/simulate/:id", SimulationPage], ["/catalogue", Catalogue], ["/catalogue/:name", FamilyPage],
  ["/cases", Cases], ["/cases/:id", CasePage], ["/deadlines", DeadlineProfiles], ["/enquiries", Enquiries], ["/enquiries/:id", EnquiryPage],
  ["/directory", Directory], ["/directory/changes", Proposals], ["/directory/checks", Checks], ["/directory/:id", TeamPage],
  ["/received", ReceivedPage], ["/search", Search], ["/accounts", Accounts],
];

/** The page of a path and what stands in its places. */
export function findPage(path: string): { page: Page; parameters: Parameters } {
  const parts = path.replace(/\/+$/, "").split("/");
  for (const [pattern, page] of PAGES) {
    const wanted = pattern.replace(/\/+$/, "").split("/");
    if (wanted.length !== parts.length) continue;
    const parameters: Record<string, string> = {};
    const fits = wanted.every((name, i) => {
      const part = parts[i] ?? "";
      if (!name.startsWith(":")) return name === part;
      try {
        parameters[name.slice(1)] = decodeURIComponent(part);
      } catch {
        return false;
      }
      return part !== "";
    });
    if (fits) return { page, parameters };
  }
  return { page: NotFound, parameters: {} };
}

const Who = createContext<Account | null>(null);

const RANK: Readonly<Record<Role, number>> = { viewer: 0, analyst: 1, coordinator: 2, administrator: 3 };

/** The account that is signed in. */
export const useAccount = (): Account | null => useContext(Who);

/** Whether the reader may do what this role may. */
export function useMay(role: Role): boolean {
  const account = useAccount();
  return account !== null && RANK[account.role] >= RANK[role];
}

type Known = { account: Account | null } | { problem: Problem } | null;

function Content({ known, url, enter }: { known: Known; url: URL; enter: (account: Account) => void }) {
  if (known === null) return <p class="note" role="status">{t("Reading from the server.")}</p>;
  if ("problem" in known) return <Wrong problem={known.problem} retry={() => location.reload()} />;
  const invitation = /^\/invitation\/([^/]+)$/.exec(url.pathname);
  if (invitation) return <Invitation token={invitation[1] ?? ""} enter={enter} />;
  if (!known.account || url.pathname === "/sign-in") return <SignIn enter={enter} />;
  const { page: Page, parameters } = findPage(url.pathname);
  return <Page key={url.pathname} parameters={parameters} />;
}

export function App() {
  const url = useAddress();
  const [known, setKnown] = useState<Known>(null);
  const [, setTurn] = useState(0);
  useLandings();
  useEffect(() => {
    whenSessionLost(() => setKnown({ account: null }));
    session().then(
      (got) => setKnown({ account: got.account }),
      (wrong: unknown) => setKnown(wrong instanceof Problem && wrong.status !== 401 ? { problem: wrong } : { account: null }));
  }, []);
  const account = known && "account" in known ? known.account : null;
  const enter = (who: Account) => {
    setKnown({ account: who });
    const next = url.searchParams.get("next");
    if (url.pathname === "/sign-in" || url.pathname.startsWith("/invitation/")) go(next?.startsWith("/") && !next.startsWith("//") ? next : "/", true);
  };
  const leave = () => void signOut().catch(() => undefined).then(() => { setKnown({ account: null }); go("/sign-in"); });
  return (
    <Who.Provider value={account}>
      <Top path={url.pathname} account={account} change={() => setTurn((n) => n + 1)} leave={leave} />
      <main id="main" tabIndex={-1} key={language()}>
        <Content known={known} url={url} enter={enter} />
      </main>
    </Who.Provider>
  );
}
