import type { Answer } from './exchange.ts';
import { LinkFailure, protocolFailure, statusFailure, type Asked } from './failure.ts';
import { asName, asNumber, asObject, type Fields } from './fields.ts';
import { LineTooLong, linesOf } from './lines.ts';
import { TooLong } from './cutting.ts';
import { isProtobuf, watchFrames } from './protobuf-stream.ts';
import { NotProtobuf, type ReadField } from './protobuf.ts';

/** An ERROR event: the server ends the watch in the middle of its stream. */
export class WatchError extends Error {
  override readonly name = 'WatchError';
  readonly failure: LinkFailure;

  constructor(failure: LinkFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

export type WatchEvent = {
  readonly type: string;
  readonly object: Fields;
  readonly uid: string;
  readonly version: string;
};

/** Objects are at most a few MB in etcd. */
const LONGEST = 16 * 1024 * 1024;

/**
 * The events of a watch in either form, together what came together. Throws a WatchError at an ERROR event, and a
 * LinkFailure when what comes is no watch or breaks off.
 */
export async function* watchEvents(
  answer: Answer,
  read: ReadField | undefined,
  about: Asked,
): AsyncGenerator<Iterable<WatchEvent>> {
  const batches =
    read !== undefined && isProtobuf(answer) ? watchFrames(answer.body, read, LONGEST) : watchLines(answer, about);
  try {
    for await (const batch of batches) yield eventsOf(batch, about);
  } catch (error) {
    throw asFailure(error, about);
  }
}

/** What cannot be read, as a failure of the link; any other error is itself. */
export function asFailure(error: unknown, about: Asked): unknown {
  if (error instanceof LineTooLong || error instanceof TooLong) return protocolFailure(about, error.message);
  if (error instanceof NotProtobuf)
    return protocolFailure(about, `what came is no protobuf of the Kubernetes API (${error.message})`, error);
  return error;
}

/** Whether a failure came of what the server sent as protobuf, and JSON may be better. */
export const isOfProtobuf = (error: unknown): boolean =>
  error instanceof LinkFailure && error.cause instanceof NotProtobuf;

async function* watchLines({ body }: Answer, about: Asked): AsyncGenerator<Iterable<Fields>> {
  for await (const lines of linesOf(body, LONGEST)) yield objectsIn(lines, about);
}

function* objectsIn(lines: readonly string[], about: Asked): Generator<Fields> {
  for (const line of lines) {
    if (line === '') continue;
    const event = asObject(parsed(line));
    if (event === null) throw protocolFailure(about, 'a line of the watch is no event');
    yield event;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Told by the caller as a line that is no event.
    return null;
  }
}

function* eventsOf(batch: Iterable<Fields>, about: Asked): Generator<WatchEvent> {
  for (const event of batch) yield eventOf(event, about);
}

const TYPES: readonly string[] = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'];

function eventOf(event: Fields, about: Asked): WatchEvent {
  const object = asObject(event['object']);
  const type = asName(event['type']);
  if (object === null || type === null) throw protocolFailure(about, 'a line of the watch is no event');
  if (type === 'ERROR')
    throw new WatchError(
      statusFailure(about, { status: asNumber(object['code']) ?? 500, body: JSON.stringify(object) }),
    );
  const metadata = asObject(object['metadata']);
  const version = asName(metadata?.['resourceVersion']);
  const uid = asName(metadata?.['uid']) ?? '';
  if (!TYPES.includes(type) || version === null)
    throw protocolFailure(about, `an event of the watch is unknown (${type.slice(0, 40)})`);
  return { type, object, uid, version };
}
