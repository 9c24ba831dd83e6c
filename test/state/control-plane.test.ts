import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import type {
  BackupCopy,
  HealthAnswer,
  LeaderLease,
  Workload,
} from '../../source/model/control-plane/control-plane.ts';
import { SERVICES } from '../../source/product/services.ts';
import { leaderWords } from '../../source/state/control-plane-words.ts';
import {
  answer,
  BOOT,
  DAY,
  live,
  MASTER,
  MINUTE,
  noAnswer,
  nodes,
  NOW,
  picture,
  SECOND,
  WORKER,
} from './control-plane-made.ts';

describe('services', () => {
  const workload = (name: string, wanted: number, serving: number, more: Partial<Workload> = {}): Workload => ({
    uid: name,
    kind: 'Deployment',
    namespace: 'kube-system',
    name,
    wanted,
    serving,
    createdAt: null,
    ...more,
  });
  const standingOf = (name: string, events: readonly ClusterEvent[]) =>
    picture(events).services.find(({ service }) => service.name === name);
  const deployments = (...items: readonly Workload[]): ClusterEvent[] => [
    { type: 'changed', at: NOW, resource: 'deployments', items },
    live('deployments'),
  ];

  test('are all of the table, in its order', () => {
    expect(picture([]).services.map(({ service }) => service)).toEqual(SERVICES);
  });

  test.each<[string, string, readonly ClusterEvent[], string]>([
    ['all that is wanted serves', 'coredns', [...nodes(BOOT), ...deployments(workload('coredns', 2, 2))], 'serving'],
    [
      'more serves than is wanted, while it rolls',
      'coredns',
      [...nodes(BOOT), ...deployments(workload('coredns', 2, 3))],
      'serving',
    ],
    ['a part', 'coredns', [...nodes(BOOT), ...deployments(workload('coredns', 2, 1))], 'partly'],
    ['nothing', 'coredns', [...nodes(BOOT), ...deployments(workload('coredns', 2, 0))], 'down'],
    [
      'nothing, since nothing is wanted',
      'coredns',
      [...nodes(BOOT), ...deployments(workload('coredns', 0, 0))],
      'down',
    ],
    ['it is not there', 'coredns', [...nodes(BOOT), ...deployments()], 'missing'],
    [
      'only its namesake elsewhere is',
      'coredns',
      [...nodes(BOOT), ...deployments(workload('coredns', 1, 1, { namespace: 'shop' }))],
      'missing',
    ],
    ['it need not be there', 'dex', [...nodes(BOOT), ...deployments()], 'not-installed'],
    ['nothing need be there on another Kubernetes', 'coredns', [...nodes(MASTER), ...deployments()], 'not-installed'],
    ['nobody says', 'coredns', nodes(BOOT), 'unknown'],
    [
      'nobody may say',
      'coredns',
      [
        {
          type: 'status',
          at: NOW,
          resource: 'deployments',
          status: { state: 'denied', right: 'list deployments.apps', why: 'No.' },
        },
      ],
      'unknown',
    ],
  ])('%s', (_, name, events, standing) => {
    expect(standingOf(name, events)?.standing).toBe(standing);
  });

  test('the version of MetalK8s on the cluster is enough to miss them', () => {
    const facts = {
      cluster: 'a',
      context: 'a',
      user: 'a',
      kubernetesVersion: null,
      metalk8sVersion: '129.0.3',
      door: { address: 'https://192.0.2.1:6443', first: true },
    };
    expect(standingOf('coredns', [{ type: 'server', at: NOW, facts }, ...deployments()])?.standing).toBe('missing');
  });

  test('a DaemonSet and a StatefulSet are looked for among their own', () => {
    const events: ClusterEvent[] = [
      ...nodes(BOOT),
      {
        type: 'changed',
        at: NOW,
        resource: 'daemonSets',
        items: [workload('calico-node', 3, 3, { kind: 'DaemonSet' })],
      },
      live('daemonSets'),
      live('statefulSets'),
      ...deployments(workload('prometheus-prometheus-operator-prometheus', 1, 1, { namespace: 'metalk8s-monitoring' })),
    ];
    expect(standingOf('calico-node', events)?.standing).toBe('serving');
    expect(standingOf('prometheus-prometheus-operator-prometheus', events)?.standing).toBe('missing');
  });
});

describe('a leader', () => {
  const lease = (more: Partial<LeaderLease>): LeaderLease => ({
    name: 'kube-scheduler',
    holder: 'master-2_5f0c-77',
    renewedAt: NOW - 2 * SECOND,
    movedAt: NOW,
    seconds: 15,
    transitions: 1,
    ...more,
  });
  const leaderOf = (leases: readonly LeaderLease[], now = NOW) => picture([answer('leases', leases)], now).leaders[0];
  const CLOCKS_APART = 10 * MINUTE;

  test.each<[string, Partial<LeaderLease>, string]>([
    ['renewed since it was asked before', {}, 'held'],
    ['whatever the clocks say', { renewedAt: NOW - CLOCKS_APART }, 'held'],
    ['also in the future', { renewedAt: NOW + CLOCKS_APART }, 'held'],
    ['not renewed for as long as it holds', { movedAt: NOW - 15 * SECOND }, 'held'],
    ['nor for longer', { movedAt: NOW - 16 * SECOND }, 'lapsed'],
    ['for longer, although it claims to be new', { movedAt: NOW - MINUTE, renewedAt: NOW }, 'lapsed'],
    ['it says how long it holds', { movedAt: NOW - MINUTE, seconds: 90 }, 'held'],
    ['or holds for as long as is usual', { movedAt: NOW - 16 * SECOND, seconds: null }, 'lapsed'],
    ['asked once, and renewed by both clocks', { movedAt: null }, 'held'],
    ['asked once, with clocks apart or nobody there', { movedAt: null, renewedAt: NOW - CLOCKS_APART }, 'unknown'],
    ['asked once, and never renewed', { movedAt: null, renewedAt: null }, 'unknown'],
    ['given up', { holder: '' }, 'free'],
  ])('%s', (_, more, standing) => {
    expect(leaderOf([lease(more)])?.standing).toBe(standing);
  });

  test.each<[string, Partial<LeaderLease>, string]>([
    [
      'ahead of the clock here',
      { renewedAt: NOW + CLOCKS_APART },
      'not known: its Lease was not seen to be renewed yet and lies 10m ahead of the clock of this machine, which may differ',
    ],
    [
      'old by the clock here',
      { renewedAt: NOW - CLOCKS_APART },
      'not known: its Lease was not seen to be renewed yet and is 10m old by the clock of this machine, which may differ',
    ],
    ['without a time', { renewedAt: null }, 'not known: the Lease does not say when it was renewed'],
  ])('that was asked once, with a renewal %s, says why it is not known', (_, more, words) => {
    const leader = leaderOf([lease({ movedAt: null, ...more })]);
    expect(leader && leaderWords(leader)).toBe(words);
  });

  test('has a node and an age as of when it was asked', () => {
    expect(leaderOf([lease({})], NOW + 10 * SECOND)).toMatchObject({ node: 'master-2', age: 2 * SECOND });
    expect(leaderOf([lease({ holder: 'odd', renewedAt: null })])).toMatchObject({ node: null, age: null });
  });

  test('is missing without a Lease, and not known without an answer', () => {
    expect(leaderOf([])).toMatchObject({ standing: 'missing', lease: { state: 'known', value: null } });
    expect(picture([noAnswer('leases', '', 'denied')]).leaders).toMatchObject([
      { standing: 'unknown', lease: { state: 'denied', right: 'list it' } },
      { standing: 'unknown', lease: { state: 'denied', right: 'list it' } },
    ]);
  });

  test('is old after two rounds and a half without an answer', () => {
    expect(leaderOf([lease({})], NOW + 150 * SECOND)?.lease.state).toBe('known');
    expect(leaderOf([lease({})], NOW + 151 * SECOND)?.lease).toMatchObject({ state: 'stale', since: NOW });
  });
});

describe('API servers', () => {
  const WELL: HealthAnswer = { ok: true, checks: [{ name: 'ping', ok: true }], milliseconds: 4 };
  const ill = (...names: readonly string[]): HealthAnswer => ({
    ok: false,
    checks: names.map((name) => ({ name, ok: false })),
    milliseconds: 4,
  });
  const first = 'https://192.0.2.1:6443';
  const second = 'https://192.0.2.2:6443';

  test('are the masters, asked or not, and whatever else was asked', () => {
    const health = (address: string) => answer('apiServer', { address, live: WELL, ready: WELL });
    expect(
      picture([...nodes(BOOT, MASTER, WORKER), health(second), health('https://vip.example:6443')]).apiServers,
    ).toMatchObject([
      { address: first, node: 'boot', health: { state: 'absent', why: 'not asked yet' }, lostSince: null, failing: [] },
      { address: second, node: 'master-2', health: { state: 'known' } },
      { address: 'https://vip.example:6443', node: null, health: { state: 'known' } },
    ]);
  });

  test.each([
    ['none', WELL, WELL, []],
    ['those of life first, each once', ill('etcd'), ill('informer-sync', 'etcd'), ['etcd', 'informer-sync']],
    ['the page itself where it says no without a check', ill(), WELL, ['livez']],
  ])('fail by their checks: %s', (_, live, ready, failing) => {
    const [standing] = picture([answer('apiServer', { address: first, live, ready })]).apiServers;
    expect(standing?.failing).toEqual(failing);
  });

  test('that do not answer are lost since they first did not, for as long as they are asked', () => {
    const events = [
      answer('apiServer', { address: first, live: WELL, ready: ill('etcd') }, NOW - 40 * SECOND),
      noAnswer('apiServer', first, 'lost', NOW - 30 * SECOND),
      noAnswer('apiServer', first, 'lost', NOW - 20 * SECOND),
    ];
    expect(picture(events).apiServers).toMatchObject([
      { lostSince: NOW - 30 * SECOND, failing: [], health: { state: 'stale', since: NOW - 40 * SECOND } },
    ]);
    expect(picture(events, NOW + MINUTE).apiServers).toMatchObject([{ lostSince: null }]);
  });

  test('that refuse, or cannot be asked from here, are not lost', () => {
    const refused = [noAnswer('apiServer', first, 'denied'), noAnswer('apiServer', second, 'absent')];
    expect(picture(refused).apiServers.map(({ lostSince, health }) => [lostSince, health.state])).toEqual([
      [null, 'denied'],
      [null, 'absent'],
    ]);
  });

  test('that are asked no more are gone', () => {
    const events = [
      noAnswer('apiServer', first, 'lost', NOW - MINUTE),
      answer('apiServer', { address: second, live: WELL, ready: WELL }),
    ];
    expect(picture(events).apiServers.map(({ address }) => address)).toEqual([second]);
  });
});

describe('the backup', () => {
  const copy = (job: string, more: Partial<BackupCopy> = {}): BackupCopy => ({
    job,
    node: 'boot',
    startedAt: NOW - DAY - MINUTE,
    endedAt: NOW - DAY,
    outcome: 'done',
    ...more,
  });
  const backupOf = (copies: readonly BackupCopy[], now = NOW) => picture([answer('backups', copies)], now).backup;

  test('is the newest that ended well, with the last copy to each node', () => {
    const old = copy('old');
    const other = copy('other', { node: 'master-2', endedAt: NOW - 2 * DAY });
    const failed = copy('failed', { outcome: 'failed', endedAt: NOW - MINUTE });
    expect(backupOf([other, old, failed])).toEqual({
      state: 'known',
      value: { newest: old, age: DAY, copies: [failed, other] },
    });
  });

  test('has no age where none ended well, or nobody says when', () => {
    const running = copy('running', { outcome: 'running', endedAt: null, startedAt: NOW });
    expect(backupOf([running])).toMatchObject({ value: { newest: null, age: null, copies: [running] } });
    expect(backupOf([copy('odd', { endedAt: null })])).toMatchObject({ value: { newest: { job: 'odd' }, age: null } });
    expect(backupOf([])).toMatchObject({ state: 'known', value: { newest: null, age: null, copies: [] } });
  });

  test('is not known before it is asked', () => {
    expect(picture([]).backup).toEqual({ state: 'absent', why: 'not asked yet' });
  });

  test('is not asked for where the nodes cannot be read, with why', () => {
    const status = { state: 'absent', why: 'Cannot connect: refused.' } as const;
    const backup = picture([{ type: 'status', at: NOW, resource: 'nodes', status }]).backup;
    expect(backup).toEqual({ state: 'absent', why: 'not asked: the nodes could not be read' });
  });
});
