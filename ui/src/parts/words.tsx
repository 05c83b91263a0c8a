// SPDX-License-Identifier: Apache-2.0
/* The first line of a page, what went wrong, what is empty: words before pictures. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../api/client";
import type { Loaded, Pages } from "../api/load";
import { grouped } from "../format";
import { plural, t } from "../text";
import { word } from "../words";

export type Mood = "spreading" | "searching" | "calm" | "";

/** The answer of a page, in words. It takes the focus when the page opens, so that a screen reader begins with it. */
export function Answer({ mood = "", kicker, children }: { mood?: Mood; kicker?: ComponentChildren; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const text = typeof children === "string" ? children : null;
  useEffect(() => {
    if (text) document.title = `${text.length > 70 ? text.slice(0, 70) + "…" : text} – ekigaku`;
  }, [text]);
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement === null) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      {kicker && <p class="kicker">{kicker}</p>}
      <h1 class={mood} ref={heading} tabIndex={-1}>{children}</h1>
    </>
  );
}

export function Wrong({ problem, retry }: { problem: Problem; retry?: () => void }) {
  return (
    <div class="problem" role="alert">
      <p><strong>{problem.status === 404 ? t("There is nothing at this address.") : problem.title}</strong></p>
      {problem.detail && problem.detail !== problem.title && <p>{problem.detail}</p>}
      {retry && <p><button type="button" onClick={retry}>{t("Try again")}</button></p>}
    </div>
  );
}

/** Shows what was loaded, or why not; `whole` when it is all there is of a page, which then needs a first line too. */
export function Show<T>({ loaded, whole, children }: { loaded: Loaded<T>; whole?: boolean; children: (data: T) => ComponentChildren }) {
  if (loaded.error && whole) return <><Answer>{loaded.error.status === 404 ? t("There is nothing at this address.") : t("This page cannot be shown now.")}</Answer><Wrong problem={loaded.error} retry={loaded.reload} /></>;
  if (loaded.error) return <Wrong problem={loaded.error} retry={loaded.reload} />;
  if (loaded.data === null) return <p class="note" role="status">{t("Reading from the server.")}</p>;
  return <>{children(loaded.data)}</>;
}

export const Empty = ({ children }: { children: ComponentChildren }) => <div class="empty">{children}</div>;

/** Below a list of which not all is shown: how much is, and the next page. */
export function More<T>({ of }: { of: Pages<T> }) {
  if (!of.data?.next) return null;
  const shown = of.data.items.length;
  return (
    <div class="bar">
      <span class="note" role="status">{of.data.total ? plural(of.data.total, "{2} of {1} row is shown.", "{2} of {1} rows are shown.", grouped(shown)) : plural(shown, "{1} row is shown; there are more.", "{1} rows are shown; there are more.")}</span>
      <button type="button" disabled={of.waiting} onClick={of.more}>{t("Show more")}</button>
    </div>
  );
}

export const State = ({ of }: { of: string }) => <span class={`state ${of}`}>{word(of)}</span>;

export function Facts({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl>
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Field({ name, children, wrong }: { name: string; children: ComponentChildren; wrong?: string | null }) {
  return (
    <label class="field">
      <span>{name}</span>
      {children}
      {wrong && <span class="wrong" role="alert">{wrong}</span>}
    </label>
  );
}

/** Progress always with its numbers. */
export function Progress({ share, says }: { share: number; says: string }) {
  return (
    <>
      <progress max={1} value={share} aria-label={says} /> <span class="mini">{Math.floor(share * 100)} % {says}</span>
    </>
  );
}
