import { afterEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { KubernetesObject } from '../../../source/sandbox/wire.ts';

let sandbox: Sandbox;
let clock: ManualClock;
const begin = async (heartbeats = true): Promise<void> => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, heartbeats, churn: false });
};
afterEach(() => sandbox.stop());

const COMPONENTS = ['kube-scheduler', 'kube-controller-manager'];
const leaseOf = (name: string) => sandbox.world.leases.get(`kube-system/${name}`)?.spec;

describe('the leases of the control plane', () => {
  it.each(COMPONENTS)('%s is renewed every two seconds by its holder', async (name) => {
    await begin();
    const before = leaseOf(name);
    clock.advance(60_000);
    const after = leaseOf(name);
    expect(after?.holderIdentity).toBe(before?.holderIdentity);
    expect(clock.now() - Date.parse(after?.renewTime ?? '')).toBeLessThan(2000);
    expect(after).toMatchObject({ leaseDurationSeconds: 15, leaseTransitions: before?.leaseTransitions });
  });

  it.each(COMPONENTS)('%s is taken over when the machine of its holder is gone', async (name) => {
    await begin();
    const before = leaseOf(name);
    const holder = before?.holderIdentity?.split('_')[0] ?? '';
    sandbox.world.silence(holder);
    clock.advance(10_000);
    expect(leaseOf(name)?.holderIdentity).toBe(before?.holderIdentity);
    clock.advance(10_000);
    const after = leaseOf(name);
    expect(after?.holderIdentity).not.toBe(before?.holderIdentity);
    expect(after?.leaseTransitions).toBe((before?.leaseTransitions ?? NaN) + 1);
    expect(after?.acquireTime).not.toBe(before?.acquireTime);
  });

  it('stand still where nothing beats', async () => {
    await begin(false);
    const before = leaseOf('kube-scheduler');
    clock.advance(60_000);
    expect(leaseOf('kube-scheduler')).toEqual(before);
  });
});

type Job = KubernetesObject & {
  spec: { template: { spec: { nodeName: string } } };
  status: { startTime: string; completionTime?: string; succeeded?: number; active?: number };
};

describe('the copies of a backup', () => {
  const jobs = (): Job[] =>
    (sandbox.world.collection('jobs').all() as Job[]).filter(({ metadata }) =>
      metadata.name.startsWith('backup-replication-'),
    );

  it('are made by a Job for each master, the newest some hours ago', async () => {
    await begin(false);
    expect(
      jobs()
        .map(({ spec }) => spec.template.spec.nodeName)
        .sort(),
    ).toEqual(['par1-bootstrap', 'par1-control-1', 'par1-control-2']);
    for (const { status } of jobs()) {
      expect(status.succeeded).toBe(1);
      expect(clock.now() - Date.parse(status.completionTime ?? '')).toBeLessThan(6 * 3_600_000);
    }
  });

  it('are made anew a day later', async () => {
    await begin(false);
    const before = jobs().map(({ metadata }) => metadata.name);
    clock.advance(19 * 3_600_000 + 1000);
    expect(jobs().map(({ status }) => [status.active, status.completionTime])).toEqual(
      [1, 2, 3].map(() => [1, undefined]),
    );
    clock.advance(10_000);
    expect(jobs().every(({ status }) => status.succeeded === 1)).toBe(true);
    expect(jobs().map(({ metadata }) => metadata.name)).not.toEqual(before);
  });
});

describe('the services of the product', () => {
  it('serve from the start, as many as are wanted', async () => {
    await begin(false);
    type Workload = KubernetesObject & { spec: { replicas: number }; status: { availableReplicas?: number } };
    const deployments = sandbox.world.collection('deployments').all() as Workload[];
    expect(deployments.length).toBeGreaterThan(10);
    for (const { metadata, spec, status } of deployments)
      expect([metadata.name, status.availableReplicas]).toEqual([metadata.name, spec.replicas]);
  });
});
