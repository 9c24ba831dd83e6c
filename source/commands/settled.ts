import type { Resource } from '../model/cluster-event.ts';
import { isHeld } from '../model/control-plane/leader.ts';
import { API_SERVER_PORT, INGRESS_PORT, WORKLOAD_INGRESS_PORT } from '../product/certificates.ts';
import { rolesOf } from '../product/node-roles.ts';
import type { Role } from '../product/roles.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { addressesOf } from '../state/control-plane-nodes.ts';
import { NOT_ASKED } from '../state/picture.ts';
import type { Store } from '../state/store.ts';
import { whileAllowed } from './bound.ts';
import type { Call } from './command.ts';

/** Whether what an answer is made from has come, or a reason why it does not. */
export type Settled = (state: ClusterState) => boolean;

const WORKLOADS: readonly Resource[] = ['deployments', 'daemonSets', 'statefulSets'];

const areSeen = ({ resources }: ClusterState, which: readonly Resource[]): boolean =>
  which.every((resource) => {
    const { status } = resources[resource];
    return status !== NOT_ASKED && status.state !== 'loading';
  });

/** Whether the nodes are there, by which everything else is asked. */
export const areNodesSeen = (state: ClusterState): boolean => areSeen(state, ['nodes']);

const countOf = ({ nodes }: ClusterState, role: Role): number =>
  [...nodes.values()].filter((node) => rolesOf(node).includes(role)).length;

/** Whether the members of etcd have answered. */
export function isEtcdSettled(state: ClusterState): boolean {
  const { etcdMembership, etcdHealth, etcdFigures } = state.asked;
  if (!areSeen(state, ['nodes', 'pods'])) return false;
  const members = countOf(state, 'etcd');
  if (members === 0) return true;
  return etcdMembership.size > 0 && etcdHealth.size >= members && etcdFigures.size >= members;
}

const hostOf = (address: string): string => URL.parse(address)?.host ?? address;

/** Whether the API server of each master was asked at its own address, and that at the door in use. */
function areServersAsked(state: ClusterState, asked: ReadonlyMap<string, unknown>): boolean {
  const { server } = state;
  const hosts = new Set([...asked.keys()].map(hostOf));
  const masters = addressesOf(state, 'master').map((host) =>
    hostOf(`https://${host.includes(':') ? `[${host}]` : host}:${API_SERVER_PORT}`),
  );
  return [...masters, ...(server === null ? [] : [hostOf(server.door.address)])].every((host) => hosts.has(host));
}

/** Whether those certificates were read that API servers and the control-plane ingress show. */
export function areCertificatesSettled(state: ClusterState): boolean {
  const { certificate } = state.asked;
  const isIngressAsked = [...certificate.keys()].some((address) => URL.parse(address)?.port === String(INGRESS_PORT));
  return (
    areNodesSeen(state) &&
    areServersAsked(state, certificate) &&
    (isIngressAsked || addressesOf(state, 'bootstrap').length === 0)
  );
}

/**
 * Whether those certificates were told too that are for who asks for certificates: the client certificates of requests,
 * which cost a large page, and that of the workload ingress, in a network that this machine may not be on.
 */
export function areAllCertificatesSettled(state: ClusterState): boolean {
  const { certificate, clientCertificates } = state.asked;
  const isIngressAsked = [...certificate.keys()].some((address) => address.endsWith(`:${WORKLOAD_INGRESS_PORT}`));
  return (
    areCertificatesSettled(state) &&
    clientCertificates.size > 0 &&
    (isIngressAsked || addressesOf(state, 'bootstrap', 'workload').length === 0)
  );
}

/** Whether it is told of each Lease if it is held, for which it takes more than one look where clocks differ. */
const areLeasesSettled = ({ asked }: ClusterState): boolean =>
  [...asked.leases.values()].every(
    ({ answer }) => answer === null || answer.value.every((lease) => isHeld(lease, answer.at) !== null),
  );

const isBehindSettled = (state: ClusterState): boolean =>
  areSeen(state, ['pods', ...WORKLOADS]) &&
  state.asked.leases.size > 0 &&
  areLeasesSettled(state) &&
  state.asked.backups.size > 0;

/** Whether the control plane has answered, each API server at its own address too, which is asked of who looks alone. */
export const isControlPlaneSettled = (state: ClusterState): boolean =>
  areAllCertificatesSettled(state) && isBehindSettled(state) && areServersAsked(state, state.asked.apiServer);

/** Whether all that makes a verdict has come. */
export const isSettled = (state: ClusterState): boolean =>
  isEtcdSettled(state) && areCertificatesSettled(state) && isBehindSettled(state);

/** How long is waited for what does not answer, ms: then it is judged as what does not. */
const PATIENCE = 10_000;

/** How long where the cluster cannot be reached, ms: once more is tried, and members that are remembered are asked. */
const UNREACHED_PATIENCE = 3_500;

/** Whether the nodes could not be read at all, by which everything else is asked. */
const isUnreached = ({ resources }: ClusterState): boolean => {
  const { status } = resources.nodes;
  return status.state === 'absent' && status !== NOT_ASKED;
};

/**
 * Waits until a live picture has enough for an answer, but not for longer than `most` ms: what is not known then stays
 * unknown. Of a cluster that cannot be reached not much is waited for, and of a recording nothing: no more comes of it.
 */
export async function untilSettled(
  { flags, signal }: Pick<Call, 'flags' | 'signal'>,
  store: Pick<Store, 'state' | 'subscribe'>,
  isEnough: Settled,
  most = PATIENCE,
): Promise<void> {
  if (flags.replay !== undefined) return;
  let stop = (): void => undefined;
  const settled = new Promise<void>((resolve) => {
    let soon: NodeJS.Timeout | undefined;
    const look = (): void => {
      if (isEnough(store.state)) resolve();
      if (isUnreached(store.state)) soon ??= setTimeout(resolve, Math.min(most, UNREACHED_PATIENCE));
      else {
        clearTimeout(soon);
        soon = undefined;
      }
    };
    const unsubscribe = store.subscribe(look);
    const timer = setTimeout(resolve, most);
    stop = () => {
      unsubscribe();
      clearTimeout(timer);
      clearTimeout(soon);
    };
    look();
  });
  try {
    await whileAllowed(signal, settled);
  } finally {
    stop();
  }
}
