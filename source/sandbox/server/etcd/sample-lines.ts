import type { Observed } from '../../world/etcd/latency.ts';
import { goNumber } from './go-number.ts';

export type Labels = readonly (readonly [name: string, value: string])[];
/** One value, or what was observed, counted up to each bound. */
export type Sample = {
  readonly labels?: Labels;
  readonly value: number | Pick<Observed, 'bounds' | 'counts' | 'count' | 'sum'>;
};

/** Media type of the text format of Prometheus. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const labelled = (name: string, labels: Labels): string =>
  labels.length === 0 ? name : `${name}{${labels.map(([label, value]) => `${label}="${value}"`).join(',')}}`;

/** The lines of one sample in the text format of Prometheus (exposition format 0.0.4). */
export function sampleLines(name: string, { labels = [], value }: Sample): string[] {
  if (typeof value === 'number') return [`${labelled(name, labels)} ${goNumber(value)}`];
  const { bounds, counts, count, sum } = value;
  const bucket = (bound: string, each: number): string =>
    `${labelled(`${name}_bucket`, [...labels, ['le', bound]])} ${each}`;
  return [
    ...counts.map((each, index) => bucket(goNumber(bounds[index] ?? NaN), each)),
    bucket('+Inf', count),
    `${labelled(`${name}_sum`, labels)} ${goNumber(sum)}`,
    `${labelled(`${name}_count`, labels)} ${count}`,
  ];
}
