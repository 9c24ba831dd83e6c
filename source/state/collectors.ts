import { ConfigurationError } from '../links/kubernetes/access.ts';
import { pause, type Clock } from '../links/kubernetes/clock.ts';
import { isAddress } from '../links/kubernetes/doors.ts';
import { LinkFailure } from '../links/kubernetes/failure.ts';
import type { KubernetesReader } from '../links/kubernetes/reader.ts';
import type { ClusterEvent, ServerFacts } from '../model/cluster-event.ts';
import { RESOURCES } from '../model/cluster-event.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import { roleLabel } from '../product/roles.ts';
import { askRights, askVersions, type FactsReader } from './server-facts.ts';
import type { Store } from './store.ts';

/**
 * The request budget. Followed resources cost a watch each, renewed every five to ten minutes by the link. Versions
 * are asked when the nodes come (back) to life, the right to write once; the round trip is measured this seldom.
 */
export const MEASURE_EVERY = 30_000;

export type Collecting = {
  readonly reader: Pick<KubernetesReader, 'follow'> & FactsReader;
  readonly store: Store;
  readonly tell: (facts: Partial<ServerFacts>) => void;
  /** Takes the control-plane addresses of the masters last seen, for when this API server does not answer. */
  readonly doors: (addresses: readonly string[]) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** Keeps the picture of a cluster alive until the signal aborts, and resolves then. No failure of the cluster ends it. */
export async function collect(collecting: Collecting): Promise<void> {
  const { reader, store, signal } = collecting;
  const whenLive = createServerQuestions(collecting);
  const emit = (event: ClusterEvent) => {
    if (signal.aborted) return;
    const wasLive = store.state.resources.nodes.status.state === 'live';
    store.dispatch(event);
    if (touchesMasters(event)) collecting.doors(mastersOf(store.state.nodes.values()));
    if (event.type === 'status' && event.resource === 'nodes' && event.status.state === 'live' && !wasLive) whenLive();
  };
  await Promise.all([...RESOURCES.map((resource) => reader.follow(resource, emit, signal)), measure(collecting)]);
}

/** What is asked each time the nodes come to life; a round that is still under way is not joined by another. */
function createServerQuestions(collecting: Collecting): () => void {
  const { reader, store, tell, clock, signal } = collecting;
  let asking = false;
  const ask = async () => {
    await Promise.all([askVersions(reader, tell, signal), measureOnce(collecting)]);
    await askRights(reader, store, clock.now, signal);
  };
  return () => {
    if (asking) return;
    asking = true;
    void untilAborted(ask(), signal).finally(() => (asking = false));
  };
}

/** A watch may stay silent for long before it is given up; a question that finds no answer tells sooner. */
async function measureOnce({ reader, store, clock, signal }: Collecting): Promise<void> {
  try {
    store.dispatch({ type: 'latency', milliseconds: await reader.ping(signal), at: clock.now() });
  } catch (error) {
    if (error instanceof ConfigurationError) return;
    if (!(error instanceof LinkFailure)) throw error;
    // Whoever refuses has answered; a server that has no answer itself, as without a quorum of etcd, has not.
    const isAnswer = error.status !== null && error.status < 500;
    if (!isAnswer && !signal.aborted) store.dispatch({ type: 'unanswered', at: clock.now() });
  }
}

async function measure(collecting: Collecting): Promise<void> {
  const { store, clock, signal } = collecting;
  for (;;) {
    await pause(clock, MEASURE_EVERY, signal);
    if (signal.aborted) return;
    if (store.state.resources.nodes.status.state === 'live') await untilAborted(measureOnce(collecting), signal);
  }
}

/** The result, or null once the signal has aborted what was asked. */
async function untilAborted<T>(asked: Promise<T>, signal: AbortSignal): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

const isMaster = (node: ClusterNode): boolean => Object.hasOwn(node.labels, roleLabel('master'));

const touchesMasters = (event: ClusterEvent): boolean =>
  'resource' in event &&
  event.resource === 'nodes' &&
  (event.type === 'list-ended' || event.type === 'deleted' || (event.type === 'changed' && event.items.some(isMaster)));

/**
 * The kubelet is told the control-plane address, so that is the InternalIP (MetalK8s: kubelet `--node-ip`). Whoever may
 * write a node's status may write anything there: only an address is one.
 */
const mastersOf = (nodes: Iterable<ClusterNode>): readonly string[] =>
  [...nodes]
    .filter(isMaster)
    .flatMap(({ addresses }) => addresses.filter(({ type }) => type === 'InternalIP').slice(0, 1))
    .map(({ address }) => address)
    .filter(isAddress);
