import { plainTable, type Column } from '../source/text/table.ts';
import {
  boundOf,
  FIGURES,
  heldOf,
  SIZES,
  type Absent,
  type FigureId,
  type Held,
  type Measured,
  type SizeName,
  type Unit,
} from './figures.ts';
import { statisticsOf } from './statistics.ts';

/** A figure as it is reported at one size; `bound` is what its held statistic may be, null where nothing is held. */
export type Line = {
  readonly figure: FigureId;
  readonly what: string;
  readonly unit: Unit;
  readonly side: 'most' | 'least' | null;
  readonly bound: number | null;
  readonly held: Held;
} & (
  | {
      readonly samples: number;
      readonly median: number;
      readonly p95: number;
      readonly p99: number;
      readonly largest: number;
      readonly holds: boolean;
    }
  | Absent
);

/** The lines of each size that was measured. */
export type Report = Partial<Readonly<Record<SizeName, readonly Line[]>>>;

export const FIGURE_IDS = Object.keys(FIGURES) as FigureId[];

const NOT_MEASURED: Absent = { absent: 'not measured', excused: false };

/** One line for each figure, in the order of the table of figures. Times may be `slack` times their bound. */
export const reportLines = (measured: Measured, size: SizeName, slack = 1): readonly Line[] =>
  FIGURE_IDS.map((figure) => {
    const { what, unit, bound: held } = FIGURES[figure];
    const bound = boundOf(figure, size, slack);
    const side = held?.side ?? null;
    const samples = measured[figure] ?? NOT_MEASURED;
    const count = 'absent' in samples ? undefined : samples.length;
    const common = { figure, what, unit, side, bound, held: heldOf(figure, count) };
    if ('absent' in samples) return { ...common, ...samples };
    const values = statisticsOf(samples);
    const value = values[common.held];
    const holds = bound === null || (side === 'least' ? value >= bound : value <= bound);
    return { ...common, samples: samples.length, ...values, holds };
  });

const DIGITS: Readonly<Record<Unit, number>> = { ms: 1, bytes: 0, MiB: 0, requests: 0, times: 2, frames: 0, '%': 2 };

/** Three figures are enough: no decimals from a hundred on. */
const number = (value: number, unit: Unit): string => value.toFixed(value >= 100 ? 0 : DIGITS[unit]);

/** What does not hold, a sentence each; what has a bound and was not measured holds nothing. */
export const broken = (lines: readonly Line[]): readonly string[] =>
  lines.flatMap((line) => {
    if (line.bound === null) return [];
    const bound = `the bound at ${line.side ?? 'most'} ${number(line.bound, line.unit)}.`;
    if ('absent' in line) return line.excused ? [] : [`${line.what}: ${line.absent}, ${bound}`];
    return line.holds
      ? []
      : [`${line.what}: the ${line.held} is ${number(line[line.held], line.unit)} ${line.unit}, ${bound}`];
  });

/** Held statistics of an earlier run by size and figure. */
export type Earlier = Readonly<Record<string, Readonly<Record<string, number>> | undefined>>;

const SIDES = { most: '<=', least: '>=' } as const;

/** What is held where it is not the median. */
const heldCell = ({ held, unit, ...values }: Extract<Line, { samples: number }>): string =>
  held === 'median' ? '' : `${held} ${number(values[held], unit)}`;

function cellsOf(line: Line | undefined, before: number | undefined): readonly string[] {
  if (line === undefined) return ['|'];
  const { unit, side, bound } = line;
  const held = side === null || bound === null ? '' : `${SIDES[side]} ${number(bound, unit)}`;
  if ('absent' in line) return ['|', '-', '-', '-', '', held, bound === null || line.excused ? '' : 'NO'];
  const verdict = bound === null ? '' : line.holds ? 'yes' : 'NO';
  const cells = [
    '|',
    String(line.samples),
    number(line.median, unit),
    number(line.p95, unit),
    heldCell(line),
    held,
    verdict,
  ];
  if (before === undefined) return cells;
  const change = before === 0 ? 'was 0' : percent(line[line.held] / before - 1);
  return [...cells, number(before, unit), change];
}

const percent = (share: number): string => `${share < 0 ? '' : '+'}${(share * 100).toFixed(0)} %`;

const NUMBERS = ['N', 'MEDIAN', 'P95', 'HELD'];
const HELD = ['BOUND', 'HOLDS'];
const COMPARED = ['BEFORE', 'CHANGE'];

/** All sizes in one table, next to each other, and what is missing below it; with the change since an earlier run. */
export function reportText(report: Report, earlier: Earlier | null = null): string {
  const sizes = (Object.keys(SIZES) as SizeName[]).filter((size) => report[size] !== undefined);
  const columnsOf = (size: SizeName): Column[] => [
    { title: `| ${SIZES[size].nodes} NODES` },
    ...[...NUMBERS, ...HELD, ...(earlier === null ? [] : COMPARED)].map((title) => ({
      title,
      align: 'right' as const,
    })),
  ];
  const lineOf = (size: SizeName, figure: FigureId) => report[size]?.find((line) => line.figure === figure);
  const rows = FIGURE_IDS.map((figure) => [
    FIGURES[figure].what,
    FIGURES[figure].unit,
    ...sizes.flatMap((size) => {
      const cells = cellsOf(lineOf(size, figure), earlier?.[size]?.[figure]);
      return columnsOf(size).map((_, index) => cells[index] ?? '');
    }),
  ]);
  const absent = sizes.flatMap((size) =>
    (report[size] ?? []).flatMap((line) =>
      'absent' in line ? [`${line.what}, ${SIZES[size].nodes} nodes: ${line.absent}\n`] : [],
    ),
  );
  const columns: Column[] = [{ title: 'FIGURE' }, { title: 'UNIT' }, ...sizes.flatMap(columnsOf)];
  return plainTable(columns, rows) + absent.join('');
}
