import { describe, expect, it } from 'vitest';
import { controlPlane } from '../../../source/checks/verdict/control-plane.ts';
import { verdictOf } from '../../../source/checks/verdict/cluster.ts';
import type { Sight } from '../../../source/checks/verdict/sight.ts';
import type { ApiServerHealth, Workload } from '../../../source/model/control-plane/control-plane.ts';
import type { ResourceStatus } from '../../../source/model/cluster-event.ts';
import { absent, denied, known } from '../../../source/model/reading.ts';
import { SERVICES, STATIC_PODS } from '../../../source/product/services.ts';
import type {
  ApiServerStanding,
  ControlPlaneNode,
  ControlPlanePicture,
  LeaderStanding,
  ServiceStanding,
  Standing,
} from '../../../source/state/control-plane.ts';
import { NOT_ASKED } from '../../../source/state/picture.ts';
import { makeNode } from '../../state/made.ts';
import { controlPlaneOf, etcdOf, LOST, member, MINUTE, NODES, NOW, sightOf, silent } from './made-sight.ts';

const judge = (given: Partial<ControlPlanePicture>) => controlPlane(sightOf({ controlPlane: controlPlaneOf(given) }));
const seen = (status: ResourceStatus, unansweredSince: number | null = null): Sight => {
  const sight = sightOf();
  const resources = { ...sight.state.resources, nodes: { status, heardAt: null } };
  return { ...sight, state: { ...sight.state, resources, unansweredSince } };
};
const AGO = NOW - 4 * MINUTE;

describe('the API server', () => {
  it.each<[string, Sight, string, string]>([
    ['answers', seen({ state: 'live' }), 'healthy', 'control plane ok 8ms'],
    ['is silent', seen({ state: 'live' }, AGO), 'at-risk', 'control plane: the API server does not answer since 4m'],
    [
      'is gone',
      seen({ state: 'stale', since: AGO, why: 'refused' }),
      'at-risk',
      'control plane: the API server does not answer since 4m',
    ],
    [
      'never answered',
      seen({ state: 'absent', why: 'Cannot connect: refused.' }),
      'unknown',
      'control plane: the API server gave no list of nodes',
    ],
    ['was not asked', seen(NOT_ASKED), 'unknown', 'control plane: not asked yet'],
    ['is being asked', seen({ state: 'loading', loaded: 0, total: null }), 'unknown', 'control plane: connecting'],
    [
      'refuses, which is an answer',
      seen({ state: 'denied', right: 'list nodes', why: 'forbidden' }),
      'healthy',
      'control plane ok 8ms',
    ],
  ])('%s', (_, sight, verdict, sentence) => {
    expect(controlPlane(sight)).toMatchObject({ verdict, sentence });
  });

  it('that was never reached is the one cause why nothing is known', () => {
    const leaders = [leader('unknown', { lease: absent('not asked yet') })];
    const services = [service('coredns', 'unknown', absent('refused'))];
    const sight = { ...seen({ state: 'absent', why: 'refused' }), controlPlane: controlPlaneOf({ leaders, services }) };
    expect(controlPlane(sight).reasons.map(({ sentence }) => sentence)).toEqual([
      'the API server gave no list of nodes',
      'refused',
    ]);
  });

  it('waits for etcd without a quorum, which is the worse of the two', () => {
    const etcd = etcdOf([member('a'), silent('b'), silent('c')]);
    const sight = { ...seen({ state: 'stale', since: AGO, why: 'refused' }), etcd };
    expect(controlPlane(sight)).toMatchObject({
      verdict: 'degraded',
      sentence: 'control plane: the API server waits for etcd since 4m',
    });
    expect(verdictOf(sight).reasons[0]).toMatchObject({ area: 'etcd', severity: 'at-risk' });
  });
});

const HEALTH: ApiServerHealth = {
  address: 'https://10.1.0.11:6443',
  live: { ok: true, checks: [], milliseconds: 3 },
  ready: { ok: true, checks: [], milliseconds: 3 },
};
const server = (node: string, given: Partial<ApiServerStanding> = {}): ApiServerStanding => ({
  address: `https://${node}:6443`,
  node,
  health: known(HEALTH),
  lostSince: null,
  failing: [],
  ...given,
});
const lostServer = (node: string) => server(node, { health: absent('refused'), lostSince: AGO });

describe('API servers at their own addresses', () => {
  it.each([
    ['all answer', [server('m-1'), server('m-2')], 'healthy', []],
    [
      'one does not answer',
      [server('m-1'), lostServer('m-2')],
      'degraded',
      ['API server of m-2 does not answer since 4m'],
    ],
    [
      'none is reached from here, while the door in use answers',
      [lostServer('m-1')],
      'healthy',
      ['API server of m-1 does not answer at its own address since 4m'],
    ],
    [
      'one fails a check',
      [server('m-1', { failing: ['etcd', 'etcd-readiness'] })],
      'degraded',
      ['API server of m-1 fails its check etcd, etcd-readiness'],
    ],
    [
      'one failed a check long ago',
      [server('m-1', { failing: ['etcd'], health: { state: 'stale', value: HEALTH, since: AGO } })],
      'healthy',
      [],
    ],
  ])('%s', (_, apiServers, verdict, sentences) => {
    const judged = judge({ apiServers });
    expect(judged.verdict).toBe(verdict);
    expect(judged.reasons.map(({ sentence }) => sentence)).toEqual(sentences);
  });
});

const leader = (standing: LeaderStanding['standing'], given: Partial<LeaderStanding> = {}): LeaderStanding => ({
  name: 'kube-scheduler',
  lease: known(null),
  node: 'm-1',
  age: 4 * MINUTE,
  standing,
  ...given,
});

describe('leaders', () => {
  it.each([
    ['held', leader('held'), 'healthy', 'control plane ok 8ms'],
    ['lapsed', leader('lapsed'), 'at-risk', 'control plane: no scheduler leads since 4m'],
    [
      'free',
      leader('free', { name: 'kube-controller-manager' }),
      'at-risk',
      'control plane: no controller manager leads',
    ],
    ['missing', leader('missing', { name: 'another' }), 'at-risk', 'control plane: no another leads'],
    [
      'old by a clock that may be another',
      leader('unknown', { age: 600_000 }),
      'unknown',
      'control plane: which scheduler leads is not known: its Lease was not seen to be renewed yet and is 10m old by the clock of this machine, which may differ',
    ],
    [
      'unknown',
      leader('unknown', { lease: denied('list leases') }),
      'unknown',
      'control plane: which scheduler leads is not known: the right "list leases" is missing',
    ],
  ])('%s', (_, one, verdict, sentence) => {
    expect(judge({ leaders: [one] })).toMatchObject({ verdict, sentence });
  });
});

describe('leaders while nothing can be written', () => {
  const leaders = [leader('lapsed')];
  const alarms = known([{ member: 'a', kind: 'NOSPACE' }]);
  it.each([
    ['etcd is full', etcdOf([member('a'), member('b'), member('c')], { alarms })],
    ['etcd has no quorum', etcdOf([member('a'), silent('b'), silent('c')])],
  ])('wait for etcd, which is told first: %s', (_, etcd) => {
    const verdict = verdictOf(sightOf({ etcd, controlPlane: controlPlaneOf({ leaders }) }));
    expect(verdict.reasons[0]).toMatchObject({ area: 'etcd', severity: 'at-risk' });
    expect(verdict.reasons.find(({ area }) => area === 'control-plane')).toMatchObject({
      severity: 'degraded',
      sentence: 'no scheduler leads since 4m, as etcd takes no writes',
    });
  });
});

const host = (node: string, standings: Readonly<Record<string, Standing>>): ControlPlaneNode => ({
  node,
  roles: ['master', 'etcd'],
  pods: STATIC_PODS.map((pod) => ({
    pod,
    node,
    row: known(null),
    standing: standings[pod.component] ?? 'serving',
  })),
});
const hosts = (...all: readonly ControlPlaneNode[]) => ({ nodes: known(all) });

describe('static pods', () => {
  it.each([
    ['all serve', hosts(host('m-1', {}), host('m-2', {})), 'healthy', []],
    [
      'a scheduler is down and another serves',
      hosts(host('m-1', { 'kube-scheduler': 'down' }), host('m-2', {})),
      'degraded',
      ['scheduler of m-1 is down'],
    ],
    [
      'none serves',
      hosts(host('m-1', { 'kube-scheduler': 'partly' }), host('m-2', { 'kube-scheduler': 'missing' })),
      'at-risk',
      ['scheduler of m-1 is not ready', 'scheduler of m-2 is missing'],
    ],
    [
      'one cannot be seen: its node says so',
      hosts(host('m-1', { 'kube-scheduler': 'unknown' }), host('m-2', { 'kube-scheduler': 'down' })),
      'degraded',
      ['scheduler of m-2 is down'],
    ],
    ['etcd answers for itself', hosts(host('m-1', { etcd: 'down' })), 'healthy', []],
    ['the registry is down', hosts(host('m-1', { repositories: 'down' })), 'degraded', ['registry of m-1 is down']],
    [
      'nothing is seen',
      { nodes: denied('list pods') },
      'unknown',
      ['its pods are not known: the right "list pods" is missing'],
    ],
  ])('%s', (_, given, verdict, sentences) => {
    const judged = judge(given);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reasons.map(({ sentence }) => sentence)).toEqual(sentences);
  });
});

const service = (
  name: string,
  standing: Standing,
  workload: ServiceStanding['workload'] = known(null),
): ServiceStanding => {
  const found = SERVICES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is no service of the product`);
  return { service: found, workload, standing };
};
const WORKLOAD = { wanted: 3, serving: 1 } as Workload;

describe('services', () => {
  it('on every node that are short by the nodes that are lost are told only', () => {
    const short = (serving: number) => {
      const services = [service('calico-node', 'partly', known({ ...WORKLOAD, wanted: 5, serving }))];
      const nodes = [...NODES, makeNode({ name: 'lost', conditions: LOST })];
      return controlPlane(sightOf({ nodes, controlPlane: controlPlaneOf({ services }) }));
    };
    expect(short(4)).toMatchObject({ verdict: 'healthy', reasons: [{ sentence: 'Calico is short, 4 of 5' }] });
    expect(short(3)).toMatchObject({ verdict: 'degraded' });
  });

  it.each([
    ['serve', [service('coredns', 'serving'), service('dex', 'not-installed')], 'healthy', []],
    ['are short', [service('coredns', 'partly', known(WORKLOAD))], 'degraded', ['CoreDNS is short, 1 of 3']],
    ['are down that all need', [service('coredns', 'down', known(WORKLOAD))], 'at-risk', ['CoreDNS is down, 1 of 3']],
    ['are missing', [service('metalk8s-ui', 'missing')], 'degraded', ['web UI is missing']],
    [
      'are not known, which is said once',
      [
        service('coredns', 'unknown', denied('list deployments.apps')),
        service('metalk8s-ui', 'unknown', denied('list deployments.apps')),
      ],
      'unknown',
      ['services are not known: the right "list deployments.apps" is missing'],
    ],
  ])('%s', (_, services, verdict, sentences) => {
    const judged = judge({ services });
    expect(judged.verdict).toBe(verdict);
    expect(judged.reasons.map(({ sentence }) => sentence)).toEqual(sentences);
  });
});
