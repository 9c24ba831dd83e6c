import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { Answer, WholeAnswer } from './answers.ts';
import type { Fault, RequestRecord } from './faults.ts';

/** Answers above this many bytes are compressed for those who ask. */
const GZIP_THRESHOLD = 128 * 1024;
/** As the API server does: fast before small. */
const GZIP = { level: constants.Z_BEST_SPEED };

/** A watch ends when so many bytes of it wait for a client beside all that it began with: whoever reads so late lists anew. */
const MOST_UNREAD = 8 * 2 ** 20;

const compress = promisify(gzip);

/** Answers by a fault in the place of the server. */
export function strike(
  fault: Exclude<Fault, 'truncate' | 'lose-answer'>,
  outgoing: ServerResponse,
  record: RequestRecord,
): void {
  if (fault === 'hang') return;
  if (fault === 'reset') {
    reset(outgoing);
    return;
  }
  const { status, headers = {}, body = '' } = fault;
  record.status = status;
  const json = typeof body === 'object';
  outgoing.writeHead(status, { 'content-type': json ? 'application/json' : 'text/plain; charset=utf-8', ...headers });
  outgoing.end(json ? JSON.stringify(body) : body);
}

/** Resets the connection below TLS: the other side sees ECONNRESET, as when the server is killed. */
export function reset(outgoing: ServerResponse): void {
  const { socket } = outgoing;
  const raw = (socket as (TLSSocket & { _parent?: Socket }) | null)?._parent;
  if (raw) raw.resetAndDestroy();
  else socket?.destroy();
}

/** Sends an answer; `truncated`, half of it, and resets the connection. Resolves when it is on its way. */
export async function send(
  answer: Answer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  record: RequestRecord,
  truncated: boolean,
): Promise<void> {
  const headers = {
    'cache-control': 'no-cache, private',
    'content-type': answer.contentType,
    ...('headers' in answer ? answer.headers : {}),
  };
  if (answer.kind === 'stream') {
    record.status = 200;
    outgoing.writeHead(200, headers);
    outgoing.flushHeaders();
    let most = Infinity;
    const stop = answer.open({
      write(part) {
        if (outgoing.writableEnded) return;
        outgoing.write(part);
        if (outgoing.writableLength <= most) return;
        stop();
        outgoing.end();
      },
      end: () => void outgoing.end(),
    });
    most = outgoing.writableLength + MOST_UNREAD;
    outgoing.once('close', stop);
    return;
  }
  record.status = answer.status;
  const warnings = answer.warnings.map((text) => `299 - ${JSON.stringify(text)}`);
  if (warnings.length > 0) outgoing.setHeader('warning', warnings);
  const zips = /\bgzip\b/.test(incoming.headers['accept-encoding'] ?? '');
  if (truncated) await sendHalf(answer, headers, outgoing, zips);
  else await sendWhole(answer, headers, outgoing, zips);
}

const bytesOf = (part: string | Buffer): Buffer => (typeof part === 'string' ? Buffer.from(part) : part);

const ZIPPED = { 'content-encoding': 'gzip', vary: 'Accept-Encoding' };

async function sendHalf(
  { status, body: parts }: WholeAnswer,
  headers: OutgoingHttpHeaders,
  outgoing: ServerResponse,
  zips: boolean,
): Promise<void> {
  const raw = Buffer.concat(Array.from(parts, bytesOf));
  const zipped = zips && raw.length > GZIP_THRESHOLD;
  const body = zipped ? await compress(raw, GZIP) : raw;
  outgoing.writeHead(status, { ...headers, 'content-length': body.length, ...(zipped ? ZIPPED : {}) });
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => setImmediate(() => reset(outgoing)));
}

/** What is small goes with its length; what is large goes as it is made, compressed for those who ask. */
async function sendWhole(
  { status, body }: WholeAnswer,
  headers: OutgoingHttpHeaders,
  outgoing: ServerResponse,
  zips: boolean,
): Promise<void> {
  const parts = body[Symbol.iterator]();
  const begun: Buffer[] = [];
  let length = 0;
  let next = parts.next();
  for (; next.done !== true && length <= GZIP_THRESHOLD; next = parts.next()) {
    const part = bytesOf(next.value);
    if (part.length === 0) await turn();
    begun.push(part);
    length += part.length;
  }
  if (next.done === true && (length <= GZIP_THRESHOLD || !zips)) {
    outgoing.writeHead(status, { ...headers, 'content-length': length });
    outgoing.end(Buffer.concat(begun));
    return;
  }
  outgoing.writeHead(status, { ...headers, ...(zips ? ZIPPED : {}) });
  const rest = Readable.from(inTurns(begun, next, parts), { objectMode: false });
  try {
    await (zips ? pipeline(rest, createGzip(GZIP), outgoing) : pipeline(rest, outgoing));
  } catch (error) {
    // A client that goes away while it is answered is its own concern.
    if (!outgoing.destroyed) throw error;
  }
}

/** The parts that have begun and those that are still to be made, each after others had their turn. */
async function* inTurns(
  begun: readonly Buffer[],
  following: IteratorResult<string | Buffer>,
  parts: Iterator<string | Buffer>,
): AsyncGenerator<Buffer, void> {
  yield* begun.filter(({ length }) => length > 0);
  for (let next = following; next.done !== true; next = parts.next()) {
    const part = bytesOf(next.value);
    if (part.length > 0) yield part;
    await turn();
  }
}
