import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { roleLabel } from '../../source/product/roles.ts';
import type { SessionOptions } from '../../source/session/options.ts';
import type { Session } from '../../source/session/session.ts';
import { openOnce, openSession } from '../../source/session/open-session.ts';
import { startSandbox, type Sandbox, type SandboxOptions, type SandboxUser } from '../../source/sandbox/sandbox.ts';
import { RESOURCES } from '../../source/model/cluster-event.ts';
import type { ClusterState } from '../../source/state/cluster-state.ts';
import type { Store } from '../../source/state/store.ts';

/** A folder that is gone with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'console-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A cluster in a box without heartbeats and churn, so that nothing changes but by the test; gone with it. */
export async function startBox(options: SandboxOptions = {}): Promise<Sandbox> {
  const box = await startSandbox({ heartbeats: false, churn: false, ...options });
  onTestFinished(() => box.stop());
  return box;
}

export function optionsFor(box: Sandbox, folder: string, user: SandboxUser = 'admin'): SessionOptions {
  const kubeconfig = join(folder, `${user}.kubeconfig`);
  writeFileSync(kubeconfig, box.kubeconfig(user), { mode: 0o600 });
  return {
    kubeconfig,
    environment: {},
    version: '0.0.0',
    stateFolder: join(folder, 'state'),
    localDoors: [],
    patience: { bound: 2_000, pause: 20 },
  };
}

const closing = (session: Session): Session => {
  onTestFinished(() => session.close());
  return session;
};

export const open = async (options: SessionOptions): Promise<Session> => closing(await openSession(options));

export const once = async (options: SessionOptions, resources = ['nodes', 'pods'] as const): Promise<Session> =>
  closing(await openOnce(options, { resources }));

/** Resolves when the picture is as wanted; the test's own time is the bound. */
export const until = (store: Store, wanted: (state: ClusterState) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (!wanted(store.state)) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = store.subscribe(look);
    look();
  });

/** Whether all that is watched is live; usage is only asked for now and then. */
export const isLive = ({ resources }: ClusterState): boolean =>
  RESOURCES.every((resource) => resource === 'usage' || resources[resource].status.state === 'live');

/** The name of the one node with the bootstrap role. */
export function bootstrapOf({ store }: Session): string {
  const node = [...store.state.nodes.values()].find(({ labels }) => roleLabel('bootstrap') in labels);
  if (!node) throw new Error('the scene has no bootstrap node');
  return node.name;
}
