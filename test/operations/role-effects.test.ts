import { describe, expect, it, test } from 'vitest';
import type { ResourceStatus } from '../../source/model/cluster-event.ts';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import { ANYWHERE } from '../../source/model/kubernetes/placement.ts';
import type { PodRow } from '../../source/model/kubernetes/pod.ts';
import { changesOf } from '../../source/operations/edit.ts';
import { effectsOf } from '../../source/operations/effects.ts';
import type { NodeEdit, RoleTaints } from '../../source/operations/operation.ts';
import { ROLES, roleLabel, type Role } from '../../source/product/roles.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod } from '../state/made.ts';

const words = (text: string): Role[] => ROLES.filter((role) => text.split(' ').includes(role));
const taint = (role: Role) => ({ key: roleLabel(role), value: '', effect: 'NoSchedule', timeAdded: null });
const bears = (...roles: readonly Role[]) =>
  roles.map((role) => ({ key: roleLabel(role), operator: 'Exists', value: '', effect: 'NoSchedule', seconds: null }));

/** A large node with these roles and taints of roles. */
const node = (name: string, roles: string, taints = '', given: Partial<ClusterNode> = {}): ClusterNode =>
  makeNode({
    name,
    labels: Object.fromEntries(words(roles).map((role) => [roleLabel(role), ''])),
    taints: taints === '' ? null : words(taints).map(taint),
    capacity: { cpu: 32_000, memory: 64e9, ephemeralStorage: 50e9, pods: 110 },
    ...given,
  });

const pod = (name: string, role: Role, tolerations: PodRow['tolerations'], given: Partial<PodRow> = {}): PodRow =>
  makePod({
    uid: name,
    name,
    namespace: 'product',
    node: 'm-1',
    tolerations,
    placement: { ...ANYWHERE, selector: { [roleLabel(role)]: '' } },
    ...given,
  });

const edit = (text: string, taints: RoleTaints = { mode: 'proposed' }): NodeEdit => {
  const signed = (sign: string) => ROLES.filter((role) => text.split(' ').includes(sign + role));
  return { kind: 'role', add: signed('+'), remove: signed('-'), taints };
};
const KEPT: RoleTaints = { mode: 'kept' };

type Given = { nodes: readonly ClusterNode[]; pods?: readonly PodRow[]; seen?: ResourceStatus };

function told({ nodes, pods = [], seen = { state: 'live' } }: Given, names: string, asked: NodeEdit): string[] {
  const store = createStore([
    { type: 'changed', at: 1, resource: 'nodes', items: nodes },
    { type: 'changed', at: 1, resource: 'pods', items: pods },
    { type: 'status', at: 1, resource: 'pods', status: seen },
    ...(['claims', 'persistentVolumes', 'storageClasses'] as const).map(
      (resource) => ({ type: 'status', at: 1, resource, status: { state: 'live' } }) as const,
    ),
  ]);
  const steps = nodes
    .filter(({ name }) => names.split(' ').includes(name))
    .map((one) => ({ node: one.name, changes: changesOf(one, asked) }));
  return effectsOf(store.state, steps).map(({ severity, sentence }) => `${severity}: ${sentence}`);
}

/** Three masters, two of them with infra, and a worker: enough that nothing is the last. */
const SITE = [
  node('m-1', 'bootstrap master etcd', 'bootstrap'),
  node('m-2', 'master etcd infra', 'infra'),
  node('m-3', 'master etcd infra', 'infra'),
  node('w-1', 'node'),
  node('w-2', 'node'),
];
const DEPLOYED =
  'set up on the machine only when the node is deployed again (deploy_node), which cordons and drains it, and leaves it cordoned when it fails in between.';

describe('a role that is given', () => {
  it('is set up by a deployment alone, told once for all nodes and whichever way the label is set', () => {
    const given = { nodes: SITE };
    expect(told(given, 'w-1 w-2', edit('+infra', KEPT))).toEqual([
      `warning: w-1 and w-2: the role infra is ${DEPLOYED}`,
    ]);
    expect(told(given, 'w-1', { kind: 'label', set: { [roleLabel('infra')]: '' }, remove: [] })).toEqual([
      `warning: w-1: the role infra is ${DEPLOYED}`,
    ]);
    expect(told(given, 'w-1 w-2', edit('+master +etcd', KEPT))).toContain(
      `warning: w-1 and w-2: the roles master and etcd are ${DEPLOYED}`,
    );
  });

  it('is set up with the rest on a machine that has not joined yet', () => {
    const nodes = [...SITE, node('new', '', '', { conditions: [] })];
    expect(told({ nodes }, 'new', edit('+infra', KEPT))).toEqual([
      'note: new: the role infra is set up on the machine when the node is deployed.',
    ]);
  });

  test.each([
    ['master etcd infra', []],
    ['', [`warning: n: the role node is ${DEPLOYED}`]],
    ['bootstrap', [`warning: n: the role node is ${DEPLOYED}`]],
  ])('node brings nothing to a machine that has what it brings (%s)', (roles, effects) => {
    const nodes = [...SITE, node('n', roles)];
    const asked: NodeEdit = { kind: 'label', set: { [roleLabel('node')]: '' }, remove: [] };
    expect(told({ nodes }, 'n', asked).filter((line) => !line.includes('opens'))).toEqual(effects);
  });
});

describe('a role that is taken away', () => {
  test.each<[Role, RegExp]>([
    ['etcd', /its member stays in the etcd cluster, and counts for the quorum, until it is removed by hand/],
    ['master', /its API server, controller manager and scheduler keep running as static pods/],
    ['infra', /pods that select the role and run here stay until they are made anew/],
  ])('%s uninstalls nothing', (role, says) => {
    const lines = told({ nodes: SITE }, 'm-2', edit(`-${role}`, KEPT));
    expect(lines).toContainEqual(expect.stringMatching(says));
    expect(lines).toContainEqual(
      expect.stringContaining(
        `m-2: without its label the role ${role} is no longer placed here, and nothing is uninstalled`,
      ),
    );
  });

  it('comes back to the bootstrap node with the next run of its script', () => {
    expect(told({ nodes: SITE }, 'm-1', edit('-master -etcd', KEPT))).toContain(
      'warning: m-1: the next run of the bootstrap or restore script labels it master and etcd again.',
    );
    expect(told({ nodes: SITE }, 'm-2', edit('-master', KEPT)).join()).not.toContain('script');
  });

  it('leaves the taints of the bootstrap node to the script, when it is node', () => {
    const nodes = [...SITE, node('b', 'bootstrap master etcd infra node')];
    const asked: NodeEdit = { kind: 'label', set: {}, remove: [roleLabel('node')] };
    expect(told({ nodes }, 'b', asked)).toEqual([
      'note: b: without the label node-role.kubernetes.io/node a later run of the bootstrap or restore script sets ' +
        'node-role.kubernetes.io/bootstrap:NoSchedule and node-role.kubernetes.io/infra:NoSchedule.',
    ]);
    expect(told({ nodes: [...SITE, node('c', 'master node')] }, 'c', asked)).toEqual([]);
  });
});

describe('how many nodes have a role', () => {
  const counts = (names: string, asked: NodeEdit, nodes = SITE) =>
    told({ nodes }, names, asked).filter((line) => line.includes(' then '));

  test.each<[string, string, string[]]>([
    [
      'w-1',
      '+etcd',
      [
        'warning: 4 nodes then have the role etcd, an even number: 4 members bear the loss of no more of them than 3 do.',
      ],
    ],
    [
      'm-2',
      '-etcd',
      [
        'warning: 2 nodes then have the role etcd, an even number: 2 members bear the loss of no more of them than 1 do.',
      ],
    ],
    ['w-1 w-2', '+etcd', []],
    ['m-2 m-3', '-etcd', []],
    ['w-1', '+infra', []],
    [
      'm-1 m-2 m-3',
      '-etcd',
      [
        'warning: No node then has the role etcd: the members that run stay until they are removed by hand, and none is set up anew.',
      ],
    ],
    [
      'm-1 m-2 m-3',
      '-master',
      [
        'warning: No node then has the role master: no API server is set up anew, and pods that select the role find no node.',
      ],
    ],
  ])('%s %s', (names, text, lines) => {
    expect(counts(names, edit(text, KEPT))).toEqual(lines);
  });

  it('is told of bootstrap too, which labels alone can change', () => {
    const label = (set: Record<string, string>, ...remove: string[]): NodeEdit => ({ kind: 'label', set, remove });
    expect(counts('w-1', label({ [roleLabel('bootstrap')]: '' }))).toEqual([
      expect.stringMatching(/^warning: 2 nodes then have the role bootstrap, of which there must be exactly one/),
    ]);
    expect(counts('m-1', label({}, roleLabel('bootstrap')))).toEqual([
      expect.stringMatching(/^warning: No node then has the role bootstrap/),
    ]);
  });
});

describe('pods that select a role', () => {
  const MONITORING = bears('bootstrap', 'infra');
  const stranded = (given: Given, names: string, asked: NodeEdit) =>
    told(given, names, asked).filter((line) => line.includes('is left that would take'));

  it('of infra are told when no Ready node is left for them', () => {
    const pods = [pod('prometheus', 'infra', MONITORING), pod('done', 'infra', MONITORING, { phase: 'Succeeded' })];
    expect(stranded({ nodes: SITE, pods }, 'm-2', edit('-infra'))).toEqual([]);
    const sentence =
      'warning: No Ready node with the role infra is left that would take monitoring, the web UIs and CoreDNS ' +
      '(1 pod that selects the role: product/prometheus).';
    expect(stranded({ nodes: SITE, pods }, 'm-2 m-3', edit('-infra'))).toEqual([sentence]);
    const lost = node('m-3', 'master etcd infra', 'infra', { conditions: [] });
    const nodes = SITE.map((one) => (one.name === 'm-3' ? lost : one));
    expect(stranded({ nodes, pods }, 'm-2', edit('-infra'))).toEqual([sentence]);
    expect(stranded({ nodes, pods }, 'm-2', edit('', { mode: 'set', roles: ['etcd', 'infra'] }))).toEqual([sentence]);
  });

  it('are told by their services where the pods are not seen', () => {
    const seen = { state: 'denied', right: 'list pods', why: 'forbidden' } as const;
    expect(stranded({ nodes: SITE, seen }, 'm-2 m-3', edit('-infra', KEPT))).toEqual([
      'warning: No Ready node with the role infra is left that would take monitoring, the web UIs and CoreDNS.',
    ]);
  });

  it('are not told when they had no place before', () => {
    const nodes = [node('m-1', 'master etcd infra', 'master etcd'), node('w-1', 'node')];
    const pods = [pod('prometheus', 'infra', MONITORING)];
    expect(stranded({ nodes, pods }, 'm-1', edit('-infra', KEPT))).toEqual([]);
  });

  // The taint of etcd is tolerated by next to nothing, so that masters which carry it take no ingress (MetalK8s charts).
  it('of the control plane are told when they bear the taints of no master left', () => {
    const nodes = [
      node('m-1', 'master etcd infra', 'infra'),
      node('m-2', 'master etcd', 'master etcd'),
      node('w-1', 'infra'),
    ];
    const pods = [
      pod('ingress', 'master', bears('bootstrap', 'master', 'infra'), {
        owner: { kind: 'DaemonSet', name: 'ingress' },
      }),
      pod('cert-manager', 'master', bears('bootstrap', 'infra')),
      pod('etcd-admin', 'master', bears('master', 'etcd', 'infra')),
      pod('kube-apiserver', 'master', [], { mirror: true }),
      pod('elsewhere', 'infra', bears('bootstrap', 'infra')),
    ];
    expect(stranded({ nodes, pods }, 'm-1', edit('-infra'))).toEqual([
      'warning: No node with the role master is left that would take the control-plane ingress, calico-kube-controllers ' +
        'and cert-manager (2 pods that select the role: product/cert-manager and product/ingress).',
    ]);
    const asked: NodeEdit = { kind: 'taint', add: [taint('master')], remove: [], addNodeRole: false };
    expect(stranded({ nodes, pods }, 'm-1', asked)).toEqual([
      'warning: No node with the role master is left that would take cert-manager (1 pod that selects the role: product/cert-manager).',
    ]);
    expect(
      stranded({ nodes: [...nodes, node('m-0', 'bootstrap master', 'bootstrap')], pods }, 'm-1', edit('-infra')),
    ).toEqual([]);
  });

  it('count a master that is away, since it comes back', () => {
    const nodes = [
      node('m-1', 'master etcd infra', 'infra'),
      node('m-2', 'master', '', { conditions: [] }),
      node('w-1', 'infra'),
    ];
    const pods = [pod('ingress', 'master', bears('bootstrap', 'master', 'infra'))];
    expect(stranded({ nodes, pods }, 'm-1', edit('-infra'))).toEqual([]);
  });

  it('are named up to ten', () => {
    const pods = Array.from({ length: 14 }, (_, place) =>
      pod(`p-${String(place).padStart(2, '0')}`, 'infra', MONITORING),
    );
    const [sentence = ''] = stranded({ nodes: SITE, pods }, 'm-2 m-3', edit('-infra', KEPT));
    expect(sentence).toMatch(/\(14 pods that select the role: product\/p-00, .*, product\/p-09 and 4 more\)\.$/);
  });
});

describe('a machine for its new roles', () => {
  const sized = (cores: number, gigabytes: number, asked: NodeEdit, roles = 'node') =>
    told(
      {
        nodes: [
          ...SITE,
          node('n', roles, '', {
            capacity: { cpu: cores * 1e3, memory: gigabytes * 1e9, ephemeralStorage: 5e10, pods: 110 },
          }),
        ],
      },
      'n',
      asked,
    ).filter((line) => line.includes('for its roles'));

  it('is told to be too small, or tight, with the figures', () => {
    expect(sized(1, 4, edit('+master +etcd +infra -node'))).toEqual([
      'warning: n: is too small for its roles: it has 1 core and 3.7Gi of memory, and they need 1.7 cores and 4.2Gi of ' +
        "memory, and 2.55 cores and 6.3Gi of memory with the guide's margin.",
    ]);
    expect(sized(2, 5, edit('+master +etcd +infra -node'))).toEqual([
      'warning: n: is tight for its roles: it has 2 cores and 4.7Gi of memory, and they need 2.55 cores and 6.3Gi of ' +
        "memory with the guide's margin.",
    ]);
  });

  it('is not told where it is large enough, not known, or gets no role that needs more', () => {
    expect(sized(4, 8, edit('+master +etcd +infra -node'))).toEqual([]);

    const silent = node('n', 'node', '', { capacity: { cpu: null, memory: null, ephemeralStorage: null, pods: null } });
    expect(told({ nodes: [...SITE, silent] }, 'n', edit('+infra')).join()).not.toContain('for its roles');
    expect(sized(1, 1, edit('-infra', KEPT), 'master etcd infra')).toEqual([]);
    expect(sized(1, 1, edit('+node', KEPT), 'master etcd')).toEqual([]);
  });
});

describe('pods that are pending', () => {
  const waiting = (name: string, given: Partial<PodRow> = {}) =>
    makePod({ uid: name, name, namespace: 'shop', phase: 'Pending', ...given });
  const pending = (given: Given, names: string, asked: NodeEdit) =>
    told(given, names, asked).filter((line) => line.includes('pending'));
  const closed = [node('i-1', 'infra', 'infra'), node('i-2', 'infra', 'infra')];
  const open: NodeEdit = edit('', { mode: 'set', roles: [] });

  it('are told where they would fit then, and fit nowhere now', () => {
    expect(pending({ nodes: closed, pods: [waiting('a')] }, 'i-1', open)).toEqual([
      'note: i-1: shop/a, which is pending and fits on no node now, would fit.',
    ]);
    const pods = [
      waiting('a'),
      waiting('b'),
      waiting('large', { requests: { cpu: 64_000, memory: 0, ephemeralStorage: 0 } }),
    ];
    expect(pending({ nodes: closed, pods }, 'i-1 i-2', open)).toEqual([
      'note: i-1 and i-2: 2 pods that are pending and fit on no node now would fit, each by itself: shop/a and shop/b.',
    ]);
  });

  it('are told when a label is what they miss', () => {
    const placement = { ...ANYWHERE, selector: { [roleLabel('infra')]: '' } };
    expect(
      pending({ nodes: [node('w-1', 'node')], pods: [waiting('a', { placement })] }, 'w-1', edit('+infra')),
    ).toEqual(['note: w-1: shop/a, which is pending and fits on no node now, would fit.']);
  });

  it('are told at once where there are thousands, on thousands of nodes', () => {
    const nodes = [...closed, ...Array.from({ length: 2_000 }, (_, place) => node(`x-${place}`, 'infra', 'infra'))];
    const { requests, tolerations } = waiting('all');
    const pods = Array.from({ length: 5_000 }, (_, place) => waiting(`p-${place}`, { requests, tolerations }));
    const start = performance.now();
    expect(pending({ nodes, pods }, 'i-1', open)[0]).toMatch(/^note: i-1: 5000 pods .* and 4990 more\.$/);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('are not told when they fit elsewhere already, are going, or are not seen', () => {
    expect(pending({ nodes: [...closed, node('w-1', 'node')], pods: [waiting('a')] }, 'i-1', open)).toEqual([]);
    expect(pending({ nodes: closed, pods: [waiting('a', { deleting: true })] }, 'i-1', open)).toEqual([]);
    const seen = { state: 'loading', loaded: 1, total: 5 } as const;
    expect(pending({ nodes: closed, pods: [waiting('a')], seen }, 'i-1', open)).toEqual([]);
  });
});
