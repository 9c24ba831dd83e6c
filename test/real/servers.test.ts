// The real servers themselves: they start, each user gets what it should, they can fail and come back, and seeding is true.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { letPodGo, setNodeCondition, setPodState } from './kubelet.ts';
import { describeNodes, kubectl } from './kubectl.ts';
import { inventory, seedCluster, type Inventory } from './seed.ts';
import { createApi } from './servers/api.ts';
import { startRealCluster, type RealCluster } from './servers/cluster.ts';
import { containTraffic, SEEDED_RANGE } from './servers/containment.ts';
import { freePorts, isAlive, startProcess, waitFor } from './servers/process.ts';
import { READING, USERS, type UserName } from './servers/users.ts';
import type { List, NodeObject, PodObject } from './wire.ts';

let cluster: RealCluster;
beforeAll(async () => {
  cluster = await startRealCluster();
});
afterAll(() => cluster.stop());

const LABEL_PATCH = { metadata: { labels: { tried: 'yes' } } };

describe('users', () => {
  beforeAll(async () => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'for-users' } };
    await cluster.api.admin.do('POST', '/api/v1/nodes', node);
  });

  test.each<[UserName, number, number, number]>([
    ['admin', 200, 200, 200],
    ['operator', 200, 200, 403],
    ['reader', 200, 403, 403],
    ['nobody', 403, 403, 403],
  ])('%s: list nodes %i, patch a node %i, list secrets %i', async (user, list, patch, secrets) => {
    const api = cluster.api[user];
    const answers = [
      await api.ask('GET', '/api/v1/nodes'),
      await api.ask('PATCH', '/api/v1/nodes/for-users', LABEL_PATCH, 'application/merge-patch+json'),
      await api.ask('GET', '/api/v1/secrets'),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([list, patch, secrets]);
  });

  test.each(Object.keys(USERS) as UserName[])('%s: kubectl logs in by certificate and by token', async (user) => {
    for (const by of ['certificate', 'token'] as const) {
      const { stdout } = await kubectl(cluster.kubeconfig(user, by), 'auth', 'can-i', 'list', 'nodes');
      expect(stdout.trim()).toBe(user === 'nobody' ? 'no' : 'yes');
    }
  });

  test('a further user has the rights it was given and no other', async () => {
    const rules = READING.map((rule) => ({ ...rule, resources: rule.resources.filter((name) => name !== 'pods') }));
    const kubeconfig = await cluster.addUser('blind-to-pods', rules);
    expect((await kubectl(kubeconfig, 'get', 'nodes')).code).toBe(0);
    expect((await kubectl(kubeconfig, 'get', 'pods', '-A')).stderr).toContain('pods is forbidden');
  });

  test('an expired certificate is refused', async () => {
    const identity = await cluster.authority.issue({ commonName: 'late', validUntil: new Date(Date.now() - 1000) });
    const api = createApi(cluster.url, cluster.authority.certificate, identity);
    expect((await api.ask('GET', '/api/v1/nodes')).status).toBe(401);
    api.close();
  });

  test('the server says the version that was built', async () => {
    const { stdout } = await kubectl(cluster.kubeconfig('reader'), 'version', '-o', 'json');
    expect(cluster.version).toMatch(/^v1\.\d+\.\d+$/);
    expect(JSON.parse(stdout)).toMatchObject({ serverVersion: { gitVersion: cluster.version } });
  });

  test('the audit log tells who asked for what', async () => {
    const path = '/api/v1/namespaces/default/pods?limit=7';
    await cluster.api.reader.do('GET', path);
    expect(await cluster.requestsOf('reader')).toContainEqual({
      id: expect.any(String) as string,
      user: 'reader',
      verb: 'list',
      path,
      status: 200,
      userAgent: 'real-tier',
    });
  });
});

describe('seeding', () => {
  let seeded: Inventory;
  const nodeList = async () => (await cluster.api.reader.do<List<NodeObject>>('GET', '/api/v1/nodes')).items;
  const podList = async () => (await cluster.api.reader.do<List<PodObject>>('GET', '/api/v1/pods')).items;
  const pod = async (phase: string) => {
    const found = (await podList()).find((one) => one.status?.phase === phase && one.spec.nodeName !== undefined);
    if (found === undefined) throw new Error(`No pod is ${phase}.`);
    return found;
  };

  beforeAll(async () => {
    seeded = await seedCluster(cluster.api.admin, { seed: 1, nodes: 25, pods: 500 });
  });

  test('the same seed makes the same inventory', () => {
    const options = { seed: 7, nodes: 30, pods: 400, now: new Date(0) };
    expect(inventory(options)).toEqual(inventory(options));
    expect(inventory({ ...options, seed: 8 })).not.toEqual(inventory(options));
  });

  test('nodes carry the taints and the conditions they were given', async () => {
    const nodes = new Map((await nodeList()).map((node) => [node.metadata.name, node]));
    for (const { name, taints, status } of seeded.nodes) {
      const node = nodes.get(name);
      expect([name, node?.spec?.taints ?? []]).toEqual([name, taints]);
      expect(node?.status?.conditions?.map(({ type, status: holds }) => [type, holds])).toEqual(
        status?.conditions.map(({ type, status: holds }) => [type, holds]),
      );
    }
  });

  test('pods come in every phase, with overhead, with init containers, static, waiting and leaving', async () => {
    const pods = await podList();
    expect(pods).toHaveLength(500);
    const count = (is: (one: PodObject) => unknown) => pods.filter((one) => Boolean(is(one))).length;
    const phases = new Set(pods.map((one) => one.status?.phase));
    expect(phases).toEqual(new Set(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']));
    expect(count((one) => one.spec.overhead)).toBeGreaterThan(0);
    expect(count((one) => one.spec.initContainers)).toBeGreaterThan(0);
    expect(count((one) => one.metadata.annotations?.['kubernetes.io/config.mirror'])).toBeGreaterThan(25);
    expect(count((one) => one.spec.nodeName === undefined)).toBeGreaterThan(0);
    expect(count((one) => one.metadata.deletionTimestamp)).toBeGreaterThan(0);
  });

  test('kubectl describes every node, and its table of pods adds up to its sums', async () => {
    const names = seeded.nodes.map((node) => node.name);
    const described = await describeNodes(cluster.kubeconfig('reader'), names);
    expect(described.map((node) => node.name).sort()).toEqual(names.toSorted());
    for (const { name, pods, allocated } of described) {
      const sum = (of: 'cpuRequests' | 'cpuLimits' | 'memoryRequests' | 'memoryLimits') =>
        pods.reduce((total, one) => total + one[of], 0n);
      expect([name, allocated.get('cpu'), allocated.get('memory')]).toEqual([
        name,
        { requests: sum('cpuRequests'), limits: sum('cpuLimits') },
        { requests: sum('memoryRequests'), limits: sum('memoryLimits') },
      ]);
    }
    expect(described.flatMap((node) => node.pods).length).toBeGreaterThan(300);
  });

  test('a pod can be started, ended and let go', async () => {
    const api = cluster.api.admin;
    const waiting = await pod('Pending');
    expect((await setPodState(api, waiting, 'running', new Date(), '198.18.200.1')).status?.podIP).toBe('198.18.200.1');
    expect((await setPodState(api, waiting, 'succeeded')).status?.phase).toBe('Succeeded');
    const before = (await podList()).length;
    await letPodGo(api, waiting);
    expect(await podList()).toHaveLength(before - 1);
  });

  test('a condition of a node changes with its time', async () => {
    const now = new Date('2030-01-01T00:00:00Z');
    const node = await setNodeCondition(cluster.api.admin, 'bootstrap', 'Ready', 'False', now);
    const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
    expect([ready?.status, ready?.lastTransitionTime]).toEqual(['False', '2030-01-01T00:00:00Z']);
    expect(node.status?.conditions).toHaveLength(5);
  });
});

describe('faults', () => {
  test('the server can be killed and comes back at the same address with the same data', async () => {
    const before = await cluster.api.reader.do<List<NodeObject>>('GET', '/api/v1/nodes');
    await cluster.server.process().stop();
    await expect(cluster.api.reader.ask('GET', '/version')).rejects.toThrow('ECONNREFUSED');
    await cluster.server.start();
    await waitFor('rights', async () => (await cluster.api.reader.ask('GET', '/api/v1/nodes')).status === 200);
    const after = await cluster.api.reader.do<List<NodeObject>>('GET', '/api/v1/nodes');
    expect(after.items.map((node) => node.metadata.uid)).toEqual(before.items.map((node) => node.metadata.uid));
  });

  test('a server that cannot start is told with its last words, and its data is removed', async () => {
    await expect(startRealCluster({ serverFlags: ['--no-such-flag'] })).rejects.toThrow('unknown flag: --no-such-flag');
    const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(`real-cluster-${process.pid}-`));
    expect(folders).toHaveLength(1);
  });

  test('a process that is waited for and ends is told at once', async () => {
    const server = await startProcess('short', 'bash', ['-c', 'echo goodbye; exit 3']);
    const waiting = waitFor('short ready', () => Promise.resolve(false), { server });
    await expect(waiting).rejects.toThrow(/ended \(exit 3\)\.\ngoodbye/);
  });

  test('three members of etcd make one cluster', async () => {
    const three = await startRealCluster({ members: 3 });
    const { admin } = three.api;
    await three.etcd.members[0]?.process().stop();
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'with-two-of-three' } };
    const write = async () => [201, 409].includes((await admin.ask('POST', '/api/v1/namespaces', namespace)).status);
    await waitFor('a write with two members of three', write);
    const scheduler = await three.startScheduler();
    const servers = [...three.etcd.members.map((member) => member.process().pid), scheduler.pid];
    expect(servers.map(isAlive)).toEqual([false, true, true, true]);
    await three.stop();
    expect(servers.map(isAlive)).toEqual([false, false, false, false]);
  });

  test('servers die with the tests, even when those are killed', async () => {
    const script = `const { startProcess } = await import(${JSON.stringify(import.meta.resolve('./servers/process.ts'))});
      console.log((await startProcess('sleeper', 'sleep', ['600'])).pid); setInterval(() => {}, 1000);`;
    const tests = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) =>
      tests.stdout.once('data', (text: Buffer) => resolve(Number(text))),
    );
    expect(isAlive(pid)).toBe(true);
    tests.kill('SIGKILL');
    await waitFor('the end of the sleeper', () => Promise.resolve(!isAlive(pid)), { seconds: 10 });
  });

  test.runIf(process.getuid?.() === 0)('seeded addresses are unreachable as long as anybody needs it', () => {
    const routes = () => execFileSync('ip', ['route', 'show', 'type', 'unreachable'], { encoding: 'utf8' });
    const ours = new RegExp(`unreachable ${SEEDED_RANGE} metric \\d*${process.pid}\\b`);
    const release = containTraffic();
    release();
    release();
    expect(routes()).toMatch(ours);
  });

  test.runIf(process.getuid?.() === 0)('what a killed run has left is cleared away', () => {
    const gone = spawnSync('true').pid;
    const left = ['unreachable', SEEDED_RANGE, 'metric', String(2_000_000_000 + gone)];
    execFileSync('ip', ['route', 'add', ...left]);
    containTraffic()();
    expect(execFileSync('ip', ['route', 'show', 'type', 'unreachable'], { encoding: 'utf8' })).not.toContain(
      left.join(' '),
    );
  });

  test('free ports are all different', async () => {
    expect(new Set(await freePorts(50)).size).toBe(50);
  });
});
