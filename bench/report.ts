import { plainTable } from '../source/text/table.ts';
import { FIGURES, type FigureId, type Measured, type Size, type Unit } from './figures.ts';
import { median, quantile } from './statistics.ts';

/** A figure as it is reported. `most` is what its median may be, null where nothing is held. */
export type Line = {
  readonly figure: FigureId;
  readonly what: string;
  readonly unit: Unit;
  readonly most: number | null;
} & (
  | {
      readonly samples: number;
      readonly median: number;
      readonly p95: number;
      readonly p99: number;
      readonly holds: boolean;
    }
  | { readonly absent: string }
);

/** One line for each figure, in the order of the table of figures. */
export const reportLines = (measured: Measured, size: Size): readonly Line[] =>
  (Object.keys(FIGURES) as FigureId[]).map((figure) => {
    const { what, unit, most: bound } = FIGURES[figure];
    const most = bound === null ? null : bound(size);
    const samples = measured[figure] ?? { absent: 'not measured' };
    const common = { figure, what, unit, most };
    if ('absent' in samples) return { ...common, absent: samples.absent };
    const middle = median(samples);
    return {
      ...common,
      samples: samples.length,
      median: middle,
      p95: quantile(samples, 0.95),
      p99: quantile(samples, 0.99),
      holds: most === null || middle <= most,
    };
  });

/** What is above its bound, a sentence each. */
export const broken = (lines: readonly Line[]): readonly string[] =>
  lines.flatMap((line) =>
    'absent' in line || line.holds
      ? []
      : [`${line.what}: the median is ${number(line.median, line.unit)} ${line.unit}, the bound ${line.most}.`],
  );

const DIGITS: Readonly<Record<Unit, number>> = { ms: 1, bytes: 0, MiB: 0, requests: 0, times: 2 };

/** Three figures are enough: no decimals from a hundred on. */
const number = (value: number, unit: Unit): string => value.toFixed(value >= 100 ? 0 : DIGITS[unit]);

export const reportText = (lines: readonly Line[]): string =>
  plainTable(
    [
      { title: 'FIGURE' },
      { title: 'UNIT' },
      { title: 'N', align: 'right' },
      { title: 'MEDIAN', align: 'right' },
      { title: 'P95', align: 'right' },
      { title: 'P99', align: 'right' },
      { title: 'AT MOST', align: 'right' },
      { title: '' },
    ],
    lines.map((line) => {
      const bound = line.most === null ? '-' : number(line.most, line.unit);
      if ('absent' in line) return [line.what, line.unit, '-', '-', '-', '-', bound, line.absent];
      const values = [line.median, line.p95, line.p99].map((value) => number(value, line.unit));
      return [line.what, line.unit, String(line.samples), ...values, bound, line.holds ? '' : '! above'];
    }),
  );
