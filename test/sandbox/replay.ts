import { parse } from 'yaml';
import {
  manualClock,
  startSandbox,
  type ManualClock,
  type Sandbox,
  type SandboxUser,
} from '../../source/sandbox/sandbox.ts';
import { without } from '../../source/sandbox/fields.ts';
import type { KubernetesEvent, KubernetesObject, Node, Pod } from '../../source/sandbox/wire.ts';
import { clientOf, type Client, type Reply, type StreamEvent } from './client.ts';
import type { Recording } from './recordings.ts';

/** The answer to one request; of a watch, its events. */
export type Outcome = Reply & { events: StreamEvent[] };
export type Body = Record<string, unknown> & {
  kind?: string;
  items?: KubernetesObject[];
  metadata?: Record<string, unknown>;
};

/** The number of a recording, as its file has it. */
export const keyOf = ({ number }: Recording): string => String(number).padStart(3, '0');

/** Who sent the requests, and who does here. */
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
export class Replay {
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

  /** Sends all requests that are in scope, in their order. */
  static async of(recordings: readonly Recording[], inScope: (recording: Recording) => boolean): Promise<Replay> {
    const clock = manualClock(Date.parse(recordings[0]?.response.headers['date'] ?? ''));
    const sandbox = await startSandbox({ clock, nodes: 0, heartbeats: false, churn: false });
    const replay = new Replay(sandbox, clock);
    replay.#seed(recordings);
    for (const recording of recordings) {
      if (inScope(recording)) await replay.#play(recording);
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
      const pod = without(event.object as Pod & { kind: string; apiVersion: string }, 'kind', 'apiVersion');
      if (event.type === 'ADDED') world.pods.put(pod);
    }
    const [some] = items<Pod>('PodList');
    // There were more pods on that node than the page that was recorded.
    if (some) world.pods.put({ ...some, metadata: { ...some.metadata, name: 'one-more', namespace: 'zzz' } });
    for (const event of items<KubernetesEvent>('EventList')) world.events.put(event);
    const lab = recordings.find(({ number }) => number === 81)?.response.text ?? '';
    const namespace = without(
      parse(lab) as KubernetesObject & { kind: string; apiVersion: string },
      'kind',
      'apiVersion',
    );
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
