// What runs in the container of etcd when somebody asks for it: the real etcdctl, and nothing else.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';

/** Where the distribution has the certificates of etcd, as the container sees them. */
const CONTAINER_FOLDER = '/etc/kubernetes/pki/etcd/';
const PROGRAM = 'etcdctl';
const LOCAL_METRICS = { host: '127.0.0.1', port: 2381 };

/** As a kubelet tells it on the channel for errors (`v4.channel.k8s.io`): a Status. */
export type ExecStatus = {
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes: readonly { readonly reason: string; readonly message: string }[] };
};

const SUCCESS: ExecStatus = { metadata: {}, status: 'Success' };
const failure = (message: string): ExecStatus => ({ metadata: {}, status: 'Failure', message });
const exitStatus = (code: number): ExecStatus => ({
  ...failure(`command terminated with non-zero exit code: error executing command, exit code ${code}`),
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});

/** Whether etcd runs on this machine. One that is frozen does. */
export const isRunning = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(LOCAL_METRICS);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });

/** Runs a command to its end. `folder` is what the container sees as its folder of certificates. */
export function runInContainer(
  [program = '', ...flags]: readonly string[],
  folder: string,
  write: (channel: 'stdout' | 'stderr', data: Buffer) => void,
): Promise<ExecStatus> {
  if (program !== PROGRAM) {
    const why = `exec: "${program}": executable file not found in $PATH`;
    return Promise.resolve(failure(`failed to exec in container: ${why}: unknown`));
  }
  return new Promise((resolve) => {
    const words = flags.map((flag) => flag.replaceAll(CONTAINER_FOLDER, `${folder}/`));
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', PROGRAM, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], ETCDCTL_API: '3' },
    });
    child.stdout.on('data', (data: Buffer) => write('stdout', data));
    child.stderr.on('data', (data: Buffer) => write('stderr', data));
    child.once('error', (error) => resolve(failure(error.message)));
    child.once('close', (code) => resolve(code === 0 ? SUCCESS : exitStatus(code ?? 137)));
  });
}
