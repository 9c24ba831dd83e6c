import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { Pod, PodSpec } from '../../../source/sandbox/wire.ts';

let clock: ManualClock;
let sandbox: Sandbox;
beforeEach(async () => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, heartbeats: false, churn: false });
});
afterEach(() => sandbox.stop());

const INFRA = 'node-role.kubernetes.io/infra';

describe('the scheduler', () => {
  const put = (name: string, spec: Partial<PodSpec>): Pod =>
    sandbox.world.pods.put({
      metadata: { name, namespace: 'shop', uid: name, resourceVersion: '', creationTimestamp: '2026-01-31T12:00:00Z' },
      spec: {
        containers: [
          { name: 'c', image: 'i', resources: { requests: { cpu: '100m' } } },
        ] as unknown as PodSpec['containers'],
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 1,
        dnsPolicy: 'ClusterFirst',
        securityContext: {},
        schedulerName: 'default-scheduler',
        ...spec,
      },
      status: { phase: 'Pending', qosClass: 'Burstable' },
    });
  const nodeOf = (name: string): string | undefined => sandbox.world.pods.get(`shop/${name}`)?.spec.nodeName;
  const containers = [
    { name: 'c', image: 'i', resources: { requests: { cpu: '9' } } },
  ] as unknown as PodSpec['containers'];

  it('leaves pods of other schedulers alone, and those behind gates until the gates are gone', () => {
    put('other', { schedulerName: 'my-scheduler' });
    put('gated', { schedulingGates: [{ name: 'example.com/wait' }] });
    clock.advance(5000);
    expect([nodeOf('other'), nodeOf('gated')]).toEqual([undefined, undefined]);
    expect(sandbox.world.pods.get('shop/other')?.status.conditions).toBeUndefined();
    expect(sandbox.world.pods.get('shop/gated')?.status.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' },
    ]);
    sandbox.world.pods.update('shop/gated', (pod) => ({ ...pod, spec: { ...pod.spec, schedulingGates: [] } }));
    clock.advance(5000);
    expect(nodeOf('gated')).toMatch(/^par1-worker-/);
  });

  it('tells no pod the failure of another that shares its containers and bears more', () => {
    const light = {
      nodeSelector: { [INFRA]: '' },
      containers: [{ name: 'c', image: 'i', resources: {} }] as unknown as PodSpec['containers'],
    };
    const tolerations = [{ key: INFRA, operator: 'Exists' as const }];
    put('wanting', light);
    put('bearing', { ...light, tolerations });
    put('elsewhere', { ...light, nodeSelector: {} });
    clock.advance(200);
    expect(nodeOf('wanting')).toBeUndefined();
    expect(nodeOf('bearing')).toMatch(/^par1-control-/);
    expect(nodeOf('elsewhere')).toMatch(/^par1-worker-/);
  });

  it('serves those of higher priority first', () => {
    const nodeSelector = { 'kubernetes.io/hostname': 'par1-worker-1' };
    put('low', { nodeSelector, containers, priority: 0 });
    put('high', { nodeSelector, containers: [...containers], priority: 1000 });
    clock.advance(5000);
    expect([nodeOf('high'), nodeOf('low')]).toEqual(['par1-worker-1', undefined]);
  });

  it('tries again when a pod that waits gets a toleration, and when room is left behind', () => {
    const nodeSelector = { [INFRA]: '' };
    put('wanting', { nodeSelector });
    clock.advance(5000);
    expect(nodeOf('wanting')).toBeUndefined();
    const tolerations = [{ key: INFRA, operator: 'Exists' as const }];
    sandbox.world.pods.update('shop/wanting', (pod) => ({ ...pod, spec: { ...pod.spec, tolerations } }));
    clock.advance(5000);
    expect(nodeOf('wanting')).toMatch(/^par1-control-/);
    const own = { 'kubernetes.io/hostname': 'par1-worker-1' };
    put('first', { nodeSelector: own, containers });
    clock.advance(5000);
    put('second', { nodeSelector: own, containers: [...containers] });
    clock.advance(5000);
    expect([nodeOf('first'), nodeOf('second')]).toEqual(['par1-worker-1', undefined]);
    sandbox.world.pods.update('shop/first', (pod) => ({ ...pod, status: { ...pod.status, phase: 'Succeeded' } }));
    clock.advance(5000);
    expect(nodeOf('second')).toBe('par1-worker-1');
  });
});
