import { closeSync, createReadStream, createWriteStream, fchmodSync, openSync } from 'node:fs';
import { ConfigurationError } from '../links/kubernetes/access.ts';
import type { ClusterEvent } from '../model/cluster-event.ts';
import { WORKLOAD_ADDRESS_ANNOTATION } from '../product/keys.ts';
import { masked } from './masking.ts';
import { isClusterEvent } from './recorded-event.ts';

/**
 * A recording is a file of JSON lines: this header, then every event in the order in which the picture took it.
 * Values of annotations are left out but for the workload address, which the planes are read from, and whatever looks
 * like a credential is masked in every text.
 */
export type RecordingHeader = {
  readonly format: 'metalk8s-console recording';
  readonly version: 1;
  readonly at: number;
};

const FORMAT = 'metalk8s-console recording';
const MASK = '***';

export type Recording = {
  record(event: ClusterEvent): void;
  /** Resolves when everything is on disk, or when the writing failed. */
  close(): Promise<void>;
};

/**
 * Starts a recording in a file of mode 0600, which takes the place of one that is there.
 *
 * @param failed told once when the file cannot be written any more; the recording then ends and nothing else does
 * @throws ConfigurationError when the file cannot be opened
 */
export function startRecording(path: string, now: () => number, failed: (why: string) => void): Recording {
  const stream = createWriteStream(path, { fd: openFile(path) });
  let open = true;
  stream.on('error', (error) => {
    open = false;
    failed(`The recording ${path} ended early: ${error.message}.`);
  });
  const write = (value: unknown) => {
    if (open) stream.write(`${JSON.stringify(value)}\n`);
  };
  write({ format: FORMAT, version: 1, at: now() } satisfies RecordingHeader);
  return {
    record: (event) => write(maskedEvent(event)),
    close: () =>
      new Promise((resolve) => {
        if (stream.closed) resolve();
        else stream.once('close', resolve);
        open = false;
        stream.end();
      }),
  };
}

function openFile(path: string): number {
  try {
    const file = openSync(path, 'w', 0o600);
    try {
      fchmodSync(file, 0o600);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    return file;
  } catch (error) {
    throw new ConfigurationError(
      `The recording ${path} cannot be written: ${words(error)}; name another file with --record.`,
    );
  }
}

/** An event as it may leave this machine. */
export function maskedEvent(event: ClusterEvent): ClusterEvent {
  if (!('items' in event) || event.resource !== 'nodes') return masked(event);
  const items = event.items.map((node) => ({ ...node, annotations: maskedAnnotations(node.annotations) }));
  return masked({ ...event, items });
}

const maskedAnnotations = (annotations: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [key, key === WORKLOAD_ADDRESS_ANNOTATION ? value : MASK]),
  );

/**
 * The events of a recording, one after the other. A last line that was cut off in the middle is passed over.
 *
 * Rejects with a ConfigurationError for a file that is missing, is no recording, or holds a line that is no event.
 */
export async function* readRecording(path: string): AsyncGenerator<ClusterEvent> {
  const stream = createReadStream(path, 'utf8');
  const lines = linesOf(stream);
  const refuse = (why: string) => new ConfigurationError(`${path} cannot be replayed: ${why}.`);
  let number = 0;
  try {
    let line = await nextLine(lines, refuse);
    if (!isHeader(parsed(line))) throw refuse('it is no recording of this program, made with --record');
    for (line = await nextLine(lines, refuse), number = 2; line !== null; number += 1) {
      const next = await nextLine(lines, refuse);
      const event = parsed(line);
      if (isClusterEvent(event)) yield event;
      else if (next !== null || event !== null) throw refuse(`line ${number} is no event`);
      line = next;
    }
  } finally {
    stream.destroy();
  }
}

/** Lines as JSON lines are told apart, by the line feed alone: other ends of lines may stand within a text. */
async function* linesOf(stream: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = [];
  for await (const chunk of stream) {
    const [first = '', ...others] = chunk.split('\n');
    parts.push(first);
    for (const next of others) {
      yield parts.join('');
      parts = [next];
    }
  }
  const last = parts.join('');
  if (last !== '') yield last;
}

async function nextLine(lines: AsyncIterator<string>, refuse: (why: string) => Error): Promise<string | null> {
  try {
    const result = await lines.next();
    return result.done === true ? null : result.value;
  } catch (error) {
    throw refuse(words(error));
  }
}

const ANSWER = '{"type":"answer"';

/** JSON knows no infinity and writes null: the last bound of a histogram is it. */
const withInfinity = (key: string, value: unknown): unknown =>
  key === 'bounds' && Array.isArray(value) ? value.map((bound: unknown) => bound ?? Infinity) : value;

function parsed(line: string | null): unknown {
  try {
    return line === null ? null : JSON.parse(line, line.startsWith(ANSWER) ? withInfinity : undefined);
  } catch {
    // The caller says what is wrong with a line that is no JSON.
    return null;
  }
}

const isHeader = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  value.format === FORMAT &&
  'version' in value &&
  value.version === 1;

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
