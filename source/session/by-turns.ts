import { createControlPlaneReader } from '../links/control-plane/reader.ts';
import { collectControlPlane } from '../state/collectors/control-plane.ts';
import { collectEtcd } from '../state/collectors/etcd.ts';
import type { createAttention } from '../state/attention.ts';
import type { Store } from '../state/store.ts';
import type { Client } from './client.ts';
import { etcdLinks } from './etcd-links.ts';
import type { SessionOptions } from './options.ts';

/** Asks about etcd and the control plane, which cannot be followed, by their budgets; resolves once the signal aborts. */
export async function askByTurns(
  client: Client,
  options: SessionOptions,
  about: { store: Store; attention: ReturnType<typeof createAttention>; signal: AbortSignal },
): Promise<void> {
  const { connection, clock } = client;
  await Promise.all([
    collectEtcd({ ...etcdLinks(client, options), ...about, clock }),
    collectControlPlane({ controlPlane: createControlPlaneReader(connection, clock), ...about, clock }),
  ]);
}
