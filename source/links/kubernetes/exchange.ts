import { request as plainRequest, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Agent } from 'node:http';
import { TLSSocket } from 'node:tls';
import { createGunzip } from 'node:zlib';
import type { Clock } from './clock.ts';
import type { Pace } from './compression.ts';
import { protocolFailure, socketFailure, statusFailure, type Asked, type LinkFailure } from './failure.ts';
import { isProtobuf, readObject } from './protobuf-stream.ts';
import { NotProtobuf } from './protobuf.ts';
import { STATUS } from './protobuf-schemas.ts';

/** One request as it goes out. Times in ms. */
export type Exchange = {
  readonly what: string;
  readonly method: string;
  /** Scheme, host, port and prefix of the server. */
  readonly server: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | undefined;
  readonly agent: Agent;
  /** The proxy that the agent goes through, for sentences. */
  readonly proxy: Asked['proxy'];
  /** Until the connection stands, by the clock. */
  readonly connectTimeout: number;
  readonly clock: Clock;
  /** Of silence on the socket, before the answer and within it; null means that the caller watches over it. */
  readonly silence: number | null;
  readonly signal: AbortSignal | undefined;
  /** Statuses besides 2xx that are an answer and no refusal. */
  readonly answers?: readonly number[] | undefined;
  /** Told how the body came when it has come to its end. */
  readonly measured?: (pace: Pace) => void;
};

export type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Throws a LinkFailure when the body breaks off, and the signal's reason when it aborts. */
  readonly body: AsyncIterable<Buffer>;
};

const LONGEST_REFUSAL = 64_000;

/** An error in the form of Node's own, so that one table explains both. */
const timedOut = () => Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' });

/**
 * Sends one request over the agent and resolves with an answer of status 2xx, or of `answers`. Rejects with a LinkFailure for anything
 * else, its `sent` false as long as the connection did not stand, and with the signal's reason when that aborts.
 */
export async function exchange(asked: Exchange): Promise<Answer> {
  // A request that was made and given up before anybody listens would end the process by its error.
  asked.signal?.throwIfAborted();
  const about: Asked = { what: asked.what, server: asked.server, proxy: asked.proxy ?? null };
  const { request, sent, stop, lateness } = started(asked, about);
  const failure = (error: unknown) =>
    asked.signal?.aborted ? (asked.signal.reason as Error) : socketFailure(lateness() ?? error, about, sent());
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      // Listens to the end: a socket may fail more than once, and an error that nobody hears ends the process.
      request.on('error', reject);
      request.end(asked.body);
    });
    response.once('close', stop);
    const body = bodyOf(response, failure, asked);
    const status = Number(response.statusCode);
    if ((status >= 200 && status < 300) || asked.answers?.includes(status))
      return { status, headers: response.headers, body };
    throw await refusal(about, response, body);
  } catch (error) {
    stop();
    request.destroy();
    throw failure(error);
  }
}

/** An address that is none, or a header that cannot be written, fails before anything is sent. */
function started(asked: Exchange, about: Asked) {
  try {
    return start(asked);
  } catch (error) {
    throw socketFailure(error, about, false);
  }
}

function start(asked: Exchange) {
  const url = new URL(asked.server + asked.path);
  const secure = url.protocol === 'https:';
  const request: ClientRequest = (secure ? tlsRequest : plainRequest)(url, {
    method: asked.method,
    headers: asked.headers,
    agent: asked.agent,
    // A tunnel that is never opened keeps no socket for longer.
    ...(asked.proxy ? { timeout: asked.connectTimeout } : {}),
  });
  let connected = false;
  // Kept, because an answer under way that is given up ends with another error.
  let late: Error | null = null;
  const end = (reason: Error) => {
    request.destroy(reason);
    // While it waits for a tunnel it tells nobody that it was destroyed.
    if (request.socket === null) request.emit('error', reason);
  };
  const giveUp = () => end((late = timedOut()));
  const cancel = asked.clock.after(asked.connectTimeout, giveUp);
  const stand = () => {
    connected = true;
    cancel();
  };
  onStanding(request, secure, stand);
  if (asked.silence !== null) request.setTimeout(asked.silence, giveUp);
  const abort = () => end(asked.signal?.reason as Error);
  asked.signal?.addEventListener('abort', abort);
  return {
    request,
    sent: () => connected,
    lateness: () => late,
    stop: () => {
      cancel();
      asked.signal?.removeEventListener('abort', abort);
    },
  };
}

/** Runs `stand` once the connection of a request stands, which is at once where one was kept alive. */
export function onStanding(request: ClientRequest, secure: boolean, stand: () => void): void {
  request.once('socket', (socket) => {
    // What comes through a tunnel is handed over once it stands.
    const stands = socket instanceof TLSSocket ? socket.getFinished() !== undefined : !socket.connecting;
    if (request.reusedSocket || stands) stand();
    else socket.once(secure ? 'secureConnect' : 'connect', stand);
  });
}

/** Unzipped in larger pieces than Node's own 16 KiB, each of which goes round through its pool of threads and many streams. */
const UNZIPPED_CHUNK = 256 * 1024;

async function* bodyOf(
  response: IncomingMessage,
  failure: (error: unknown) => Error,
  { clock, measured }: Pick<Exchange, 'clock' | 'measured'>,
): AsyncGenerator<Buffer> {
  const { socket } = response;
  const zipped = response.headers['content-encoding'] === 'gzip';
  const gunzip = zipped ? createGunzip({ chunkSize: UNZIPPED_CHUNK }) : null;
  if (gunzip !== null) {
    response.once('error', (error) => gunzip.destroy(error));
    response.pipe(gunzip);
  }
  const before = socket.bytesRead;
  let waited = 0;
  let since = clock.now();
  try {
    for await (const chunk of gunzip ?? response) {
      // Only the waiting is of the line; what the reader does with a chunk is not.
      waited += clock.now() - since;
      yield chunk as Buffer;
      since = clock.now();
    }
    measured?.({ zipped, bytes: socket.bytesRead - before, waited: waited + clock.now() - since });
  } catch (error) {
    throw failure(error);
  } finally {
    gunzip?.destroy();
    if (!response.complete) response.destroy();
  }
}

/** What a server says in place of an answer, read from the first 64 KB of it. */
export async function refusal(
  about: Asked,
  response: IncomingMessage,
  body: AsyncIterable<Buffer> = response,
): Promise<LinkFailure> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_REFUSAL) break;
  }
  return statusFailure(about, {
    status: Number(response.statusCode),
    body: wordsOf(response, Buffer.concat(chunks)),
    retryAfter: response.headers['retry-after'],
    date: response.headers.date,
    page: /text\/html/i.test(response.headers['content-type'] ?? ''),
  });
}

/** A refusal as text; a Status comes in the form that was asked for. */
function wordsOf(response: IncomingMessage, body: Buffer): string {
  if (!isProtobuf(response)) return body.toString('utf8');
  try {
    return JSON.stringify(readObject(STATUS, body));
  } catch (error) {
    if (!(error instanceof NotProtobuf)) throw error;
    // A cut or foreign body is told by its status alone.
    return '';
  }
}

/** MiB. */
const LARGEST_ANSWER = 256;

/** Reads the body to its end as text. Throws a LinkFailure when it breaks off or passes so many MiB. */
export async function readText({ body }: Answer, about: Asked, mebibytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mebibytes * 2 ** 20) throw protocolFailure(about, `the answer passes ${mebibytes} MiB`);
  }
  return Buffer.concat(chunks, length).toString('utf8');
}

/** Reads the body to its end as JSON. Throws a LinkFailure when it breaks off, is no JSON, or passes 256 MiB. */
export async function readJson(answer: Answer, about: Asked): Promise<unknown> {
  const text = await readText(answer, about, LARGEST_ANSWER);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noJson(about, text, answer, error);
  }
}

function noJson(about: Asked, text: string, answer: Answer, error: unknown): LinkFailure {
  if (/text\/html/i.test(answer.headers['content-type'] ?? '') || /^\s*</.test(text))
    return statusFailure(about, { status: answer.status, body: text.slice(0, LONGEST_REFUSAL), page: true });
  return protocolFailure(about, 'the answer is no JSON', error);
}
