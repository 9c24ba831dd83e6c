import type { WebSocket } from 'ws';
import type { Status } from './status.ts';

/** Channels of a remote command: the first byte of each binary message (Kubernetes: `v4.channel.k8s.io`). */
const CHANNEL = { stdout: 1, stderr: 2, error: 3 } as const;
type Channel = (typeof CHANNEL)[keyof typeof CHANNEL];

/** Versions of the protocol that are spoken, best first. Both are the same as far as nothing is typed. */
export const PROTOCOLS: readonly string[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** What a command did. */
export type Ran = { readonly stdout: string; readonly stderr: string; readonly code: number };

/** A remote command ends with a Status on its own channel, whose details say how. */
export type Ending = Pick<Status, 'metadata' | 'status' | 'message' | 'reason' | 'details' | 'code'>;

/** Bytes of one message; a kubelet copies no more at a time. */
const PIECE = 32 * 1024;

export const succeeded: Ending = { metadata: {}, status: 'Success' };

export const exited = (code: number): Ending => ({
  metadata: {},
  status: 'Failure',
  message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});

/** What went wrong before or beside the command. */
export const broken = (why: string): Ending => ({
  metadata: {},
  status: 'Failure',
  message: `Internal error occurred: ${why}`,
  reason: 'InternalError',
  details: { causes: [{ message: why }] },
  code: 500,
});

/** The command of that name is not in the container. */
export const missing = (command: string): Ending =>
  broken(
    `error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(command)}: executable file not found in $PATH: unknown`,
  );

function say(socket: WebSocket, channel: Channel, bytes: Buffer): void {
  for (let start = 0; start < bytes.length; start += PIECE) {
    socket.send(Buffer.concat([Buffer.from([channel]), bytes.subarray(start, start + PIECE)]));
  }
}

/** Which of its streams a client wants. */
export type Wanted = { readonly stdout: boolean; readonly stderr: boolean };

/** Tells the client that it is connected: an empty message on the first channel that it reads. */
export function greet(socket: WebSocket, { stdout, stderr }: Wanted): void {
  socket.send(Buffer.from([stdout ? CHANNEL.stdout : stderr ? CHANNEL.stderr : CHANNEL.error]));
}

/** Sends what a command said and how it ended, and closes. */
export function finish(socket: WebSocket, wanted: Wanted, ending: Ending, ran?: Ran): void {
  if (ran && wanted.stdout) say(socket, CHANNEL.stdout, Buffer.from(ran.stdout));
  if (ran && wanted.stderr) say(socket, CHANNEL.stderr, Buffer.from(ran.stderr));
  say(socket, CHANNEL.error, Buffer.from(JSON.stringify(ending)));
  socket.close(1000);
}
