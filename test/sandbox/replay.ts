import {
  manualClock,
  startSandbox,
  type ManualClock,
  type Sandbox,
  type SandboxUser,
} from '../../source/sandbox/sandbox.ts';
import { without } from '../../source/sandbox/fields.ts';
import type { KubernetesObject } from '../../source/sandbox/wire.ts';
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

export type Deed = readonly [method: string, path: string, body?: unknown];

/** What the requests were recorded on, and what else went on. */
export type Script = {
  inScope: (recording: Recording) => boolean;
  /** Milliseconds in which controllers do their part after a write; the ages of a Table count them too. */
  settling?: number;
  /** Puts in place what was there when the recording began. */
  seed: (world: Sandbox['world'], recordings: readonly Recording[]) => void;
  /** What has to happen before a recorded request is sent, by its number. */
  before?: Readonly<Record<string, (sandbox: Sandbox) => void>>;
  /** What an admin did before a request, and while a watch went on. */
  deeds?: Readonly<Record<string, readonly Deed[]>>;
  meanwhile?: Readonly<Record<string, readonly Deed[]>>;
};

/** A sandbox that holds what the recordings were made on, and the answers that it gave to their requests. */
export class Replay {
  readonly outcomes = new Map<string, Outcome>();
  readonly #sandbox: Sandbox;
  readonly #clock: ManualClock;
  readonly #clients = new Map<string, Client>();
  /** Versions, uids and pages of the recording with those that took their place here. */
  readonly #versions = new Map<string, string>();

  readonly #script: Script;

  private constructor(sandbox: Sandbox, clock: ManualClock, script: Script) {
    this.#sandbox = sandbox;
    this.#clock = clock;
    this.#script = script;
  }

  /** Sends all requests that are in scope, in their order. */
  static async of(recordings: readonly Recording[], script: Script): Promise<Replay> {
    const clock = manualClock(Date.parse(recordings[0]?.response.headers['date'] ?? ''));
    const sandbox = await startSandbox({ clock, nodes: 0, heartbeats: false, churn: false });
    const replay = new Replay(sandbox, clock, script);
    script.seed(sandbox.world, recordings);
    for (const recording of recordings) {
      if (script.inScope(recording)) await replay.#play(recording);
    }
    return replay;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients.values()) client.close();
    await this.#sandbox.stop();
  }

  #clientFor(user: string): Client {
    const { user: name, how } = USERS[user] ?? { user: 'admin' };
    const client = this.#clients.get(user) ?? clientOf(this.#sandbox, name, how);
    this.#clients.set(user, client);
    return client;
  }

  async #play(recording: Recording): Promise<void> {
    const { request, response } = recording;
    const { settling = 50 } = this.#script;
    const key = keyOf(recording);
    this.#script.before?.[key]?.(this.#sandbox);
    await this.#do(this.#script.deeds?.[key] ?? []);
    // Controllers do their part after a write, and the ages of a Table follow from the second of the recording.
    this.#clock.advance(
      Math.max(request.method === 'GET' ? 0 : settling, Date.parse(response.headers['date'] ?? '') - this.#clock.now()),
    );
    const client = this.#clientFor(request.user);
    // Bodies are translated, so their length is another.
    const headers = without(request.headers, 'content-length');
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

  async #do(deeds: readonly Deed[]): Promise<void> {
    for (const [method, path, body] of deeds) {
      const headers: Record<string, string> =
        method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {};
      await this.#clientFor('admin').ask(method, path, { headers, ...(body === undefined ? {} : { body }) });
      this.#clock.advance(this.#script.settling ?? 100);
    }
  }

  async #watch(client: Client, recording: Recording): Promise<Outcome> {
    const stream = await client.watch(this.#here(recording.request.path), recording.request.headers);
    await this.#do(this.#script.meanwhile?.[keyOf(recording)] ?? []);
    this.#clock.advance(15_000);
    return {
      status: stream.status,
      headers: {},
      text: '',
      body: null,
      bytes: Buffer.alloc(0),
      events: await stream.rest(),
    };
  }

  /** The path with the versions and pages of this server in the place of the recorded ones. */
  #here(path: string): string {
    const url = new URL(path, 'https://recorded');
    const version = url.searchParams.get('resourceVersion') ?? '';
    const isWatch = url.searchParams.has('watch');
    const { current } = this.#sandbox.world.revisions;
    if (isWatch && /^\d{3,4}$/.test(version)) {
      url.searchParams.set('resourceVersion', this.#versions.get(version) ?? String(current));
    }
    const token = url.searchParams.get('continue');
    const known = token === null ? undefined : this.#versions.get(token);
    if (known !== undefined) url.searchParams.set('continue', known);
    return url.pathname + url.search;
  }

  #bodyHere(body: unknown): unknown {
    const text = (typeof body === 'string' ? body : JSON.stringify(body)).replace('<3145738 x>', 'x'.repeat(3_145_738));
    return text.replaceAll(/"(resourceVersion|uid)":"([-0-9a-f]+)"/g, (found, field: string, value: string) => {
      const here = this.#versions.get(value);
      return here === undefined ? found : `"${field}":"${here}"`;
    });
  }

  #learn(recorded: unknown, got: unknown): void {
    for (const field of ['resourceVersion', 'uid', 'continue']) {
      const theirs = (recorded as Body | undefined)?.metadata?.[field];
      const ours = (got as Body | undefined)?.metadata?.[field];
      if (typeof theirs === 'string' && typeof ours === 'string') this.#versions.set(theirs, ours);
    }
  }
}
