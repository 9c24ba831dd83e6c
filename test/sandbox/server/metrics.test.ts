import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import type { NodeMetrics, PodMetrics } from '../../../source/sandbox/wire.ts';
import { clientOf, type Client } from '../client.ts';

const clock = manualClock();
let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox({ clock, churn: false, heartbeats: false });
  client = clientOf(sandbox);
});
afterEach(() => {
  sandbox.faults.clear();
});
afterAll(async () => {
  client.close();
  await sandbox.stop();
});

const METRICS = '/apis/metrics.k8s.io/v1beta1';
type List<T> = { kind: string; metadata: object; items: T[] };
const get = async <T>(path: string): Promise<T> => (await client.get(`${METRICS}${path}`)).body as T;
const nanocores = ({ usage }: NodeMetrics): number => Number(/^(\d+)n$/.exec(usage.cpu)?.[1]);

describe('the metrics of nodes and pods', () => {
  it('come as a list without a version, one a node', async () => {
    const { kind, metadata, items } = await get<List<NodeMetrics>>('/nodes');
    expect([kind, metadata]).toEqual(['NodeMetricsList', {}]);
    expect(items.map((each) => each.metadata.name)).toEqual(
      sandbox.world.nodes.all().map((node) => node.metadata.name),
    );
    for (const { metadata: own, usage, timestamp, window } of items) {
      expect(own).not.toHaveProperty('resourceVersion');
      expect(own.labels).toEqual(sandbox.world.nodes.get(own.name)?.metadata.labels);
      expect(usage).toEqual({
        cpu: expect.stringMatching(/^[1-9]\d*n$/) as string,
        memory: expect.stringMatching(/^[1-9]\d*Ki$/) as string,
      });
      expect(clock.now() - Date.parse(timestamp)).toBeLessThan(60_000);
      expect(window).toMatch(/^(\d+m)?\d+s$/);
    }
  });

  it('are selected by label', async () => {
    const { items } = await get<List<NodeMetrics>>('/nodes?labelSelector=node-role.kubernetes.io/infra');
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['par1-control-1', 'par1-control-2']);
  });

  it('of pods are those of a namespace or of all, container by container', async () => {
    const all = await get<List<PodMetrics>>('/pods');
    const some = await get<List<PodMetrics>>('/namespaces/kube-system/pods');
    expect(all.kind).toBe('PodMetricsList');
    expect(some.items.length).toBeGreaterThan(0);
    expect(all.items.length).toBeGreaterThan(some.items.length);
    const inNamespace = all.items.filter(({ metadata }) => metadata.namespace === 'kube-system');
    expect(some.items.map(({ metadata }) => metadata.name)).toEqual(inNamespace.map(({ metadata }) => metadata.name));
    const [first] = some.items;
    const pod = sandbox.world.pods.get(`kube-system/${first?.metadata.name ?? ''}`);
    expect(first?.containers.map(({ name }) => name)).toEqual(pod?.spec.containers.map(({ name }) => name));
  });

  it('of one are found by name, or not', async () => {
    expect(await get('/nodes/par1-worker-1')).toMatchObject({
      kind: 'NodeMetrics',
      metadata: { name: 'par1-worker-1' },
    });
    expect(await get('/nodes/nope')).toMatchObject({ code: 404, message: 'nodes.metrics.k8s.io "nope" not found' });
    expect(await get('/namespaces/a/pods/b')).toMatchObject({ code: 404, message: 'pods "a/b" not found' });
  });

  it.each([
    ['GET', '/nodes?watch=1', 'watch is not supported on resources of kind "nodes.metrics.k8s.io"'],
    ['DELETE', '/nodes/par1-worker-1', 'the server does not allow this method on the requested resource'],
    ['POST', '/nodes', 'the server does not allow this method on the requested resource'],
  ])('can only be read: %s %s is refused', async (method, path, message) => {
    const { status, body } = await client.ask(method, `${METRICS}${path}`);
    expect([status, body]).toEqual([405, expect.objectContaining({ reason: 'MethodNotAllowed', message }) as object]);
  });

  it('are kept from those who may not see them', async () => {
    const operator = clientOf(sandbox, 'operator');
    expect((await operator.get(`${METRICS}/nodes`)).status).toBe(403);
    operator.close();
  });
});

describe('metrics that fail', () => {
  const groups = async (): Promise<string[]> =>
    ((await client.get('/apis')).body as { groups: { name: string }[] }).groups.map(({ name }) => name);

  it.each([
    ['absent', 404, '404 page not found\n', false],
    ['unavailable', 503, 'service unavailable\n', true],
  ] as const)(
    'when they are %s, answer %i, and are discovered accordingly',
    async (service, status, text, discovered) => {
      sandbox.faults.metrics = { service };
      for (const path of ['', '/nodes', '/nodes/par1-worker-1', '/pods']) {
        const answer = await client.get(`${METRICS}${path}`);
        expect([answer.status, answer.text]).toEqual([status, text]);
      }
      expect((await groups()).includes('metrics.k8s.io')).toBe(discovered);
      expect((await client.get('/apis/metrics.k8s.io')).status).toBe(discovered ? 200 : 404);
      sandbox.faults.clear();
      expect((await client.get(`${METRICS}/nodes`)).status).toBe(200);
    },
  );

  it('lag behind', async () => {
    const [before] = (await get<List<NodeMetrics>>('/nodes')).items;
    sandbox.faults.metrics = { behind: 600_000 };
    const [after] = (await get<List<NodeMetrics>>('/nodes')).items;
    expect(Date.parse(before?.timestamp ?? '') - Date.parse(after?.timestamp ?? '')).toBe(600_000);
  });

  it('lie: more is used than there is', async () => {
    sandbox.faults.metrics = { times: 100 };
    for (const metrics of (await get<List<NodeMetrics>>('/nodes')).items) {
      const cores = Number(sandbox.world.nodes.get(metrics.metadata.name)?.status.capacity?.['cpu']);
      expect(nanocores(metrics)).toBeGreaterThan(cores * 1e9);
    }
  });
});
