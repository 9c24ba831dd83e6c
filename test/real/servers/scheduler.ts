// kube-scheduler, which binds the pods of a real cluster as its own algorithm decides.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi } from './api.ts';
import type { Authority } from './certificates.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { freePorts, startProcess, waitFor, type ServerProcess } from './process.ts';

/** The user to whom every API server grants what a scheduler needs. */
const USER = 'system:kube-scheduler';
/** Requests per second to the API server: its own limits are made for clusters that many share. */
const PACE = 2_000;

export type SchedulerOptions = {
  readonly program: string;
  /** Takes its kubeconfig and certificate; made and removed by the caller. */
  readonly folder: string;
  /** Of the API server. */
  readonly url: string;
  readonly authority: Authority;
};

/**
 * Starts the scheduler as it comes, but for a leader election that nobody else stands for, and waits until it says that it is
 * well. Every pod that waits is tried from then on.
 * @throws when it ends or is not well within a minute, with its last words
 */
export async function startScheduler({ program, folder, url, authority }: SchedulerOptions): Promise<ServerProcess> {
  const identity = await authority.issue({ commonName: USER });
  const file = (name: string) => join(folder, `kube-scheduler${name}`);
  const texts: readonly (readonly [string, string])[] = [
    [file('.conf'), kubeconfigText({ url, authority: authority.certificate, user: USER, credential: identity })],
    [file('.pem'), identity.certificate],
    [file('-key.pem'), identity.key],
  ];
  await Promise.all(texts.map(([path, text]) => writeFile(path, text, { mode: 0o600 })));
  const [port = NaN] = await freePorts(1);
  const scheduler = await startProcess('kube-scheduler', program, [
    ...['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map(
      (flag) => `--${flag}=${file('.conf')}`,
    ),
    '--bind-address=127.0.0.1',
    `--secure-port=${String(port)}`,
    '--port=0',
    `--tls-cert-file=${file('.pem')}`,
    `--tls-private-key-file=${file('-key.pem')}`,
    '--leader-elect=false',
    `--kube-api-qps=${String(PACE)}`,
    `--kube-api-burst=${String(PACE)}`,
  ]);
  const api = createApi(`https://127.0.0.1:${String(port)}`, authority.certificate, identity);
  try {
    await waitFor('kube-scheduler well', async () => (await api.ask('GET', '/healthz')).status === 200, {
      server: scheduler,
    });
  } catch (error) {
    await scheduler.stop();
    throw error;
  } finally {
    api.close();
  }
  return scheduler;
}
