import { afterEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { KubernetesObject } from '../../../source/sandbox/wire.ts';
import { driven, exec, type Heard } from '../etcd/ask.ts';

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

  it('are made anew a day later, and those before go', async () => {
    await begin(false);
    const before = jobs().map(({ metadata }) => metadata.name);
    clock.advance(19 * 3_600_000 + 1000);
    const running = jobs().filter(({ status }) => status.active === 1);
    expect(running.map(({ status }) => status.completionTime)).toEqual([undefined, undefined, undefined]);
    clock.advance(10_000);
    expect(jobs().map(({ status }) => status.succeeded)).toEqual([1, 1, 1]);
    expect(jobs().filter(({ metadata }) => before.includes(metadata.name))).toEqual([]);
  });

  const SALT = ['salt', '--out=json', '--static', '--retcode-passthrough', '--timeout=1800'];
  const salt = (...words: string[]): Promise<Heard> =>
    driven(clock, exec(sandbox, 'salt-master-par1-bootstrap', [...SALT, ...words], { container: 'salt-master' }));

  it('are made when Salt is told to', async () => {
    await begin(false);
    const { ending } = await salt('par1-bootstrap', 'metalk8s.backup_node');
    expect(ending).toMatchObject({ status: 'Success' });
    expect(jobs().filter(({ status }) => status.active === 1)).toHaveLength(3);
    clock.advance(10_000);
    expect(jobs().map(({ status }) => status.succeeded)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it.each([
    ['a minion that is not there', ['nobody', 'metalk8s.backup_node'], '2'],
    ['a function that is not there', ['par1-bootstrap', 'metalk8s.nothing'], '254'],
    ['an option that is not there', ['--colour'], '2'],
  ])('are not made for %s', async (_what, words, code) => {
    await begin(false);
    const { ending } = await salt(...words);
    expect(ending).toMatchObject({ details: { causes: [{ reason: 'ExitCode', message: code }] } });
    expect(jobs()).toHaveLength(3);
  });

  it('are not made while nothing can be written', async () => {
    await begin(false);
    for (const node of ['par1-control-1', 'par1-control-2']) sandbox.world.etcd.stop(node);
    expect(sandbox.world.copyArchive()).toBe('Jobs cannot be created');
    expect(jobs()).toHaveLength(3);
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
