import type { Connection, Request } from '../../../source/links/kubernetes/connection.ts';
import type { Answer } from '../../../source/links/kubernetes/exchange.ts';
import { LinkFailure, socketFailure, statusFailure } from '../../../source/links/kubernetes/failure.ts';

export type Thing = { readonly uid: string; readonly name: string; readonly resourceVersion: string };

type Change = { readonly version: number; readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly thing: Thing };
type Watcher = { push: (chunk: string) => void; fail: (error: Error) => void; end: () => void; sent: number };

const PAGE = 3;
/** In a page token: whatever version is there now. */
const NOW = 'now';
const statusObject = (code: number, message: string) => ({
  kind: 'Status',
  status: 'Failure',
  code,
  message,
  reason: code === 410 ? 'Expired' : 'InternalError',
});

type Options = {
  /** A thing as the server sends it. */
  readonly wireOf?: (thing: Thing) => object;
  readonly version?: number;
};

/** An API server of one resource without sockets: history, pages, watches, and every way in which they go wrong. */
export class FakeServer {
  readonly things = new Map<string, Thing>();
  readonly requests: Request[] = [];
  /** Thrown at the next requests; a function decides for each. */
  refuse: ((request: Request) => Error | null) | null = null;
  /** Each watch that is open. */
  readonly watchers = new Set<Watcher>();
  #history: Change[] = [];
  readonly #wireOf: (thing: Thing) => object;
  #version: number;
  /** Where counting begins once more after a restore: below all that was given out before. */
  #restoredAt: number;
  #oldest = 0;
  #uids = 0;

  constructor({ wireOf = (thing) => ({ metadata: thing }), version = 100 }: Options = {}) {
    this.#wireOf = wireOf;
    this.#version = version;
    this.#restoredAt = version;
  }

  set(name: string) {
    this.#version += 1;
    const before = this.things.get(name);
    const uid = before?.uid ?? `uid-${(this.#uids += 1)}`;
    const thing = { uid, name, resourceVersion: String(this.#version) };
    this.things.set(name, thing);
    this.#tell({ version: this.#version, type: before ? 'MODIFIED' : 'ADDED', thing });
  }

  remove(name: string) {
    const before = this.things.get(name);
    if (before === undefined) return;
    this.#version += 1;
    this.things.delete(name);
    this.#tell({
      version: this.#version,
      type: 'DELETED',
      thing: { ...before, resourceVersion: String(this.#version) },
    });
  }

  /** Forgets history: whoever was away learns that it is too old. */
  compact() {
    this.#oldest = this.#version;
    this.#history = [];
  }

  /** etcd restored from a backup: versions start again below those that were given out, with what stood in the backup. */
  turnBack(backup: ReadonlyMap<string, Thing> = new Map(this.things)) {
    this.#restoredAt = Math.floor(this.#restoredAt / 2);
    this.#version = this.#restoredAt;
    this.#history = [];
    this.#oldest = 0;
    this.things.clear();
    for (const [name, thing] of backup) this.things.set(name, { ...thing, resourceVersion: String(this.#version) });
  }

  /** Tells the last changes once more, as after a resume from an older version. */
  repeat(changes: number) {
    for (const change of this.#history.slice(-changes))
      for (const watcher of this.watchers) watcher.push(this.#lineOf(change));
  }

  bookmark() {
    const object = { kind: 'Thing', metadata: { resourceVersion: String(this.#version) } };
    this.#push(JSON.stringify({ type: 'BOOKMARK', object }));
  }

  /** Ends every watch: in order, by a cut, by a cut in the middle of a line, or by an ERROR event. */
  end(how: 'end' | 'cut' | 'half-line' | 'error' | 'garbage') {
    for (const watcher of [...this.watchers]) {
      if (how === 'end') watcher.end();
      if (how === 'half-line') watcher.push('{"type":"DELETED","object":{"metadata":{"uid":"uid-1","resour');
      if (how === 'error') watcher.push(`${JSON.stringify({ type: 'ERROR', object: statusObject(500, 'etcd') })}\n`);
      if (how === 'garbage') watcher.push('<html>\n');
      if (how !== 'end') watcher.fail(reset());
      this.watchers.delete(watcher);
    }
  }

  connection(): Pick<Connection, 'request' | 'json' | 'access'> {
    const access = { cluster: 'c', context: 'c', user: 'u', namespace: 'default', server: 'https://fake:6443' };
    const refused = (request: Request) => {
      this.requests.push(request);
      const error = this.refuse?.(request);
      if (error) throw error;
    };
    return {
      access: {
        ...access,
        credentials: () => Promise.reject(new Error('not asked')),
        refused: () => undefined,
        unanswered: () => undefined,
      },
      // eslint-disable-next-line @typescript-eslint/require-await
      json: async (request) => {
        refused(request);
        return this.#page(request);
      },
      // eslint-disable-next-line @typescript-eslint/require-await
      request: async (request) => {
        refused(request);
        const watches = request.query?.['watch'] !== undefined;
        return {
          status: 200,
          headers: {},
          body: watches ? this.#watch(request) : whole(this.#page(request)),
        } satisfies Answer;
      },
    };
  }

  #page({ query }: Request) {
    const [asked = NOW, after = ''] = (query?.['continue'] ?? `${NOW}:`).split(':');
    if (asked !== NOW && Number(asked) < this.#oldest) throw tokenExpired(`${NOW}:${after}`);
    const version = asked === NOW ? this.#version : Number(asked);
    const all = this.#at(version)
      .filter(({ name }) => name > after)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const items = all.slice(0, query?.['limit'] === undefined ? all.length : PAGE);
    const rest = all.length - items.length;
    return {
      kind: 'ThingList',
      metadata: {
        resourceVersion: String(version),
        ...(rest > 0 ? { continue: `${version}:${items.at(-1)?.name ?? ''}`, remainingItemCount: rest } : {}),
      },
      items: items.map(this.#wireOf),
    };
  }

  /** What stood at a version: today's things with the later changes taken back. */
  #at(version: number): Thing[] {
    const things = new Map(this.things);
    for (const change of this.#history.filter((one) => one.version > version).reverse()) {
      if (change.type === 'ADDED') things.delete(change.thing.name);
      else things.set(change.thing.name, change.thing);
    }
    return [...things.values()];
  }

  async *#watch({ query, signal }: Request): AsyncGenerator<Buffer> {
    const from = Number(query?.['resourceVersion']);
    const chunks: string[] = [];
    let wake: () => void = () => undefined;
    const over: { failure: Error | null; ended: boolean } = { failure: null, ended: false };
    const watcher: Watcher = {
      push: (chunk) => {
        chunks.push(chunk);
        wake();
      },
      fail: (error) => {
        over.failure = error;
        wake();
      },
      end: () => {
        over.ended = true;
        wake();
      },
      sent: from,
    };
    const abort = () => watcher.fail(signal?.reason as Error);
    signal?.addEventListener('abort', abort);
    if (from < this.#oldest)
      yield Buffer.from(`${JSON.stringify({ type: 'ERROR', object: statusObject(410, 'too old') })}\n`);
    this.watchers.add(watcher);
    for (const change of this.#history.filter((one) => one.version > from)) watcher.push(this.#lineOf(change));
    try {
      for (;;) {
        const chunk = chunks.shift();
        // Halves of chunks arrive on their own, as from a socket.
        if (chunk !== undefined) {
          yield Buffer.from(chunk.slice(0, chunk.length / 2));
          yield Buffer.from(chunk.slice(chunk.length / 2));
        } else if (over.failure !== null) throw over.failure;
        else if (over.ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.watchers.delete(watcher);
      signal?.removeEventListener('abort', abort);
    }
  }

  #tell(change: Change) {
    this.#history.push(change);
    for (const watcher of this.watchers) if (watcher.sent < change.version) watcher.push(this.#lineOf(change));
  }

  #lineOf({ type, thing }: Change): string {
    return `${JSON.stringify({ type, object: this.#wireOf(thing) })}\n`;
  }

  #push(line: string) {
    for (const watcher of this.watchers) watcher.push(`${line}\n`);
  }
}

async function* whole(page: object): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(JSON.stringify(page)));
}

const about = { what: 'list things', server: 'https://fake:6443' };

/** A page token whose version has expired, and the one that goes on with what is there now. */
export const tokenExpired = (rest: string): LinkFailure => {
  const body = { ...statusObject(410, 'continue is too old'), metadata: { continue: rest } };
  return statusFailure(about, { status: 410, body: JSON.stringify(body) });
};

export const reset = (): LinkFailure =>
  socketFailure(Object.assign(new Error('reset'), { code: 'ECONNRESET' }), about, true);
export const connectionRefused = (): LinkFailure =>
  socketFailure(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), about, false);
export const answered = (code: number, message: string, retryAfter?: string): LinkFailure =>
  statusFailure(about, { status: code, body: JSON.stringify(statusObject(code, message)), retryAfter });

export const decodeThing = (object: unknown): Thing => (object as { metadata: Thing }).metadata;
