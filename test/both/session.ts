import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { openOnce, openSession } from '../../source/session/open-session.ts';
import type { SessionOptions } from '../../source/session/options.ts';
import type { Session } from '../../source/session/session.ts';
import { open, temporaryFolder, until } from '../session/boxed.ts';
import type { Cluster, Given, Member } from './cluster.ts';

/** Options of a session of one user with a journal of its own. */
export async function optionsFor(
  cluster: Cluster,
  user: Member = 'operator',
  folder = temporaryFolder(),
): Promise<SessionOptions> {
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

const shown = ({ store }: Session): Promise<void> =>
  until(store, ({ resources, rights }) => resources.nodes.status.state === 'live' && rights.patchNodes !== null);

/** A session that follows the nodes, as the screen has it, for one test. */
export async function openLive(options: SessionOptions): Promise<Session> {
  const session = await open(options);
  await shown(session);
  return session;
}

/** The same for all tests of a `describe`, as an operator has it all day long. */
export function givenLive(given: Given): () => Session {
  const folder = mkdtempSync(join(tmpdir(), 'console-test-'));
  let session: Session | undefined;
  beforeAll(async () => {
    session = await openSession(await optionsFor(given(), 'operator', folder));
    await shown(session);
  });
  afterAll(async () => {
    await session?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    if (session === undefined) throw new Error('the session is open during tests only');
    return session;
  };
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
