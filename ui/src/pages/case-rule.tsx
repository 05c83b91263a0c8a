// SPDX-License-Identifier: Apache-2.0
/* What becomes of cases by itself when a result comes in: said in words, changed by a coordinator. */
import { useState } from "preact/hooks";
import { useMay } from "../app";
import { Problem, put } from "../api/client";
import { useLoad } from "../api/load";
import type { CaseRule } from "../api/case";
import { Field, Show, Wrong } from "../parts/words";
import { language, plural, t } from "../text";

function inWords(rule: CaseRule): string {
  return [
    rule.follows ? plural(rule.days, "An open case takes new hosts of its outbreak by itself, also from another capture within {1} day.", "An open case takes new hosts of its outbreak by itself, also from another capture within {1} days.")
      : t("New hosts of an outbreak are added to its case by hand."),
    rule.open_from ? plural(rule.open_from, "An outbreak becomes a case from {1} infected host on.", "An outbreak becomes a case from {1} infected hosts on.") : t("A case is opened by a person."),
  ].join(language() === "ja" ? "" : " ");
}

function Editor({ rule, done }: { rule: CaseRule; done: () => void }) {
  const [follows, setFollows] = useState(rule.follows);
  const [from, setFrom] = useState(String(rule.open_from));
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = (event: Event) => {
    event.preventDefault();
    void put("/case-rule", { follows, open_from: Number(from) }).then(() => { setProblem(null); done(); }, (why: unknown) => setProblem(why as Problem));
  };
  return (
    <form onSubmit={send}>
      {problem && <Wrong problem={problem} />}
      <label class="check"><input type="checkbox" name="follows" checked={follows} onChange={(event) => setFollows(event.currentTarget.checked)} /> {t("Open cases take new hosts of their outbreak; notices for these wait for release")}</label>
      <Field name={t("Open a case from how many infected hosts on (0: never)")}><input type="number" name="open_from" required min={0} max={1000000} value={from} onInput={(event) => setFrom(event.currentTarget.value)} /></Field>
      <div class="bar"><button type="submit" class="main">{t("Keep the rule")}</button></div>
    </form>
  );
}

export function CaseRuleNote() {
  const may = useMay("coordinator");
  const loaded = useLoad<CaseRule>("/case-rule");
  return (
    <Show loaded={loaded}>{(rule) => (
      <>
        <p class="note">{inWords(rule)}</p>
        {may && <details><summary>{t("Change what happens by itself")}</summary><Editor key={JSON.stringify(rule)} rule={rule} done={loaded.reload} /></details>}
      </>
    )}</Show>
  );
}
