import { describe, expect, it } from 'vitest';
import { etcd as judge } from '../../source/checks/verdict/etcd.ts';
import { etcdDocument } from '../../source/commands/etcd-item.ts';
import { etcdText } from '../../source/commands/etcd-text.ts';
import { sightNow } from '../../source/commands/sight.ts';
import { createStore } from '../../source/state/store.ts';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { etcdEvents, MEMBERS, troubledEtcd } from '../console/etcd-cluster.ts';
import { hostileCluster } from '../console/hostile-cluster.ts';
import { clusterEvents, NOON } from '../console/made-cluster.ts';
import { call, OBEYED } from './pictured.ts';
import { schemaErrors } from './program.ts';
import { sandboxed } from './sandboxed.ts';

function answered(events: readonly ClusterEvent[]) {
  const store = createStore(events);
  const sight = sightNow({ store, now: () => NOON });
  const document = etcdDocument(call, store.state, sight, judge(sight));
  return { document, text: (wide = false) => etcdText(sight, wide) };
}

const HOSTILE = '\u001b[2J\u202e\n字';
const CASES: readonly (readonly [string, readonly ClusterEvent[]])[] = [
  ['well', etcdEvents()],
  ['in trouble', troubledEtcd()],
  ['never asked', clusterEvents()],
  ['hostile', hostileCluster(HOSTILE)],
];

describe('etcd for programs', () => {
  it.each(CASES)('keeps to the schema: %s', (_, events) => {
    expect(schemaErrors('etcd', answered(events).document)).toEqual([]);
  });

  it('has figures in base units, ids in hex, and the same verdict as health', () => {
    const { document } = answered(etcdEvents());
    expect(document).toMatchObject({
      verdict: 'healthy',
      clusterId: 'cdf818194e3a8c32',
      quorum: 2,
      voters: 3,
      healthyVoters: 3,
      canLose: 1,
      hasQuorum: true,
      leader: 'a1b2c3d4e5f60718',
      alarms: [],
      advice: [],
    });
    expect(document.members[1]).toMatchObject({
      id: '8e9e05c52164694d',
      name: 'master-1',
      node: 'master-1',
      role: 'follower',
      healthy: true,
      version: '3.5.15',
      quota: 2_048 * 2 ** 20,
      raftIndexLag: 0,
      alarms: [],
    });
    expect(document.members[1]?.fsyncP99).toBeCloseTo(0.003_9, 3);
  });

  it('says of what is not known why, and never zero', () => {
    const { document } = answered(clusterEvents());
    expect(document).toMatchObject({ verdict: 'unknown', canLose: null, quorum: null, leader: null });
    expect(document.canLoseWhy).toMatch(/./);
    expect(document.members[0]).toMatchObject({ id: null, healthy: null, dbSize: null, fsyncP99: null });
    expect(document.members[0]?.dbSizeWhy).toMatch(/./);
  });

  it('has the last figures of a member that is silent, with since when they are old', () => {
    const { document } = answered(troubledEtcd());
    const silent = document.members.find(({ name }) => name === 'master-2');
    expect(silent).toMatchObject({
      role: null,
      dbSizeStaleSince: expect.stringMatching(/^2026-01-31T11:5/) as unknown,
    });
    expect(silent?.healthFrom.lostWhy).toBe('connect: connection refused');
    expect(document.advice.map(({ operation }) => operation)).toContain('disarm');
  });

  it('tells no leader from one that is not known', () => {
    const { document } = answered(
      etcdEvents(MEMBERS.map((member) => ({ ...member, isLeader: false, given: { hasLeader: false } }))),
    );
    expect(document.leader).toBeNull();
    expect(document.leaderWhy).toBeUndefined();
  });
});

describe('etcd for people', () => {
  it('is a sentence, a table, and what to do', () => {
    const lines = answered(troubledEtcd()).text().split('\n');
    expect(lines[0]).toMatch(/^etcd: 2 of 3 members, quorum 2, CAN LOSE 0\. etcd is full/);
    expect(lines[2]).toMatch(
      /^MEMBER +ROLE +HEALTH +VERSION +PEER-RTT +FSYNC-P99 +COMMIT-P99 +DB-SIZE +IN-USE +QUOTA +LAG/,
    );
    expect(lines[5]).toMatch(/^master-2 +\? +no answer 4m +3\.5\.15 /);
    expect(lines.at(-3)).toMatch(/^- Defragmenting gives back .* \(etcd defragment\)$/);
    expect(lines.at(-2)).toMatch(/connect: connection refused/);
  });

  it('says with -o wide where each figure is from', () => {
    expect(answered(troubledEtcd()).text(true)).toMatch(/by the pod proxy 5m ago, no answer for 4m\n/);
  });

  it('draws nothing that a terminal would obey', () => {
    expect(answered(hostileCluster(HOSTILE)).text(true)).not.toMatch(OBEYED);
  });
});

describe('etcd of a cluster', () => {
  const here = sandboxed();

  it('is well, and ends with 0', async () => {
    const { code, stderr, document } = await here.json('etcd');
    expect({ code, stderr, errors: schemaErrors('etcd', document) }).toEqual({ code: 0, stderr: '', errors: [] });
    expect(document).toMatchObject({ verdict: 'healthy', voters: 3, canLose: 1 });
    expect((await here.cli('etcd')).stdout).toContain('etcd: 3 of 3 members, quorum 2, CAN LOSE 1.');
  });
});
