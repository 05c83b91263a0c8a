// SPDX-License-Identifier: Apache-2.0
/* The label of a case: on the page and on paper, never translated; and how it is changed. */
import { useState } from "preact/hooks";
import { useMay } from "../app";
import { patch, Problem } from "../api/client";
import type { Case } from "../api/case";
import { Wrong } from "../parts/words";
import { t } from "../text";

const LABELS = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];
const UNMARKED = "AMBER+STRICT";

/** As the standard wants it: capitals on black, at the right; `foot` stands on paper only. */
export function LabelBanner({ tlp, foot = false }: { tlp: string | null; foot?: boolean }) {
  const label = tlp ?? UNMARKED;
  return <p class={foot ? "tlp onpaper" : "tlp"} lang="en" translate={false}><strong class={`tlp-${label.split("+")[0]?.toLowerCase() ?? ""}`}>TLP:{label}</strong></p>;
}

/** Stricter at once; wider with a reason, by a coordinator. */
export function LabelForm({ of, changed }: { of: Case; changed: () => void }) {
  const may = useMay("analyst");
  const widens = useMay("coordinator");
  const [tlp, setTlp] = useState(of.tlp ?? UNMARKED);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  if (!may) return null;
  const bound = LABELS.indexOf(of.tlp ?? "AMBER"); /* what nobody labelled is labelled up to AMBER without a reason */
  const wider = LABELS.indexOf(tlp) < bound;
  const send = () => patch(`/cases/${of.id}`, reason.trim() ? { tlp, reason: reason.trim() } : { tlp })
    .then(() => { setProblem(null); setReason(""); changed(); }, (wrong: unknown) => setProblem(wrong as Problem));
  return (
    <form class="bar onscreen" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      {problem && <Wrong problem={problem} />}
      <select aria-label={t("Label of the case")} value={tlp} onChange={(event) => setTlp(event.currentTarget.value)}>
        {LABELS.filter((label) => widens || LABELS.indexOf(label) >= bound).map((label) => <option key={label} value={label}>{`TLP:${label}`}</option>)}
      </select>
      {wider && <label class="field"><span>{t("It reaches further than before: why?")}</span><input value={reason} maxLength={1000} onInput={(event) => setReason(event.currentTarget.value)} /></label>}
      <button type="submit" disabled={tlp === of.tlp || (wider && !reason.trim())}>{t("Label the case")}</button>
    </form>
  );
}
