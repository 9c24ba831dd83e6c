import { describe, expect, it } from 'vitest';
import type { ResourceStatus } from '../../source/model/cluster-event.ts';
import { valueOf, whyNot } from '../../source/model/reading.ts';
import { etcdPicture, type EtcdPicture } from '../../source/state/etcd.ts';
import type { EtcdRow } from '../../source/state/etcd-rows.ts';
import { memberFreshFor, membershipFreshFor } from '../../source/state/etcd-budget.ts';
import {
  allAnswer,
  DENIED,
  etcdPod,
  figures,
  GROUND,
  type Happened,
  histogram,
  IDS,
  listed,
  masterNode,
  member,
  MINUTE,
  NODES,
  pictureOf,
  SECOND,
  silent,
  T,
  tellsFigures,
  tellsHealth,
  tellsMembers,
} from './etcd-made.ts';
import { makeNode } from './made.ts';

const rowOf = ({ members }: EtcdPicture, node: string): EtcdRow => {
  const row = members.find((one) => one.node === node);
  if (row === undefined) throw new Error(`no row of ${node}`);
  return row;
};
const brief = ({ members }: EtcdPicture) => members.map(({ name, node, role, isVoter }) => [name, node, role, isVoter]);

describe('a healthy cluster', () => {
  const picture = etcdPicture(pictureOf(GROUND, allAnswer(T), tellsMembers(T)), T + SECOND);

  it('has its members, their roles and their nodes', () => {
    expect(brief(picture)).toEqual([
      ['node-1', 'node-1', 'leader', true],
      ['node-2', 'node-2', 'follower', true],
      ['node-3', 'node-3', 'follower', true],
    ]);
    expect(picture.members.map(({ key, id, isListed }) => [key, id, isListed])).toEqual(
      NODES.map((node) => [IDS[node], IDS[node], true]),
    );
  });

  it('has a quorum, a leader, no alarms and its id', () => {
    expect(picture).toMatchObject({
      cluster: { state: 'known', value: '57465ba4b3cc6075' },
      quorum: {
        state: 'known',
        value: { voters: 3, needed: 2, healthy: 3, canLose: 1, isKept: true, counted: 'members' },
      },
      leader: { state: 'known', value: 'a1' },
      alarms: { state: 'known', value: [] },
      membershipFrom: { last: { source: 'etcdctl', at: T }, failure: null },
    });
  });

  it('tells the figures of each, with where they are from', () => {
    expect(rowOf(picture, 'node-2')).toMatchObject({
      version: { state: 'known', value: '3.5.15' },
      health: { state: 'known', value: { healthy: true } },
      healthSince: null,
      fsyncP99: { state: 'known', value: 0.004 },
      commitP99: { state: 'known', value: 0.008 },
      dbSize: { value: 400 * 2 ** 20 },
      dbSizeInUse: { value: 300 * 2 ** 20 },
      quota: { value: 2 * 2 ** 30 },
      fragmentation: { state: 'known', value: 0.25 },
      lag: { state: 'known', value: 0 },
      alarms: { state: 'known', value: [] },
      figuresFrom: { last: { source: 'pod proxy', at: T }, failure: null },
      healthFrom: { last: { source: 'pod proxy', at: T }, failure: null },
    });
  });

  it('says why what needs more samples is not known yet', () => {
    expect(whyNot(picture.growth)).toBe('the console has to see etcd for 10 minutes to tell it');
    expect(whyNot(rowOf(picture, 'node-2').lastHour.slowApplies)).toBe('told once so far');
  });
});

describe('nothing known', () => {
  it('is no member and no quorum, with why', () => {
    const picture = etcdPicture(pictureOf(), T);
    expect(picture.members).toEqual([]);
    for (const reading of [picture.quorum, picture.leader, picture.cluster, picture.growth, picture.alarms])
      expect(reading.state).toBe('absent');
    expect(whyNot(picture.quorum)).toBe('no member of etcd is known: not asked yet');
  });

  it.each<[ResourceStatus, string]>([
    [{ state: 'live' }, 'no member of etcd is known'],
    [{ state: 'absent', why: 'Cannot connect: refused.' }, 'no member of etcd is known: Cannot connect: refused'],
    [
      { state: 'denied', right: 'list nodes', why: 'no' },
      'no member of etcd is known: the right "list nodes" is missing',
    ],
  ])('is told with why there are no nodes', (status, why) => {
    const state = pictureOf([{ type: 'status', at: T, resource: 'nodes', status }]);
    expect(whyNot(etcdPicture(state, T).quorum)).toBe(why);
  });

  it('has no figure of a member that was not asked', () => {
    const picture = etcdPicture(pictureOf(GROUND), T);
    expect(brief(picture)).toEqual(NODES.map((node) => [node, node, 'unknown', true]));
    const row = rowOf(picture, 'node-1');
    for (const reading of [row.version, row.health, row.fsyncP99, row.dbSize, row.lag, row.alarms, row.fragmentation])
      expect(whyNot(reading)).toBe('not asked yet');
    expect(whyNot(picture.quorum)).toMatch(/^whether 3 members of 3 are well is not known \(node-1: not asked yet/);
  });

  it('tells which right is missing', () => {
    const picture = etcdPicture(pictureOf(GROUND, ...NODES.map((node) => silent(node, T, DENIED))), T);
    expect(rowOf(picture, 'node-1').dbSize).toEqual({ state: 'denied', right: 'get pods/proxy' });
    expect(whyNot(picture.quorum)).toMatch(/the right "get pods\/proxy" is missing/);
  });
});

describe('who is a member', () => {
  const all = (...events: Happened) => etcdPicture(pictureOf(...events), T + SECOND);

  it('without a list, the nodes that run etcd', () => {
    const picture = all(GROUND, allAnswer(T));
    expect(brief(picture)).toEqual([
      ['node-1', 'node-1', 'leader', true],
      ['node-2', 'node-2', 'follower', true],
      ['node-3', 'node-3', 'follower', true],
    ]);
    expect(picture.quorum).toMatchObject({ value: { voters: 3, canLose: 1, counted: 'pods' } });
    expect(picture.members.map(({ isListed }) => isListed)).toEqual([null, null, null]);
  });

  it('also a node from which the role was taken away, by its pod', () => {
    const bare = { labels: { 'node-role.kubernetes.io/master': '' } };
    const nodes = listed('nodes', [masterNode('node-1'), masterNode('node-2', bare), makeNode({ name: 'worker-1' })]);
    expect(all(nodes, listed('pods', [etcdPod('node-1'), etcdPod('node-2')])).members.map(({ node }) => node)).toEqual([
      'node-1',
      'node-2',
    ]);
  });

  it('no voter on a node of the role where no pod is', () => {
    const picture = all(listed('nodes', NODES.map((name) => masterNode(name))), listed('pods', [etcdPod('node-1')])); // prettier-ignore
    expect(picture.members.map(({ isVoter }) => isVoter)).toEqual([true, false, false]);
  });

  it('a node that runs etcd and is not in the list is shown as such, and is no voter', () => {
    const picture = all(GROUND, allAnswer(T), tellsMembers(T, { members: [member('node-1'), member('node-2')] }));
    expect(rowOf(picture, 'node-3')).toMatchObject({ key: 'node-3', isListed: false, isVoter: false, role: 'unknown' });
    expect(picture.quorum).toMatchObject({ value: { voters: 2 } });
  });

  it.each<[string, Parameters<typeof tellsMembers>[1], unknown[]]>([
    [
      'one that has not started, by the address of its URL',
      { members: [member('node-1'), member('node-2'), member('node-3', { name: '', clientUrls: [], id: 'c3' })] },
      ['', 'node-3', 'not-started', true],
    ],
    [
      'one whose name is not that of its node, by what the node says of itself',
      { members: [member('node-1'), member('node-2'), member('node-3', { name: 'etcd-three', peerUrls: [] })] },
      ['etcd-three', 'node-3', 'follower', true],
    ],
    [
      'a learner, which does not vote',
      { members: [member('node-1'), member('node-2'), member('node-3', { isLearner: true })] },
      ['node-3', 'node-3', 'learner', false],
    ],
    [
      'one that no node runs',
      { members: [member('node-1'), member('node-2'), member('node-3'), member('node-3', { id: 'dd', name: 'gone', peerUrls: [], clientUrls: [] })] }, // prettier-ignore
      ['gone', null, 'unknown', true],
    ],
    [
      'one that was replaced by another of its name and is still listed',
      { members: [member('node-1'), member('node-2'), member('node-3'), member('node-3', { id: 'dd' })] },
      ['node-3', null, 'unknown', true],
    ],
  ])('%s', (what, given, row) => {
    const started = what.startsWith('one that has not started') ? NODES.slice(0, 2) : NODES;
    const answers = started.flatMap((node) => [tellsFigures(node, T), tellsHealth(node, T)]);
    expect(brief(all(GROUND, answers, tellsMembers(T, given)))).toContainEqual(row);
  });

  it('gives a node to the member that it says it runs, also when one that is gone had its name before', () => {
    const members = [member('node-3', { id: 'dd' }), ...NODES.map((node) => member(node))];
    const rows = all(GROUND, allAnswer(T), tellsMembers(T, { members })).members;
    expect(rows.filter(({ name }) => name === 'node-3').map(({ id, node }) => [id, node])).toEqual([
      [IDS['node-3'], 'node-3'],
      ['dd', null],
    ]);
  });

  it('each has a key of its own, also where two nodes say that they run the same member', () => {
    const twice = tellsFigures('node-2', T, { id: IDS['node-1'] });
    for (const list of [[], [tellsMembers(T)]]) {
      const keys = all(GROUND, allAnswer(T), twice, list).members.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('takes any of the nodes for an address, also of IPv6', () => {
    const node = makeNode({ name: 'x', addresses: [{ type: 'InternalIP', address: 'fd00:0:0::1' }] });
    const given = { members: [member('node-1', { id: 'ee', name: 'm', clientUrls: ['https://[fd00::1]:2379'] })] };
    expect(brief(all(listed('nodes', [node]), tellsMembers(T, given)))).toEqual([['m', 'x', 'unknown', true]]);
  });
});

describe('a member that does not answer', () => {
  const state = pictureOf(GROUND, allAnswer(T), tellsMembers(T), silent('node-2', T + 10 * SECOND), silent('node-2', T + 20 * SECOND)); // prettier-ignore
  const picture = etcdPicture(state, T + 30 * SECOND);

  it('keeps its last figures, stale, and since when it does not', () => {
    expect(rowOf(picture, 'node-2')).toMatchObject({
      role: 'unknown',
      health: { state: 'stale', value: { healthy: true }, since: T },
      healthSince: T + 10 * SECOND,
      dbSize: { state: 'stale', value: 400 * 2 ** 20, since: T },
      fsyncP99: { state: 'stale', value: 0.004, since: T },
      lag: { state: 'stale', since: T },
      healthFrom: { last: { at: T }, failure: { since: T + 10 * SECOND } },
    });
  });

  it('is missing in the quorum', () => {
    expect(picture.quorum).toMatchObject({ value: { voters: 3, healthy: 2, needed: 2, canLose: 0, isKept: true } });
  });

  it('is back when it answers again, from then on', () => {
    const back = pictureOf(GROUND, silent('node-2', T), tellsHealth('node-2', T + 5 * SECOND), tellsHealth('node-2', T + 9 * SECOND)); // prettier-ignore
    expect(rowOf(etcdPicture(back, T + 9 * SECOND), 'node-2').healthSince).toBe(T + 5 * SECOND);
  });
});

describe('since when a member is as it is', () => {
  it.each<[string, (string | null)[], number | null]>([
    ['well all the time, as before too for all that is known', [null, null, null], null],
    ['unwell from the first look on', ['RAFT NO LEADER', 'RAFT NO LEADER'], null],
    ['unwell since the second time', [null, 'RAFT NO LEADER', 'RAFT NO LEADER'], 1],
    ['unwell for another reason now', ['RAFT NO LEADER', 'RAFT NO LEADER', 'ALARM NOSPACE'], 2],
    ['well again', ['RAFT NO LEADER', 'RAFT NO LEADER', null], 2],
  ])('%s', (_, reasons, first) => {
    const events = reasons.map((reason, index) => tellsHealth('node-1', T + index * MINUTE, reason));
    const row = rowOf(etcdPicture(pictureOf(GROUND, events), T + 2 * MINUTE), 'node-1');
    expect(row.healthSince).toBe(first === null ? null : T + first * MINUTE);
  });

  it('is not known of one that never answered', () => {
    const state = pictureOf(GROUND, silent('node-1', T), silent('node-1', T + MINUTE));
    expect(rowOf(etcdPicture(state, T + MINUTE), 'node-1').healthSince).toBeNull();
  });

  it('is not known of one that could not be asked before', () => {
    const state = pictureOf(GROUND, silent('node-1', T, DENIED), tellsHealth('node-1', T + MINUTE));
    expect(rowOf(etcdPicture(state, T + MINUTE), 'node-1').healthSince).toBeNull();
  });
});

describe('the quorum', () => {
  const at = T + 30 * SECOND;
  const after = (...events: Happened) =>
    etcdPicture(pictureOf(GROUND, allAnswer(T), tellsMembers(T), ...events), at).quorum;

  it('is lost when two of three are silent and the third knows no leader', () => {
    const quorum = after(silent('node-2', at), silent('node-3', at), tellsHealth('node-1', at, 'RAFT NO LEADER'));
    expect(quorum).toMatchObject({ state: 'known', value: { healthy: 0, needed: 2, canLose: 0, isKept: false } });
  });

  it('is lost when all answer that there is no leader', () => {
    const quorum = after(NODES.map((node) => tellsHealth(node, at, 'RAFT NO LEADER')));
    expect(quorum).toMatchObject({ state: 'known', value: { voters: 3, healthy: 0, isKept: false } });
  });

  it('is kept by members that only raised an alarm', () => {
    const quorum = after(NODES.map((node) => tellsHealth(node, at, 'ALARM NOSPACE')));
    expect(quorum).toMatchObject({ state: 'known', value: { healthy: 3, canLose: 1, isKept: true } });
  });

  describe('of members that give no reason, as those of etcd 3.4', () => {
    const unwell = NODES.map((node) => tellsHealth(node, at, ''));
    const leaderless = NODES.map((node) => tellsFigures(node, at, { hasLeader: false }));
    const NOSPACE = tellsMembers(at, { alarms: [{ member: IDS['node-2'], kind: 'NOSPACE' }] });

    it('is kept where the list tells an alarm', () => {
      const state = pictureOf(GROUND, allAnswer(at), NOSPACE, unwell);
      const picture = etcdPicture(state, at);
      expect(picture.quorum).toMatchObject({ state: 'known', value: { healthy: 3, isKept: true } });
      expect(valueOf(rowOf(picture, 'node-1').health)).toEqual({ healthy: false, reason: 'ALARM NOSPACE' });
    });

    it('is not told until the list was read again, which may tell an alarm', () => {
      expect(whyNot(after(allAnswer(at), unwell))).toBe(
        'whether 3 members of 3 are well is not known (node-1: not healthy, and it gives no reason, ' +
          'node-2: not healthy, and it gives no reason and 1 more)',
      );
      expect(after(allAnswer(at), unwell, tellsMembers(at))).toMatchObject({ value: { healthy: 0, isKept: false } });
    });

    it('is lost where they have no leader, whatever alarm stands', () => {
      expect(after(unwell, leaderless)).toMatchObject({ value: { healthy: 0, isKept: false } });
      expect(after(unwell, NOSPACE, leaderless)).toMatchObject({ value: { healthy: 0, isKept: false } });
    });

    it('is lost where nobody has said for long whether they have a leader', () => {
      const late = tellsHealth('node-1', at, '');
      expect(after(silent('node-2', at), silent('node-3', at), late)).toMatchObject({ value: { isKept: false } });
    });
  });

  it('is not told when nobody answers: the way there may be cut', () => {
    expect(whyNot(after(NODES.map((node) => silent(node, at)).flat()))).toMatch(/^none of 3 members answers here/);
  });

  it('is not told when one says that there is a quorum after the others fell silent', () => {
    const quorum = after(silent('node-2', T + SECOND), silent('node-3', T + SECOND), tellsHealth('node-1', at));
    expect(whyNot(quorum)).toBe(
      'node-1 says that there is a quorum, and 2 of 3 members do not answer here: the way to them may be cut',
    );
  });

  it('is lost when what the last one said is older than the silence of the others', () => {
    expect(after(silent('node-2', at), silent('node-3', at))).toMatchObject({ value: { healthy: 1, isKept: false } });
  });

  it('counts a member that has not started, and one that no node runs, as voters that do not take part', () => {
    const members = [member('node-1'), member('node-2'), member('node-3'), member('node-3', { id: 'c4', name: '', peerUrls: ['https://10.9.9.9:2380'], clientUrls: [] })]; // prettier-ignore
    expect(after(tellsMembers(at, { members }))).toMatchObject({ value: { voters: 4, needed: 3, healthy: 3, canLose: 0 } }); // prettier-ignore
  });

  it('is not told of answers that are old and were not asked again', () => {
    const state = pictureOf(GROUND, allAnswer(T), tellsMembers(T));
    expect(etcdPicture(state, T + memberFreshFor(3)).quorum.state).toBe('known');
    const late = etcdPicture(state, T + memberFreshFor(3) + 1);
    expect(whyNot(late.quorum)).toMatch(/not asked of late/);
    expect(rowOf(late, 'node-1').dbSize).toMatchObject({ state: 'stale', since: T });
    expect(late.cluster.state).toBe('known');
    expect(etcdPicture(state, T + membershipFreshFor + 1).cluster).toMatchObject({ state: 'stale', since: T });
  });
});

describe('the leader', () => {
  const at = T + 10 * SECOND;
  const leader = (...events: Happened) => etcdPicture(pictureOf(GROUND, ...events), at + SECOND).leader;
  const NO_LEADER = { isLeader: false, hasLeader: false };

  it.each<[string, Happened, unknown]>([
    ['is who says so, whatever an older list tells', [tellsMembers(T), allAnswer(T), tellsFigures('node-1', at, { isLeader: false }), tellsFigures('node-2', at, { isLeader: true })], { state: 'known', value: 'b2' }], // prettier-ignore
    ['is who says so last', [allAnswer(T), tellsFigures('node-2', at, { isLeader: true })], { state: 'known', value: 'node-2' }], // prettier-ignore
    ['is whom the list names where that member tells no figures', [tellsMembers(at), tellsFigures('node-2', at)], { state: 'known', value: 'a1' }], // prettier-ignore
    ['is none when all who answer say so', [tellsMembers(T), tellsFigures('node-2', at, NO_LEADER), tellsFigures('node-3', at, NO_LEADER)], { state: 'known', value: null }], // prettier-ignore
    ['is none by the list alone', [tellsMembers(at, { leader: null })], { state: 'known', value: null }],
    ['is the last one, stale, when it does not answer any more', [allAnswer(T), ...NODES.map((node) => silent(node, at))], { state: 'stale', value: 'node-1', since: T }], // prettier-ignore
    ['is not known while nobody told', [], { state: 'absent', why: 'no member says who leads' }],
  ])('%s', (_, events, reading) => {
    expect(leader(...events)).toEqual(reading);
  });
});

describe('alarms', () => {
  const NOSPACE = [{ member: 'b2', kind: 'NOSPACE' }];
  const at = (...events: Happened) => etcdPicture(pictureOf(GROUND, ...events), T + SECOND);

  it('are those of the list, each at its member', () => {
    const picture = at(allAnswer(T), tellsMembers(T, { alarms: NOSPACE }));
    expect(picture.alarms).toEqual({ state: 'known', value: NOSPACE });
    expect(picture.members.map(({ alarms }) => valueOf(alarms))).toEqual([[], ['NOSPACE'], []]);
  });

  it('are told by health where there is no list, without whose they are', () => {
    const picture = at(tellsHealth('node-1', T, 'ALARM NOSPACE'));
    expect(picture.alarms).toEqual({ state: 'known', value: [{ member: null, kind: 'NOSPACE' }] });
    expect(whyNot(rowOf(picture, 'node-1').alarms)).toMatch(/list that says whose it is was not read/);
  });

  it('are told by health before the list is read again', () => {
    const picture = at(tellsMembers(T), tellsHealth('node-1', T, 'ALARM CORRUPT'));
    expect(valueOf(picture.alarms)).toEqual([{ member: null, kind: 'CORRUPT' }]);
  });

  it('are known when health tells of one, however old the list is', () => {
    const at = T + membershipFreshFor + MINUTE;
    const { alarms } = etcdPicture(pictureOf(GROUND, tellsMembers(T), tellsHealth('node-1', at, 'ALARM NOSPACE')), at);
    expect(alarms).toEqual({ state: 'known', value: [{ member: null, kind: 'NOSPACE' }] });
  });

  it('are none where there is no list and a member is well', () => {
    expect(at(tellsHealth('node-1', T)).alarms).toEqual({ state: 'known', value: [] });
  });

  it('are not known where nobody tells', () => {
    expect(whyNot(at(tellsHealth('node-1', T, 'RAFT NO LEADER')).alarms)).toBe('not asked yet');
  });
});

describe('figures that are not told', () => {
  it.each<[keyof EtcdRow, Partial<ReturnType<typeof figures>>, string]>([
    ['dbSize', { dbSize: null }, 'the member does not tell it'],
    ['quota', { quota: null }, 'the member does not tell it'],
    ['fragmentation', { dbSizeInUse: null }, 'the member does not tell it'],
    ['fragmentation', { dbSize: 0 }, 'the member does not tell it'],
    ['version', { version: null }, 'the member does not tell it'],
    ['lag', { applied: null, committed: null }, 'the member does not tell it'],
    ['fsyncP99', { fsync: null }, 'the member does not tell it'],
    ['commitP99', { commit: null }, 'the member does not tell it'],
    ['commitP99', { commit: { bounds: [1, Infinity], counts: [0, 0] } }, 'nothing was written of late'],
    ['roundTrip', { roundTrips: {} }, 'the member tells of no peer'],
  ])('%s is absent, with why', (name, given, why) => {
    const row = rowOf(etcdPicture(pictureOf(GROUND, tellsFigures('node-2', T, given)), T), 'node-2');
    expect(row[name]).toEqual({ state: 'absent', why });
  });
});

describe('figures of one member against the others', () => {
  it('lag is what it has yet to apply of what the furthest committed', () => {
    const events = [tellsFigures('node-1', T, { committed: 1_057 }), tellsFigures('node-2', T, { applied: 990 }), tellsFigures('node-3', T, { applied: null })]; // prettier-ignore
    const picture = etcdPicture(pictureOf(GROUND, events), T);
    expect(NODES.map((node) => valueOf(rowOf(picture, node).lag))).toEqual([57, 67, 57]);
  });

  it('a round trip is that to the slowest of the peers that are still members', () => {
    const roundTrips = { b2: histogram(0.001), [IDS['node-3']]: histogram(0.002), dead: histogram(0.9) };
    const state = pictureOf(GROUND, tellsMembers(T), tellsFigures('node-1', T, { roundTrips }));
    expect(rowOf(etcdPicture(state, T), 'node-1').roundTrip).toEqual({ state: 'known', value: 0.002 });
  });
});
