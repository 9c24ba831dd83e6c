import type { EtcdFigures } from '../model/etcd/etcd.ts';
import { countedBetween, quantile, type Histogram } from '../model/histogram.ts';
import { slopeOf, type TimedValue } from '../model/trend.ts';
import type { EtcdSample } from './cluster-state.ts';

// What is made of the samples of one member, oldest first: of two that follow each other, or of the first and the last.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What is told as of now is of so long, ms, as the product's alerts look at it (MetalK8s: rates over 5 minutes). */
export const LATELY = 5 * MINUTE;

/** Growth is told of samples that span at least so much, ms: a file grows by steps. */
export const LEAST_SPAN = 10 * MINUTE;

/** A figure at a time, ms since the epoch; null where the member told none. */
export type Point = { readonly at: number; readonly value: number | null };

type Pick<T> = (figures: EtcdFigures) => T | null;

/** Whether no restart lies between two samples, as far as they tell. */
export const isSameRun = (before: EtcdFigures, after: EtcdFigures): boolean =>
  before.startedAt === null || after.startedAt === null || before.startedAt === after.startedAt;

/** What a histogram counted between two samples; all of the later one where its member restarted in between. */
function between(pick: Pick<Histogram>, before: EtcdFigures | null, after: EtcdFigures): Histogram | null {
  const [earlier, later] = [before === null ? null : pick(before), pick(after)];
  if (later === null || before === null || earlier === null || !isSameRun(before, after)) return later;
  return countedBetween(earlier, later);
}

/**
 * The sample against which the one at `index` is held: the oldest of the `over` ms before it, else the one before it, since
 * those of many members lie further apart. Null where there is none before it.
 */
export function sampleBefore(samples: readonly EtcdSample[], index: number, over: number): EtcdSample | null {
  const last = samples[index];
  if (last === undefined || index === 0) return null;
  let start = index - 1;
  while (start > 0 && last.at - (samples[start - 1]?.at ?? NaN) <= over) start -= 1;
  return samples[start] ?? null;
}

/** The figures against which the last ones are held, to tell what is so of late. */
export const lately = (samples: readonly EtcdSample[]): EtcdFigures | null =>
  sampleBefore(samples, samples.length - 1, LATELY)?.figures ?? null;

/** The 99th percentile of what was counted lately; of all since the start where there is one sample. Null for nothing. */
export function p99Lately(samples: readonly EtcdSample[], pick: Pick<Histogram>): number | null {
  const last = samples.at(-1);
  const counted = last === undefined ? null : between(pick, lately(samples), last.figures);
  return counted === null ? null : quantile(0.99, counted);
}

/** The 99th percentile between each sample and the one before it; the first has none before it. */
export const p99Points = (samples: readonly EtcdSample[], pick: Pick<Histogram>): readonly Point[] =>
  samples.map(({ at, figures }, index) => {
    const before = samples[index - 1];
    const counted = before === undefined ? null : between(pick, before.figures, figures);
    return { at, value: counted === null ? null : quantile(0.99, counted) };
  });

/**
 * How much a counter rose over the samples. A counter of a member that restarted began at zero again (Prometheus:
 * increase, without its guess beyond the samples). Null for fewer than two that tell it.
 */
export function increase(samples: readonly EtcdSample[], pick: Pick<number>): number | null {
  const told = samples.flatMap(({ figures }) => {
    const value = pick(figures);
    return value === null ? [] : [{ figures, value }];
  });
  if (told.length < 2) return null;
  let sum = 0;
  for (const [index, { figures, value }] of told.entries()) {
    const before = told[index - 1];
    if (before === undefined) continue;
    sum += isSameRun(before.figures, figures) && value >= before.value ? value - before.value : value;
  }
  return sum;
}

/** The sizes of the file since it last shrank, which it does only when it is defragmented. */
export function sizesSinceShrunk(samples: readonly EtcdSample[]): readonly TimedValue[] {
  const sizes = samples.flatMap(({ at, figures: { dbSize } }) => (dbSize === null ? [] : [{ at, value: dbSize }]));
  const shrunk = sizes.findLastIndex(({ value }, index) => value < (sizes[index - 1]?.value ?? value));
  return sizes.slice(Math.max(shrunk, 0));
}

/** How fast the file grows, bytes in a ms, at least zero; null where too short a time was seen. */
export function growthOf(samples: readonly EtcdSample[]): number | null {
  const sizes = sizesSinceShrunk(samples);
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < LEAST_SPAN) return null;
  const slope = slopeOf(sizes);
  return slope === null ? null : Math.max(0, slope);
}

/** Histories are made once for the samples of a member, which are another list when one comes. */
const histories = new WeakMap<readonly EtcdSample[], History>();
type History = { readonly fsyncP99: readonly Point[]; readonly commitP99: readonly Point[] };

export function historyOf(samples: readonly EtcdSample[]): History {
  const before = histories.get(samples);
  if (before !== undefined) return before;
  const made = {
    fsyncP99: p99Points(samples, ({ fsync }) => fsync),
    commitP99: p99Points(samples, ({ commit }) => commit),
  };
  histories.set(samples, made);
  return made;
}
