import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveWay } from './give-way.ts';
import type { Size } from './figures.ts';
import type { Asked, FromServer, ToServer } from './serve.ts';

/** A cluster that is measured. */
export type Cluster = {
  readonly kubeconfig: string;
  /** Environment in which programs find this cluster and leave nothing behind. */
  readonly environment: Readonly<Record<string, string>>;
  /** Requests that the console has sent since this was last asked. */
  readonly requests: () => Promise<number>;
};

/** A cluster in a box, in a process of its own. */
export type ServedCluster = Cluster & {
  /** The same requests, each; whoever asks for them is told of none twice, here or by their number. */
  readonly asked: () => Promise<readonly Asked[]>;
  /** Nodes and pods change so often a second from now on; 0 lets them rest. */
  readonly load: (events: number) => void;
  /** So many changes at once. */
  readonly burst: (events: number) => void;
  /** A node says from now on that its kubelet is of this version. */
  readonly upgrade: (node: string, version: string) => void;
  readonly stop: () => Promise<void>;
};

/** Starts the cluster; rejects when its process ends before it is ready. */
export async function startCluster({ nodes, pods }: Size): Promise<ServedCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const server = fork(join(import.meta.dirname, 'serve.ts'), [String(nodes), String(pods), kubeconfig], {
    detached: true,
  });
  giveWay(server.pid);
  const ended = once(server, 'exit');
  const answer = async (): Promise<FromServer> => {
    const [message] = (await Promise.race([
      once(server, 'message'),
      ended.then(() => Promise.reject(new Error('The process that serves the cluster ended; see its output above.'))),
    ])) as [FromServer];
    return message;
  };
  await answer();
  const send = (message: ToServer): boolean => server.send(message);
  const asked = async (): Promise<readonly Asked[]> => {
    const told = answer();
    server.send('requests');
    const message = await told;
    if (message.type !== 'requests') throw new Error(`The server answered "${message.type}" when asked for requests.`);
    return message.asked;
  };
  return {
    kubeconfig,
    environment: { HOME: folder, XDG_STATE_HOME: join(folder, 'state'), KUBECONFIG: kubeconfig },
    asked,
    requests: async () => (await asked()).length,
    load: (events) => void send({ type: 'load', events }),
    burst: (events) => void send({ type: 'burst', events }),
    upgrade: (node, version) => void send({ type: 'upgrade', node, version }),
    async stop() {
      if (server.connected) server.disconnect();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
