import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertFindings } from '../../../source/checks/verdict/etcd-alerts.ts';
import type { EtcdFigures } from '../../../source/model/etcd/etcd.ts';
import type { Histogram } from '../../../source/model/histogram.ts';
import { ETCD_ALERTS } from '../../../source/product/etcd.ts';
import type { EtcdSample } from '../../../source/state/cluster-state.ts';
import type { EtcdRow } from '../../../source/state/etcd-rows.ts';
import { HOUR, member, MINUTE, NOW } from './made-sight.ts';

const FIGURES: EtcdFigures = {
  id: 'a',
  version: '3.5.15',
  startedAt: NOW - 2 * HOUR,
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
  fsync: { bounds: [0.1, Infinity], counts: [1, 1] },
  commit: { bounds: [0.1, Infinity], counts: [1, 1] },
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

/** Slow enough for none of the alerts about a disk, for the warnings, and for all. */
const PACES = { good: 0.1, slow: 0.7, worse: 1.3 } as const;
type Pace = keyof typeof PACES;
const BOUNDS = [...Object.values(PACES), Infinity];

/** A hundred times a minute, each minute at a pace of its own; none while it is null. */
const disk =
  (pace: (ago: number) => Pace | null, minutes: number) =>
  (ago: number): Histogram => {
    const paces = Array.from({ length: minutes - ago + 1 }, (_, index) => pace(minutes - index));
    const upTo = (bound: number) => paces.filter((one) => one !== null && PACES[one] <= bound).length * 100;
    return { bounds: BOUNDS, counts: BOUNDS.map(upTo) };
  };
const fsyncs = (minutes: number, pace: (ago: number) => Pace | null) =>
  samples(minutes, (ago) => ({ fsync: disk(pace, minutes)(ago) }));

/** A hundred round trips a minute to one peer, so many of them between 0.1 and 0.25 s and the others below. */
const peers = (minutes: number, slowOnes: number): readonly EtcdSample[] =>
  samples(minutes, (ago) => {
    const passed = minutes - ago;
    const counts = [(100 - slowOnes) * passed, 100 * passed, 100 * passed];
    return { roundTrips: { b: { bounds: [0.1, 0.25, Infinity], counts } } };
  });

/** Requests of two methods, of one of which so many of a hundred a minute fail. */
const requests = (minutes: number, failed: number): readonly EtcdSample[] =>
  samples(minutes, (ago) => ({
    requests: {
      'KV/Range': { all: 1_000 * (minutes - ago), failed: 0 },
      'KV/Txn': { all: 100 * (minutes - ago), failed: failed * (minutes - ago) },
    },
  }));

/** What is said of one member, but that nobody measures how long requests take. */
const said = (of: readonly EtcdSample[], row: Partial<EtcdRow> = {}) =>
  alertFindings([{ row: member('a', row), samples: of }], NOW)
    .filter(({ sentence }) => !sentence.includes('extensive'))
    .map(({ severity, sentence }) => [severity, sentence]);

describe('slow disks', () => {
  it.each<[string, readonly EtcdSample[], unknown[]]>([
    ['within limits', fsyncs(60, () => 'good'), []],
    ['a warning that is young', fsyncs(20, (ago) => (ago > 9 ? 'good' : 'slow')), [['healthy', 'a needs 694 ms for an fsync (p99) since 9m']]], // prettier-ignore
    ['a warning', fsyncs(20, (ago) => (ago > 10 ? 'good' : 'slow')), [['degraded', 'a needs 694 ms for an fsync (p99) since 10m']]], // prettier-ignore
    ['critical, and young', fsyncs(20, (ago) => (ago > 9 ? 'good' : 'worse')), [['degraded', 'a needs 1294 ms for an fsync (p99) since 9m']]], // prettier-ignore
    ['critical', fsyncs(20, (ago) => (ago > 10 ? 'good' : 'worse')), [['at-risk', 'a needs 1294 ms for an fsync (p99) since 10m']]], // prettier-ignore
    ['over for longer than is looked at', fsyncs(20, (ago) => (ago > 6 ? 'worse' : 'good')), []],
    ['not written to since', fsyncs(20, (ago) => (ago > 6 ? 'worse' : null)), []],
    ['slow again', fsyncs(30, (ago) => (ago > 20 || ago < 4 ? 'slow' : 'good')), [['healthy', 'a needs 693 ms for an fsync (p99) since 3m']]], // prettier-ignore
    ['since before the first sample', fsyncs(20, () => 'slow'), [['degraded', 'a needs 694 ms for an fsync (p99) since 120m']]], // prettier-ignore
    ['nothing at all', [], []],
  ])('%s', (_, of, expected) => expect(said(of)).toEqual(expected));

  it.each([
    [30, 'degraded'],
    [29, 'healthy'],
  ] as const)('of commits warn after half an hour: %i minutes', (minutes, severity) => {
    const of = samples(50, (ago) => ({ commit: disk((then) => (then > minutes ? 'good' : 'slow'), 50)(ago) }));
    expect(said(of)).toEqual([[severity, `a needs 694 ms for a commit (p99) since ${minutes}m`]]);
  });

  it('are judged by a single look, which is of all since the member started', () => {
    expect(said(fsyncs(0, () => 'worse'))).toEqual([['at-risk', 'a needs 1294 ms for an fsync (p99) since 120m']]);
    const young = fsyncs(0, () => 'worse').map(({ at, figures }) => ({
      at,
      figures: { ...figures, startedAt: NOW - 5 * MINUTE },
    }));
    expect(said(young)).toEqual([['degraded', 'a needs 1294 ms for an fsync (p99) since 5m']]);
  });
});

describe('what is counted', () => {
  it.each<[string, readonly EtcdSample[], unknown[]]>([
    ['a quota that is nearly taken', samples(10, () => ({ dbSize: 1.95e9 })), [['at-risk', 'a has 97% of its quota taken since 10m']]], // prettier-ignore
    ['the same, in its first minute', samples(0, () => ({ dbSize: 1.95e9 })), [['degraded', 'a has 97% of its quota taken']]], // prettier-ignore
    ['a quota at its limit', samples(10, () => ({ dbSize: 1.9e9 })), []],
    ['a quota of nothing', samples(10, () => ({ quota: 0 })), []],
    ['a file that is full in three hours', samples(30, (ago) => ({ dbSize: 1e9 - (ago * 1e9) / 180 })), [['degraded', 'a is full within 4h as it grows now since 30m']]], // prettier-ignore
    ['one that is full in five', samples(30, (ago) => ({ dbSize: 1e9 - (ago * 1e9) / 300 })), []],
    ['one that was seen for too short a time', samples(9, (ago) => ({ dbSize: 1e9 - (ago * 1e9) / 180 })), []],
    ['one that was defragmented meanwhile', samples(30, (ago) => ({ dbSize: ago > 5 ? 1.5e9 - ago * 1e7 : 1e9 })), []], // prettier-ignore
    ['no leader', samples(1, () => ({ hasLeader: false })), [['at-risk', 'a sees no leader since 60s']]],
    ['four changes of the leader', samples(15, (ago) => ({ leaderChanges: ago > 6 ? 1 : 5 })), [['degraded', 'the leader changed 4 times in 15m since 6m']]], // prettier-ignore
    ['three of them', samples(15, (ago) => ({ leaderChanges: ago > 6 ? 1 : 4 })), []],
    ['four that are long ago', samples(40, (ago) => ({ leaderChanges: ago > 20 ? 1 : 5 })), []],
    ['a member that began anew', samples(15, (ago) => ({ leaderChanges: ago > 6 ? 90 : 2 })), []],
    ['failed proposals', samples(40, (ago) => ({ failedProposals: (40 - ago) * 600 })), [['degraded', 'a fails 10 proposals a second since 39m']]], // prettier-ignore
    ['few of them', samples(40, (ago) => ({ failedProposals: (40 - ago) * 60 })), []],
    ['failures to send to a peer', samples(11, (ago) => ({ peerFailures: 2 * (11 - ago) })), [['at-risk', 'a cannot send to a peer since 10m']]], // prettier-ignore
    ['one that failed', samples(11, (ago) => ({ peerFailures: ago > 6 ? 0 : 1 })), []],
    ['slow peers', peers(11, 100), [['degraded', 'a needs 249 ms to a peer and back (p99) since 10m']]],
    ['peers of whom few answers are slow', peers(11, 1), []],
    ['requests of one method that fail now and then', requests(11, 2), [['degraded', 'a fails 2% of its requests since 10m']]], // prettier-ignore
    ['the same, and young', requests(9, 2), [['healthy', 'a fails 2% of its requests since 8m']]],
    ['requests that fail often', requests(6, 6), [['at-risk', 'a fails 6% of its requests since 5m']]],
    ['requests of which one in a hundred fails', requests(11, 1), []],
    ['a single sample', samples(0, () => ({ leaderChanges: 900, failedProposals: 1e9, peerFailures: 1e9 })), []],
  ])('%s', (_, of, expected) => expect(said(of)).toEqual(expected));

  it('how long requests take, where a member measures it', () => {
    const slow = samples(11, (ago) => ({
      handling: { 'KV/Range': { bounds: [0.1, 0.25, Infinity], counts: [0, 12 - ago, 12 - ago] } },
    }));
    const found = alertFindings([{ row: member('a'), samples: slow }], NOW);
    expect(found.map(({ severity, sentence }) => [severity, sentence])).toEqual([
      ['at-risk', 'a needs 249 ms for a request (p99) since 10m'],
    ]);
  });
});

describe('several members', () => {
  const both = (of: readonly EtcdSample[]) =>
    alertFindings(
      ['a', 'b'].map((node) => ({ row: member(node), samples: of })),
      NOW,
    );

  it('say each what is its own, in words in which they can be told together', () => {
    expect(both(samples(10, () => ({ dbSize: 1.95e9 }))).slice(0, 2)).toMatchObject([
      { sentence: 'a has 97% of its quota taken since 10m', alike: { who: 'a', words: 'have 97% of their quota taken since 10m' } }, // prettier-ignore
      { sentence: 'b has 97% of its quota taken since 10m', alike: { who: 'b', words: 'have 97% of their quota taken since 10m' } }, // prettier-ignore
    ]);
  });

  it('say once what all of them see', () => {
    const changes = both(samples(15, (ago) => ({ leaderChanges: ago > 6 ? 1 : 5 })));
    expect(changes.filter(({ sentence }) => sentence.startsWith('the leader changed'))).toHaveLength(1);
  });

  it('tell once that nobody measures how long requests take, and why', () => {
    expect(both(samples(1, () => ({}))).map(({ severity, sentence }) => [severity, sentence])).toEqual([
      ['healthy', 'how long requests take is not measured: etcd does so only with --metrics=extensive'],
    ]);
  });
});

describe('what is not told is unknown', () => {
  const lost = { since: NOW, failure: { kind: 'absent', why: 'It begins with "<html>".', right: null } } as const;
  it.each<[string, readonly EtcdSample[], Partial<EtcdRow>, unknown[]]>([
    ['no figures', [], { figuresFrom: { last: null, failure: lost } }, [['unknown', 'a tells no figures: It begins with "<html>"']]], // prettier-ignore
    ['none any more, whatever they were', samples(30, () => ({ hasLeader: false })), { figuresFrom: { last: null, failure: lost } }, [['unknown', 'a tells no figures: It begins with "<html>"']]], // prettier-ignore
    ['not asked yet', [], { figuresFrom: { last: null, failure: null } }, [['unknown', 'a has told no figures yet']]],
    ['no quota', samples(10, () => ({ quota: null })), {}, [['unknown', 'a does not tell its quota']]],
    ['no disk', samples(1, () => ({ fsync: null, commit: null })), {}, [['unknown', 'a does not tell its fsync and its commits']]], // prettier-ignore
    ['no requests, which old members do not count', samples(1, () => ({ requests: null })), {}, []],
  ])('%s', (_, of, row, expected) => expect(said(of, row)).toEqual(expected));
});

it('has every alert of the product in the table that it reads', () => {
  expect([...new Set(ETCD_ALERTS.map(({ name, severity }) => `${name} ${severity}`))].toSorted()).toEqual([
    'etcdDatabaseQuotaLowSpace critical',
    'etcdExcessiveDatabaseGrowth warning',
    'etcdGRPCRequestsSlow critical',
    'etcdHighCommitDurations warning',
    'etcdHighFsyncDurations critical',
    'etcdHighFsyncDurations warning',
    'etcdHighNumberOfFailedGRPCRequests critical',
    'etcdHighNumberOfFailedGRPCRequests warning',
    'etcdHighNumberOfFailedProposals warning',
    'etcdHighNumberOfLeaderChanges warning',
    'etcdInsufficientMembers critical',
    'etcdMemberCommunicationSlow warning',
    'etcdMembersDown critical',
    'etcdNoLeader critical',
  ]);
});

it('says no alert twice, and never fails', () => {
  const value = fc.option(fc.double({ noNaN: false }), { nil: null });
  const counts = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 4, maxLength: 4 });
  const histogram = fc.option(counts.map((all) => ({ bounds: BOUNDS, counts: all.toSorted((a, b) => a - b) })));
  const figures = fc.record({
    hasLeader: fc.option(fc.boolean(), { nil: null }),
    dbSize: value,
    quota: value,
    leaderChanges: value,
    failedProposals: value,
    peerFailures: value,
    fsync: histogram,
    commit: histogram,
    requests: fc.option(fc.dictionary(fc.string(), fc.record({ all: fc.nat(), failed: fc.nat() }))),
  });
  fc.assert(
    fc.property(fc.array(figures, { maxLength: 12 }), (told) => {
      const of = told.map((one, index) => ({
        at: NOW - (told.length - index) * 3 * MINUTE,
        figures: { ...FIGURES, ...one },
      }));
      const found = said(of).map(([, sentence]) => sentence?.replaceAll(/[\d.e+-]+|Infinity|NaN/g, ''));
      expect(new Set(found).size).toBe(found.length);
    }),
  );
});
