import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  manualClock,
  startSandbox,
  type ManualClock,
  type Sandbox,
  type SandboxUser,
} from '../../source/sandbox/sandbox.ts';
import type { KubernetesEvent, KubernetesObject, Node, Pod } from '../../source/sandbox/wire.ts';
import { Client, clientOf, type Reply, type StreamEvent } from './client.ts';
import { readRecordings, type Recording } from './recordings.ts';

const { RECORDINGS = '' } = process.env;

/** Recordings that say nothing about this server, with the reason. */
const OUT_OF_SCOPE: Readonly<Record<string, string>> = {
  '014': 'the server of the recording did not know the form that was asked for and answered as in 009',
  '015': 'OpenAPI documents are not served',
  '016': 'no metrics of the API server itself',
  '022': 'no service accounts',
  '036': 'no service accounts',
  '065': 'that server was new and knew its whole past; a site has been running for weeks',
  '079': 'protobuf is not spoken',
  '082': 'component statuses are not served',
  '090': 'custom resource definitions are not served',
  '091': 'API services are not served',
  '092': 'priority classes are not served',
  '141': 'no server-side apply',
  '142': 'no server-side apply',
  '143': 'no server-side apply',
  '144': 'no server-side apply',
  '145': 'no server-side apply',
  '154': 'that server was new and knew its whole past',
  '183': 'custom resources are not served',
  '184': 'custom resources are not served',
  '185': 'custom resources are not served',
  '186': 'custom resources are not served',
  '187': 'custom resources are not served',
  '188': 'custom resources are not served',
  ...Object.fromEntries(
    [164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 176, 177, 178, 179, 180, 181, 182].map((number) => [
      String(number),
      'proxies, logs and aggregated services are not served',
    ]),
  ),
};

const USERS: Readonly<Record<string, { user: SandboxUser; how?: Parameters<Sandbox['kubeconfig']>[1] }>> = {
  admin: { user: 'admin' },
  operator: { user: 'operator' },
  readonly: { user: 'reader', how: 'token' },
  nobody: { user: 'nobody' },
  anonymous: { user: 'nobody', how: 'none' },
  'invalid bearer token': { user: 'nobody', how: 'wrong-token' },
  expired: { user: 'admin', how: 'expired-certificate' },
  stranger: { user: 'admin', how: 'foreign-certificate' },
};

type Outcome = Reply & { events: StreamEvent[] };
type Body = Record<string, unknown> & { kind?: string; items?: KubernetesObject[]; metadata?: Record<string, unknown> };

/** A recording with the names of this server's users, without versions and without the objects that it quotes. */
const translated = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null), (_field, each: unknown) =>
    typeof each === 'string'
      ? each
          .replaceAll(/\blab(?=[-:](nobody|readers?|operators?)\b)/g, 'sandbox')
          .replaceAll(/current: \d+/g, 'current: N')
          .replaceAll(/in record \(\d+\)/g, 'in record (N)')
          .replaceAll(/Invalid value: "\{.*\}": (?=json|strict)/g, 'Invalid value: {…}: ')
      : each,
  ) as unknown;

const withoutManagers = (object: KubernetesObject): object => {
  const { managedFields: _, resourceVersion: __, ...metadata } = object.metadata;
  return { ...object, metadata };
};

/** A node as far as an edit can change it; times and versions are each server's own. */
const edited = (body: unknown): unknown => {
  const { kind, apiVersion, metadata, spec, status } = translated(body) as Node & { kind: string; apiVersion: string };
  const taints = spec.taints?.map(({ key, value, effect }) => ({ key, value, effect }));
  const { name, labels, annotations, uid } = metadata;
  return { kind, apiVersion, name, uid, labels, annotations, spec: { ...spec, taints }, status };
};

const columns = (body: unknown): unknown =>
  (body as { columnDefinitions: { description: string }[] }).columnDefinitions.map(
    ({ description: _, ...rest }) => rest,
  );
const rows = (body: unknown): unknown[][] => (body as { rows: { cells: unknown[] }[] }).rows.map(({ cells }) => cells);
const names = (body: unknown): string[] => (body as Body).items?.map(({ metadata }) => metadata.name) ?? [];
const sorted = (list: unknown): unknown[] => (list as unknown[]).map((each) => JSON.stringify(each)).sort();
const startOf = (body: unknown): unknown => {
  const token = (body as Body).metadata?.['continue'];
  return typeof token === 'string'
    ? (JSON.parse(Buffer.from(token, 'base64url').toString()) as { start: string }).start
    : null;
};
const remaining = (body: unknown): unknown => (body as Body).metadata?.['remainingItemCount'] ?? null;

type Compare = (recorded: Recording['response'], got: Outcome) => void;

const sameText: Compare = (recorded, got) => expect(got.text).toBe(recorded.text);
const samePage: Compare = ({ body }, got) => {
  expect(names(got.body)).toEqual(names(body));
  expect([startOf(got.body), remaining(got.body)]).toEqual([startOf(body), remaining(body)]);
};
const sameItems: Compare = (recorded, got) => {
  samePage(recorded, got);
  expect((got.body as Body).items?.map(withoutManagers)).toEqual((recorded.body as Body).items?.map(withoutManagers));
};
const sameTable: Compare = ({ body }, got) => {
  expect(columns(got.body)).toEqual(columns(body));
  expect(rows(got.body)).toEqual(rows(body));
  const objects = (table: unknown): unknown[] =>
    (table as { rows: { object: Body | null }[] }).rows.map(({ object }) => object?.kind ?? null);
  expect(objects(got.body)).toEqual(objects(body));
};
const sameRules: Compare = ({ body }, got) => {
  type Rules = { status: { resourceRules: unknown; nonResourceRules: unknown } };
  const of = (each: unknown): unknown[][] => [
    sorted((each as Rules).status.resourceRules),
    sorted((each as Rules).status.nonResourceRules),
  ];
  expect(of(got.body)).toEqual(of(body));
};
/** Everything that this server says of itself, the real one says too. */
const listed =
  (field: 'groups' | 'resources', keep: (entry: Record<string, unknown>) => unknown): Compare =>
  ({ body }, got) => {
    const of = (each: unknown): unknown[] =>
      (each as Record<string, Record<string, unknown>[]>)[field]?.map(keep) ?? [];
    expect(of(got.body).length).toBeGreaterThan(4);
    expect(of(body)).toEqual(expect.arrayContaining(of(got.body)));
  };
const sameFirstEvent: Compare = ({ stream = [] }, got) => {
  const [wanted] = stream;
  const [event] = got.events;
  const plain = (object: unknown): unknown => ({
    ...(object as object),
    metadata: undefined,
    columnDefinitions: undefined,
    rows: undefined,
  });
  expect(event?.type).toBe(wanted?.event.type);
  expect(plain(event?.object)).toEqual(plain(wanted?.event.object));
};
const sameEvents: Compare = ({ stream = [] }, got) => {
  const told = ({ type, object }: { type: string; object: unknown }): unknown => {
    const { kind, metadata, spec } = object as Node & { kind: string };
    if (type === 'BOOKMARK') return { type, object: { ...(object as object), metadata: Object.keys(metadata) } };
    const taints = spec.taints?.map(({ key, effect }) => ({ key, effect }));
    return {
      type,
      kind,
      name: metadata.name,
      labels: metadata.labels,
      annotations: metadata.annotations,
      spec: { ...spec, taints },
    };
  };
  // The recorded server told one more bookmark of its own accord.
  const once = stream
    .map(({ event }) => event)
    .filter(({ type }, index, all) => type !== 'BOOKMARK' || all[index - 1]?.type !== 'BOOKMARK');
  expect(got.events.map(told)).toEqual(once.map(told));
};

const warned: Compare = (recorded, got) => {
  expect(got.headers.warning).toBe(recorded.headers['warning']);
  expect(edited(got.body)).toEqual(edited(recorded.body));
};

/** How a recording is compared where it is not by its whole body (refusals, reviews) or as an edited node. */
const COMPARISONS: Readonly<Record<string, Compare>> = {
  '001': ({ body }, got) => expect(Object.keys(got.body as object)).toEqual(Object.keys(body as object)),
  '002': sameText,
  '003': sameText,
  '004': sameText,
  '005': sameText,
  '006': sameText,
  '007': sameText,
  '008': ({ body }, got) => expect(Object.keys(got.body as object)).toEqual(Object.keys(body as object)),
  '009': listed('groups', ({ name, versions }) => ({ name, first: (versions as unknown[]).at(0) })),
  '010': listed('resources', ({ name, kind, namespaced, singularName, shortNames }) => ({
    name,
    kind,
    namespaced,
    singularName,
    shortNames,
  })),
  '011': ({ body }, got) => expect(Object.keys(got.body as object)).toEqual(Object.keys(body as object)),
  '012': sameText,
  '013': sameText,
  '018': ({ body }, got) => expect((got.body as Body)['status']).toEqual((translated(body) as Body)['status']),
  '019': ({ body }, got) => expect((got.body as Body)['status']).toEqual((translated(body) as Body)['status']),
  '020': ({ body }, got) => expect((got.body as Body)['status']).toEqual((translated(body) as Body)['status']),
  '021': ({ body }, got) => expect((got.body as Body)['status']).toEqual((translated(body) as Body)['status']),
  '032': sameRules,
  '033': sameRules,
  '034': sameRules,
  '035': sameRules,
  '049': sameText,
  '051': sameText,
  '052': samePage,
  '061': samePage,
  '062': samePage,
  '064': samePage,
  '069': samePage,
  '072': samePage,
  '073': sameTable,
  '074': sameTable,
  '075': sameTable,
  '076': ({ body }, got) => {
    expect(columns(got.body)).toEqual(columns(body));
    // Only some of the pods of that server were recorded as a whole.
    expect(rows(got.body).slice(0, 3)).toEqual(rows(body).slice(0, 3));
  },
  '077': sameItems,
  '078': ({ body }, got) =>
    expect(withoutManagers(got.body as KubernetesObject)).toEqual(withoutManagers(body as KubernetesObject)),
  '081': ({ text = '' }, got) => {
    expect(got.headers['content-type']).toBe('application/yaml');
    expect(withoutManagers(parse(got.text) as KubernetesObject)).toEqual(
      withoutManagers(parse(text) as KubernetesObject),
    );
  },
  '083': ({ body }, got) => expect((got.body as Body).kind).toBe((body as Body).kind),
  '084': ({ body }, got) => expect((got.body as Body).kind).toBe((body as Body).kind),
  '085': ({ body }, got) =>
    expect((got.body as Body).items?.map(withoutManagers)).toEqual((body as Body).items?.map(withoutManagers)),
  '086': ({ body }, got) =>
    expect((got.body as Body).items?.map(withoutManagers)).toEqual((body as Body).items?.map(withoutManagers)),
  '087': ({ body }, got) => expect(names(got.body)).toEqual(expect.arrayContaining(names(body))),
  '088': ({ body }, got) => expect(names(got.body)).toEqual(expect.arrayContaining(names(body))),
  '089': ({ body }, got) => expect(got.body).toMatchObject({ kind: (body as Body).kind, apiVersion: 'v1' }),
  '114': ({ body }, got) => expect(got.body).toEqual(body),
  '126': ({ body }, got) => {
    type Refused = { message: string; details: { causes: unknown[] } };
    // The real server walks a map: its causes come in any order.
    expect(sorted((got.body as Refused).details.causes)).toEqual(sorted((body as Refused).details.causes));
    expect([...(got.body as Refused).message].sort()).toEqual([...(body as Refused).message].sort());
  },
  '138': warned,
  '146': sameEvents,
  '147': ({ stream = [] }, got) => {
    const told = ({ type, object }: { type: string; object: unknown }): unknown => [
      type,
      (object as Node).metadata.labels,
    ];
    expect(got.events.map(told)).toEqual(stream.map(({ event }) => told(event)));
  },
  '148': (recorded, got) => expect(got.events.slice(0, recorded.stream?.length)).toEqual([]),
  '149': ({ stream = [] }, got) => expect(got.body).toEqual(stream[0]?.event),
  '151': ({ stream = [] }, got) => expect(got.body).toEqual(stream[0]?.event),
  '152': sameFirstEvent,
  '153': sameFirstEvent,
  '155': (_recorded, got) => expect(got.events).toEqual([]),
  '156': (recorded, got) => {
    sameFirstEvent(recorded, got);
    expect(columns(got.events[0]?.object)).toEqual(columns(recorded.stream?.[0]?.event.object));
  },
  '157': sameFirstEvent,
  '158': ({ stream = [] }, got) => {
    const told = ({ type, object }: { type: string; object: unknown }): unknown => [
      type,
      (object as Pod).metadata.name,
    ];
    const added = stream.map(({ event }) => event).filter(({ type }) => type === 'ADDED');
    expect(got.events.filter(({ type }) => type === 'ADDED').map(told)).toEqual(added.map(told));
  },
  '163': ({ stream = [] }, got) => expect(got.events).toEqual(stream.map(({ event }) => event)),
};

/** Managed fields are coarser here; who owns a review nobody asks. */
const unmanaged = (_field: string, value: unknown): unknown => (_field === 'managedFields' ? undefined : value);
const comparable = (body: unknown): unknown => JSON.parse(JSON.stringify(translated(body), unmanaged)) as unknown;
const byBody: Compare = ({ body }, got) => expect(comparable(got.body)).toEqual(comparable(body));
const byNode: Compare = ({ body }, got) => expect(edited(got.body)).toEqual(edited(body));

const keyOf = ({ number }: Recording): string => String(number).padStart(3, '0');
const comparisonOf = (recording: Recording): Compare =>
  COMPARISONS[keyOf(recording)] ?? ((recording.response.body as Body | undefined)?.kind === 'Node' ? byNode : byBody);

/** What else went on while a watch was recorded. */
const MEANWHILE: Readonly<Record<string, readonly [method: string, path: string, body?: unknown][]>> = {
  '146': [
    [
      'POST',
      '/api/v1/nodes',
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'watch-me', labels: { 'lab/w': '1' } } },
    ],
    ['PATCH', '/api/v1/nodes/watch-me', { metadata: { labels: { 'lab/w': '2' } } }],
    ['PATCH', '/api/v1/nodes/watch-me', { spec: { unschedulable: true } }],
    ['DELETE', '/api/v1/nodes/watch-me'],
  ],
  '147': [
    [
      'POST',
      '/api/v1/nodes',
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'watch-sel', labels: { 'lab/w': 'in' } } },
    ],
    ['PATCH', '/api/v1/nodes/watch-sel', { metadata: { labels: { 'lab/w': 'out' } } }],
    ['PATCH', '/api/v1/nodes/watch-sel', { metadata: { labels: { 'lab/w': 'in' } } }],
    ['DELETE', '/api/v1/nodes/watch-sel'],
  ],
};

/** A sandbox that holds what the recordings were made on, and the answers that it gave to their requests. */
class Replay {
  readonly outcomes = new Map<string, Outcome>();
  readonly #sandbox: Sandbox;
  readonly #clock: ManualClock;
  readonly #clients = new Map<string, Client>();
  /** resourceVersions of the recording with those that took their place here. */
  readonly #versions = new Map<string, string>();

  private constructor(sandbox: Sandbox, clock: ManualClock) {
    this.#sandbox = sandbox;
    this.#clock = clock;
  }

  static async of(recordings: readonly Recording[]): Promise<Replay> {
    const clock = manualClock(Date.parse(recordings[0]?.response.headers['date'] ?? ''));
    const sandbox = await startSandbox({ clock, nodes: 0, heartbeats: false, churn: false });
    const replay = new Replay(sandbox, clock);
    replay.#seed(recordings);
    for (const recording of recordings) {
      if (OUT_OF_SCOPE[keyOf(recording)] === undefined) await replay.#play(recording);
    }
    return replay;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients.values()) client.close();
    await this.#sandbox.stop();
  }

  #seed(recordings: readonly Recording[]): void {
    const { world } = this.#sandbox;
    const bodies = recordings.map(({ response }) => response.body as Body | undefined);
    const items = <T extends KubernetesObject>(kind: string): T[] =>
      bodies.flatMap((body) => (body?.kind === kind && body['apiVersion'] === 'v1' ? ((body.items ?? []) as T[]) : []));
    const firstNodes = new Map(
      items<Node>('NodeList')
        .reverse()
        .map((node) => [node.metadata.name, node]),
    );
    for (const node of firstNodes.values()) world.nodes.put(node);
    for (const pod of items<Pod>('PodList')) world.pods.put(pod);
    const watched = recordings.find(({ number }) => number === 158)?.response.stream ?? [];
    for (const { event } of watched) {
      const { kind: _, apiVersion: __, ...pod } = event.object as Pod & { kind: string; apiVersion: string };
      if (event.type === 'ADDED') world.pods.put(pod);
    }
    const [some] = items<Pod>('PodList');
    // There were more pods on that node than the page that was recorded.
    if (some) world.pods.put({ ...some, metadata: { ...some.metadata, name: 'one-more', namespace: 'zzz' } });
    for (const event of items<KubernetesEvent>('EventList')) world.events.put(event);
    const lab = recordings.find(({ number }) => number === 81)?.response.text ?? '';
    const {
      kind: _,
      apiVersion: __,
      ...namespace
    } = parse(lab) as KubernetesObject & { kind: string; apiVersion: string };
    world.collection('namespaces').put(namespace);
  }

  #clientFor(user: string): Client {
    const { user: name, how } = USERS[user] ?? { user: 'admin' };
    const client = this.#clients.get(user) ?? clientOf(this.#sandbox, name, how);
    this.#clients.set(user, client);
    return client;
  }

  async #play(recording: Recording): Promise<void> {
    const { request, response } = recording;
    const key = keyOf(recording);
    // Controllers do their part after a write, and the ages of a Table follow from the second of the recording.
    this.#clock.advance(
      Math.max(request.method === 'GET' ? 0 : 50, Date.parse(response.headers['date'] ?? '') - this.#clock.now()),
    );
    const client = this.#clientFor(request.user);
    const headers = { ...request.headers };
    if (response.stream && response.status === 200) {
      this.outcomes.set(key, await this.#watch(client, recording));
      return;
    }
    const path = this.#here(request.path);
    const body = request.body === undefined ? {} : { body: this.#bodyHere(request.body) };
    const reply = await client.ask(request.method, path, { headers, ...body });
    this.#learn(response.body, reply.body);
    this.outcomes.set(key, { ...reply, events: [] });
  }

  async #watch(client: Client, recording: Recording): Promise<Outcome> {
    const stream = await client.watch(this.#here(recording.request.path), recording.request.headers);
    for (const [method, path, body] of MEANWHILE[keyOf(recording)] ?? []) {
      const headers: Record<string, string> =
        method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {};
      await client.ask(method, path, { headers, ...(body === undefined ? {} : { body }) });
      this.#clock.advance(100);
    }
    this.#clock.advance(15_000);
    return { status: stream.status, headers: {}, text: '', body: null, events: await stream.rest() };
  }

  /** The path with the versions and pages of this server in the place of the recorded ones. */
  #here(path: string): string {
    const url = new URL(path, 'https://recorded');
    const version = url.searchParams.get('resourceVersion') ?? '';
    const isWatch = url.searchParams.has('watch');
    const { current } = this.#sandbox.world.revisions;
    if (isWatch && /^\d{3,4}$/.test(version)) url.searchParams.set('resourceVersion', String(current));
    const token = url.searchParams.get('continue');
    const known = token === null ? undefined : this.#versions.get(token);
    if (known !== undefined) url.searchParams.set('continue', known);
    return url.pathname + url.search;
  }

  #bodyHere(body: unknown): unknown {
    const text = (typeof body === 'string' ? body : JSON.stringify(body)).replace('<3145738 x>', 'x'.repeat(3_145_738));
    return text.replaceAll(/"resourceVersion":"(\d+)"/g, (found, version: string) => {
      const here = this.#versions.get(version);
      return here === undefined ? found : `"resourceVersion":"${here}"`;
    });
  }

  #learn(recorded: unknown, got: unknown): void {
    for (const field of ['resourceVersion', 'continue']) {
      const theirs = (recorded as Body | undefined)?.metadata?.[field];
      const ours = (got as Body | undefined)?.metadata?.[field];
      if (typeof theirs === 'string' && typeof ours === 'string') this.#versions.set(theirs, ours);
    }
  }
}

describe.runIf(RECORDINGS !== '')('answers as a real API server of 1.29 does', () => {
  const recordings = RECORDINGS === '' ? [] : readRecordings(`${RECORDINGS}/k8s-v1.29.14`);
  let replay: Replay;
  beforeAll(async () => {
    replay = await Replay.of(recordings);
  });
  afterAll(() => replay.stop());

  for (const recording of recordings) {
    const why = OUT_OF_SCOPE[keyOf(recording)];
    it.skipIf(why !== undefined)(`${recording.name}${why === undefined ? '' : `: ${why}`}`, () => {
      const got = replay.outcomes.get(keyOf(recording));
      if (!got) throw new Error('the request was not sent');
      expect(got.status).toBe(recording.response.status);
      comparisonOf(recording)(recording.response, got);
    });
  }
});
