import { Agent, request, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import type { Sandbox, SandboxUser } from '../../source/sandbox/sandbox.ts';

export type Reply = { status: number; headers: IncomingHttpHeaders; text: string; body: unknown; bytes: Buffer };
export type Ask = { headers?: Record<string, string>; body?: unknown };
export type StreamEvent = {
  type: string;
  object: Record<string, unknown> & { metadata?: { name?: string; resourceVersion?: string } };
};

/** What a kubeconfig says of its one cluster and its one user. */
type Kubeconfig = {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { token?: string; 'client-certificate-data'?: string; 'client-key-data'?: string } }];
};

const decoded = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text, 'base64').toString();

/** A plain HTTPS client made from a kubeconfig: connections kept alive, nothing retried. */
export class Client {
  readonly #agent: Agent;
  readonly #server: string;
  readonly #token: string | undefined;

  constructor(kubeconfig: string) {
    const { clusters, users } = parse(kubeconfig) as Kubeconfig;
    const { cluster } = clusters[0];
    const { user } = users[0];
    this.#server = cluster.server;
    this.#token = user.token;
    const cert = decoded(user['client-certificate-data']);
    const key = decoded(user['client-key-data']);
    this.#agent = new Agent({
      keepAlive: true,
      ...(cluster['certificate-authority-data'] ? { ca: decoded(cluster['certificate-authority-data']) ?? '' } : {}),
      ...(cert !== undefined && key !== undefined ? { cert, key } : {}),
    });
  }

  #open(method: string, path: string, { headers = {}, body }: Ask): Promise<IncomingMessage> {
    const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const options: RequestOptions = {
      method,
      agent: this.#agent,
      headers: {
        accept: 'application/json',
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        ...(sent === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
        ...headers,
      },
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, this.#server), options, resolve);
      outgoing.once('error', reject);
      outgoing.end(sent);
    });
  }

  async ask(method: string, path: string, ask: Ask = {}): Promise<Reply> {
    const incoming = await this.#open(method, path, ask);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const bytes = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const text = bytes.toString();
    const json = incoming.headers['content-type'] === 'application/json';
    const body: unknown = json ? JSON.parse(text) : text;
    return { status: incoming.statusCode ?? NaN, headers: incoming.headers, text, body, bytes };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.ask('GET', path, { headers });
  }

  patch(path: string, type: 'json' | 'merge' | 'strategic-merge', body: unknown): Promise<Reply> {
    return this.ask('PATCH', path, { headers: { 'content-type': `application/${type}-patch+json` }, body });
  }

  /** Opens a watch; the answer has begun when this resolves. */
  async watch(path: string, headers: Record<string, string> = {}): Promise<WatchStream> {
    return new WatchStream(await this.#open('GET', path, { headers }));
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The events of a watch, one after the other. */
export class WatchStream {
  readonly status: number;
  readonly #incoming: IncomingMessage;
  readonly #lines: AsyncIterator<string>;

  constructor(incoming: IncomingMessage) {
    this.status = incoming.statusCode ?? 0;
    this.#incoming = incoming;
    this.#lines = linesOf(incoming);
  }

  /** The next event, or null when the server has ended the stream. Rejects when the connection breaks. */
  async next(): Promise<StreamEvent | null> {
    const line = await this.#lines.next();
    return line.done ? null : (JSON.parse(line.value) as StreamEvent);
  }

  async take(count: number): Promise<StreamEvent[]> {
    const events: StreamEvent[] = [];
    while (events.length < count) {
      const event = await this.next();
      if (!event) break;
      events.push(event);
    }
    return events;
  }

  /** All that comes until the server ends the stream. */
  rest(): Promise<StreamEvent[]> {
    return this.take(Infinity);
  }

  close(): void {
    this.#incoming.destroy();
  }
}

async function* linesOf(incoming: IncomingMessage): AsyncGenerator<string, undefined> {
  let pending = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming as AsyncIterable<string>) {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    yield* lines;
  }
  if (pending !== '') yield pending;
}

export const clientOf = (
  sandbox: Sandbox,
  user: SandboxUser = 'admin',
  how?: Parameters<Sandbox['kubeconfig']>[1],
): Client => new Client(sandbox.kubeconfig(user, how));
