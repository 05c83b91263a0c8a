// SPDX-License-Identifier: Apache-2.0
/* Profiles of deadlines: which run, and those that a team makes itself. */
import { useState } from "preact/hooks";
import { useMay } from "../app";
import { Problem, put, remove } from "../api/client";
import { useLoad } from "../api/load";
import type { Case, DeadlineProfile } from "../api/case";
import type { List } from "../api/types";
import { Table } from "../parts/table";
import { Answer, Field, Show, Wrong } from "../parts/words";
import { plural, t } from "../text";
import { word } from "../words";

const profileName = (p: DeadlineProfile): string => (p.shipped ? word(`profile ${p.name}`) : p.name);

/** Which of them run: a box each, kept at once. */
function Choice({ profiles, on, keep }: { profiles: readonly DeadlineProfile[]; on: ReadonlySet<string>; keep: (names: string[]) => void }) {
  return (
    <fieldset>
      <legend>{t("Which profiles run")}</legend>
      {profiles.map((p) => (
        <label key={p.name} class="check">
          <input type="checkbox" checked={on.has(p.name)} onChange={(event) => keep(profiles.map((q) => q.name).filter((name) => (name === p.name ? event.currentTarget.checked : on.has(name))))} />
          {" "}{profileName(p)}
        </label>
      ))}
    </fieldset>
  );
}

function Editor({ profile, done }: { profile: DeadlineProfile | null; done: () => void }) {
  const [name, setName] = useState(profile?.name ?? "");
  const [text, setText] = useState(profile?.steps.map((s) => `${s.name} ${s.hours ?? 0} ${s.title}`).join("\n") ?? "");
  const [problem, setProblem] = useState<Problem | null>(null);
  const wrong = (why: unknown) => setProblem(why as Problem);
  const ok = () => { setProblem(null); done(); };
  const send = (event: Event) => {
    event.preventDefault();
    void put(`/deadline-profiles/${encodeURIComponent(name)}`, { steps: text.split("\n").map((line) => line.trim()).filter(Boolean) }).then(ok, wrong);
  };
  return (
    <form onSubmit={send}>
      {problem && <Wrong problem={problem} />}
      {!profile && <Field name={t("Name of the profile (letters a to z, digits, -)")}><input name="profile" required maxLength={39} value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>}
      <Field name={t("A step a line: name, hours from when the team knew, what for")}><textarea name="steps" required rows={5} value={text} onInput={(event) => setText(event.currentTarget.value)} /></Field>
      <div class="bar">
        <button type="submit" class="main">{profile ? t("Keep {1}", profile.name) : t("Make the profile")}</button>
        {profile && <button type="button" onClick={() => void remove(`/deadline-profiles/${profile.name}`).then(ok, wrong)}>{t("Remove {1}", profile.name)}</button>}
      </div>
    </form>
  );
}

export function DeadlineProfiles() {
  const may = useMay("coordinator");
  const loaded = useLoad<List<DeadlineProfile>>("/deadline-profiles");
  const [problem, setProblem] = useState<Problem | null>(null);
  const keep = (names: string[]) => void put("/deadline-profiles", { on: names }).then(() => { setProblem(null); loaded.reload(); }, (why: unknown) => setProblem(why as Problem));
  return (
    <Show loaded={loaded} whole>{(list) => {
      const on = new Set(list.items.filter((p) => p.on).map((p) => p.name));
      return (
        <>
          <Answer mood="calm">{plural(on.size, "{1} profile of deadlines runs for every case.", "{1} profiles of deadlines run for every case.")}</Answer>
          <p class="note">{t("A case may choose otherwise. Whether a law applies to you is a lawyer's question; the clocks only say when they would run out.")}</p>
          {problem && <Wrong problem={problem} />}
          {may && <Choice profiles={list.items} on={on} keep={keep} />}
          {list.items.map((p) => (
            <section key={p.name} aria-label={profileName(p)}>
              <h2>{profileName(p)}</h2>
              <Table name={`profile-${p.name}`} title={t("Deadlines of {1}", profileName(p))} bare rows={p.steps} keyOf={(s) => s.id} columns={[
                { title: t("What"), value: (s) => (p.shipped ? word(`deadline ${s.id}`) : s.title), wide: true },
                { title: t("From when the team knew"), value: (s) => (s.months ? plural(s.months, "{1} month", "{1} months") : plural(s.hours ?? 0, "{1} hour", "{1} hours")), short: true }, { title: t("Basis"), value: (s) => (s.source ? t(s.source) : "–") },
              ]} />
              {may && !p.shipped && <details><summary>{t("Change {1}", p.name)}</summary><Editor profile={p} done={loaded.reload} /></details>}
            </section>
          ))}
          {may && <><h2>{t("A profile of your own")}</h2><Editor key={list.items.length} profile={null} done={loaded.reload} /></>}
        </>
      );
    }}</Show>
  );
}

/** Which run for one case. */
export function CaseProfiles({ of, running, changed }: { of: Case; running: readonly string[]; changed: () => void }) {
  const may = useMay("analyst");
  const loaded = useLoad<List<DeadlineProfile>>("/deadline-profiles");
  const [problem, setProblem] = useState<Problem | null>(null);
  const keep = (names: string[] | null) => void put(`/cases/${of.id}/deadline-profiles`, { on: names }).then(() => { setProblem(null); changed(); }, (why: unknown) => setProblem(why as Problem));
  if (!may) return null;
  return (
    <details>
      <summary>{t("Other deadlines for this case")}</summary>
      {problem && <Wrong problem={problem} />}
      <Show loaded={loaded}>{(list) => <Choice profiles={list.items} on={new Set(running)} keep={keep} />}</Show>
      <div class="bar"><button type="button" onClick={() => keep(null)}>{t("As the desk chose")}</button> <a href="/deadlines">{t("Profiles of deadlines")}</a></div>
    </details>
  );
}
