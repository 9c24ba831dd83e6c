import type { NodeRow } from '../../../state/node-rows.ts';
import type { Span } from '../../widgets/spans.ts';

/** What a column sorts by: numbers by size, text by the alphabet, null (unknown) always last. */
export type SortValue = number | string | null;

export type Screen = { readonly now: number; readonly width: number };

/** How a column is drawn on screens from a width on. */
export type ColumnForm = {
  readonly from: number;
  readonly title: string;
  readonly cell: (row: NodeRow, screen: Screen) => readonly Span[];
  /** Cells that the text of a row takes at most, where it grows as time goes by; and those of its first part. */
  readonly widest?: (row: NodeRow) => number;
  readonly worst?: (row: NodeRow) => number;
  /** The same width whatever is in it. */
  readonly fixed?: number;
};

export type Column = {
  readonly id: string;
  readonly help: string;
  readonly align: 'left' | 'right';
  /** What is in it comes from the Node alone, not from its pods or its usage. */
  readonly ofNode: boolean;
  /** Widest that the column grows to. */
  readonly widest: number;
  /** The higher, the sooner the column falls away when there is no room. */
  readonly rank: number;
  /** From narrow to wide; a screen narrower than the first does not show the column. */
  readonly forms: readonly [ColumnForm, ...ColumnForm[]];
  readonly sortValue: (row: NodeRow) => SortValue;
};

/** From these widths on there is room for shares; for bars, and taints spelled out; for "Ready" beside worse; for all. */
export const ROOMY = 100;
export const SPELLED = 120;
export const WIDE = 140;
export const FULL = 180;

/** Rank of the columns that stay as long as any other is there. */
export const ESSENTIAL = 0;
