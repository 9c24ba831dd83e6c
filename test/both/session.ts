import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openOnce } from '../../source/session/open-session.ts';
import type { SessionOptions } from '../../source/session/options.ts';
import type { Session } from '../../source/session/session.ts';
import { open, temporaryFolder, until } from '../session/boxed.ts';
import type { Cluster, Member } from './cluster.ts';

/** Options of a session of one user with a journal of its own. */
export async function optionsFor(cluster: Cluster, user: Member = 'operator'): Promise<SessionOptions> {
  const folder = temporaryFolder();
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, await cluster.kubeconfig(user), { mode: 0o600 });
  return {
    kubeconfig,
    environment: {},
    version: '0.0.0',
    stateFolder: join(folder, 'state'),
    localDoors: [],
    patience: { bound: 5_000, pause: 50 },
  };
}

/** A session that follows the nodes, as the screen has it. */
export async function openLive(options: SessionOptions): Promise<Session> {
  const session = await open(options);
  await until(
    session.store,
    ({ resources, rights }) => resources.nodes.status.state === 'live' && rights.patchNodes !== null,
  );
  return session;
}

const opened = async (options: SessionOptions, writes: boolean): Promise<Session> => {
  const session = await openOnce(options, { resources: ['nodes'], writes });
  onTestFinished(() => session.close());
  return session;
};

/** A session for one edit, as a command has it. */
export const openForEdit = (options: SessionOptions): Promise<Session> => opened(options, true);

/** The same, without having asked for the right to write. */
export const openUnasked = (options: SessionOptions): Promise<Session> => opened(options, false);
