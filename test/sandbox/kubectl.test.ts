import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startSandbox, type Sandbox } from '../../source/sandbox/sandbox.ts';
import type { KubernetesObject, Node, Pod } from '../../source/sandbox/wire.ts';
import { hasKubectl, Kubectl } from './kubectl.ts';

/** Rows of a table without its header. */
const rowsOf = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));

const manifest = (labels: Record<string, string>, taints: Node['spec']['taints'] = []): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'applied', labels }, spec: { taints } });

describe.runIf(hasKubectl)('kubectl, a foreign judge, finds a cluster here', () => {
  let sandbox: Sandbox;
  let admin: Kubectl;
  let operator: Kubectl;
  beforeAll(async () => {
    sandbox = await startSandbox({ nodes: 8, churn: false });
    admin = await Kubectl.for(sandbox);
    operator = await Kubectl.for(sandbox, 'operator');
  });
  afterAll(async () => {
    await sandbox.stop();
    await Promise.all([admin.remove(), operator.remove()]);
  });

  const nodeOf = (name: string): Node => {
    const node = sandbox.world.nodes.get(name);
    if (!node) throw new Error(`there is no node ${name}`);
    return node;
  };
  const podsOn = (name: string): Pod[] => [...sandbox.world.pods.values()].filter(({ spec }) => spec.nodeName === name);
  const ownedBy = (pod: Pod): string => pod.metadata.ownerReferences?.[0]?.kind ?? '';
  const labelsOf = (name: string): Record<string, string> => nodeOf(name).metadata.labels ?? {};

  it('and knows its version and its resources', async () => {
    expect(await admin.prints('version')).toContain('v1.29.8');
    const resources = await admin.prints('api-resources', '--no-headers');
    for (const [short, kind] of [
      ['no', 'Node'],
      ['pv', 'PersistentVolume'],
      ['pdb', 'PodDisruptionBudget'],
      ['deploy', 'Deployment'],
    ]) {
      expect(resources).toMatch(new RegExp(` ${short} .* ${kind}$`, 'm'));
    }
    expect(resources).toMatch(/^volumes +storage\.metalk8s\.scality\.com\/v1alpha1 +false +Volume$/m);
    expect(resources).toMatch(/^nodes +metrics\.k8s\.io\/v1beta1 +false +NodeMetrics$/m);
  });

  it('lists nodes as a table, wide, as JSON and as YAML', async () => {
    expect(await admin.prints('get', 'nodes', '--no-headers')).toMatch(
      /^par1-bootstrap +Ready +bootstrap,etcd,master +41d +v1\.29\.8$/m,
    );
    expect(await admin.prints('get', 'node', 'par1-worker-1', '-o', 'wide')).toMatch(
      /INTERNAL-IP.*\npar1-worker-1 .* 10\.1\.0\.\d+ .*containerd/,
    );
    const { items } = await admin.json<{ items: Node[] }>('get', 'nodes');
    expect(items.map(({ metadata }) => metadata.name)).toEqual(
      sandbox.world.nodes.all().map(({ metadata }) => metadata.name),
    );
    const yaml = parse(await admin.prints('get', 'node', 'par1-worker-1', '-o', 'yaml')) as Node;
    expect(yaml.status.allocatable).toEqual(nodeOf('par1-worker-1').status.allocatable);
  });

  it('sees a change of a node while it watches', async () => {
    let seen = 0;
    for await (const line of admin.follows('get', 'nodes', '-w', '--no-headers')) {
      seen += 1;
      if (seen === 1) {
        sandbox.world.nodes.update('par1-control-1', (node) => ({
          ...node,
          spec: { ...node.spec, unschedulable: true },
        }));
      }
      if (/^par1-control-1 +Ready,SchedulingDisabled /.test(line)) break;
    }
    expect(seen).toBeGreaterThan(1);
  });

  it('lists all pods, page by page', async () => {
    const pods = rowsOf(await admin.prints('get', 'pods', '-A', '--chunk-size=20', '--no-headers'));
    const known = new Set([...sandbox.world.pods.values()].map(({ metadata }) => metadata.uid));
    // Pods of other tests come and go meanwhile.
    expect(Math.abs(pods.length - known.size)).toBeLessThan(30);
    expect(pods.every(([, , ready = '']) => /^\d+\/\d+$/.test(ready))).toBe(true);
  });

  it('lists volumes, claims, classes, budgets and what keeps pods alive', async () => {
    const kinds = 'pv,pvc,storageclasses,volumes,pdb,daemonsets,deployments,replicasets,statefulsets';
    const text = await admin.prints('get', kinds, '-A', '-o', 'wide');
    const collections = kinds
      .replace('pv,pvc', 'persistentvolumes,persistentvolumeclaims')
      .replace('pdb', 'poddisruptionbudgets');
    for (const name of collections.split(',')) {
      const objects: readonly KubernetesObject[] = sandbox.world.collection(name).all();
      expect(objects.length, name).toBeGreaterThan(0);
      for (const { metadata } of objects) expect(text).toContain(metadata.name);
    }
    expect(text).toMatch(/NAME +CAPACITY +ACCESS MODES +RECLAIM POLICY +STATUS +CLAIM +STORAGECLASS/);
    expect(text).toMatch(/NAME +DESIRED +CURRENT +READY +UP-TO-DATE +AVAILABLE +NODE SELECTOR +AGE +CONTAINERS/);
  });

  it('describes a node with its lease, its pods and what they ask for', async () => {
    const text = await admin.prints('describe', 'node', 'par1-control-2');
    expect(text).toMatch(/HolderIdentity: +par1-control-2/);
    expect(text).toMatch(/calico-node-\w{5} +250m \(\d+%\)/);
    expect(text).toMatch(/^ {2}cpu +\d+m \(\d+%\)/m);
    expect(text).toMatch(/^Taints: +node-role\.kubernetes\.io\/infra:NoSchedule$/m);
  });

  it('describes a pod with its containers and conditions', async () => {
    const [pod] = podsOn('par1-bootstrap').filter(({ metadata }) => metadata.name.startsWith('etcd-'));
    const text = await admin.prints('describe', 'pod', '-n', 'kube-system', pod?.metadata.name ?? '');
    expect(text).toMatch(/^Node: +par1-bootstrap\/10\.1\.0\.11$/m);
    expect(text).toMatch(/^Priority Class Name: +system-node-critical$/m);
    expect(text).toMatch(/^ {2}Ready +True/m);
  });

  it('labels, taints, untaints, cordons and uncordons', async () => {
    const name = 'par1-worker-2';
    expect(await operator.prints('label', 'node', name, 'disk=ssd')).toContain('labeled');
    expect(labelsOf(name)).toMatchObject({ disk: 'ssd' });
    expect(await operator.prints('taint', 'node', name, 'a=b:NoSchedule', 'c:PreferNoSchedule')).toContain('tainted');
    expect(
      nodeOf(name)
        .spec.taints?.map(({ key }) => key)
        .sort(),
    ).toEqual(['a', 'c']);
    expect(await operator.prints('taint', 'node', name, 'a:NoSchedule-')).toContain('untainted');
    expect(nodeOf(name).spec.taints?.map(({ key }) => key)).toEqual(['c']);
    expect(await operator.prints('cordon', name)).toContain('cordoned');
    expect(nodeOf(name).spec.unschedulable).toBe(true);
    expect(await operator.prints('uncordon', name)).toContain('uncordoned');
    expect(nodeOf(name).spec.unschedulable).toBeUndefined();
    await operator.prints('label', 'node', name, 'disk-');
    expect(labelsOf(name)).not.toHaveProperty('disk');
  });

  it('drains a node of all but daemons and mirrors, and they run elsewhere', async () => {
    const name = 'par1-worker-3';
    const refused = await admin.run(['drain', name]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('DaemonSet-managed Pods') as string]);
    const flags = ['--ignore-daemonsets', '--delete-emptydir-data', '--force', '--timeout=20s'];
    const { code, stdout, stderr } = await admin.run(['drain', name, ...flags]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/ignoring DaemonSet-managed Pods/i) as string]);
    expect(stdout).toMatch(/pod\/\S+ evicted/);
    expect(nodeOf(name).spec.unschedulable).toBe(true);
    expect([...new Set(podsOn(name).map(ownedBy))].sort()).toEqual(['DaemonSet', 'Node']);
  });

  it('gives up on a pod that its budget keeps, and says so', async () => {
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'all-of-it', namespace: 'default' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'kept' } } },
    };
    const container = { name: 'c', image: 'registry.invalid/c:1' };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'kept', namespace: 'default', labels: { app: 'kept' } },
      spec: { nodeName: 'par1-worker-4', containers: [container] },
    };
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [budget, pod] });
    expect((await admin.run(['create', '--validate=false', '-f', '-'], list)).stdout).toMatch(
      /created\npod\/kept created/,
    );
    await admin.prints('wait', '-n', 'default', 'pod/kept', '--for=condition=Ready', '--timeout=10s');
    const flags = ['--ignore-daemonsets', '--force', '--pod-selector=app=kept', '--timeout=1s'];
    const { code, stderr } = await admin.run(['drain', 'par1-worker-4', ...flags]);
    expect(code).toBe(1);
    expect(stderr).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    expect(sandbox.world.pods.get('default/kept')?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('deletes a pod and waits until it has gone', async () => {
    const [pod] = podsOn('par1-worker-5').filter((each) => ownedBy(each) === 'ReplicaSet');
    if (!pod) throw new Error('no application runs on par1-worker-5');
    const { name, namespace = '' } = pod.metadata;
    expect(await admin.prints('delete', 'pod', '-n', namespace, name)).toContain(`pod "${name}" deleted`);
    expect(sandbox.world.pods.get(`${namespace}/${name}`)).toBeUndefined();
  });

  it('applies a node: creates it, changes it by what was last applied, and leaves the rest alone', async () => {
    const apply = ['apply', '--validate=false', '-f', '-'];
    expect((await admin.run(apply, manifest({ role: 'a', gone: 'soon' }))).stdout).toContain('node/applied created');
    await admin.prints('label', 'node', 'applied', 'of-another=1');
    const taint = { key: 'a', effect: 'NoSchedule' as const };
    expect((await admin.run(apply, manifest({ role: 'b' }, [taint]))).stdout).toContain('node/applied configured');
    expect(labelsOf('applied')).toEqual({ role: 'b', 'of-another': '1' });
    expect(nodeOf('applied').spec.taints).toEqual([taint]);
    expect((await admin.run(apply, manifest({ role: 'b' }, [taint]))).stdout).toContain('node/applied unchanged');
    expect(await admin.prints('delete', 'node', 'applied')).toContain('deleted');
  });

  it('tells what nodes and pods use, until there are no metrics', async () => {
    const nodes = rowsOf(await admin.prints('top', 'node', '--no-headers'));
    expect(nodes.map(([name]) => name)).toContain('par1-worker-1');
    expect(nodes.find(([name]) => name === 'par1-worker-1')?.slice(1, 3)).toEqual([
      expect.stringMatching(/^[1-9]\d*m$/),
      expect.stringMatching(/^\d+%$/),
    ]);
    expect(await admin.prints('top', 'pod', '-n', 'kube-system', '--no-headers')).toMatch(
      /^etcd-par1-bootstrap +\d+m +\d+Mi/m,
    );
    sandbox.faults.metrics = { service: 'absent' };
    const { code, stderr } = await (await freshAdmin()).run(['top', 'node']);
    sandbox.faults.metrics = {};
    expect([code, stderr.trim()]).toEqual([1, expect.stringMatching(/Metrics API not available/) as string]);
  });

  /** One that has learned nothing of the cluster yet. */
  const freshAdmin = async (): Promise<Kubectl> => {
    const kubectl = await Kubectl.for(sandbox);
    fresh.push(kubectl);
    return kubectl;
  };
  const fresh: Kubectl[] = [];
  afterAll(() => Promise.all(fresh.map((kubectl) => kubectl.remove())));

  it('is told what a user may do', async () => {
    expect((await operator.run(['auth', 'can-i', 'patch', 'nodes'])).stdout).toBe('yes\n');
    const refused = await operator.run(['auth', 'can-i', 'delete', 'nodes']);
    expect([refused.code, refused.stdout]).toEqual([1, 'no\n']);
    const list = await operator.prints('auth', 'can-i', '--list');
    expect(list).toMatch(/^pods\/eviction +\[\] +\[\] +\[create\]$/m);
    expect(list).toMatch(/^nodes +\[\] +\[\] +\[get list watch patch update\]$/m);
    const forbidden = await operator.run(['delete', 'node', 'par1-worker-1']);
    expect([forbidden.code, forbidden.stderr]).toEqual([
      1,
      expect.stringContaining('nodes "par1-worker-1" is forbidden: User "sandbox-operator" cannot delete') as string,
    ]);
  });
});
