import type { EtcdFigures } from '../../model/etcd/etcd.ts';
import { countedBetween, quantile, type Histogram } from '../../model/histogram.ts';
import { valueAt } from '../../model/trend.ts';
import type { SampledFigure } from '../../product/etcd.ts';
import type { EtcdSample } from '../../state/cluster-state.ts';
import { isSameRun, LEAST_SPAN, sampleBefore, sizesSinceShrunk } from '../../state/etcd-series.ts';

// The figures that the product's alerts are about, at a sample of a member. They are worked out from the last sample back
// for as long as somebody asks, so that a member that is well costs one look a figure.

/** Samples of a member, oldest first, up to the one at which a figure is wanted; and the time that it looks back over. */
export type Look = { readonly samples: readonly EtcdSample[]; readonly index: number; readonly over: number };

/** A figure, and since when, ms since the epoch, what it was made from was counted. */
export type Counted = { readonly value: number; readonly from: number };

type Figure = {
  /** Null where nothing was counted, as of a disk to which nothing was written. */
  readonly at: (look: Look) => Counted | null;
  /** Whether a member tells what it is made from. */
  readonly isTold: (figures: EtcdFigures) => boolean;
};

const SECOND = 1_000;

/** The sample that was taken last, and the one against which it is held. */
function pairOf({ samples, index, over }: Look): { first: EtcdSample | null; last: EtcdSample } | null {
  const last = samples[index];
  return last === undefined ? null : { first: sampleBefore(samples, index, over), last };
}

/** How a member is at the sample itself. */
const now =
  (pick: (figures: EtcdFigures) => number | null): Figure['at'] =>
  ({ samples, index }) => {
    const sample = samples[index];
    const value = sample === undefined ? null : pick(sample.figures);
    return sample === undefined || value === null ? null : { value, from: sample.at };
  };

/**
 * What a counter rose by, made into a figure by `by`. One of a member that restarted began anew; where there is no sample
 * before, nobody knows how it rises.
 */
const risen =
  (counter: (figures: EtcdFigures) => number | null, by: (rise: number, time: number) => number): Figure['at'] =>
  (look) => {
    const { first = null, last } = pairOf(look) ?? {};
    if (first === null || last === undefined) return null;
    const [before, after] = [counter(first.figures), counter(last.figures)];
    if (before === null || after === null) return null;
    const isAnew = after < before || !isSameRun(first.figures, last.figures);
    return { value: by(isAnew ? after : after - before, last.at - first.at), from: last.at };
  };

/** A 99th percentile of what was counted between; of the first sample, of all since the member started. */
const slowest =
  (times: (figures: EtcdFigures) => Readonly<Record<string, Histogram>>, isWhole: boolean): Figure['at'] =>
  (look) => {
    const { first = null, last } = pairOf(look) ?? {};
    if (last === undefined || (first === null && !isWhole)) return null;
    const before = first === null || !isSameRun(first.figures, last.figures) ? {} : times(first.figures);
    const values = Object.entries(times(last.figures)).flatMap(([of, histogram]) => {
      const earlier = Object.hasOwn(before, of) ? before[of] : undefined;
      return quantile(0.99, earlier === undefined ? histogram : countedBetween(earlier, histogram)) ?? [];
    });
    if (values.length === 0) return null;
    return { value: Math.max(...values), from: first === null ? (last.figures.startedAt ?? last.at) : last.at };
  };

const one = (histogram: Histogram | null): Readonly<Record<string, Histogram>> =>
  histogram === null ? {} : { '': histogram };

/** The part of the requests that failed, of the method of which most did. */
const failedRequests: Figure['at'] = (look) => {
  const { first = null, last } = pairOf(look) ?? {};
  if (first === null || last === undefined) return null;
  const before = isSameRun(first.figures, last.figures) ? first.figures.requests : {};
  if (before === null) return null;
  const parts = Object.entries(last.figures.requests ?? {}).flatMap(([method, { all, failed }]) => {
    const earlier = (Object.hasOwn(before, method) ? before[method] : undefined) ?? { all: 0, failed: 0 };
    return all > earlier.all ? [Math.max(0, failed - earlier.failed) / (all - earlier.all)] : [];
  });
  return parts.length === 0 ? null : { value: Math.max(...parts), from: last.at };
};

/** The part of the quota that is taken in so long by a straight line through the sizes, since the file last shrank. */
const quotaForeseen: Figure['at'] = ({ samples, index, over }) => {
  const last = samples[index];
  const quota = last?.figures.quota ?? null;
  if (last === undefined || quota === null || quota <= 0) return null;
  const sizes = sizesSinceShrunk(samples.slice(0, index + 1)).filter(({ at }) => last.at - at <= over);
  const from = sizes[0]?.at ?? last.at;
  if (last.at - from < LEAST_SPAN) return null;
  const size = valueAt(sizes, last.at + over);
  return size === null ? null : { value: size / quota, from };
};

/** How each figure is made. */
export const FIGURES: Readonly<Record<SampledFigure, Figure>> = {
  leaderless: {
    at: now(({ hasLeader }) => (hasLeader === null ? null : Number(!hasLeader))),
    isTold: ({ hasLeader }) => hasLeader !== null,
  },
  quotaUsed: {
    at: now(({ dbSize, quota }) => (dbSize === null || quota === null || quota <= 0 ? null : dbSize / quota)),
    isTold: ({ dbSize, quota }) => dbSize !== null && quota !== null,
  },
  quotaForeseen: { at: quotaForeseen, isTold: ({ dbSize, quota }) => dbSize !== null && quota !== null },
  fsyncP99: { at: slowest(({ fsync }) => one(fsync), true), isTold: ({ fsync }) => fsync !== null },
  commitP99: { at: slowest(({ commit }) => one(commit), true), isTold: ({ commit }) => commit !== null },
  roundTrip: { at: slowest(({ roundTrips }) => roundTrips, true), isTold: () => true },
  requestTime: {
    at: slowest(({ handling }) => handling, false),
    isTold: ({ handling }) => Object.keys(handling).length > 0,
  },
  failedRequests: { at: failedRequests, isTold: ({ requests }) => requests !== null },
  leaderChanges: {
    at: risen(
      ({ leaderChanges }) => leaderChanges,
      (rise) => rise,
    ),
    isTold: ({ leaderChanges }) => leaderChanges !== null,
  },
  failedProposals: {
    at: risen(
      ({ failedProposals }) => failedProposals,
      (rise, time) => rise / (time / SECOND),
    ),
    isTold: ({ failedProposals }) => failedProposals !== null,
  },
  peerFailures: {
    at: risen(
      ({ peerFailures }) => peerFailures,
      (rise, time) => rise / (time / SECOND),
    ),
    isTold: ({ peerFailures }) => peerFailures !== null,
  },
};
