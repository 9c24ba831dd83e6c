import { afterEach, describe, expect, it } from 'vitest';
import {
  manualClock,
  sceneNames,
  startSandbox,
  type Sandbox,
  type SceneName,
} from '../../../source/sandbox/sandbox.ts';
import type { Node, Pod } from '../../../source/sandbox/wire.ts';

let sandbox: Sandbox;
const begin = async (scene: SceneName, size: { nodes?: number; pods?: number } = {}): Promise<void> => {
  const clock = manualClock();
  sandbox = await startSandbox({ scene, clock, heartbeats: false, churn: false, ...size });
  clock.advance(5000);
};
afterEach(() => sandbox.stop());

const PREFIX = 'node-role.kubernetes.io/';
const rolesOf = ({ metadata }: Node): string =>
  Object.keys(metadata.labels ?? {})
    .flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : []))
    .sort()
    .join();
const taintsOf = ({ spec }: Node): string =>
  (spec.taints ?? []).map(({ key, effect }) => `${key.split('/')[1] ?? ''}:${effect}`).join();
const machines = (): string[][] =>
  sandbox.world.nodes.all().map((node) => [node.metadata.name, rolesOf(node), taintsOf(node)]);
const pending = (): Pod[] => sandbox.world.pods.all().filter(({ status }) => status.phase === 'Pending');
const leaving = (): Pod[] =>
  sandbox.world.pods.all().filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
const appOf = ({ metadata: { ownerReferences } }: Pod): string | undefined =>
  ownerReferences?.[0]?.name.replace(/-[a-z0-9]{10}$/, '');
const why = ({ status }: Pod): string | undefined =>
  status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;

describe('the scene', () => {
  it('standard has no pod that waits', async () => {
    await begin('standard');
    expect([pending(), leaving()]).toEqual([[], []]);
  });

  it('compact-1 is one machine with every role and no taint, on which two pods wait for CPU', async () => {
    await begin('compact-1');
    expect(machines()).toEqual([['par1-bootstrap', 'bootstrap,etcd,infra,master,node', '']]);
    expect(pending().map(appOf)).toEqual(['indexer', 'indexer']);
    expect(pending().every((pod) => why(pod)?.startsWith('0/1 nodes are available: 1 Insufficient cpu.'))).toBe(true);
  });

  it('compact-3 is three machines that do everything', async () => {
    await begin('compact-3');
    expect(machines()).toEqual([
      ['par1-bootstrap', 'bootstrap,etcd,infra,master,node', ''],
      ['par1-control-1', 'etcd,infra,master', ''],
      ['par1-control-2', 'etcd,infra,master', ''],
    ]);
    expect(pending()).toEqual([]);
  });

  it('extended leaves pending what is bound to masters and tolerates no etcd taint, and the ingress of the control plane runs nowhere', async () => {
    await begin('extended');
    const control = ['etcd,master', 'master:NoSchedule,etcd:NoSchedule'];
    expect(machines()).toEqual([
      ['par1-bootstrap', 'bootstrap', 'bootstrap:NoSchedule'],
      ...[1, 2, 3].map((index) => [`par1-control-${index}`, ...control]),
      ...[1, 2].map((index) => [`par1-infra-${index}`, 'infra', 'infra:NoSchedule']),
      ...[1, 2, 3, 4].map((index) => [`par1-worker-${index}`, 'node', '']),
    ]);
    expect(pending().map(appOf)).toEqual([
      'calico-kube-controllers',
      'cert-manager',
      'cert-manager-cainjector',
      'cert-manager-webhook',
    ]);
    const ingress = sandbox.world
      .collection('daemonsets')
      .get('metalk8s-ingress/ingress-nginx-control-plane-controller');
    expect(ingress).toMatchObject({ status: { desiredNumberScheduled: 0, numberReady: 0 } });
  });

  it('node-lost has a node that is unreachable, pods that moved, pods that cannot go and pods that find no room', async () => {
    await begin('node-lost');
    const lost = sandbox.world.nodes.get('par1-worker-2');
    expect(lost?.status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
    });
    expect(lost && taintsOf(lost)).toBe('unreachable:NoSchedule,unreachable:NoExecute');
    const stuck = leaving().filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind === 'StatefulSet');
    expect(stuck.some(({ spec }) => spec.volumes !== undefined)).toBe(true);
    expect(leaving().every(({ spec }) => spec.nodeName === 'par1-worker-2')).toBe(true);
    for (const pod of pending()) expect(why(pod)).toContain('{node.kubernetes.io/unreachable: }');
    expect(pending().length).toBeGreaterThan(0);
    expect(pending().length).toBeLessThan(5);
    expect([...sandbox.world.nodeUsage()].map(({ name }) => name)).not.toContain('par1-worker-2');
  });

  it('node-undersized has a machine too small for its roles, and one too small even for the daemons of a node', async () => {
    await begin('node-undersized');
    expect(sandbox.world.nodes.get('par1-control-2')?.status.capacity).toMatchObject({ cpu: '2', memory: '4131389Ki' });
    expect(sandbox.world.nodes.get('par1-worker-3')?.status.capacity).toMatchObject({ cpu: '1' });
    expect(pending().map(appOf)).toEqual(['fluent-bit']);
    expect(pending().map(why)).toEqual([expect.stringContaining('1 Insufficient memory')]);
  });

  it.each(sceneNames())('%s grows with the nodes and pods that are asked for', async (scene) => {
    await begin(scene, { nodes: 24, pods: 600 });
    expect(sandbox.world.nodes.size).toBe(24);
    expect(Math.abs(sandbox.world.pods.size - 600)).toBeLessThan(120);
  });

  it.each(sceneNames())('%s may be empty', async (scene) => {
    await begin(scene, { nodes: 0 });
    expect([sandbox.world.nodes.size, sandbox.world.pods.size]).toEqual([0, 0]);
  });
});
