import { nearestTo, reasonsAgainst } from '../model/headroom/pending.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { absent, known, mapReading, type Reading } from '../model/reading.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { nameWithState } from '../state/node-words.ts';
import { againstWords, helpWords, obstacleWords } from '../state/obstacle-words.ts';
import { pendingInTurn } from '../state/pending-pods.ts';
import { seen } from '../state/seen.ts';
import { siteOf } from '../state/site.ts';
import type { Call } from './command.ts';
import { envelope } from './envelope.ts';
import type { PendingPods } from './kinds/pending.ts';
import { inBaseUnits } from './node-item.ts';
import { instantOrNull, told } from './told.ts';

/** A pod that waits for a node, with what keeps it off and what would let it in, in words. */
export type Waiting = {
  readonly pod: PodRow;
  /** The fewest and easiest obstacles first. */
  readonly nearest: readonly {
    readonly node: string;
    /** The node as a line names it. */
    readonly name: string;
    readonly obstacles: readonly string[];
    readonly help: readonly string[];
  }[];
  readonly against: readonly { readonly obstacle: string; readonly nodes: number }[];
};

/** The pods that wait, as far as the pods are seen. */
export function waitingPods(state: ClusterState): Reading<readonly Waiting[]> {
  const pods = seen(pendingInTurn(state), state.resources.pods, 'the pods are still being read');
  return mapReading(pods, (pending) => {
    const site = siteOf(state);
    return pending.map((pod) => ({
      pod,
      nearest: nearestTo(pod, site).map(({ node, obstacles }) => ({
        node,
        name: nameWithState(node, state.nodes),
        obstacles: obstacles.map((obstacle) => obstacleWords(obstacle, state)),
        help: obstacles.map((obstacle) => helpWords(obstacle, state, node)),
      })),
      against: reasonsAgainst(pod, site).map((against) => ({
        obstacle: againstWords(against, state),
        nodes: against.nodes,
      })),
    }));
  });
}

const NO_REASON = absent('the scheduler gave none');

const itemOf = ({ pod, nearest, against }: Waiting): NonNullable<PendingPods['items']>[number] => ({
  namespace: pod.namespace,
  name: pod.name,
  uid: pod.uid,
  createdAt: instantOrNull(pod.createdAt),
  requested: inBaseUnits(pod.requests),
  ...told('reason', pod.unscheduled === null ? NO_REASON : known(pod.unscheduled), (reason) => reason),
  nearest: nearest.map(({ node, obstacles, help }) => ({ node, obstacles: [...obstacles], help: [...help] })),
  against: [...against],
  notModelled: [...pod.placement.unmodelled],
});

/** The pods that wait, as programs read them. */
export const pendingDocument = (
  call: Call,
  state: ClusterState,
  reading: Reading<readonly Waiting[]>,
): PendingPods => ({
  ...envelope('PendingPods', state, call),
  ...told('items', reading, (pods) => pods.map(itemOf)),
});
