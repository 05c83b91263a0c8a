// SPDX-License-Identifier: Apache-2.0
/*
 * Links lead to a row: the page unfolds what hides it, scrolls there, marks it and gives it the focus, so that a screen reader goes on from it.
 * What is loaded later above it moves it no more than the reader does.
 */
import { useEffect } from "preact/hooks";
import { useTarget } from "../router";

/* As long as the rest of a page takes to arrive. */
const HOLD_MS = 4000;
const WAIT_MS = 20000;
const HANDS = ["wheel", "touchstart", "keydown", "pointerdown"] as const;

/** Keeps an element where it was put while the page around it grows, until the reader does something. */
function hold(element: HTMLElement, block: ScrollLogicalPosition): void {
  const watch = new ResizeObserver(() => element.scrollIntoView({ block }));
  const end = () => {
    watch.disconnect();
    clearTimeout(late);
    for (const hand of HANDS) removeEventListener(hand, end, true);
  };
  const late = setTimeout(end, HOLD_MS);
  for (const hand of HANDS) addEventListener(hand, end, { capture: true, passive: true });
  const main = document.getElementById("main");
  if (main) watch.observe(main);
}

/* The opening of a page whose place was shown: what is drawn anew later does not take the reader there again. */
let landed = -1;

/** Whether the place that was asked for with this opening still is to be shown. */
export const isDue = (turn: number): boolean => landed !== turn;

/** Unfolds what hides an element. */
export function unfold(element: HTMLElement): void {
  for (let box = element.closest("details"); box; box = box.parentElement?.closest("details") ?? null) box.open = true;
}

/** Shows an element and gives it the focus. */
export function land(element: HTMLElement, turn: number): void {
  landed = turn;
  unfold(element);
  if (element.tabIndex < 0) element.tabIndex = -1; // what has the focus already in the order keeps its place
  const block = /^H[1-6]$/.test(element.tagName) ? "start" : "center";
  element.scrollIntoView({ block });
  element.focus({ preventScroll: true });
  hold(element, block);
}

/** For the whole program: leads to what the address names as soon as it is in the document. */
export function useLandings(): void {
  const { id, turn } = useTarget();
  useEffect(() => {
    const main = document.getElementById("main");
    if (!id || !main || id === "main") return undefined;
    let late = 0;
    const look = () => {
      const element = isDue(turn) ? document.getElementById(id) : null;
      if (element && main.contains(element)) land(element, turn);
      if (isDue(turn)) return;
      watch.disconnect();
      clearTimeout(late);
    };
    const watch = new MutationObserver(look);
    watch.observe(main, { childList: true, subtree: true });
    late = window.setTimeout(() => watch.disconnect(), WAIT_MS);
    look();
    return () => {
      watch.disconnect();
      clearTimeout(late);
    };
  }, [id, turn]);
}

/** Whether the address names this, to mark it. */
export const useNamed = (id: string): boolean => useTarget().id === id && id !== "";
