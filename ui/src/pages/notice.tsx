// SPDX-License-Identifier: Apache-2.0
/* One notice: as its recipient will read it, in both languages; who released it; what is said about it by hand. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useMay } from "../app";
import { post, press, Problem } from "../api/client";
import { useLoad } from "../api/load";
import type { NoticeWhole, Preview } from "../api/case";
import { bytes } from "../format";
import { Facts, Show, Wrong } from "../parts/words";
import { language, plural, t, type Language } from "../text";
import { word } from "../words";

function Message({ id }: { id: number }) {
  const [lang, setLang] = useState<Language>(language());
  const loaded = useLoad<Preview>(`/notices/${id}/preview?lang=${lang}`);
  return (
    <>
      <div class="tabs" role="tablist" aria-label={t("Language of the preview")}>
        {(["en", "ja"] as const).map((l) => <button key={l} type="button" role="tab" lang={l} aria-selected={lang === l} onClick={() => setLang(l)}>{l === "en" ? "English" : "日本語"}</button>)}
      </div>
      <Show loaded={loaded}>{(p) => (
        <>
          <Facts of={[
            [t("Goes to"), `${p.name} <${p.to}>`], [t("Subject"), p.subject], [t("Attachment"), p.attachment ? `${p.attachment.name}, ${bytes(p.attachment.size)}` : t("none")],
            [t("Encryption key"), p.key ? `${p.key_type === "smime" ? "S/MIME" : "OpenPGP"} ${p.key.slice(-16)}` : t("none: not encrypted")],
            [t("May leave"), p.allowed ? t("yes, as {1}", p.label) : p.reason],
          ]} />
          <pre class="paper" lang={lang} tabIndex={0}>{p.text}</pre>
        </>
      )}</Show>
    </>
  );
}

export function NoticePanel({ id, changed }: { id: number; changed: () => void }) {
  const loaded = useLoad<NoticeWhole>(`/notices/${id}`);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { // the button that was pressed may be gone: who works by the keyboard stays here
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [loaded.data]);
  const may = useMay("coordinator");
  const [problem, setProblem] = useState<Problem | null>(null);
  const done = () => { setProblem(null); loaded.reload(); changed(); };
  const wrong = (why: unknown) => setProblem(why as Problem);
  const release = () => press(`/notices/${id}/release`).then(done, wrong);
  const say = (state: string) => post(`/notices/${id}/state`, { state }).then(done, wrong);
  return (
    <section class="proposal" aria-label={t("Notice {1}", id)}>
      <Show loaded={loaded}>{(n) => (
        <>
          <h3 ref={heading} tabIndex={-1}>{t("Notice {1}", id)}: {word(`notice ${n.state}`)}</h3>
          {problem && <Wrong problem={problem} />}
          {n.message && <p class="note">{n.message}</p>}
          {n.state === "draft" && <p>{plural(n.needs, "{1} person must still release it.", "{1} persons must still release it.")}</p>}
          {may && (
            <div class="bar">
              {n.state === "draft" && <button type="button" class="main" onClick={() => void release()}>{t("Release this notice")}</button>}
              {n.next.map((state) => <button key={state} type="button" onClick={() => void say(state)}>{word(`say ${state}`)}</button>)}
            </div>
          )}
        </>
      )}</Show>
      <Message id={id} />
    </section>
  );
}
