import { asyncProperty, assert, array, constantFrom, integer, record } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { Pod, Taint } from '../../../source/sandbox/wire.ts';
import type { PersistentVolume } from '../../../source/sandbox/wire-storage.ts';
import { allocatableOf, demandOf } from '../../../source/sandbox/world/scheduling/demand.ts';
import { matchesNode } from '../../../source/sandbox/world/scheduling/selection.ts';
import { clientOf } from '../client.ts';

let clock: ManualClock;
let sandbox: Sandbox;
const begin = async (options: { scene?: string; nodes?: number } = {}): Promise<void> => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, heartbeats: false, churn: false, ...options });
};
afterEach(() => sandbox.stop());

const pods = (): readonly Pod[] => sandbox.world.pods.all();
const named = (prefix: string): Pod[] => pods().filter(({ metadata }) => metadata.name.startsWith(prefix));
const homes = (prefix: string): (string | undefined)[] =>
  named(prefix)
    .map(({ spec }) => spec.nodeName)
    .sort();
const relabel = (node: string, labels: Record<string, string | null>): unknown =>
  sandbox.world.nodes.update(node, (present) => ({
    ...present,
    metadata: {
      ...present.metadata,
      labels: Object.fromEntries(
        Object.entries({ ...present.metadata.labels, ...labels }).flatMap(([key, value]) =>
          value === null ? [] : [[key, value]],
        ),
      ),
    },
  }));
const taint = (node: string, taints: Taint[]): unknown =>
  sandbox.world.nodes.update(node, (present) => ({ ...present, spec: { ...present.spec, taints } }));
const remove = (pod: Pod): unknown => {
  const { name, namespace = '' } = pod.metadata;
  return sandbox.world.pods.remove(`${namespace}/${name}`);
};
const INFRA = 'node-role.kubernetes.io/infra';
const MASTER = 'node-role.kubernetes.io/master';

describe('daemons', () => {
  beforeEach(() => begin());
  const INGRESS = 'ingress-nginx-control-plane-controller-';

  it('start and stop as the labels of a node come and go', () => {
    expect(homes(INGRESS)).toEqual(['par1-bootstrap', 'par1-control-1', 'par1-control-2']);
    relabel('par1-worker-1', { [MASTER]: '' });
    relabel('par1-control-1', { [MASTER]: null });
    clock.advance(10_000);
    expect(homes(INGRESS)).toEqual(['par1-bootstrap', 'par1-control-2', 'par1-worker-1']);
    expect(named(INGRESS).every(({ status }) => status.phase === 'Running')).toBe(true);
  });

  it('do not come to a node that is tainted, stay where they are, and go when the taint drives them off', () => {
    const key = 'example.com/out';
    taint('par1-worker-1', [{ key, effect: 'NoSchedule' }]);
    clock.advance(5000);
    expect(homes('fluent-bit-')).toContain('par1-worker-1');
    for (const pod of named('fluent-bit-')) if (pod.spec.nodeName === 'par1-worker-1') remove(pod);
    clock.advance(5000);
    expect(homes('fluent-bit-')).not.toContain('par1-worker-1');
    taint('par1-worker-2', [{ key, effect: 'NoExecute' }]);
    clock.advance(5000);
    expect(homes('fluent-bit-')).not.toContain('par1-worker-2');
    expect(homes('calico-node-').length).toBe(6);
    taint('par1-worker-1', []);
    clock.advance(5000);
    expect(homes('fluent-bit-')).toContain('par1-worker-1');
  });

  it('are for one node each: where that is full they wait, and nowhere else', () => {
    const { status } = sandbox.world.nodes.get('par1-worker-1') ?? {};
    const full = { ...status?.allocatable, memory: '100Mi' };
    sandbox.world.nodes.update('par1-worker-1', (node) => ({ ...node, status: { ...node.status, allocatable: full } }));
    for (const pod of named('fluent-bit-')) if (pod.spec.nodeName === 'par1-worker-1') remove(pod);
    clock.advance(5000);
    const waiting = pods().filter(({ spec }) => spec.nodeName === undefined);
    expect(waiting.map(({ metadata }) => metadata.name)).toEqual([expect.stringMatching(/^fluent-bit-/)]);
    expect(waiting[0]?.status.conditions?.[0]?.message).toContain('1 Insufficient memory');
    expect(sandbox.world.collection('daemonsets').get('metalk8s-logging/fluent-bit')).toMatchObject({
      status: { desiredNumberScheduled: 6, currentNumberScheduled: 5, numberReady: 5 },
    });
  });
});

describe('a StatefulSet', () => {
  beforeEach(() => begin());

  it('makes a pod anew under its name, with its claim, on the node that holds its data', async () => {
    const before = sandbox.world.pods.get('archive/object-store-1');
    const client = clientOf(sandbox);
    await client.ask('DELETE', '/api/v1/namespaces/archive/pods/object-store-1');
    client.close();
    clock.advance(15_000);
    const after = sandbox.world.pods.get('archive/object-store-1');
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    expect([after?.spec.nodeName, after?.spec.volumes]).toEqual([before?.spec.nodeName, before?.spec.volumes]);
    expect(after?.status.phase).toBe('Running');
    expect(sandbox.world.collection('persistentvolumeclaims').size).toBe(6);
  });

  it('makes none while the one on a silent machine is not gone', async () => {
    const home = sandbox.world.pods.get('archive/object-store-1')?.spec.nodeName ?? '';
    sandbox.world.silence(home);
    const client = clientOf(sandbox);
    await client.ask('DELETE', '/api/v1/namespaces/archive/pods/object-store-1');
    client.close();
    clock.advance(300_000);
    expect(sandbox.world.pods.get('archive/object-store-1')?.metadata.deletionTimestamp).toBeDefined();
    expect(named('object-store-').length).toBe(3);
  });
});

describe('a Deployment', () => {
  it('counts the pods of its revisions, those too that find no node', async () => {
    await begin({ scene: 'compact-1' });
    clock.advance(5000);
    expect(sandbox.world.collection('deployments').get('archive/indexer')).toMatchObject({
      status: { replicas: 2, updatedReplicas: 2, readyReplicas: 0, unavailableReplicas: 2 },
    });
  });
});

describe('whatever happens to the nodes', () => {
  beforeEach(() => begin());
  const names = [
    'par1-bootstrap',
    'par1-control-1',
    'par1-control-2',
    'par1-worker-1',
    'par1-worker-2',
    'par1-worker-3',
  ];
  const edits = {
    cordon: (node: string) =>
      sandbox.world.nodes.update(node, (present) => ({ ...present, spec: { ...present.spec, unschedulable: true } })),
    uncordon: (node: string) =>
      sandbox.world.nodes.update(node, (present) => ({ ...present, spec: { ...present.spec, unschedulable: false } })),
    keepOut: (node: string) => taint(node, [{ key: 'k', effect: 'NoSchedule' }]),
    driveOff: (node: string) => taint(node, [{ key: 'k', effect: 'NoExecute' }]),
    open: (node: string) => taint(node, []),
    promote: (node: string) => relabel(node, { [INFRA]: '', [MASTER]: '' }),
    demote: (node: string) => relabel(node, { [INFRA]: null }),
    drain: (node: string) => {
      for (const pod of pods()) if (pod.spec.nodeName === node && pod.metadata.namespace === 'shop') remove(pod);
    },
  };

  /** No node gives more than it has, every pod is where it may be, and data is where its pod is. */
  function holds(): void {
    for (const node of sandbox.world.nodes.all()) {
      const here = pods().filter(({ spec }) => spec.nodeName === node.metadata.name);
      for (const resource of ['cpu', 'memory', 'pods'] as const) {
        const asked = here.reduce((sum, pod) => sum + demandOf(pod)[resource], 0);
        expect(asked).toBeLessThanOrEqual(allocatableOf(node)[resource]);
      }
    }
    for (const { metadata, spec } of pods()) {
      for (const { persistentVolumeClaim } of spec.volumes ?? []) {
        if (spec.nodeName === undefined) continue;
        const key = `${metadata.namespace ?? ''}/${persistentVolumeClaim?.claimName ?? ''}`;
        const volumes = sandbox.world.collection('persistentvolumes').all() as unknown as PersistentVolume[];
        const own = volumes.find(
          ({ spec: { claimRef } }) => `${claimRef?.namespace ?? ''}/${claimRef?.name ?? ''}` === key,
        );
        const node = sandbox.world.nodes.get(spec.nodeName);
        const required = own?.spec.nodeAffinity?.required;
        expect(required && node && matchesNode(required, node)).toBe(true);
      }
    }
  }

  it('no node gives more than it has, and data stays where its pod is', async () => {
    const step = record({
      edit: constantFrom(...(Object.keys(edits) as (keyof typeof edits)[])),
      node: constantFrom(...names),
      wait: integer({ min: 100, max: 8000 }),
    });
    await assert(
      asyncProperty(array(step, { maxLength: 25 }), async (steps) => {
        await sandbox.stop();
        await begin();
        for (const { edit, node, wait } of steps) {
          edits[edit](node);
          clock.advance(wait);
          holds();
        }
        const identities = pods().map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
        expect(new Set(identities).size).toBe(identities.length);
      }),
      { numRuns: 15 },
    );
  });
});
