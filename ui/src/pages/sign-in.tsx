// SPDX-License-Identifier: Apache-2.0
/* Signing in, and the one-time link with which an account gets its password. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { accept, Problem, signIn } from "../api/client";
import type { Account, Session } from "../api/types";
import { Answer, Field, Wrong } from "../parts/words";
import { t } from "../text";

const LEAST = 12;

function useTry(enter: (account: Account) => void) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = async (act: () => Promise<Session>) => {
    setBusy(true);
    setProblem(null);
    try {
      enter((await act()).account);
    } catch (wrong) {
      setProblem(wrong instanceof Problem ? wrong : new Problem(0, String(wrong), ""));
      setBusy(false);
    }
  };
  return { problem, busy, attempt };
}

function Form({ send, children }: { send: () => void; children: ComponentChildren }) {
  return <form class="form" onSubmit={(event) => { event.preventDefault(); send(); }}>{children}</form>;
}

export function SignIn({ enter }: { enter: (account: Account) => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const { problem, busy, attempt } = useTry(enter);
  return (
    <>
      <Answer>{t("Sign in to see the outbreaks.")}</Answer>
      {problem && (problem.status === 401 ? <Wrong problem={new Problem(401, t("Name and password do not fit together."), "")} /> : <Wrong problem={problem} />)}
      <Form send={() => void attempt(() => signIn(name, password))}>
        <Field name={t("Name")}><input name="name" autocomplete="username" required value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>
        <Field name={t("Password")}><input name="password" type="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} /></Field>
        <div><button class="main" disabled={busy}>{t("Sign in")}</button></div>
      </Form>
      <p class="note">{t("The first start prints a one-time link for the administrator, who makes the other accounts.")}</p>
    </>
  );
}

export function Invitation({ token, enter }: { token: string; enter: (account: Account) => void }) {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const { problem, busy, attempt } = useTry(enter);
  const differ = again !== "" && again !== password;
  const short = password !== "" && password.length < LEAST;
  return (
    <>
      <Answer>{t("Choose a password: this link works once.")}</Answer>
      {problem && <Wrong problem={problem} />}
      <Form send={() => { if (!differ && !short) void attempt(() => accept(token, password)); }}>
        <Field name={t("Password, at least {1} characters", LEAST)} wrong={short ? t("Too short: {1} of {2} characters.", password.length, LEAST) : null}>
          <input type="password" name="password" autocomplete="new-password" required minLength={LEAST} value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
        </Field>
        <Field name={t("The same again")} wrong={differ ? t("The two differ.") : null}>
          <input type="password" name="again" autocomplete="new-password" required value={again} onInput={(event) => setAgain(event.currentTarget.value)} />
        </Field>
        <div><button class="main" disabled={busy || differ || short || !again}>{t("Set the password and sign in")}</button></div>
      </Form>
    </>
  );
}
