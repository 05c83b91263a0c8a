// SPDX-License-Identifier: Apache-2.0
/* Who may do what here; an account's own API tokens. */
import { useState } from "preact/hooks";
import { useAccount, useMay } from "../app";
import { patch, post, Problem, remove } from "../api/client";
import { useLoad } from "../api/load";
import type { Account, List, Role, Token } from "../api/types";
import { milliseconds, stamp } from "../format";
import { Table } from "../parts/table";
import { Answer, Facts, Field, Show, Wrong } from "../parts/words";
import { plural, t } from "../text";
import { word } from "../words";

const ROLES: readonly Role[] = ["viewer", "analyst", "coordinator", "administrator"];
const SCOPES: Readonly<Record<string, readonly string[]>> = { read: ["read"], write: ["read", "upload", "analyze", "simulate"] };

function NewAccount({ done }: { done: () => void }) {
  const [name, setName] = useState("");
  const [display, setDisplay] = useState("");
  const [role, setRole] = useState<Role>("analyst");
  const [link, setLink] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = () => post<Account & { invitation?: string }>("/accounts", { name, display: display || name, role }).then(
    (made) => { setLink(made.invitation ?? ""); setName(""); setDisplay(""); setProblem(null); done(); }, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <>
      <h3>{t("A new account")}</h3>
      {problem && <Wrong problem={problem} />}
      <form class="fields" onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <Field name={t("Name")}><input required maxLength={64} value={name} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} /></Field>
        <Field name={t("Name shown")}><input maxLength={128} value={display} autocomplete="off" onInput={(event) => setDisplay(event.currentTarget.value)} /></Field>
        <Field name={t("Role")}><select value={role} onChange={(event) => setRole(event.currentTarget.value as Role)}>{ROLES.map((r) => <option key={r} value={r}>{word(r)}</option>)}</select></Field>
        <div><button class="main">{t("Make the account")}</button></div>
      </form>
      {link && <p role="status">{t("Send this link to its owner; it works once:")} <code>{new URL(link, location.origin).href}</code></p>}
    </>
  );
}

function All() {
  const loaded = useLoad<List<Account>>("/accounts?limit=1000");
  const me = useAccount();
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = (account: Account, by: Partial<Account>) => patch(`/accounts/${account.id}`, by).then(loaded.reload, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <Show loaded={loaded}>{(list) => (
      <>
        <h2>{plural(list.items.length, "{1} account", "{1} accounts")}</h2>
        {problem && <Wrong problem={problem} />}
        <Table name="accounts" rows={list.items} keyOf={(a) => a.id} columns={[
          { title: t("Name"), value: (a) => a.name },
          { title: t("Name shown"), value: (a) => a.display },
          { title: t("Role"), value: (a) => a.role, cell: (a) => <select value={a.role} aria-label={t("Role of {1}", a.name)} disabled={a.id === me?.id} onChange={(event) => void change(a, { role: event.currentTarget.value as Role })}>{ROLES.map((r) => <option key={r} value={r}>{word(r)}</option>)}</select> },
          { title: t("Made"), value: (a) => milliseconds(a.created), cell: (a) => stamp(a.created) },
          { title: t("State"), value: (a) => (a.disabled ? t("switched off") : t("active")) },
          { title: t("Change"), value: () => "", cell: (a) => (a.id === me?.id ? "" : <button type="button" onClick={() => void change(a, { disabled: !a.disabled })}>{a.disabled ? t("Switch on") : t("Switch off")}</button>) },
        ]} />
        <NewAccount done={loaded.reload} />
      </>
    )}</Show>
  );
}

function Tokens() {
  const loaded = useLoad<List<Token>>("/tokens");
  const [name, setName] = useState("");
  const [scope, setScope] = useState<string>("read");
  const [secret, setSecret] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const make = () => post<Token>("/tokens", { name, scopes: SCOPES[scope] }).then((made) => { setSecret(made.token ?? ""); setName(""); loaded.reload(); }, (wrong: unknown) => setProblem(wrong as Problem));
  const drop = (token: Token) => remove(`/tokens/${token.id}`).then(loaded.reload, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <>
      <h2>{t("Your API tokens")}</h2>
      {problem && <Wrong problem={problem} />}
      <Show loaded={loaded}>{(list) => list.items.length ? (
        <Table name="tokens" rows={list.items} keyOf={(token) => token.id} bare columns={[
          { title: t("Name"), value: (x) => x.name }, { title: t("May"), value: (x) => x.scopes },
          { title: t("Made"), value: (x) => milliseconds(x.created), cell: (x) => stamp(x.created) }, { title: t("Last used"), value: (x) => milliseconds(x.used), cell: (x) => (x.used ? stamp(x.used) : t("never")) },
          { title: t("Delete"), value: () => "", cell: (x) => <button type="button" aria-label={t("Delete {1}", x.name)} onClick={() => void drop(x)}>{t("Delete")}</button> },
        ]} />
      ) : <p class="note">{t("None. A token lets a program read or write through the API in your name.")}</p>}</Show>
      <form class="fields" onSubmit={(event) => { event.preventDefault(); void make(); }}>
        <Field name={t("Name of the token")}><input required maxLength={64} value={name} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} /></Field>
        <Field name={t("May")}><select value={scope} onChange={(event) => setScope(event.currentTarget.value)}>{Object.keys(SCOPES).map((s) => <option key={s} value={s}>{s === "read" ? t("read") : t("read and write")}</option>)}</select></Field>
        <div><button>{t("Make a token")}</button></div>
      </form>
      {secret && <p role="status">{t("Copy it now; it is not shown again:")} <code>{secret}</code></p>}
    </>
  );
}

export function Accounts() {
  const account = useAccount();
  const administrator = useMay("administrator");
  if (!account) return null;
  return (
    <>
      <Answer>{t("You are signed in as {1}, {2}.", account.display || account.name, word(account.role))}</Answer>
      <Facts of={[[t("Name"), account.name], [t("Role"), word(account.role)]]} />
      {administrator && <All />}
      <Tokens />
    </>
  );
}
