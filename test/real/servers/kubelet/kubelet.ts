// Starts the stand-in for a kubelet on a machine of its own.
import { fileURLToPath } from 'node:url';
import type { Machine } from '../machines.ts';
import { startProcess, waitFor, type ServerProcess } from '../process.ts';
import type { KubeletSettings } from './program.ts';
import { connect } from 'node:net';

/** Where the API server asks a kubelet, as Node objects say it. */
export const KUBELET_PORT = 10250;

const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url));

const answers = (host: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port: KUBELET_PORT });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });

/**
 * Starts it and waits until it listens.
 * @throws when it ends or does not listen within a minute, with its last words
 */
export async function startKubelet(
  { name, address, enter }: Machine,
  files: Pick<KubeletSettings, 'files' | 'certificates' | 'container'>,
): Promise<ServerProcess> {
  const settings: KubeletSettings = { ...files, address, port: KUBELET_PORT };
  const flags = ['--disable-warning=ExperimentalWarning', PROGRAM, JSON.stringify(settings)];
  const server = await startProcess(`kubelet of ${name}`, process.execPath, flags, enter);
  try {
    await waitFor(`kubelet of ${name}`, () => answers(address), { server });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}
