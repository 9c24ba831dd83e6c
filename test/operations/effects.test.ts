import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import type { PodRow, Toleration } from '../../source/model/kubernetes/pod.ts';
import type { ResourceStatus } from '../../source/model/cluster-event.ts';
import { changesOf } from '../../source/operations/edit.ts';
import { effectsOf } from '../../source/operations/effects.ts';
import type { NodeEdit } from '../../source/operations/operation.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod } from '../state/made.ts';

const taint = (key: string, effect = 'NoSchedule', value = '') => ({ key, value, effect, timeAdded: null });
const toleration = (given: Partial<Toleration>): Toleration => ({
  key: '',
  operator: 'Exists',
  value: '',
  effect: '',
  seconds: null,
  ...given,
});
const BOOTSTRAP = taint('node-role.kubernetes.io/bootstrap');
const INFRA = taint('node-role.kubernetes.io/infra');
const roles = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`node-role.kubernetes.io/${name}`, '']));

type Given = {
  readonly nodes: readonly ClusterNode[];
  readonly pods?: readonly PodRow[];
  readonly seen?: ResourceStatus;
};

/** What an edit of the named nodes will do, each effect as severity and sentence. */
function told(
  { nodes, pods = [], seen = { state: 'live' } }: Given,
  names: readonly string[],
  edit: NodeEdit,
): string[] {
  const store = createStore([
    { type: 'changed', at: 1, resource: 'nodes', items: nodes },
    { type: 'changed', at: 1, resource: 'pods', items: pods },
    { type: 'status', at: 1, resource: 'pods', status: seen },
  ]);
  const steps = nodes
    .filter(({ name }) => names.includes(name))
    .map((node) => ({ node: node.name, changes: changesOf(node, edit) }));
  return effectsOf(store.state, steps).map(({ severity, sentence }) => `${severity}: ${sentence}`);
}

const add = (...taints: readonly ReturnType<typeof taint>[]): NodeEdit => ({
  kind: 'taint',
  add: taints,
  remove: [],
  addNodeRole: false,
});
const remove = (keys: readonly string[], addNodeRole = false): NodeEdit => ({
  kind: 'taint',
  add: [],
  remove: keys.map((key) => ({ key, effect: null })),
  addNodeRole,
});
const label = (set: Record<string, string>, removed: readonly string[] = []): NodeEdit => ({
  kind: 'label',
  set,
  remove: removed,
});

const OPEN = makeNode({ name: 'wrk-2' });

describe('pods that a NoExecute taint evicts', () => {
  const pod = (uid: string, given: Partial<PodRow> = {}) => makePod({ uid, node: 'wrk-1', ...given });
  const nodes = [makeNode({ name: 'wrk-1' }), OPEN];
  const edit = add(taint('maintenance', 'NoExecute'));

  it('are counted by when they go, and named', () => {
    const pods = [
      pod('1', { namespace: 'shop' }),
      pod('2', { namespace: 'web' }),
      pod('3', { namespace: 'web', tolerations: [toleration({ key: 'maintenance', seconds: 300 })] }),
      pod('4', { namespace: 'kube-system', tolerations: [toleration({})] }),
      pod('5', { namespace: 'kube-system', mirror: true }),
      pod('6', { namespace: 'jobs', phase: 'Succeeded' }),
      makePod({ uid: '7', namespace: 'elsewhere', node: 'wrk-2' }),
    ];
    expect(told({ nodes, pods }, ['wrk-1'], edit)).toContain(
      'warning: wrk-1: maintenance:NoExecute evicts 2 pods at once and 1 pod after 5m: shop/pod-1, web/pod-2 and web/pod-3.',
    );
  });

  it('are named as far as a sentence goes', () => {
    const pods = Array.from({ length: 30 }, (_, index) => pod(String(index).padStart(2, '0')));
    const [sentence = ''] = told({ nodes, pods }, ['wrk-1'], edit);
    expect(sentence).toContain('evicts 30 pods at once: shop/pod-00, shop/pod-01');
    expect(sentence).toMatch(/shop\/pod-09 and 20 more\.$/);
  });

  it('are not said to stay as well', () => {
    const pods = [
      pod('1', { namespace: 'shop' }),
      pod('2', { namespace: 'db', tolerations: [toleration({ key: 'maintenance' })] }),
    ];
    expect(told({ nodes, pods }, ['wrk-1'], edit)).toEqual([
      'warning: wrk-1: maintenance:NoExecute evicts 1 pod at once: shop/pod-1.',
      'note: What is free for workloads shrinks by 3.6 cores, 6.8Gi of memory and 108 pod slots.',
      'note: wrk-1: takes no more new pods, but for those that tolerate it.',
    ]);
    const both = add(taint('maintenance', 'NoExecute'), taint('gpu'));
    expect(told({ nodes, pods }, ['wrk-1'], both)).toContain(
      'note: wrk-1: 1 of its 2 pods do not tolerate gpu:NoSchedule: they stay, and could not come back.',
    );
  });

  it('may be none, which is said', () => {
    expect(told({ nodes }, ['wrk-1'], edit)).toContain('note: wrk-1: no pod is evicted by maintenance:NoExecute.');
  });

  it('are not taken for none when the pods are not known', () => {
    const seen = { state: 'denied', right: 'list pods', why: 'forbidden' } as const;
    expect(told({ nodes, seen }, ['wrk-1'], edit)).toContain(
      'warning: wrk-1: which pods maintenance:NoExecute evicts cannot be told: the right "list pods" is missing.',
    );
  });
});

describe('taints of the product on the bootstrap node', () => {
  const bootstrap = makeNode({
    name: 'bootstrap',
    labels: roles('bootstrap', 'master', 'etcd', 'infra'),
    taints: [BOOTSTRAP, INFRA],
  });

  it('come back with the next bootstrap run, which is warned of', () => {
    expect(told({ nodes: [bootstrap] }, ['bootstrap'], remove([BOOTSTRAP.key]))).toContain(
      'warning: bootstrap: the next run of the bootstrap or restore script puts ' +
        'node-role.kubernetes.io/bootstrap:NoSchedule back, unless the node has the label node-role.kubernetes.io/node.',
    );
  });

  it('stay away with the node role, whether it is there or set with them', () => {
    const given = told({ nodes: [bootstrap] }, ['bootstrap'], remove([BOOTSTRAP.key, INFRA.key], true));
    expect(given.filter((line) => line.startsWith('warning'))).toEqual([]);
    expect(given).toContain(
      'note: bootstrap: the label node-role.kubernetes.io/node keeps a later bootstrap run from putting ' +
        'node-role.kubernetes.io/bootstrap:NoSchedule and node-role.kubernetes.io/infra:NoSchedule back.',
    );
  });

  it('open the node with the room it has once the last one goes, and not before', () => {
    const pods = [
      makePod({ uid: '1', node: 'bootstrap', requests: { cpu: 1_300, memory: 2 ** 30, ephemeralStorage: 0 } }),
    ];
    expect(told({ nodes: [bootstrap], pods }, ['bootstrap'], remove([BOOTSTRAP.key, INFRA.key]))).toContain(
      'note: bootstrap: opens for workloads, with 2.5 cores, 6Gi of memory and 109 pod slots free.',
    );
    expect(told({ nodes: [bootstrap], pods }, ['bootstrap'], remove([BOOTSTRAP.key]))).toContain(
      'note: bootstrap: still takes only pods that tolerate node-role.kubernetes.io/infra:NoSchedule.',
    );
  });

  it('open the node with one core, in words', () => {
    const pods = [makePod({ uid: '1', node: 'bootstrap', requests: { cpu: 2_800, memory: 0, ephemeralStorage: 0 } })];
    expect(told({ nodes: [bootstrap], pods }, ['bootstrap'], remove([BOOTSTRAP.key, INFRA.key]))).toContainEqual(
      expect.stringContaining('opens for workloads, with 1 core, '),
    );
  });

  it('open the node with room that cannot be told while pods are read', () => {
    const seen = { state: 'loading', loaded: 1, total: null } as const;
    const given = told({ nodes: [bootstrap], seen }, ['bootstrap'], remove([BOOTSTRAP.key, INFRA.key]));
    expect(given.filter((line) => line.includes('opens'))).toEqual([
      expect.stringMatching(/^note: bootstrap: opens for workloads, with how much room cannot be told: \w/) as string,
    ]);
  });
});

describe('a node that opens or closes', () => {
  const [one, two] = [makeNode({ name: 'wrk-1' }), OPEN];

  it('takes no more new pods when it is cordoned; nodes with the same effect share the sentence', () => {
    const third = makeNode({ name: 'wrk-3' });
    expect(told({ nodes: [one, two, third] }, ['wrk-1', 'wrk-2'], { kind: 'cordon' })).toEqual([
      'note: What is free for workloads shrinks by 7.6 cores, 14Gi of memory and 220 pod slots.',
      'note: wrk-1 and wrk-2: takes no more new pods, but for those that tolerate it; those that run stay.',
    ]);
  });

  it('is warned of when it is the last that was open', () => {
    const closed = makeNode({ name: 'bootstrap', taints: [BOOTSTRAP] });
    const warning = 'warning: No node is left that takes pods without tolerations: new ones stay Pending.';
    expect(told({ nodes: [one, closed] }, ['wrk-1'], { kind: 'cordon' })).toContain(warning);
    expect(told({ nodes: [one, closed] }, ['wrk-1'], add(taint('a')))).toContain(warning);
    expect(told({ nodes: [one, closed] }, ['wrk-1'], add(taint('a', 'PreferNoSchedule')))).not.toContain(warning);
  });

  it('stays closed when its taint goes and its cordon stays', () => {
    const node = makeNode({ name: 'wrk-1', cordoned: true, taints: [taint('a')] });
    expect(told({ nodes: [node] }, ['wrk-1'], remove(['a']))).toEqual([
      'note: wrk-1: stays cordoned, so that it takes no new pods.',
    ]);
  });

  it('tells of pods that stay and could not come back', () => {
    const pods = [
      makePod({ uid: '1', node: 'wrk-1' }),
      makePod({ uid: '2', node: 'wrk-1', tolerations: [toleration({ key: 'gpu' })] }),
    ];
    expect(told({ nodes: [one, two], pods }, ['wrk-1'], add(taint('gpu')))).toContain(
      'note: wrk-1: 1 of its 2 pods do not tolerate gpu:NoSchedule: they stay, and could not come back.',
    );
  });
});

describe('what Kubernetes sets by itself', () => {
  it('is put back while its condition lasts', () => {
    const node = makeNode({ name: 'wrk-1', taints: [taint('node.kubernetes.io/disk-pressure')] });
    expect(told({ nodes: [node, OPEN] }, ['wrk-1'], remove(['node.kubernetes.io/disk-pressure']))).toContain(
      'warning: wrk-1: Kubernetes puts node.kubernetes.io/disk-pressure:NoSchedule back as long as the node is short of disk space.',
    );
  });
});

describe('labels that somebody else reads or writes', () => {
  const node = makeNode({ name: 'wrk-1', labels: { ...roles('etcd'), 'kubernetes.io/hostname': 'wrk-1', rack: 'a' } });
  it.each<[string, NodeEdit, RegExp | null]>([
    ['a role that is taken away', label({}, ['node-role.kubernetes.io/etcd']), /^warning: .*nothing is uninstalled/],
    ['a role that is given', label(roles('infra')), /^warning: .*only when the node is deployed again \(deploy_node\)/],
    [
      'the version',
      label({ 'metalk8s.scality.com/version': '129.0.1' }),
      /^warning: .*Salt applies MetalK8s 129\.0\.1/,
    ],
    ['the host name', label({ 'kubernetes.io/hostname': 'x' }), /^warning: .*the kubelet sets it again/],
    ['a key under a reserved prefix', label({ 'x.kubernetes.io/y': 'z' }), /^note: .*reserved for Kubernetes/],
    ['the node role', label(roles('node')), null],
    ['any other key', label({ rack: 'b' }), null],
  ])('%s', (_, edit, says) => {
    const lines = told({ nodes: [node, OPEN, makeNode({ name: 'etcd-2', labels: roles('etcd') })] }, ['wrk-1'], edit);
    if (says === null) expect(lines).toEqual([]);
    else expect(lines).toEqual([expect.stringMatching(says) as string]);
  });
});

describe('what the controllers do after a cordon', () => {
  const cordoned = makeNode({ name: 'wrk-1', cordoned: true, taints: [taint('node.kubernetes.io/unschedulable')] });

  it('opens an uncordoned node: its taint goes with the cordon', () => {
    const effects = told({ nodes: [cordoned, OPEN] }, ['wrk-1'], { kind: 'uncordon' });
    expect(effects.join()).toContain('wrk-1: opens for workloads');
    expect(effects.join()).not.toContain('unschedulable');
  });

  it('keeps an uncordoned node closed that another taint closes', () => {
    const taints = [taint('node.kubernetes.io/unschedulable'), taint('gpu')];
    const effects = told({ nodes: [{ ...cordoned, taints }, OPEN] }, ['wrk-1'], { kind: 'uncordon' });
    expect(effects.join()).toContain('gpu:NoSchedule');
    expect(effects.join()).not.toContain('opens');
  });
});
