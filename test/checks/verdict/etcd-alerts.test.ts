import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertFindings } from '../../../source/checks/verdict/etcd-alerts.ts';
import { known } from '../../../source/model/reading.ts';
import type { EtcdFigures } from '../../../source/model/etcd/etcd.ts';
import type { EtcdSample } from '../../../source/state/cluster-state.ts';
import type { Point } from '../../../source/state/etcd.ts';
import { member, MINUTE, NOW } from './made-sight.ts';

const FIGURES: EtcdFigures = {
  id: 'a',
  version: '3.5.15',
  startedAt: 0,
  hasLeader: true,
  isLeader: false,
  isLearner: false,
  dbSize: 1e9,
  dbSizeInUse: 1e9,
  quota: 2e9,
  committed: 1,
  applied: 1,
  leaderChanges: 1,
  failedProposals: 0,
  pendingProposals: 0,
  slowApplies: 0,
  peerFailures: 0,
  defragmentations: 0,
  fsync: null,
  commit: null,
  roundTrips: {},
  requests: {},
  handling: {},
};

/** A sample a minute up to now: `figures` is given the minutes before now. */
const samples = (minutes: number, figures: (ago: number) => Partial<EtcdFigures>): readonly EtcdSample[] =>
  Array.from({ length: minutes + 1 }, (_, index) => {
    const ago = minutes - index;
    return { at: NOW - ago * MINUTE, figures: { ...FIGURES, ...figures(ago) } };
  });
const points = (minutes: number, value: (ago: number) => number | null): readonly Point[] =>
  samples(minutes, () => ({})).map(({ at }, index) => ({ at, value: value(minutes - index) }));

/** A hundred round trips a minute to one peer, so many of them between 0.1 and 0.25 s and the others below. */
const peers = (minutes: number, slowOnes: number): readonly EtcdSample[] =>
  samples(minutes, (ago) => {
    const passed = minutes - ago;
    const counts = [(100 - slowOnes) * passed, 100 * passed, 100 * passed];
    return { roundTrips: { b: { bounds: [0.1, 0.25, Infinity], counts } } };
  });

const slow = (fsyncP99: readonly Point[], commitP99: readonly Point[] = []) =>
  alertFindings(member('a', { history: { fsyncP99, commitP99 } }), [], NOW).map(({ severity, sentence }) => [
    severity,
    sentence,
  ]);
const sampled = (of: readonly EtcdSample[]) =>
  alertFindings(member('a'), of, NOW).map(({ severity, sentence }) => [severity, sentence]);

describe('slow disks', () => {
  it.each([
    ['within limits', points(60, () => 0.5), []],
    ['a warning that is young', points(9, () => 0.6), [['healthy', 'a needs 600 ms for an fsync (p99) since 9m']]],
    ['a warning', points(10, () => 0.6), [['degraded', 'a needs 600 ms for an fsync (p99) since 10m']]],
    ['critical, and young', points(9, () => 1.2), [['degraded', 'a needs 1200 ms for an fsync (p99) since 9m']]],
    ['critical', points(10, () => 1.2), [['at-risk', 'a needs 1200 ms for an fsync (p99) since 10m']]],
    ['over by now', points(20, (ago) => (ago === 0 ? 0.1 : 1.2)), []],
    [
      'broken off',
      points(20, (ago) => (ago === 5 ? 0.1 : 0.6)),
      [['healthy', 'a needs 600 ms for an fsync (p99) since 4m']],
    ],
    [
      'not told for a while',
      points(20, (ago) => (ago === 5 ? null : 0.6)),
      [['healthy', 'a needs 600 ms for an fsync (p99) since 4m']],
    ],
    ['not told now', points(20, (ago) => (ago === 0 ? null : 0.6)), []],
    ['nothing at all', [], []],
  ])('%s', (_, history, expected) => expect(slow(history)).toEqual(expected));

  it('of commits warn after half an hour', () => {
    expect(
      slow(
        [],
        points(30, () => 0.3),
      ),
    ).toEqual([['degraded', 'a needs 300 ms for a commit (p99) since 30m']]);
    expect(
      slow(
        [],
        points(29, () => 0.3),
      ),
    ).toEqual([['healthy', 'a needs 300 ms for a commit (p99) since 29m']]);
  });
});

it('takes what a member measured since it started where there is one sample', () => {
  const once = alertFindings(member('a', { fsyncP99: known(0.7), commitP99: known(0.1) }), [], NOW);
  expect(once.map(({ severity, sentence }) => [severity, sentence])).toEqual([
    ['healthy', 'a needs 700 ms for an fsync (p99)'],
  ]);
});

describe('what is counted', () => {
  it.each([
    [
      'a quota that is nearly taken',
      samples(10, () => ({ dbSize: 1.95e9 })),
      [['at-risk', 'a has 97% of its quota taken since 10m']],
    ],
    [
      'the same, in its first minute',
      samples(0, () => ({ dbSize: 1.95e9 })),
      [['degraded', 'a has 97% of its quota taken']],
    ],
    ['a quota at its limit', samples(10, () => ({ dbSize: 1.9e9 })), []],
    ['no quota told', samples(10, () => ({ quota: null })), []],
    ['a quota of nothing', samples(10, () => ({ quota: 0 })), []],
    ['no leader', samples(1, () => ({ hasLeader: false })), [['at-risk', 'a sees no leader since 60s']]],
    [
      'four changes of the leader',
      samples(15, (ago) => ({ leaderChanges: ago > 6 ? 1 : 5 })),
      [['degraded', 'a saw the leader change 4 times in 15m since 6m']],
    ],
    ['three of them', samples(15, (ago) => ({ leaderChanges: ago > 6 ? 1 : 4 })), []],
    ['four that are long ago', samples(40, (ago) => ({ leaderChanges: ago > 20 ? 1 : 5 })), []],
    ['a member that began anew', samples(15, (ago) => ({ leaderChanges: ago > 6 ? 90 : 2 })), []],
    [
      'failed proposals',
      samples(40, (ago) => ({ failedProposals: (40 - ago) * 600 })),
      [['degraded', 'a fails 10 proposals a second since 39m']],
    ],
    ['few of them', samples(40, (ago) => ({ failedProposals: (40 - ago) * 60 })), []],
    ['slow peers', peers(11, 100), [['degraded', 'a needs 249 ms to a peer and back (p99) since 10m']]],
    ['peers of whom few answers are slow', peers(11, 1), []],
    ['a single sample', samples(0, () => ({ leaderChanges: 900, failedProposals: 1e9 })), []],
  ])('%s', (_, of, expected) => expect(sampled(of)).toEqual(expected));
});

it('says no alert twice, and never fails', () => {
  const value = fc.option(fc.double({ noNaN: false }), { nil: null });
  const figures = fc.record({
    hasLeader: fc.option(fc.boolean(), { nil: null }),
    dbSize: value,
    quota: value,
    leaderChanges: value,
    failedProposals: value,
  });
  fc.assert(
    fc.property(fc.array(figures, { maxLength: 8 }), fc.array(value, { maxLength: 8 }), (told, values) => {
      const of = told.map((one, index) => ({
        at: NOW - (told.length - index) * MINUTE,
        figures: { ...FIGURES, ...one },
      }));
      const history = values.map((one, index) => ({ at: NOW - (values.length - index) * MINUTE, value: one }));
      const found = alertFindings(member('a', { history: { fsyncP99: history, commitP99: history } }), of, NOW);
      const said = found.map(({ sentence }) => sentence.replaceAll(/[\d.e+-]+|Infinity|NaN/g, ''));
      expect(new Set(said).size).toBe(said.length);
    }),
  );
});
