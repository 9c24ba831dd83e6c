import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPodDecoder, decodeEvent, decodeNode } from '../../source/links/kubernetes/decode.ts';
import {
  decodeClaim,
  decodePersistentVolume,
  decodeStorageClass,
  decodeVolume,
} from '../../source/links/kubernetes/decode-storage.ts';
import { decodeUsage } from '../../source/links/kubernetes/decode-usage.ts';
import { decodeDaemonSet, decodeDeployment, decodeStatefulSet } from '../../source/links/kubernetes/decode-workload.ts';
import { followResource, type FollowEvent } from '../../source/links/kubernetes/list-watch.ts';
import { pollResource } from '../../source/links/kubernetes/poll.ts';
import { createReachability } from '../../source/links/kubernetes/reachability.ts';
import { RESOURCES, type ClusterEvent, type Items, type Resource } from '../../source/model/cluster-event.ts';
import { emptyPicture, type Picture } from '../../source/state/picture.ts';
import { reduce } from '../../source/state/reducer.ts';
import { FakeClock, seededRandom } from '../links/kubernetes/fake-clock.ts';
import { answered, connectionRefused, FakeServer, reset, type Thing } from '../links/kubernetes/fake-server.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Two watches in silence, which prove a restored server, and the longest waits on the way. */
const HEALED = 8 * MINUTE;

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const PHASES = ['Pending', 'Running', 'Running', 'Succeeded', 'Failed'] as const;

/** Numbers that belong to one version of one object, so that the same object always reads the same. */
function drawOf({ uid, resourceVersion }: Thing): <T>(choices: readonly [T, ...T[]]) => T {
  const seed = Buffer.from(`${uid}/${resourceVersion}`).reduce((hash, byte) => Math.imul(hash, 31) + byte, 7);
  const random = seededRandom(seed);
  random();
  return (choices) => choices[Math.floor(random() * choices.length)] ?? choices[0];
}

/** What matters of a pod to the indexes, as the fake server has it. */
function podOf(thing: Thing) {
  const draw = drawOf(thing);
  return {
    node: draw([null, ...NAMES]),
    phase: draw(PHASES),
    deleting: draw([false, false, true]),
    cpu: draw([0, 100, 250, 1_500]),
  };
}

const claimName = (thing: Thing) => ({ ...thing, namespace: 'shop' });

/** Objects of each resource, as a server sends them. */
const WIRE: Readonly<Record<Resource, (thing: Thing) => object>> = {
  nodes: (thing) => ({
    metadata: { ...thing, labels: { rack: drawOf(thing)(NAMES) } },
    spec: { unschedulable: drawOf(thing)([true, false]) },
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
  }),
  pods: (thing) => {
    const { node, phase, deleting, cpu } = podOf(thing);
    return {
      metadata: { ...claimName(thing), ...(deleting ? { deletionTimestamp: '2026-01-31T12:00:00Z' } : {}) },
      spec: {
        ...(node === null ? {} : { nodeName: node }),
        containers: [{ resources: { requests: { cpu: `${cpu}m` } } }],
      },
      status: { phase },
    };
  },
  events: (thing) => ({
    metadata: claimName(thing),
    involvedObject: { kind: 'Node', name: drawOf(thing)(NAMES) },
    reason: thing.resourceVersion,
    lastTimestamp: drawOf(thing)(['2026-01-31T12:00:00Z', '2026-01-31T12:00:01Z', null]),
  }),
  usage: (thing) => ({ metadata: thing, usage: { cpu: `${drawOf(thing)([1, 2, 3])}`, memory: '1Gi' } }),
  persistentVolumes: (thing) => ({ metadata: thing, status: { phase: drawOf(thing)(['Available', 'Bound']) } }),
  claims: (thing) => ({ metadata: claimName(thing), spec: { volumeName: drawOf(thing)(NAMES) } }),
  storageClasses: (thing) => ({ metadata: thing, provisioner: drawOf(thing)(NAMES) }),
  volumes: (thing) => ({ metadata: thing, spec: { nodeName: drawOf(thing)(NAMES) } }),
  deployments: (thing) => ({ metadata: claimName(thing), spec: { replicas: drawOf(thing)([0, 1, 2]) } }),
  daemonSets: (thing) => ({ metadata: claimName(thing), status: { numberAvailable: drawOf(thing)([1, 2, 3]) } }),
  statefulSets: (thing) => ({ metadata: claimName(thing), status: { readyReplicas: drawOf(thing)([1, 2, 3]) } }),
};

const DECODE: { readonly [R in Resource]: (object: unknown) => Items[R] | null } = {
  nodes: decodeNode,
  pods: createPodDecoder(),
  events: decodeEvent,
  usage: decodeUsage,
  persistentVolumes: decodePersistentVolume,
  claims: decodeClaim,
  storageClasses: decodeStorageClass,
  volumes: decodeVolume,
  deployments: decodeDeployment,
  daemonSets: decodeDaemonSet,
  statefulSets: decodeStatefulSet,
};

type Site = {
  readonly servers: Readonly<Record<Resource, FakeServer>>;
  /** What each server held when it was backed up. */
  readonly backups: Map<Resource, ReadonlyMap<string, Thing>>;
};

/** Follows every resource of a cluster into one picture. */
function followed(seed: number) {
  const clock = new FakeClock();
  const picture = emptyPicture();
  const reachability = createReachability(clock, seededRandom(seed));
  const stop = new AbortController();
  const servers = Object.fromEntries(
    RESOURCES.map((resource) => [resource, new FakeServer({ wireOf: WIRE[resource], version: 2 ** 40 })]),
  ) as Record<Resource, FakeServer>;
  const follow = (resource: Resource, index: number) => {
    const common = {
      connection: servers[resource].connection(),
      reachability,
      leads: resource === 'nodes',
      listing: { name: resource, path: `/${resource}` },
      decode: DECODE[resource],
      emit: (event: FollowEvent<Items[Resource]>) => reduce(picture, { ...event, resource } as ClusterEvent),
      clock,
      signal: stop.signal,
    };
    return resource === 'usage'
      ? pollResource<Items[Resource]>({ ...common, what: 'list usage' })
      : followResource<Items[Resource]>({ ...common, random: seededRandom(seed + index) });
  };
  const ended = Promise.all(RESOURCES.map(follow));
  const site: Site = { servers, backups: new Map() };
  return {
    site,
    clock,
    picture,
    end: async () => {
      stop.abort(new Error('stopped'));
      await ended;
    },
  };
}

const REFUSALS: Readonly<Record<string, (() => Error) | null>> = {
  'refused connections': connectionRefused,
  resets: reset,
  expired: () => answered(410, 'too old'),
  'too many requests': () => answered(429, 'slow down', '1'),
  starting: () => answered(503, 'starting'),
  unauthorized: () => answered(401, 'unauthorized'),
  nothing: null,
};

type Act = (server: FakeServer, name: string, site: Site, resource: Resource) => void;

/** What befalls one server; those that happen often stand first. */
const ACTS: Readonly<Record<string, Act>> = {
  set: (server, name) => server.set(name),
  remove: (server, name) => server.remove(name),
  're-create': (server, name) => {
    server.remove(name);
    server.set(name);
  },
  'repeat the last change': (server) => server.repeat(1),
  'repeat five changes': (server) => server.repeat(5),
  bookmark: (server) => server.bookmark(),
  compact: (server) => server.compact(),
  'back up': (server, _, { backups }, resource) => void backups.set(resource, new Map(server.things)),
  'restart from the backup': (server, _, { backups }, resource) => {
    server.end('cut');
    server.turnBack(backups.get(resource));
  },
  ...Object.fromEntries(
    (['end', 'cut', 'half-line', 'error', 'garbage'] as const).map((how) => [
      `${how} the watches`,
      (server: FakeServer) => server.end(how),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(REFUSALS).map(([told, refusal]) => [
      `refuse with ${told}`,
      (server: FakeServer) => {
        server.refuse = refusal;
      },
    ]),
  ),
};

const steps = fc.array(
  fc.record({
    resource: fc.constantFrom<Resource>(...RESOURCES, 'pods', 'pods', 'nodes'),
    act: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('set', 'set', 'remove', 're-create', 'repeat five changes') },
      { weight: 2, arbitrary: fc.constantFrom(...Object.keys(ACTS)) },
    ),
    name: fc.constantFrom(...NAMES),
    wait: fc.constantFrom(0, 0, 0, 60, 2_000, 45_000),
  }),
  { maxLength: 60 },
);

/** Of a picture, what is no part of a fresh list: how often and when it was told. */
const OF_TELLING: readonly string[] = ['revision', 'resources', 'listing'];

/** The cluster of a picture: versions change with nothing else, so they are left away. */
const comparable = (picture: Picture): unknown =>
  withoutVersions(Object.fromEntries(Object.entries(picture).filter(([key]) => !OF_TELLING.includes(key))));

function withoutVersions(value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, withoutVersions(one)]));
  if (Array.isArray(value)) return value.map(withoutVersions);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'resourceVersion')
      .map(([key, one]) => [key, withoutVersions(one)]),
  );
}

/** The picture of one who lists everything now and has seen nothing before. */
function freshPicture({ servers }: Site): Picture {
  const picture = emptyPicture();
  for (const resource of RESOURCES) {
    const things = [...servers[resource].things.values()];
    const items = things.map(WIRE[resource]).flatMap((object) => DECODE[resource](object) ?? []);
    reduce(picture, { type: 'list-started', at: 1, resource });
    reduce(picture, { type: 'listed', at: 1, resource, items } as ClusterEvent);
    reduce(picture, { type: 'list-ended', at: 1, resource });
  }
  return picture;
}

/** What the indexes of pods must say, counted from what the server holds with none of the reducer's code. */
function recount(things: Iterable<Thing>) {
  const pods = [...things].map((thing) => ({ ...thing, ...podOf(thing) }));
  const isActive = ({ phase }: { readonly phase: string }) => phase !== 'Succeeded' && phase !== 'Failed';
  const nodes: string[] = [...new Set(pods.flatMap(({ node }) => node ?? []))].sort();
  return {
    pending: pods
      .filter((pod) => pod.node === null && isActive(pod) && !pod.deleting)
      .map(({ uid }) => uid)
      .sort(),
    nodes: nodes.map((node) => {
      const bound = pods.filter((pod) => pod.node === node);
      return {
        node,
        uids: bound.map(({ uid }) => uid).sort(),
        cpu: bound.filter(isActive).reduce((sum, { cpu }) => sum + cpu, 0),
        active: bound.filter(isActive).length,
      };
    }),
  };
}

const indexed = ({ pendingPods, podsByNode, sumsByNode }: Picture): ReturnType<typeof recount> => ({
  pending: [...pendingPods.keys()].sort(),
  nodes: [...podsByNode.keys()].sort().map((node) => ({
    node,
    uids: [...(podsByNode.get(node)?.keys() ?? [])].sort(),
    cpu: sumsByNode.get(node)?.requests.cpu ?? NaN,
    active: sumsByNode.get(node)?.pods.active ?? NaN,
  })),
});

test('after anything that befalls servers and watches the picture is a fresh list, and every index a recount', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (steps, seed) => {
      const { site, clock, picture, end } = followed(seed);
      for (const { resource, act, name, wait } of steps) {
        ACTS[act]?.(site.servers[resource], name, site, resource);
        await clock.advance(wait);
      }
      for (const resource of RESOURCES) site.servers[resource].refuse = null;
      await clock.advance(HEALED);
      const statuses = RESOURCES.map((resource) => picture.resources[resource].status.state);
      expect(statuses).toEqual(RESOURCES.map(() => 'live'));
      expect(comparable(picture)).toEqual(comparable(freshPicture(site)));
      expect(indexed(picture)).toEqual(recount(site.servers.pods.things.values()));
      await end();
      expect(clock.timers).toBe(0);
    }),
    { numRuns: 100 },
  );
});
