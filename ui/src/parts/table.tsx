// SPDX-License-Identifier: Apache-2.0
/*
 * A table that sorts, copies and exports. Past MANY rows only those in sight are in the document (a row is ROW pixels
 * high), so that 100,000 rows cost no more than 50. Rows that lead somewhere have a link in a cell: keyboards reach it.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { compareText } from "../format";
import { useTarget } from "../router";
import { plural, t } from "../text";
import { download } from "./download";
import { isDue, unfold } from "./landing";
import { tableTitle } from "./table-names";

export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | null | undefined;
  cell?: (row: Row) => ComponentChildren;
  figure?: boolean;
  short?: boolean; /* never broken over lines */
  wide?: boolean; /* sentences: not squeezed into a narrow column */
}

const place = <Row,>(column: Column<Row>): string | undefined => (column.figure ? "figure" : column.short ? "short" : column.wide ? "wide" : undefined);

interface Properties<Row> {
  name: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  chosen?: string | number | null;
  bare?: boolean;
  title?: string; /* what it is called, where its name alone does not tell */
  idOf?: (row: Row) => string; /* by which links lead to it: /cases/7#task-12 */
}

const MANY = 200;
const TALL = 40; /* rows that scroll in a box of their own, so that what follows stays in reach */
const ROW = 34;
const SPARE = 12;

function compare(a: string | number | null | undefined, b: string | number | null | undefined): number {
  if (a === b) return 0;
  if (a === null || a === undefined || a === "") return 1;
  if (b === null || b === undefined || b === "") return -1;
  return typeof a === "number" && typeof b === "number" ? a - b : compareText(String(a), String(b));
}

function plainText<Row>(columns: readonly Column<Row>[], rows: readonly Row[], between: string, quote: (s: string) => string): string {
  const line = (cells: readonly unknown[]) => cells.map((cell) => quote(cell === null || cell === undefined ? "" : String(cell))).join(between);
  return [line(columns.map((c) => c.title)), ...rows.map((row) => line(columns.map((c) => c.value(row))))].join("\n") + "\n";
}

/** A cell that a spreadsheet will not take for a formula. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) && !/^[+-]?[\d.]+$/.test(text) ? "'" + text : text;
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function Exports<Row>({ name, columns, rows }: { name: string; columns: readonly Column<Row>[]; rows: readonly Row[] }) {
  const [copied, setCopied] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(plainText(columns, rows, "\t", (s) => s.replace(/[\t\n]/g, " ")));
      setCopied(plural(rows.length, "{1} row copied.", "{1} rows copied."));
    } catch {
      setCopied(t("The browser did not allow copying: use CSV."));
    }
  };
  return (
    <div class="bar mini">
      <button type="button" onClick={() => void copy()}>{t("Copy")}</button>
      <button type="button" onClick={() => download(`${name}.csv`, "text/csv", plainText(columns, rows, ",", csvCell))}>CSV</button>
      <span class="note" role="status">{copied}</span>
    </div>
  );
}

/** The rows in sight of a long table: first index and count, kept while it scrolls. */
function useSight(count: number) {
  const box = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState(0);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const element = box.current;
    if (!element || count <= MANY) return undefined;
    const look = () => {
      setFirst(Math.max(0, Math.floor(element.scrollTop / ROW) - SPARE));
      setHeight(element.clientHeight || 600);
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [count]);
  if (count <= MANY) return { box, first: 0, last: count };
  const start = Math.min(first, Math.max(0, count - 1));
  return { box, first: start, last: Math.min(count, start + Math.ceil(height / ROW) + 2 * SPARE) };
}

/** Brings the row that the address names into the document, once for each time it is asked for, also when it comes later; landing.ts leads to it then. */
function useNamedRow<Row>(box: { current: HTMLElement | null }, sorted: readonly Row[], idOf: ((row: Row) => string) | undefined): string {
  const { id, turn } = useTarget();
  const at = useMemo(() => (idOf && id ? sorted.findIndex((row) => idOf(row) === id) : -1), [sorted, id]);
  useEffect(() => {
    const sheet = box.current;
    if (at < 0 || !sheet || sorted.length <= MANY || !isDue(turn)) return;
    unfold(sheet); // what is folded away has no height
    sheet.scrollTop = Math.max(0, at * ROW - sheet.clientHeight / 2);
  }, [at >= 0, turn]);
  return at < 0 ? "" : id;
}

function Head<Row>(properties: { columns: readonly Column<Row>[]; by: number; down: boolean; sort: (at: number) => void }) {
  const { columns, by, down, sort } = properties;
  return (
    <thead>
      <tr>
        {columns.map((column, at) => (
          <th key={at} scope="col" class={place(column)} aria-sort={at === by ? (down ? "descending" : "ascending") : undefined}>
            <button type="button" onClick={() => sort(at)}>{column.title}</button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

const classOf = (chosen: boolean, wanted: boolean): string | undefined => (wanted ? "chosen wanted" : chosen ? "chosen" : undefined);

export function Table<Row>({ name, columns, rows, keyOf, chosen, bare, title: named, idOf }: Properties<Row>) {
  const [order, setOrder] = useState<{ by: number; down: boolean }>({ by: -1, down: false });
  const sorted = useMemo(() => {
    const column = columns[order.by];
    if (!column) return rows;
    const sign = order.down ? -1 : 1;
    return [...rows].sort((a, b) => sign * compare(column.value(a), column.value(b)));
    // the columns are made anew at each render, with the same meaning
  }, [rows, order.by, order.down]);
  const { box, first, last } = useSight(sorted.length);
  const title = named ?? tableTitle(name);
  const wanted = useNamedRow(box, sorted, idOf);
  const long = sorted.length > MANY;
  const sort = (at: number) => setOrder((old) => ({ by: at, down: old.by === at ? !old.down : false }));
  const gap = (count: number) => (count > 0 ? <tr class="spacer" aria-hidden="true"><td colSpan={columns.length} style={{ height: `${count * ROW}px` }} /></tr> : null);
  return (
    <>
      <div class={sorted.length > TALL ? "sheet long" : "sheet"} ref={box} tabIndex={0} role="region" aria-label={title} data-name={name}>
        <table aria-rowcount={long ? sorted.length + 1 : undefined}>
          <caption class="hidden">{title}</caption>
          <Head columns={columns} by={order.by} down={order.down} sort={sort} />
          <tbody>
            {gap(first)}
            {sorted.slice(first, last).map((row, at) => {
              const here = wanted !== "" && idOf?.(row) === wanted;
              return (
                <tr key={keyOf(row)} id={idOf?.(row)} class={classOf(keyOf(row) === chosen, here)} aria-current={here ? "true" : undefined} tabIndex={here ? -1 : undefined} aria-rowindex={long ? first + at + 2 : undefined}>
                  {columns.map((column, n) => {
                    const value = column.cell ? column.cell(row) : column.value(row);
                    return <td key={n} class={place(column)}>{value ?? "–"}</td>;
                  })}
                </tr>
              );
            })}
            {gap(sorted.length - last)}
          </tbody>
        </table>
      </div>
      {!bare && <Exports name={name} columns={columns} rows={sorted} />}
    </>
  );
}
