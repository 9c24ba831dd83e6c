import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Agent } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from './clock.ts';
import { onStanding, refusal } from './exchange.ts';
import { LinkFailure, protocolFailure, rightIn, socketFailure, statusFailure, type Asked } from './failure.ts';
import { asObject, asObjects, asText } from './fields.ts';

/** A command to be run in a container, by its words; there is no shell, and nothing is written to it. */
export type Command = {
  /** For sentences, as in "read the members of etcd on node-1". */
  readonly what: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  /** ms until it must have ended. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
};

/** What a command wrote, and how it ended: zero is well. */
export type Executed = { readonly stdout: string; readonly stderr: string; readonly exitCode: number };

/** One command on its way. Times in ms. */
type Execution = Pick<Command, 'what' | 'timeout'> & {
  /** Scheme, host, port and prefix of the server. */
  readonly server: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly agent: Agent;
  readonly proxy: Asked['proxy'];
  readonly connectTimeout: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** Subprotocols of remote commands (Kubernetes, k8s.io/apimachinery remotecommand): output alone is the same in both. */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** The first byte of a message names its channel. */
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

/** Bytes that a command may write, on both channels together. */
const LARGEST_OUTPUT = 4 * 1024 * 1024;
const TOO_MUCH = 'the command wrote more than 4 MiB';

/** Path and query of a command. Throws where a name would lead out of its place in the path. */
export function execPath({ namespace, pod, container, command }: Command): string {
  for (const name of [namespace, pod]) if (['', '.', '..'].includes(name)) throw new Error(`"${name}" names no pod`);
  const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' });
  for (const word of command) query.append('command', word);
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query.toString()}`;
}

/**
 * Runs a command over a WebSocket and resolves with its end, whatever its exit code. Rejects with a LinkFailure when it
 * could not be run, its end was not told, it lasted or wrote too much; and with the signal's reason when that aborts.
 * `sent` of the failure is false as long as the connection did not stand.
 */
export async function execute(asked: Execution): Promise<Executed> {
  // Loaded with the first command: a start of the console needs none.
  const { WebSocket } = await import('ws');
  asked.signal.throwIfAborted();
  const about: Asked = { what: asked.what, server: asked.server, proxy: asked.proxy ?? null };
  const secure = asked.server.startsWith('https:');
  return new Promise((resolve, reject) => {
    const output = createOutput();
    let stood = false;
    const end = (settle: () => void) => {
      cancelStand();
      cancelEnd();
      asked.signal.removeEventListener('abort', abort);
      settle();
      socket.terminate();
    };
    const fail = (error: Error) => end(() => reject(error));
    const cancelStand = asked.clock.after(asked.connectTimeout, () => fail(socketFailure(timedOut(), about, false)));
    const cancelEnd = asked.clock.after(asked.timeout, () => fail(tooLong(about, asked.timeout, stood)));
    const abort = () => fail(asked.signal.reason as Error);
    asked.signal.addEventListener('abort', abort);
    const socket: WebSocket = new WebSocket(asked.server + asked.path, PROTOCOLS, {
      agent: asked.agent,
      headers: asked.headers as Record<string, string>,
      perMessageDeflate: false,
      maxPayload: LARGEST_OUTPUT,
      finishRequest: (request: ClientRequest) => {
        onStanding(request, secure, () => {
          stood = true;
          cancelStand();
        });
        request.end();
      },
    });
    socket.on('unexpected-response', (_: ClientRequest, response: IncomingMessage) => {
      refusal(about, response).then(
        (failure) => fail(forbiddenWords(failure, about)),
        (error: unknown) => fail(socketFailure(error, about, true)),
      );
    });
    // Listens to the end: a socket may fail more than once, and an error that nobody hears ends the process.
    socket.on('error', (error) => fail(failureOf(error, about, stood)));
    socket.on('close', () => fail(protocolFailure(about, 'the end of the command was not told')));
    socket.on('message', (data) => {
      const status = output.take(data);
      if (output.size() > LARGEST_OUTPUT) fail(protocolFailure(about, TOO_MUCH));
      if (status === null) return;
      const exitCode = exitCodeOf(status);
      if (exitCode === null) fail(failedCommand(about, status));
      else end(() => resolve({ ...output.texts(), exitCode }));
    });
  });
}

/** Gathers what a command writes; `take` returns the Status that tells its end when that comes. */
function createOutput() {
  const written: Record<number, Buffer[]> = { [STDOUT]: [], [STDERR]: [] };
  let size = 0;
  const text = (channel: number) => Buffer.concat(written[channel] ?? []).toString('utf8');
  return {
    take: (data: RawData): string | null => {
      const message = bytesOf(data);
      const channel = message[0];
      if (channel === STATUS) return message.toString('utf8', 1);
      if (channel === undefined || message.length === 1) return null;
      size += message.length - 1;
      written[channel]?.push(message.subarray(1));
      return null;
    },
    size: () => size,
    texts: () => ({ stdout: text(STDOUT), stderr: text(STDERR) }),
  };
}

const bytesOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);

const timedOut = () => Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' });

const tooLong = (about: Asked, milliseconds: number, sent: boolean) =>
  new LinkFailure({
    kind: 'timeout',
    message: `Cannot ${about.what} at ${about.server}: the command did not end within ${milliseconds / 1_000} s; look at the pod and at the kubelet of its node.`,
    what: about.what,
    sent,
  });

/** What ws itself says has no code of a socket: then something else than Kubernetes answered. */
function failureOf(error: Error, about: Asked, stood: boolean): LinkFailure {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return protocolFailure(about, TOO_MUCH, error);
  if (!stood || (code !== '' && !code.startsWith('WS_ERR_'))) return socketFailure(error, about, stood);
  return protocolFailure(about, 'what answers does not speak the exec protocol of Kubernetes', error);
}

/**
 * Servers ask of a WebSocket for the verb get, newer ones (since 1.35) for create as well, and of that they say nothing.
 */
function forbiddenWords(failure: LinkFailure, { what, server }: Asked): LinkFailure {
  if (failure.kind !== 'forbidden') return failure;
  const right = rightIn(failure) ?? 'create pods/exec';
  return failure.reworded(
    `Cannot ${what} at ${server}: this user has no right to ${right} there (403), and running a command needs both ` +
      'get and create of pods/exec; ask an administrator for them.',
  );
}

/** The exit code that a Status tells, null when the command did not run to an end of its own. */
function exitCodeOf(text: string): number | null {
  const status = parsed(text);
  if (status?.['status'] === 'Success') return 0;
  if (status?.['reason'] !== 'NonZeroExitCode') return null;
  const cause = asObjects(asObject(status['details'])?.['causes']).find(({ reason }) => reason === 'ExitCode');
  const code = asText(cause?.['message']);
  return /^-?\d{1,9}$/.test(code) ? Number(code) : null;
}

function failedCommand(about: Asked, text: string): LinkFailure {
  const code = parsed(text)?.['code'];
  return statusFailure(about, { status: typeof code === 'number' ? code : 500, body: text });
}

function parsed(text: string) {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Told in words alone, as servers before v4 did: no exit code can be had of that.
    return null;
  }
}
