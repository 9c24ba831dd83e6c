import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { ETCD_READS, ETCD_WRITES, ETCDCTL } from '../../../source/links/etcd/etcdctl.ts';
import { realClock } from '../../../source/links/kubernetes/clock.ts';
import { createConnection } from '../../../source/links/kubernetes/connection.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { createReader } from '../../../source/links/kubernetes/reader.ts';
import { createReachability } from '../../../source/links/kubernetes/reachability.ts';
import { isRead, isReadCommand, READS, readsOnly } from '../../../source/links/kubernetes/reads.ts';
import { followSource } from '../../../source/links/kubernetes/sources.ts';
import {
  RESOURCES,
  type ClusterEvent,
  type Items,
  type Resource,
  type ResourceStatus,
} from '../../../source/model/cluster-event.ts';
import type { PodRow } from '../../../source/model/kubernetes/pod.ts';
import { Picture } from './picture.ts';
import { accessTo, json, refusal, startScripted, until, type Asked, type ScriptedServer } from './scripted-server.ts';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

type Raw = {
  metadata: { name: string; uid: string; resourceVersion: string; namespace?: string };
  [more: string]: unknown;
};

/** The resource that a path is about, and the name of the one item where it has one. */
function aboutWhat(pathname: string): { readonly resource: Resource | null; readonly name: string | undefined } {
  const resource = RESOURCES.find((each) => `${pathname}/`.startsWith(`${READS[each].path}/`)) ?? null;
  return {
    resource,
    name: resource === null ? pathname : pathname.slice(READS[resource].path.length + 1) || undefined,
  };
}

/** All resources behind TLS: lists by pages, watches that stay open. */
class Cluster {
  readonly items: Partial<Record<Resource, Raw[]>> = {};
  readonly watches: { readonly resource: Resource; readonly answer: ServerResponse }[] = [];
  version = 10;
  server!: ScriptedServer;
  /** Answers instead, when it returns true. */
  instead: (asked: Asked, answer: ServerResponse) => boolean = () => false;

  async start(port = 0) {
    this.server = await startScripted((asked, answer) => this.#answer(asked, answer), { port });
    open.push(this.server.close);
    return this;
  }

  add(resource: Resource, name: string, more: object = {}) {
    this.version += 1;
    const metadata = {
      name,
      uid: `${name}-${this.version}`,
      resourceVersion: String(this.version),
      namespace: 'default',
    };
    const item = { metadata, ...more };
    this.items[resource] = [...(this.items[resource] ?? []), item];
    this.tell(resource, { type: 'ADDED', object: item });
    return item;
  }

  tell(resource: Resource, event: object) {
    for (const watch of this.watches) if (watch.resource === resource) watch.answer.write(`${JSON.stringify(event)}\n`);
  }

  /** What is no list and no watch. */
  #single(asked: Asked, pathname: string, all: readonly Raw[], name: string | undefined) {
    if (pathname === '/version') return { code: 200, body: { gitVersion: 'v1.29.8' } };
    const annotations = { 'metalk8s.scality.com/cluster-version': '129.0.0' };
    if (pathname === '/api/v1/namespaces/kube-system') return { code: 200, body: { metadata: { annotations } } };
    if (asked.method === 'POST') {
      const { spec } = JSON.parse(asked.body) as { spec: { resourceAttributes: { verb: string } } };
      return { code: 201, body: { status: { allowed: spec.resourceAttributes.verb === 'patch' } } };
    }
    if (name === undefined) return null;
    const found = all.find((item) => item.metadata.name === decodeURIComponent(name));
    if (found !== undefined) return { code: 200, body: found };
    return { code: 404, body: refusal(404, 'NotFound', `nodes "${name}" not found`) };
  }

  #answer(asked: Asked, answer: ServerResponse) {
    if (this.instead(asked, answer)) return;
    const { pathname, searchParams } = asked.url;
    const { resource, name } = aboutWhat(pathname);
    const all = (resource && this.items[resource]) ?? [];
    const one = this.#single(asked, pathname, all, name);
    if (one !== null) {
      json(answer, one.code, one.body);
      return;
    }
    if (resource !== null && searchParams.get('watch') === '1') {
      answer.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      this.watches.push({ resource, answer });
      return;
    }
    const limit = Number(searchParams.get('limit'));
    const start = Number(searchParams.get('continue') ?? '0');
    const rest = all.length - start - limit;
    json(answer, 200, {
      kind: 'List',
      metadata: {
        resourceVersion: String(this.version),
        ...(rest > 0 ? { continue: String(start + limit), remainingItemCount: rest } : {}),
      },
      items: all.slice(start, start + limit),
    });
  }
}

/** Waits are a tenth of what they are. */
const hurried = {
  now: realClock.now,
  after: (milliseconds: number, run: () => void) => realClock.after(milliseconds / 10, run),
};

function reader(cluster: Cluster) {
  const { access, held } = accessTo(cluster.server.url);
  const connection = createConnection({ access, userAgent: 'metalk8s-console/0', localDoors: [] });
  open.push(connection.close);
  return { reader: createReader(connection, { clock: hurried, random: Math.random }), connection, held };
}

/** In a thread of its own as the product does, or here and hurried. */
type Way = 'thread' | 'here';

function follow(cluster: Cluster, resource: Resource, way: Way = 'here') {
  const stop = new AbortController();
  const picture = new Picture<Items[Resource]>();
  const statuses: ResourceStatus[] = [];
  const batches: number[] = [];
  const emit = (event: ClusterEvent) => {
    if (!('resource' in event)) throw new Error(`not of a resource: ${event.type}`);
    picture.take(event);
    if (event.type === 'status') statuses.push(event.status);
    if (event.type === 'listed') batches.push(event.items.length);
  };
  const made = reader(cluster);
  const { connection } = made;
  const ended =
    way === 'thread'
      ? made.reader.follow(resource, emit, stop.signal)
      : followSource(resource, {
          connection: readsOnly(connection),
          emit: (event) => emit({ ...event, resource } as ClusterEvent),
          clock: hurried,
          random: Math.random,
          reachability: createReachability(hurried, Math.random),
          signal: stop.signal,
        });
  const end = async () => {
    stop.abort();
    await ended;
  };
  open.push(end);
  const nameOf = (item: Items[Resource]) => ('name' in item ? item.name : 'node' in item ? item.node : item.uid);
  const names = () => [...picture.items.values()].map(nameOf).sort();
  return { ...made, seen: picture.items, statuses, batches, end, names };
}

describe('following over real sockets', () => {
  test('nodes appear, change and go', async () => {
    const cluster = await new Cluster().start();
    for (let count = 0; count < 1_200; count += 1) cluster.add('nodes', `node-${count}`);
    const run = follow(cluster, 'nodes');
    await until(() => run.statuses.at(-1)?.state === 'live');
    expect(run.seen.size).toBe(1_200);
    expect(run.batches).toEqual(Array.from({ length: 12 }, () => 100));
    const added = cluster.add('nodes', 'late');
    await until(() => run.seen.has(added.metadata.uid));
    cluster.tell('nodes', { type: 'DELETED', object: added });
    await until(() => !run.seen.has(added.metadata.uid));
    expect(cluster.server.connections()).toBeLessThanOrEqual(2);
  });

  test('a server killed in the middle of a watch: stale, then right again', async () => {
    const cluster = await new Cluster().start();
    cluster.add('nodes', 'a');
    const run = follow(cluster, 'nodes');
    await until(() => run.statuses.at(-1)?.state === 'live');
    await cluster.server.close();
    await until(() => run.statuses.at(-1)?.state === 'stale');
    cluster.instead = (asked, answer) => {
      if (asked.url.searchParams.get('watch') !== '1') return false;
      if (asked.url.searchParams.get('resourceVersion') !== '11') return false;
      answer.end(`${JSON.stringify({ type: 'ERROR', object: refusal(410, 'Expired', 'too old') })}\n`);
      return true;
    };
    cluster.items.nodes = [];
    cluster.add('nodes', 'b');
    await cluster.start(cluster.server.port);
    await until(() => run.statuses.at(-1)?.state === 'live');
    expect(run.names()).toEqual(['b']);
  });

  test('a page that breaks off is asked for again', async () => {
    const cluster = await new Cluster().start();
    for (let count = 0; count < 600; count += 1) cluster.add('nodes', `node-${count}`);
    let broken = 0;
    cluster.instead = (asked, answer) => {
      if (!asked.url.searchParams.has('continue') || broken > 1) return false;
      broken += 1;
      answer.writeHead(200, { 'content-length': '100000' });
      answer.write('{"items": [{"metadata"', () => answer.destroy());
      return true;
    };
    const run = follow(cluster, 'nodes');
    await until(() => run.statuses.at(-1)?.state === 'live');
    expect(run.seen.size).toBe(600);
    expect(broken).toBe(2);
  });

  test('events of nodes are denied where the right is missing, while nodes are live', async () => {
    const cluster = await new Cluster().start();
    cluster.instead = (asked, answer) => {
      if (asked.url.pathname !== '/api/v1/events') return false;
      json(answer, 403, refusal(403, 'Forbidden', 'events is forbidden: User "x" cannot list resource "events"'));
      return true;
    };
    const events = follow(cluster, 'events');
    const nodes = follow(cluster, 'nodes');
    await until(() => nodes.statuses.at(-1)?.state === 'live' && events.statuses.at(-1)?.state === 'denied');
    expect(events.statuses.at(-1)).toMatchObject({ right: 'list events' });
    expect(cluster.server.asked.find((asked) => asked.url.pathname === '/api/v1/events')?.url.search).toContain(
      'fieldSelector=involvedObject.kind%3DNode',
    );
  });
});

describe('pods, in the thread', () => {
  const running = (node: string) => ({
    spec: { nodeName: node, containers: [{ name: 'c', resources: { requests: { cpu: '100m', memory: '1Gi' } } }] },
    status: { phase: 'Running' },
  });

  test('are listed, watched and told in batches, with what they share', async () => {
    const cluster = await new Cluster().start();
    for (let count = 0; count < 2_300; count += 1) cluster.add('pods', `pod-${count}`, running('a'));
    const run = follow(cluster, 'pods', 'thread');
    await until(() => run.statuses.at(-1)?.state === 'live');
    expect(run.seen.size).toBe(2_300);
    const pods = () => [...run.seen.values()] as PodRow[];
    expect([...new Set(pods().map((pod) => pod.requests))]).toEqual([
      { cpu: 100, memory: 2 ** 30, ephemeralStorage: 0 },
    ]);
    const late = cluster.add('pods', 'late', running('b'));
    await until(() => run.seen.has(late.metadata.uid));
    expect(pods().at(-1)?.node).toBe('b');
    expect(run.connection.requests()).toBe(6);
    expect(run.batches).toEqual(Array.from({ length: 23 }, () => 100));
  });

  test('ask for credentials before each request, and say when they were refused', async () => {
    const cluster = await new Cluster().start();
    cluster.add('pods', 'a', running('a'));
    cluster.instead = (asked, answer) => {
      if (asked.headers.authorization === 'Bearer good') return false;
      json(answer, 401, refusal(401, 'Unauthorized', 'Unauthorized'));
      return true;
    };
    const run = follow(cluster, 'pods', 'thread');
    await until(() => run.statuses.at(-1)?.state === 'absent');
    expect(run.held.refused).toBeGreaterThan(0);
    run.held.credentials = { ...run.held.credentials, headers: { Authorization: 'Bearer good' } };
    await until(() => run.statuses.at(-1)?.state === 'live');
    expect(run.names()).toEqual(['a']);
  });
});

describe('what is asked once', () => {
  test('comes whole', async () => {
    const cluster = await new Cluster().start();
    for (let count = 0; count < 501; count += 1) cluster.add('nodes', `node-${count}`);
    cluster.add('pods', 'p', { status: { phase: 'Running' } });
    cluster.add('events', 'e', { involvedObject: { kind: 'Node', name: 'node-1' }, reason: 'Rebooted' });
    const { reader: read } = reader(cluster);
    expect(await read.all('nodes')).toHaveLength(501);
    expect(await read.node('node-7')).toMatchObject({ name: 'node-7' });
    expect(await read.pods({ node: 'node-1' })).toMatchObject([{ name: 'p', phase: 'Running' }]);
    expect(cluster.server.asked.at(-1)?.url.searchParams.get('fieldSelector')).toBe('spec.nodeName=node-1');
    expect(await read.eventsOfNode('node-1')).toMatchObject([{ node: 'node-1', reason: 'Rebooted' }]);
    expect(await read.version()).toBe('v1.29.8');
    expect(await read.metalk8sVersion()).toBe('129.0.0');
    expect(await read.mayI({ verb: 'patch', resource: 'nodes' })).toBe(true);
    expect(await read.mayI({ verb: 'delete', resource: 'nodes' })).toBe(false);
    expect(await read.ping()).toBeGreaterThan(0);
  });

  test('comes whole and once also where a page says that it is protobuf and is not', async () => {
    const cluster = await new Cluster().start();
    for (let count = 0; count < 501; count += 1) cluster.add('nodes', `node-${count}`);
    cluster.instead = ({ url, headers }, answer) => {
      if (!url.searchParams.has('continue') || headers.accept === 'application/json') return false;
      answer.writeHead(200, { 'content-type': 'application/vnd.kubernetes.protobuf' }).end('not at all');
      return true;
    };
    const nodes = await reader(cluster).reader.all('nodes');
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(501);
    expect(nodes).toHaveLength(501);
    expect(cluster.server.asked.map(({ headers }) => headers.accept?.split(',')[0])).toEqual([
      'application/vnd.kubernetes.protobuf',
      'application/vnd.kubernetes.protobuf',
      'application/json',
      'application/json',
    ]);
  });

  test('rejects with the reason', async () => {
    const cluster = await new Cluster().start();
    const { reader: read } = reader(cluster);
    await expect(read.node('none')).rejects.toMatchObject({ kind: 'not-found', status: 404 });
    await expect(read.node('../pods/x')).rejects.toBeInstanceOf(LinkFailure);
    expect(cluster.server.asked.at(-1)?.url.pathname).toBe('/api/v1/nodes/..%2Fpods%2Fx');
    cluster.instead = (_, answer) => {
      json(answer, 200, { hello: 'world' });
      return true;
    };
    for (const ask of [
      () => read.all('nodes'),
      () => read.node('a'),
      () => read.version(),
      () => read.mayI({ verb: 'get', resource: 'nodes' }),
    ])
      await expect(ask()).rejects.toMatchObject({ kind: 'protocol' });
  });
});

describe('the list of reads', () => {
  test('holds every request that a reader makes', async () => {
    const cluster = await new Cluster().start();
    cluster.add('nodes', 'a');
    const { reader: read } = reader(cluster);
    await Promise.all([
      read.all('nodes'),
      read.node('a'),
      read.pods(),
      read.pods({ node: 'a' }),
      read.eventsOfNode('a'),
      read.version(),
      read.metalk8sVersion(),
      read.mayI({ verb: 'patch', resource: 'nodes' }),
      read.ping(),
    ]);
    for (const resource of RESOURCES) {
      const run = follow(cluster, resource);
      await until(() => run.statuses.at(-1)?.state === 'live');
      await run.end();
    }
    expect(cluster.server.asked.length).toBeGreaterThan(14);
    const strange = cluster.server.asked.filter(({ method, url }) => !isRead(method, url.pathname));
    expect(strange.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([]);
  });

  test('lets nothing else through, not even a name that would make another path', async () => {
    const cluster = await new Cluster().start();
    const { reader: read } = reader(cluster);
    for (const name of ['', '.', '..']) await expect(read.node(name)).rejects.toThrow(/is no read\./);
    expect(cluster.server.asked).toEqual([]);
  });

  test.each([
    ['PATCH', '/api/v1/nodes/a'],
    ['POST', '/api/v1/nodes'],
    ['DELETE', '/api/v1/nodes/a'],
    ['PUT', '/api/v1/nodes/a'],
    ['POST', '/api/v1/namespaces/default/pods/a/eviction'],
    ['GET', '/api/v1/secrets'],
    ['GET', '/api/v1/nodes/a/proxy'],
    ['GET', '/api/v1/nodes/'],
    ['GET', '/api/v1/nodes/..'],
    ['POST', '/api/v1/namespaces/kube-system/serviceaccounts/a/token'],
    ['POST', '/api/v1/namespaces/kube-system/pods/etcd-a:2381/proxy/health'],
    ['GET', '/api/v1/namespaces/kube-system/pods/etcd-a:2379/proxy/metrics'],
    ['GET', '/api/v1/namespaces/kube-system/pods/kube-apiserver-a:2381/proxy/metrics'],
    ['GET', '/api/v1/namespaces/kube-system/pods/etcd-:2381/proxy/metrics'],
    ['GET', '/api/v1/namespaces/kube-system/pods/etcd-a:2381/proxy/debug'],
    ['GET', '/api/v1/namespaces/kube-system/pods/etcd-a/exec'],
  ])('does not hold %s %s', (method, path) => {
    expect(isRead(method, path)).toBe(false);
  });

  test('holds what a member is asked by the proxy of its pod', () => {
    for (const page of ['metrics', 'health'])
      expect(isRead('GET', `/api/v1/namespaces/kube-system/pods/etcd-master-1:2381/proxy/${page}`)).toBe(true);
  });

  test('holds the commands that only look, as they are and in a pod of etcd alone', () => {
    const read = {
      what: 'x',
      namespace: 'kube-system',
      pod: 'etcd-a',
      container: 'etcd',
      command: ETCD_READS.members,
      timeout: 1,
    };
    expect(isReadCommand(read)).toBe(true);
    expect(isReadCommand({ ...read, command: [...ETCD_READS.status] })).toBe(true);
    for (const other of [
      { namespace: 'default' },
      { pod: 'kube-apiserver-a' },
      { container: 'sh' },
      { command: [...ETCD_READS.members, '--endpoints=https://192.0.2.1:2379'] },
      { command: ETCD_READS.members.slice(0, -1) },
      { command: [...ETCDCTL, 'member', 'remove', '-w', 'json'] },
      ...Object.values(ETCD_WRITES).map((write) => ({ command: write('1') })),
    ])
      expect(isReadCommand({ ...read, ...other })).toBe(false);
  });
});
