import { describe, expect, test } from 'vitest';
import { absent, known, stale } from '../../source/model/reading.ts';
import { gradeOf } from '../../source/state/etcd-grades.ts';
import { adviceOf } from '../../source/state/etcd-advice.ts';
import { fullestOf, growthWords, lastHourOf } from '../../source/state/etcd-summaries.ts';
import { failuresOf, healthWords, learntWords, outlookWords, quorumPieces } from '../../source/state/etcd-words.ts';
import type { EtcdPicture } from '../../source/state/etcd.ts';
import type { EtcdQuorum } from '../../source/state/etcd-quorum.ts';
import type { EtcdRow } from '../../source/state/etcd-rows.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const DAY = 86_400_000;
const MIB = 2 ** 20;
const ASKED = { last: { source: 'pod proxy', at: NOW - 20_000 }, failure: null } as const;
const LOST = {
  last: null,
  failure: { since: NOW - 240_000, failure: { kind: 'lost', why: 'timed out.', right: null } },
} as const;
const UNTOLD = absent('nobody tells');

const row = (given: Partial<EtcdRow> = {}): EtcdRow => ({
  key: 'a1',
  id: 'a1',
  name: 'node-1',
  node: 'node-1',
  clientUrls: [],
  role: 'follower',
  isListed: true,
  isVoter: true,
  version: known('3.5.15'),
  health: known({ healthy: true, reason: '' }),
  healthSince: null,
  roundTrip: known(0.001),
  fsyncP99: known(0.003),
  commitP99: known(0.006),
  dbSize: known(400 * MIB),
  dbSizeInUse: known(300 * MIB),
  quota: known(2_048 * MIB),
  fragmentation: known(0.25),
  lag: known(0),
  alarms: known([]),
  lastHour: {
    milliseconds: 3_600_000,
    leaderChanges: known(0),
    failedProposals: known(0),
    slowApplies: known(0),
    peerFailures: known(0),
  },
  history: { fsyncP99: [], commitP99: [] },
  figuresFrom: ASKED,
  healthFrom: ASKED,
  ...given,
});

const THREE: EtcdQuorum = { voters: 3, needed: 2, healthy: 3, canLose: 1, isKept: true, counted: 'members' };
const OTHERS = [row({ key: 'b2', id: 'b2', name: 'node-2' }), row({ key: 'c3', id: 'c3', name: 'node-3' })];
const picture = (given: Partial<EtcdPicture> = {}): EtcdPicture => ({
  cluster: known('c1'),
  members: [row(), ...OTHERS],
  quorum: known(THREE),
  leader: known('a1'),
  alarms: known([]),
  growth: known({ member: 'a1', bytesPerDay: MIB, fullAt: null }),
  membershipFrom: ASKED,
  ...given,
});
const withFirst = (given: Partial<EtcdRow>, of: Partial<EtcdPicture> = {}): EtcdPicture =>
  picture({ members: [row(given), ...OTHERS], ...of });
const sentencesOf = (of: EtcdPicture): readonly string[] => adviceOf(of, NOW).map(({ sentence }) => sentence);

describe('the quorum in words', () => {
  test.each([
    [THREE, '3 of 3 members, quorum 2, CAN LOSE 1', 'One more member may fail; if 2 do'],
    [
      { ...THREE, voters: 5, needed: 3, healthy: 5, canLose: 2 },
      '5 of 5 members, quorum 3, CAN LOSE 2',
      '2 more members',
    ],
    [{ ...THREE, healthy: 2, canLose: 0 }, '2 of 3 members, quorum 2, CAN LOSE 0', 'Every member that is left'],
    [
      { ...THREE, healthy: 1, canLose: 0, isKept: false },
      '1 of 3 members, quorum 2, NO QUORUM',
      '1 of 3 members is well',
    ],
    [{ ...THREE, voters: 1, needed: 1, healthy: 1, canLose: 0 }, '1 of 1 member, quorum 1, CAN LOSE 0', 'There is one'],
    [{ ...THREE, counted: 'pods' as const }, '3 of 3 members by their pods, quorum 2, CAN LOSE 1', 'One more'],
  ])('%j', (quorum, pieces, outlook) => {
    const of = picture({ quorum: known(quorum) });
    expect(quorumPieces(of).join(', ')).toBe(pieces);
    expect(outlookWords(of)).toContain(outlook);
  });

  test('that is not known claims nothing', () => {
    const of = picture({ quorum: UNTOLD });
    expect(quorumPieces(of)).toEqual(['quorum not known: nobody tells']);
    expect(outlookWords(of)).toContain('do nothing that could cost one');
  });

  test('of a full etcd is not what matters, unless it is lost', () => {
    const alarms = known([{ member: 'a1', kind: 'NOSPACE' }]);
    expect(outlookWords(picture({ alarms }))).toContain('etcd is full');
    const lost = { ...THREE, healthy: 1, canLose: 0, isKept: false };
    expect(outlookWords(picture({ alarms, quorum: known(lost) }))).toContain('2 are needed');
  });
});

test.each([
  [row(), 'ok'],
  [
    row({ health: known({ healthy: false, reason: 'RAFT NO LEADER' }), healthSince: NOW - 65_000 }),
    'RAFT NO LEADER 60s',
  ],
  [row({ health: known({ healthy: false, reason: '' }) }), 'unhealthy'],
  [
    row({ health: stale({ healthy: true, reason: '' }, NOW), healthFrom: LOST, healthSince: NOW - 240_000 }),
    'no answer 4m',
  ],
  [row({ health: UNTOLD, healthFrom: { last: null, failure: null } }), 'not asked yet'],
  [row({ role: 'not-started', health: UNTOLD }), 'not started'],
  [row({ isListed: false }), 'no member here'],
])('how a member is %#', (of, words) => {
  expect(healthWords(of, NOW)).toBe(words);
});

describe('what to do', () => {
  test('is nothing while all is well', () => {
    expect(adviceOf(picture(), NOW)).toEqual([]);
  });

  test('about what is not known is nothing either', () => {
    const unasked = { health: UNTOLD, healthFrom: { last: null, failure: null }, fsyncP99: UNTOLD, dbSize: UNTOLD };
    expect(sentencesOf(withFirst(unasked, { quorum: UNTOLD, alarms: UNTOLD, growth: UNTOLD, leader: UNTOLD }))).toEqual(
      [],
    );
  });

  test.each<[EtcdPicture, string, string | null]>([
    [
      withFirst({ healthFrom: LOST, health: UNTOLD, healthSince: NOW - 240_000 }),
      'node-1 is not well (no answer 4m)',
      null,
    ],
    [
      withFirst({ healthFrom: LOST }, { quorum: known({ ...THREE, healthy: 1, canLose: 0, isKept: false }) }),
      'Bring back node-1: the machine',
      null,
    ],
    [picture({ alarms: known([{ member: 'b2', kind: 'NOSPACE' }]) }), 'alarm NOSPACE of node-2', 'disarm'],
    [picture({ alarms: known([{ member: null, kind: 'CORRUPT' }]) }), 'The data of a member differ', null],
    [picture({ alarms: known([{ member: 'a1', kind: 'constructor' }]) }), 'raised the alarm constructor', null],
    [picture({ leader: known(null) }), 'no leader', null],
    [withFirst({ role: 'not-started', name: '', node: 'node-9' }), 'node-9 was added and never joined', null],
    [withFirst({ fsyncP99: known(0.014) }), 'slow (fsync 14ms; etcd wants 10ms and 25ms)', 'move-leader'],
    [picture({ members: [row(), row({ key: 'b2', commitP99: known(0.031) })] }), 'slow (commit 31ms', null],
    [
      picture({ growth: known({ member: 'a1', bytesPerDay: MIB, fullAt: NOW + 3.5 * DAY }) }),
      'full in 3 days',
      'defragment',
    ],
    [
      withFirst({ fragmentation: known(0.5), dbSizeInUse: known(200 * MIB) }),
      'gives back 200Mi of node-1',
      'defragment',
    ],
    [picture({ quorum: known({ ...THREE, voters: 4, needed: 3, healthy: 4 }) }), 'have an odd number', null],
  ])('%#', (of, words, action) => {
    const found = adviceOf(of, NOW);
    expect(found.map(({ sentence }) => sentence)).toEqual([expect.stringContaining(words)]);
    expect(found[0]?.action).toBe(action);
  });

  test('the worst comes first; what an alarm says is not said of health again', () => {
    const health = known({ healthy: false, reason: 'ALARM NOSPACE' });
    const of = withFirst(
      {
        health,
        alarms: known(['NOSPACE']),
        fsyncP99: known(0.014),
        fragmentation: known(0.9),
        dbSizeInUse: known(MIB),
      },
      { alarms: known([{ member: 'a1', kind: 'NOSPACE' }]) },
    );
    expect(adviceOf(of, NOW).map(({ severity }) => severity)).toEqual(['critical', 'warning', 'note']);
  });

  test('about a member that is lost is as urgent as what is left', () => {
    const severities = (quorum: Partial<EtcdQuorum>) =>
      adviceOf(withFirst({ healthFrom: LOST }, { quorum: known({ ...THREE, ...quorum }) }), NOW).map(
        ({ severity }) => severity,
      );
    expect(severities({ healthy: 2, canLose: 0 })).toEqual(['critical']);
    expect(severities({ voters: 5, needed: 3, healthy: 4, canLose: 1 })).toEqual(['warning']);
  });

  test('a figure that is old is no reason to act', () => {
    expect(sentencesOf(withFirst({ fsyncP99: stale(0.5, NOW - DAY) }))).toEqual([]);
  });
});

test('the last hour: leaders change for all, the rest is summed up, and what nobody tells is null', () => {
  const hour = (leaderChanges: number, slowApplies: number) => ({
    ...row().lastHour,
    leaderChanges: known(leaderChanges),
    slowApplies: known(slowApplies),
    peerFailures: UNTOLD,
  });
  const of = picture({ members: [row({ lastHour: hour(2, 1) }), row({ key: 'b2', lastHour: hour(1, 5) })] });
  expect(lastHourOf(of).counts.map(({ count }) => count)).toEqual([2, 0, 6, null]);
  expect(lastHourOf(of).counts[2]?.most?.key).toBe('b2');
});

test('the last hour of which nobody tells anything says why', () => {
  const once = absent('told once so far');
  const hour = {
    milliseconds: null,
    leaderChanges: once,
    failedProposals: once,
    slowApplies: once,
    peerFailures: once,
  };
  expect(lastHourOf(picture({ members: [row({ lastHour: hour })] })).why).toBe('told once so far');
  expect(lastHourOf(picture({ members: [row({ lastHour: hour }), ...OTHERS] })).why).toBeNull();
  expect(lastHourOf(picture({ members: [] })).why).toBe('no member tells it');
});

test('the fullest member is the one that fills most of its quota', () => {
  const members = [row(), row({ key: 'b2', dbSize: known(900 * MIB) }), row({ key: 'c3', quota: known(0) })];
  expect(fullestOf(picture({ members }))?.row.key).toBe('b2');
  expect(fullestOf(picture({ members: [row({ quota: UNTOLD })] }))).toBeNull();
});

test.each([
  [UNTOLD, 'growth not known: nobody tells'],
  [known({ member: 'a1', bytesPerDay: -5, fullAt: null }), 'it does not grow'],
  [known({ member: 'a1', bytesPerDay: MIB, fullAt: NOW + 3_600_000 }), 'at this growth, 1Mi a day, full within a day'],
  [known({ member: 'a1', bytesPerDay: MIB, fullAt: NOW + 40 * DAY }), 'at this growth, 1Mi a day, full in 40 days'],
  [
    known({ member: 'a1', bytesPerDay: 1, fullAt: NOW + 1e6 * DAY }),
    'at this growth, 1 a day, full in more than ten years',
  ],
])('growth %#', (growth, words) => {
  expect(growthWords(picture({ growth }), NOW)).toBe(words);
});

describe('why sources do not answer', () => {
  const lost = (why: string) =>
    ({ last: null, failure: { since: NOW, failure: { kind: 'lost', why, right: null } } }) as const;
  const member = (node: string, health: string | null, figures: string | null = null) =>
    row({
      key: node,
      name: node,
      node,
      healthFrom: health === null ? ASKED : lost(health),
      figuresFrom: figures === null ? ASKED : lost(figures),
    });

  test.each<[string, Partial<EtcdPicture>, readonly string[]]>([
    ['all answer', { members: [member('a', null)] }, []],
    [
      'a reason for all of a member is told once',
      { members: [member('a', 'a is gone.', 'a is gone.')] },
      ['a is gone.'],
    ],
    [
      'two reasons of one member are two',
      { members: [member('a', 'a is gone.', 'a tells no metrics.')] },
      ['a is gone.', 'a tells no metrics.'],
    ],
    [
      'what is true of several is told of the first, with the others',
      { members: [member('n1', 'n1 is gone.'), member('n2', 'n2 is gone.'), member('n3', null, 'n3 is gone.')] },
      ['n1 is gone; so it is with n2 and n3.'],
    ],
    [
      'what is of the server is told once',
      { membershipFrom: lost('No answer.'), members: [member('n1', 'No answer.'), member('n2', 'No answer.')] },
      ['No answer.'],
    ],
  ])('%s', (_, given, failures) => {
    expect(failuresOf(picture(given))).toEqual(failures);
  });
});

test.each([
  [ASKED, 'by the pod proxy 20s ago'],
  [LOST, 'not told yet, no answer for 4m'],
  [{ ...LOST, failure: { ...LOST.failure, since: NOW - 3_000 } }, 'not told yet, no answer now'],
  [{ last: { source: 'directly' as const, at: NOW }, failure: null }, 'directly 0s ago'],
])('where something is from %#', (learnt, words) => {
  expect(learntWords(learnt, NOW)).toBe(words);
});

test.each([
  ['fsyncP99', 0.01, 'normal'],
  ['fsyncP99', 0.0101, 'warning'],
  ['fsyncP99', 0.51, 'critical'],
  ['commitP99', 0.026, 'warning'],
  ['commitP99', 0.26, 'critical'],
  ['quotaUsed', 0.96, 'critical'],
] as const)('%s of %d is %s', (of, value, grade) => {
  expect(gradeOf(of, value)).toBe(grade);
});
