import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../source/sandbox/sandbox.ts';

const present = spawnSync('kubectl', ['version', '--client']).status === 0;
const run = promisify(execFile);

describe.runIf(present)('kubectl, a foreign judge, finds a cluster here', () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeAll(async () => {
    sandbox = await startSandbox({ churn: false });
    folder = await mkdtemp(join(tmpdir(), 'sandbox-kubectl-'));
    await writeFile(join(folder, 'kubeconfig'), sandbox.kubeconfig('operator'));
  });
  afterAll(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true });
  });

  const kubectl = async (...words: string[]): Promise<string> => {
    // Its cache of discovery goes to the same folder, or it would write into the home of whoever runs the tests.
    const places = [`--kubeconfig=${join(folder, 'kubeconfig')}`, `--cache-dir=${join(folder, 'cache')}`];
    return (await run('kubectl', [...places, ...words])).stdout;
  };

  it('lists nodes and pods', async () => {
    expect(await kubectl('get', 'nodes', '--no-headers')).toMatch(
      /^par1-bootstrap +Ready +bootstrap,etcd,master +41d +v1\.29\.8$/m,
    );
    const pods = await kubectl('get', 'pods', '-A', '--chunk-size=20', '--no-headers');
    expect(pods.trimEnd().split('\n').length).toBe(sandbox.world.pods.size);
  });

  it('describes a node with its lease, its pods and what they ask for', async () => {
    const text = await kubectl('describe', 'node', 'par1-worker-1');
    expect(text).toMatch(/HolderIdentity: +par1-worker-1/);
    expect(text).toMatch(/calico-node-\w{5} +250m \(1%\)/);
    expect(text).toMatch(/^ {2}cpu +\d+m \(\d+%\)/m);
  });

  it('labels, taints, untaints, cordons and uncordons', async () => {
    expect(await kubectl('label', 'node', 'par1-worker-2', 'disk=ssd')).toContain('labeled');
    expect(await kubectl('taint', 'node', 'par1-worker-2', 'a=b:NoSchedule')).toContain('tainted');
    expect(await kubectl('taint', 'node', 'par1-bootstrap', 'node-role.kubernetes.io/bootstrap:NoSchedule-')).toContain(
      'untainted',
    );
    expect(await kubectl('cordon', 'par1-worker-2')).toContain('cordoned');
    const { metadata, spec } = JSON.parse(await kubectl('get', 'node', 'par1-worker-2', '-o', 'json')) as {
      metadata: { labels: Record<string, string> };
      spec: { unschedulable?: boolean; taints: { key: string }[] };
    };
    expect([metadata.labels['disk'], spec.unschedulable, spec.taints[0]?.key]).toEqual(['ssd', true, 'a']);
    expect(sandbox.world.nodes.get('par1-bootstrap')?.spec.taints).toBeUndefined();
    expect(await kubectl('uncordon', 'par1-worker-2')).toContain('uncordoned');
  });

  it('is told that an operator may not delete nodes', async () => {
    await expect(kubectl('delete', 'node', 'par1-worker-3')).rejects.toThrow(/nodes "par1-worker-3" is forbidden/);
  });
});
