import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { Node, Pod } from '../../../source/sandbox/wire.ts';
import { amount } from '../../../source/sandbox/world/quantity.ts';
import { clientOf, type Client } from '../client.ts';

const MINUTE = 60_000;

let clock: ManualClock;
let sandbox: Sandbox;
let client: Client;

const begin = async (life: { heartbeats?: boolean; churn?: boolean } = {}): Promise<void> => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, heartbeats: false, churn: false, ...life });
  client = clientOf(sandbox);
};
afterEach(async () => {
  client.close();
  await sandbox.stop();
});

const node = (name: string): Node => {
  const found = sandbox.world.nodes.get(name);
  if (!found) throw new Error(`no node ${name}`);
  return found;
};
const podsOn = (name: string): Pod[] => sandbox.world.pods.all().filter(({ spec }) => spec.nodeName === name);
const applications = (pods: readonly Pod[]): Pod[] =>
  pods.filter(({ metadata }) => ['shop', 'archive', 'reporting'].includes(metadata.namespace ?? ''));
/** Pods whose data lies on a machine. */
const mounting = (pods: readonly Pod[]): Pod[] => pods.filter(({ spec }) => spec.volumes !== undefined);
const unscheduled = ({ status }: Pod): string | undefined =>
  status.conditions?.find(({ type, status: state }) => type === 'PodScheduled' && state === 'False')?.message;
/** What waits for the machine that its volume lies on; all else has to run. */
const stranded = (pods: readonly Pod[]): string[] => {
  const waiting = pods.filter(({ status }) => status.phase !== 'Running');
  expect(waiting.every((pod) => unscheduled(pod)?.includes('2 node(s) had volume node affinity conflict'))).toBe(true);
  return waiting.map(({ metadata }) => metadata.name);
};
const taintsOf = (name: string): string[] =>
  (node(name).spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const ready = (name: string): string | undefined =>
  node(name).status.conditions?.find(({ type }) => type === 'Ready')?.status;
const edit = (name: string, body: unknown): Promise<unknown> => client.patch(`/api/v1/nodes/${name}`, 'merge', body);
const reasons = (name: string): string[] =>
  sandbox.world.events.all().flatMap(({ involvedObject, reason }) => (involvedObject.name === name ? [reason] : []));

describe('the standard architecture', () => {
  beforeEach(() => begin());

  it('has the machines, roles and taints of the guide', () => {
    const shown = sandbox.world.nodes.all().map(({ metadata }) => [
      metadata.name,
      Object.keys(metadata.labels ?? {})
        .flatMap((key) => (key.startsWith('node-role.kubernetes.io/') ? [key.split('/')[1]] : []))
        .sort()
        .join(),
      taintsOf(metadata.name).join(),
    ]);
    const infra = 'node-role.kubernetes.io/infra:NoSchedule';
    expect(shown).toEqual([
      ['par1-bootstrap', 'bootstrap,etcd,master', 'node-role.kubernetes.io/bootstrap:NoSchedule'],
      ['par1-control-1', 'etcd,infra,master', infra],
      ['par1-control-2', 'etcd,infra,master', infra],
      ['par1-worker-1', 'node', ''],
      ['par1-worker-2', 'node', ''],
      ['par1-worker-3', 'node', ''],
    ]);
  });

  it('runs every workload of the product, each pod where it may be, and no node is asked for more than it has', () => {
    expect(sandbox.world.pods.all().every(({ status }) => status.phase === 'Running')).toBe(true);
    for (const { metadata, status } of sandbox.world.nodes.all()) {
      for (const resource of ['cpu', 'memory'] as const) {
        const asked = podsOn(metadata.name).flatMap(({ spec }) =>
          spec.containers.map(({ resources }) => amount(resources.requests?.[resource] ?? '0')),
        );
        expect(asked.reduce((sum, each) => sum + each, 0)).toBeLessThan(amount(status.allocatable?.[resource] ?? '0'));
      }
    }
    expect(applications(['par1-bootstrap', 'par1-control-1', 'par1-control-2'].flatMap(podsOn))).toEqual([]);
    const statics = podsOn('par1-bootstrap').filter(
      ({ metadata }) => metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined,
    );
    expect(statics.map(({ metadata }) => metadata.name.replace('-par1-bootstrap', '')).sort()).toEqual([
      'apiserver-proxy',
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'repositories',
      'salt-master',
    ]);
  });

  it('keeps back what the kubelet of MetalK8s reserves', () => {
    // 4 cores: 200m + 6 % + 1 % + 2 x 0.5 %. 16 GiB less firmware: 200Mi, 100Mi until eviction, 25 %, 20 %, 10 % by brackets.
    const { capacity, allocatable } = node('par1-bootstrap').status;
    expect([capacity?.['cpu'], allocatable?.['cpu']]).toEqual(['4', '3720m']);
    const gibibytes = amount(capacity?.['memory'] ?? '') / 2 ** 30;
    const reserved = 1 + 0.8 + (gibibytes - 8) * 0.1 + 300 / 1024;
    expect(amount(allocatable?.['memory'] ?? '') / 2 ** 30).toBeCloseTo(gibibytes - reserved, 4);
  });
});

describe('nodes', () => {
  beforeEach(() => begin());

  it('that are cordoned get the taint of it, keep their pods and take no more; uncordoned they are as before', async () => {
    const before = podsOn('par1-worker-1').length;
    await edit('par1-worker-1', { spec: { unschedulable: true } });
    clock.advance(1000);
    expect(taintsOf('par1-worker-1')).toEqual(['node.kubernetes.io/unschedulable:NoSchedule']);
    await edit('par1-worker-2', { spec: { taints: [{ key: 'out', effect: 'NoExecute' }] } });
    clock.advance(20_000);
    expect(podsOn('par1-worker-1').length).toBe(before);
    await edit('par1-worker-1', { spec: { unschedulable: null } });
    clock.advance(1000);
    expect(taintsOf('par1-worker-1')).toEqual([]);
    expect(reasons('par1-worker-1')).toEqual(expect.arrayContaining(['NodeNotSchedulable', 'NodeSchedulable']));
  });

  it('with a NoExecute taint lose the pods that do not tolerate it, and their owners make new ones elsewhere', async () => {
    const running = applications(sandbox.world.pods.all()).length;
    const held = mounting(podsOn('par1-worker-1')).map(({ metadata }) => metadata.name);
    const leaving = applications(podsOn('par1-worker-1')).map(({ metadata }) => metadata.uid);
    expect(leaving.length).toBeGreaterThan(0);
    await edit('par1-worker-1', { spec: { taints: [{ key: 'broken', effect: 'NoExecute' }] } });
    clock.advance(20_000);
    expect(applications(podsOn('par1-worker-1'))).toEqual([]);
    expect(
      podsOn('par1-worker-1')
        .map(({ metadata }) => metadata.name.split('-')[0])
        .sort(),
    ).toEqual(['apiserver', 'calico', 'kube']);
    const now = applications(sandbox.world.pods.all());
    expect(now.length).toBe(running);
    expect(stranded(now)).toEqual(held);
    expect(held.length).toBe(1);
    expect(now.some(({ metadata }) => leaving.includes(metadata.uid))).toBe(false);
  });

  it('that are too full leave pods waiting, with the reason, until there is room again', async () => {
    const taints = [{ key: 'full', effect: 'NoSchedule' }];
    for (const name of ['par1-worker-1', 'par1-worker-2', 'par1-worker-3']) await edit(name, { spec: { taints } });
    const victim = applications(sandbox.world.pods.all()).find(({ metadata }) => metadata.name.startsWith('frontend-'));
    await client.ask('DELETE', `/api/v1/namespaces/shop/pods/${victim?.metadata.name ?? ''}`);
    clock.advance(10_000);
    const waiting = sandbox.world.pods.all().filter(({ status }) => status.phase === 'Pending');
    expect(waiting.length).toBe(1);
    expect(waiting[0]?.status.conditions?.[0]).toMatchObject({
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
    });
    expect(waiting[0]?.status.conditions?.[0]?.message).toContain('3 node(s) had untolerated taint {full: }');
    expect(reasons(waiting[0]?.metadata.name ?? '')).toContain('FailedScheduling');
    await edit('par1-worker-2', { spec: { taints: null } });
    clock.advance(10_000);
    expect(sandbox.world.pods.all().filter(({ status }) => status.phase === 'Pending')).toEqual([]);
  });

  it('that are created before their machine have no status and lose the taint of a new node', async () => {
    await client.ask('POST', '/api/v1/nodes', {
      body: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'par1-worker-4' } },
    });
    expect(taintsOf('par1-worker-4')).toEqual(['node.kubernetes.io/not-ready:NoSchedule']);
    clock.advance(1000);
    expect(taintsOf('par1-worker-4')).toEqual([]);
    expect(node('par1-worker-4').status.conditions).toBeUndefined();
  });

  it('that are deleted take their pods with them', async () => {
    const held = mounting(podsOn('par1-worker-3')).map(({ metadata }) => metadata.name);
    await client.ask('DELETE', '/api/v1/nodes/par1-worker-3');
    clock.advance(20_000);
    expect(podsOn('par1-worker-3')).toEqual([]);
    expect(stranded(applications(sandbox.world.pods.all()))).toEqual(held);
  });

  it('bring back a static pod whose mirror was deleted', async () => {
    const path = '/api/v1/namespaces/kube-system/pods/etcd-par1-control-1';
    await client.ask('DELETE', path);
    clock.advance(10_000);
    expect((await client.get(path)).status).toBe(200);
  });
});

describe('heartbeats', () => {
  beforeEach(() => begin({ heartbeats: true }));

  it('renew leases every ten seconds and status every five minutes, and keep all nodes ready for hours', () => {
    const renewed = new Map<string, number>();
    let reported = 0;
    sandbox.world.leases.subscribe(({ key }) => {
      if (key.startsWith('kube-node-lease/')) renewed.set(key, 1 + (renewed.get(key) ?? 0));
    });
    sandbox.world.nodes.subscribe(() => (reported += 1));
    clock.advance(60 * MINUTE);
    expect(renewed.size).toBe(6);
    for (const count of renewed.values()) expect(count).toBeGreaterThanOrEqual(358);
    expect(reported).toBe(6 * 12);
    expect(sandbox.world.nodes.all().every(({ metadata }) => ready(metadata.name) === 'True')).toBe(true);
  });

  it('that stop make a node unknown after 40 seconds, its pods leave after five minutes, and all is well when it is back', () => {
    const stranded = applications(podsOn('par1-worker-1')).map(({ metadata }) => metadata.uid);
    sandbox.world.silence('par1-worker-1');
    clock.advance(35_000);
    expect(ready('par1-worker-1')).toBe('True');
    clock.advance(30_000);
    expect(ready('par1-worker-1')).toBe('Unknown');
    expect(taintsOf('par1-worker-1')).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ]);
    expect(reasons('par1-worker-1')).toContain('NodeNotReady');
    clock.advance(6 * MINUTE);
    expect(
      applications(podsOn('par1-worker-1')).every(({ metadata }) => metadata.deletionTimestamp !== undefined),
    ).toBe(true);
    sandbox.world.revive('par1-worker-1');
    clock.advance(10_000);
    expect([ready('par1-worker-1'), taintsOf('par1-worker-1')]).toEqual(['True', []]);
    expect(sandbox.world.pods.all().some(({ metadata }) => stranded.includes(metadata.uid))).toBe(false);
  });
});

describe('churn', () => {
  beforeEach(() => begin({ churn: true }));

  it('runs jobs that end well and are cleared away, and rolls applications out without a loss', () => {
    const job = (pod: Pod): boolean => pod.metadata.ownerReferences?.[0]?.kind === 'Job';
    const frontends = (): Pod[] =>
      sandbox.world.pods.all().filter(({ metadata }) => /^(frontend|cart)-/.test(metadata.name));
    const former = new Set(frontends().map(({ metadata }) => metadata.uid));
    let ended = 0;
    let least = Infinity;
    sandbox.world.pods.subscribe(({ object, previous }) => {
      if (job(object) && object.status.phase === 'Succeeded' && previous?.status.phase === 'Running') ended += 1;
    });
    for (let minute = 0; minute < 30; minute += 1) {
      clock.advance(MINUTE);
      least = Math.min(
        least,
        frontends().filter(
          ({ status, metadata }) => status.phase === 'Running' && metadata.deletionTimestamp === undefined,
        ).length,
      );
    }
    expect(ended).toBeGreaterThan(25);
    expect(sandbox.world.pods.all().filter(job).length).toBeLessThan(12);
    expect(least).toBe(10);
    expect(frontends().some(({ metadata }) => !former.has(metadata.uid))).toBe(true);
  });

  it('forgets events after an hour', () => {
    clock.advance(90 * MINUTE);
    const horizon = clock.now() - 61 * MINUTE;
    expect(sandbox.world.events.size).toBeGreaterThan(50);
    expect(sandbox.world.events.all().every(({ lastTimestamp }) => Date.parse(lastTimestamp ?? '') >= horizon)).toBe(
      true,
    );
  });
});
