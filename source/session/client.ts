import type { ClusterAccess } from '../links/kubernetes/access.ts';
import { realClock, type Clock } from '../links/kubernetes/clock.ts';
import { createConnection, type Connection } from '../links/kubernetes/connection.ts';
import { openAccess, surroundingsOfProcess } from '../links/kubernetes/credentials.ts';
import type { Door } from '../links/kubernetes/doors.ts';
import { createReader, type KubernetesReader } from '../links/kubernetes/reader.ts';
import type { ServerFacts } from '../model/cluster-event.ts';
import type { SessionOptions } from './options.ts';

/** The way to one cluster, opened and not used yet. */
export type Client = {
  readonly access: ClusterAccess;
  readonly connection: Connection;
  readonly reader: KubernetesReader;
  readonly clock: Clock;
  /** What is known of the server before it was asked anything. */
  readonly facts: ServerFacts;
};

/**
 * Reads the kubeconfig, runs its credential plugin if it has one, and makes a connection that opens with its first
 * request. Rejects with a ConfigurationError.
 */
export async function openClient(
  options: SessionOptions,
  onDoor: (door: Door) => void = () => undefined,
): Promise<Client> {
  const clock = options.clock ?? realClock;
  const surroundings = options.surroundings ?? { ...surroundingsOfProcess(), environment: options.environment };
  const { kubeconfig, context, as, asGroups, interactive = false } = options;
  const access = await openAccess({ kubeconfig, context, as, asGroups }, surroundings, { interactive, now: clock.now });
  const connection = createConnection({
    access,
    userAgent: `metalk8s-console/${options.version}`,
    onDoor,
    clock,
    ...(options.localDoors && { localDoors: options.localDoors }),
  });
  const { cluster, context: name, user, server } = access;
  return {
    access,
    connection,
    reader: createReader(connection, {
      clock,
      random: options.random ?? Math.random,
      onThisThread: options.onThisThread,
    }),
    clock,
    facts: {
      cluster,
      context: name,
      user,
      kubernetesVersion: null,
      metalk8sVersion: null,
      door: { address: server, first: true },
    },
  };
}
