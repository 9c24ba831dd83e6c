import type { Etcd } from '../../world/etcd/etcd.ts';
import type { Observed } from '../../world/etcd/latency.ts';
import type { EtcdMember } from '../../world/etcd/member.ts';
import { FAMILIES } from './metric-families.ts';
import { goNumber } from './go-number.ts';

/** What is measured when the metrics of a member are asked for. */
export type Scrape = {
  readonly etcd: Etcd;
  readonly member: EtcdMember;
  readonly leads: boolean;
  readonly now: number;
};

export type Labels = readonly (readonly [name: string, value: string])[];
/** One value, or what was observed, counted up to each bound. */
export type Sample = {
  readonly labels?: Labels;
  readonly value: number | Pick<Observed, 'bounds' | 'counts' | 'count' | 'sum'>;
};

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const labelled = (name: string, labels: Labels): string =>
  labels.length === 0 ? name : `${name}{${labels.map(([label, value]) => `${label}="${value}"`).join(',')}}`;

/** The lines of one sample. */
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

/** All that a member measures, in the text format of Prometheus (exposition format 0.0.4). */
export function metricsText(etcd: Etcd, member: EtcdMember, now: number): string {
  etcd.settle();
  const scrape = { etcd, member, leads: etcd.leader === member, now };
  const families = FAMILIES.flatMap(([name, type, help, samples]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples(scrape).flatMap((sample) => sampleLines(name, sample)),
  ]);
  return `${families.join('\n')}\n`;
}
