import { setImmediate as turn } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import type { ManualClock, Sandbox, SandboxUser } from '../../../source/sandbox/sandbox.ts';

export const proxied = (node: string, path: string): string =>
  `/api/v1/namespaces/kube-system/pods/etcd-${node}:2381/proxy${path}`;

/** Lets time pass until something has happened. */
export async function driven<T>(clock: ManualClock, happening: Promise<T>): Promise<T> {
  const going = new Set([happening]);
  const end = (): void => void going.delete(happening);
  happening.then(end, end);
  while (going.size > 0) {
    clock.advance(100);
    await turn();
  }
  return happening;
}

/** The value of a sample, by its name with its labels as they are written; NaN when there is none. */
export function sample(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? NaN : Number(line.slice(name.length + 1));
}

const PKI = '/etc/kubernetes/pki/etcd';
/** etcdctl as it is run in the pod of a member. */
export const ETCDCTL = [
  'etcdctl',
  '--endpoints=https://127.0.0.1:2379',
  `--cacert=${PKI}/ca.crt`,
  `--cert=${PKI}/healthcheck-client.crt`,
  `--key=${PKI}/healthcheck-client.key`,
];

/** What came over the channels of a remote command, and the Status at its end; or the status of a refusal. */
export type Heard = { protocol: string; channels: Record<number, string>; ending: unknown; refused: number | null };

type Kubeconfig = {
  users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
};

/** Runs a command in a pod over a WebSocket. */
export function exec(
  sandbox: Sandbox,
  pod: string,
  words: readonly string[],
  {
    user = 'admin',
    protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
    container = '',
  }: { user?: SandboxUser; protocols?: string[]; container?: string } = {},
): Promise<Heard> {
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true', ...(container === '' ? {} : { container }) });
  for (const word of words) query.append('command', word);
  const { users } = parse(sandbox.kubeconfig(user)) as Kubeconfig;
  const { user: credential } = users[0];
  const url = `${sandbox.url.replace('https', 'wss')}/api/v1/namespaces/kube-system/pods/${pod}/exec?${query.toString()}`;
  const socket = new WebSocket(url, protocols, {
    ca: sandbox.caPem,
    cert: Buffer.from(credential['client-certificate-data'], 'base64'),
    key: Buffer.from(credential['client-key-data'], 'base64'),
  });
  const channels: Record<number, string> = {};
  return new Promise((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      const channel = data[0] ?? NaN;
      channels[channel] = (channels[channel] ?? '') + data.subarray(1).toString();
    });
    socket.on('close', () => {
      const ending: unknown = channels[3] === undefined ? null : JSON.parse(channels[3]);
      resolve({ protocol: socket.protocol, channels, ending, refused: null });
    });
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ protocol: '', channels: {}, ending: JSON.parse(text), refused: response.statusCode ?? NaN }),
      );
    });
    socket.on('error', (error) => {
      if (!error.message.startsWith('Unexpected server response')) reject(error);
    });
  });
}
