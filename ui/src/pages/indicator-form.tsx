// SPDX-License-Identifier: Apache-2.0
/* One indicator of a case: what is known about it, and taking it out. */
import { useState } from "preact/hooks";
import { patch, Problem, remove } from "../api/client";
import type { Case, CaseIndicator } from "../api/case";
import { Field, Wrong } from "../parts/words";
import { t } from "../text";
import { word } from "../words";

const LABELS = ["", "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];
const KINDS = ["address", "network", "domain", "url", "mail", "as", "md5", "sha1", "sha256", "file"];

export function IndicatorForm({ of, indicator, done }: { of: Case; indicator: CaseIndicator; done: () => void }) {
  const [comment, setComment] = useState(indicator.comment ?? "");
  const [kind, setKind] = useState(indicator.kind);
  const [tlp, setTlp] = useState(indicator.tlp ?? "");
  const [detect, setDetect] = useState(indicator.detect);
  const [problem, setProblem] = useState<Problem | null>(null);
  const wrong = (why: unknown) => setProblem(why as Problem);
  const path = `/cases/${of.id}/indicators/${indicator.id}`;
  const send = (event: Event) => {
    event.preventDefault();
    void patch(path, { comment, kind, tlp, detect }).then(done, wrong);
  };
  const kinds = KINDS.includes(indicator.kind) ? KINDS : [indicator.kind, ...KINDS];
  return (
    <form onSubmit={send} aria-label={t("Indicator {1}", indicator.value)}>
      <h3>{indicator.value}</h3>
      {problem && <Wrong problem={problem} />}
      <Field name={t("What it means")}><input name="comment" maxLength={300} value={comment} onInput={(event) => setComment(event.currentTarget.value)} /></Field>
      <Field name={t("Kind")}><select name="indicator-kind" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>{kinds.map((k) => <option key={k} value={k}>{word(`indicator ${k}`)}</option>)}</select></Field>
      <Field name={t("TLP, where stricter than that of the case")}>
        <select name="indicator-tlp" value={tlp} onChange={(event) => setTlp(event.currentTarget.value)}>{LABELS.map((l) => <option key={l} value={l}>{l || t("as the case")}</option>)}</select>
      </Field>
      <label class="check"><input type="checkbox" name="detect" checked={detect} onChange={(event) => setDetect(event.currentTarget.checked)} />{" "}{t("Meant for detection, not only seen beside")}</label>
      <div class="bar">
        <button type="submit" class="main">{t("Keep this")}</button>
        <button type="button" onClick={() => void remove(path).then(done, wrong)}>{t("Take it out")}</button>
      </div>
    </form>
  );
}
