import { describe, expect, it } from 'vitest';
import { etcd } from '../../../source/checks/verdict/etcd.ts';
import { absent, denied, known, stale, valueOf } from '../../../source/model/reading.ts';
import type { EtcdPicture } from '../../../source/state/etcd.ts';
import type { EtcdRow } from '../../../source/state/etcd-rows.ts';
import { figures } from '../../state/etcd-made.ts';
import { etcdOf, member, MINUTE, NOW, sightOf, silent } from './made-sight.ts';

const FIGURES = figures('node-1');
const judge = (picture: EtcdPicture) => etcd(sightOf({ etcd: picture }));
const unhealthy = (node: string, reason: string, given: Partial<EtcdRow> = {}): EtcdRow =>
  member(node, { health: known({ healthy: false, reason }), healthSince: NOW - 4 * MINUTE, ...given });
const named = (...names: readonly string[]): readonly EtcdRow[] => names.map((name) => member(name));

describe('members', () => {
  it.each([
    ['all well', named('a', 'b', 'c'), 'healthy', 'etcd 3 of 3, can lose 1'],
    [
      'one of three silent',
      [...named('a', 'b'), silent('c')],
      'at-risk',
      'etcd 2 of 3, can lose 0: c does not answer since 4m',
    ],
    [
      'one of five silent',
      [...named('a', 'b', 'c', 'd'), silent('e')],
      'degraded',
      'etcd 4 of 5, can lose 1: e does not answer since 4m',
    ],
    [
      'two of three silent',
      [member('a'), silent('b'), silent('c')],
      'at-risk',
      'etcd 1 of 3, no quorum: b and c do not answer since 4m',
    ],
    [
      'two of three silent, and the third without a leader since',
      [unhealthy('a', 'RAFT NO LEADER'), silent('b'), silent('c')],
      'at-risk',
      'etcd 0 of 3, no quorum: b and c do not answer since 4m and 1 more',
    ],
    [
      'three of seven silent',
      [...named('a', 'b', 'c', 'd'), silent('e'), silent('f'), silent('g')],
      'at-risk',
      'etcd 4 of 7, can lose 0: 3 members do not answer since 4m',
    ],
    [
      'one not healthy',
      [...named('a', 'b'), unhealthy('c', 'RAFT NO LEADER')],
      'at-risk',
      'etcd 2 of 3, can lose 0: c is not healthy (RAFT NO LEADER) since 4m',
    ],
    [
      'a learner silent',
      [...named('a', 'b', 'c'), { ...silent('d'), isVoter: false }],
      'degraded',
      'etcd 3 of 3, can lose 1: d does not answer since 4m',
    ],
    [
      'one silent from the first look on',
      [...named('a', 'b'), { ...silent('c'), healthSince: null }],
      'at-risk',
      'etcd 2 of 3, can lose 0: c does not answer',
    ],
    ['only one', named('a'), 'healthy', 'etcd 1 of 1, can lose 0'],
    ['only two', named('a', 'b'), 'degraded', 'etcd 2 of 2, can lose 0: 2 members stand no loss, 3 would'],
    ['one of two silent', [member('a'), silent('b')], 'at-risk', 'etcd 1 of 2, no quorum: b does not answer since 4m'],
    [
      'one that never joined',
      [...named('a', 'b', 'c'), member('d', { name: '', role: 'not-started', health: absent('not started') })],
      'at-risk',
      'etcd 3 of 4, can lose 0: d was added and has not joined',
    ],
  ])('%s', (_, members, verdict, sentence) => {
    expect(judge(etcdOf(members))).toMatchObject({ verdict, sentence });
  });

  it('are told that a single one is all there is', () => {
    expect(judge(etcdOf(named('a'))).reasons).toMatchObject([
      { severity: 'healthy', sentence: 'a single member: the cluster stops with it' },
    ]);
  });

  it.each<[string, Partial<EtcdRow>, string]>([
    ['nobody asked', { health: absent('not asked yet') }, 'c is not known: not asked yet'],
    [
      'the right is missing',
      {
        health: denied('get pods/proxy'),
        healthFrom: {
          last: null,
          failure: {
            since: NOW,
            at: NOW,
            failure: { kind: 'denied', why: 'No right to get pods/proxy.', right: 'get pods/proxy' },
          },
        } as EtcdRow['healthFrom'],
      },
      'c is not known: No right to get pods/proxy',
    ],
  ])('are not known where %s', (_, given, sentence) => {
    const picture = etcdOf([...named('a', 'b'), member('c', given)], {
      quorum: known({ voters: 3, needed: 2, healthy: 2, canLose: 0, isKept: true, counted: 'members' }),
    });
    expect(judge(picture)).toMatchObject({
      verdict: 'unknown',
      reasons: [{ sentence, next: { screen: 'etcd', object: 'c' } }],
    });
  });

  it('lead to themselves, with the time since when', () => {
    expect(judge(etcdOf([...named('a', 'b'), silent('c')])).reasons[0]).toMatchObject({
      since: NOW - 4 * MINUTE,
      next: { screen: 'etcd', object: 'c' },
    });
  });
});

describe('the quorum', () => {
  it('is unknown where nobody tells, and hides no alarm', () => {
    const dark = { quorum: absent('no member answers') };
    expect(judge(etcdOf(named('a', 'b', 'c'), dark))).toMatchObject({
      verdict: 'unknown',
      sentence: 'etcd: no member answers',
    });
    const alarms = known([{ member: 'a', kind: 'NOSPACE' }]);
    expect(judge(etcdOf(named('a', 'b', 'c'), { ...dark, alarms })).verdict).toBe('at-risk');
  });

  it('of an old picture is unknown when it was kept, and lost when it was lost', () => {
    const old = (members: readonly EtcdRow[]) => {
      const picture = etcdOf(members);
      const value = valueOf(picture.quorum);
      return judge({ ...picture, quorum: value === null ? picture.quorum : stale(value, NOW - 4 * MINUTE) });
    };
    expect(old(named('a', 'b', 'c'))).toMatchObject({
      verdict: 'unknown',
      sentence: 'etcd 3 of 3, can lose 1: not heard since 4m',
    });
    expect(old([member('a'), silent('b'), silent('c')]).verdict).toBe('at-risk');
  });
});

describe('alarms', () => {
  it.each([
    ['NOSPACE', 'etcd 3 of 3, can lose 1: full, nothing can be changed (alarm NOSPACE of a)'],
    ['CORRUPT', 'etcd 3 of 3, can lose 1: data differ between members (alarm CORRUPT of a)'],
    ['NEW', 'etcd 3 of 3, can lose 1: alarm NEW of a'],
  ])('%s is a risk', (kind, sentence) => {
    const alarms = known([{ member: 'a', kind }]);
    expect(judge(etcdOf(named('a', 'b', 'c'), { alarms }))).toMatchObject({ verdict: 'at-risk', sentence });
  });

  it('are said once, also where the member says them in its health', () => {
    const full = unhealthy('a', 'ALARM NOSPACE', { alarms: known(['NOSPACE']) });
    const picture = etcdOf([full, ...named('b', 'c')], {
      quorum: known({ voters: 3, needed: 2, healthy: 3, canLose: 1, isKept: true, counted: 'members' }),
      alarms: known([{ member: 'a', kind: 'NOSPACE' }]),
    });
    expect(judge(picture).reasons).toHaveLength(1);
  });

  it('are said by the health of the member where there is no list of them', () => {
    const full = unhealthy('a', 'ALARM NOSPACE', { alarms: absent('not asked yet') });
    expect(judge(etcdOf([full, ...named('b', 'c')])).reasons[0]).toMatchObject({
      severity: 'at-risk',
      sentence: 'a raised an alarm (ALARM NOSPACE) since 4m',
    });
  });

  it('of nobody in particular are told too', () => {
    const alarms = known([{ member: null, kind: 'NOSPACE' }]);
    expect(judge(etcdOf(named('a', 'b', 'c'), { alarms })).sentence).toMatch(/\(alarm NOSPACE of a member\)$/);
  });
});

describe('members that are down', () => {
  it('are a risk once the product says so, though others may yet be lost', () => {
    const five = (minutes: number) => {
      const since = NOW - minutes * MINUTE;
      const failure = { since, at: NOW, failure: { kind: 'lost', why: 'no answer', right: null } } as const;
      return etcdOf([...named('a', 'b', 'c', 'd'), { ...silent('e'), healthSince: since, healthFrom: { last: null, failure } }]); // prettier-ignore
    };
    expect(judge(five(9)).verdict).toBe('degraded');
    expect(judge(five(10)).verdict).toBe('at-risk');
  });

  it('are said once, and not again by those that cannot send to them', () => {
    const [a] = named('a');
    const picture = etcdOf([...named('a', 'b'), silent('c')]);
    const figures = { ...FIGURES, peerFailures: 0 };
    const failing = [
      { at: NOW - MINUTE, figures },
      { at: NOW, figures: { ...figures, peerFailures: 90 } },
    ];
    const sight = sightOf({ etcd: picture });
    const judged = etcd({ ...sight, state: { ...sight.state, etcdSamples: new Map([[a?.node ?? '', failing]]) } });
    expect(judged.reasons.filter(({ severity }) => severity !== 'healthy')).toHaveLength(1);
  });
});

describe('nobody answers', () => {
  const dark = (membershipFrom: EtcdPicture['membershipFrom']) =>
    judge(etcdOf([silent('a'), silent('b'), silent('c')], { quorum: absent('none answers'), membershipFrom }));
  const failed = (kind: 'lost' | 'denied') =>
    ({ last: null, failure: { since: NOW, failure: { kind, why: 'no', right: null } } }) as const;

  it('is a risk where etcdctl finds nobody either: the API server tells of its own life and of its cache alone', () => {
    expect(dark(failed('lost'))).toMatchObject({
      verdict: 'at-risk',
      sentence: 'etcd: none of 3 members answers since 4m: no quorum, or no way to them',
    });
  });

  it('has no time where all were silent from the first look on, else that of the last', () => {
    const membershipFrom = failed('lost');
    const never = (name: string) => ({ ...silent(name), healthSince: null });
    const told = (...members: readonly EtcdRow[]) =>
      judge(etcdOf(members, { quorum: absent('none answers'), membershipFrom })).reasons[0];
    expect(told(never('a'), never('b'))).toMatchObject({ severity: 'at-risk', since: null });
    expect(told(never('a'), silent('b'))).toMatchObject({ severity: 'at-risk', since: NOW - 4 * MINUTE });
  });

  it('is unknown where etcdctl was not asked, or may not be', () => {
    expect(dark(failed('denied')).verdict).toBe('unknown');
    expect(dark({ last: null, failure: null }).verdict).toBe('unknown');
  });

  it('is unknown while one of them was not asked', () => {
    const some = [silent('a'), member('b', { health: absent('not asked yet') })];
    const membershipFrom = failed('lost');
    expect(judge(etcdOf(some, { quorum: absent('not asked yet'), membershipFrom })).verdict).toBe('unknown');
  });
});

describe('members that are well and tell no figures', () => {
  const failure = { since: NOW, failure: { kind: 'absent', why: 'It begins with "<html>".', right: null } } as const;
  const mute = (name: string) => member(name, { figuresFrom: { last: null, failure } });

  it.each([
    [[mute('a'), ...named('b', 'c')], 'etcd 3 of 3, can lose 1: a tells no figures: It begins with "<html>"'],
    [['a', 'b', 'c'].map(mute), 'etcd 3 of 3, can lose 1: 3 members tell no figures'],
  ])('are not known to be safe', (members, sentence) => {
    const judged = judge(etcdOf(members));
    expect(judged).toMatchObject({ verdict: 'unknown', sentence });
    expect(judged.reasons[0]?.sentence).toBe('a tells no figures: It begins with "<html>"');
  });
});

describe('how many vote', () => {
  const told = (members: readonly EtcdRow[]) =>
    judge(etcdOf(members)).reasons.map(({ severity, sentence }) => [severity, sentence]);
  it.each<[string, readonly EtcdRow[], unknown[]]>([
    ['three', named('a', 'b', 'c'), []],
    ['four', named('a', 'b', 'c', 'd'), [['healthy', '4 members stand no more losses than 3']]],
    ['three and a learner', [...named('a', 'b', 'c'), member('d', { role: 'learner', isVoter: false })], [['healthy', 'd has no vote until it is promoted']]], // prettier-ignore
  ])('%s', (_, members, expected) => expect(told(members)).toEqual(expected));
});
