import type { PodRow } from '../model/kubernetes/pod.ts';
import type { ClusterState } from './cluster-state.ts';
import { Ordered, type Order } from './ordered.ts';
import { letterByLetter } from '../text/alphabet.ts';

const nameOf = ({ namespace, name }: PodRow): string => `${namespace}/${name}`;
const sinceOf = ({ createdAt }: PodRow): number => createdAt ?? Infinity;

/**
 * The order in which the scheduler takes pods: the highest priority first, then the one that waits longest (Kubernetes:
 * PrioritySort), then by name.
 */
const IN_TURN: Order<PodRow> = {
  compare: (one, other) =>
    other.priority - one.priority ||
    (sinceOf(one) === sinceOf(other) ? 0 : sinceOf(one) - sinceOf(other)) ||
    letterByLetter(nameOf(one), nameOf(other)) ||
    letterByLetter(one.uid, other.uid),
};

/** The pods that wait for a node, in turn, as far as pods are seen. */
export const pendingInTurn = ({ pendingPods }: ClusterState): readonly PodRow[] =>
  [...pendingPods.values()].sort(IN_TURN.compare);

/** The pods that wait at one moment, in turn. */
export type Waiting = {
  readonly pods: Ordered<PodRow>;
  /** Null where it does not wait. */
  readonly byUid: (uid: string) => PodRow | null;
};

/** Gives the pods that wait, and the same while none of them has changed; after a change only what changed is looked at. */
export function createWaiting(): (state: ClusterState) => Waiting {
  const kept = new Map<string, PodRow>();
  let position: number | null = null;
  let waiting: Waiting = { pods: Ordered.of(IN_TURN), byUid };

  function byUid(uid: string): PodRow | null {
    return kept.get(uid) ?? null;
  }

  function changed(pods: Ordered<PodRow>, uid: string, now: PodRow | undefined): Ordered<PodRow> {
    const before = kept.get(uid);
    if (before === now) return pods;
    const without = before === undefined ? pods : pods.remove(before);
    if (now === undefined) kept.delete(uid);
    else kept.set(uid, now);
    return now === undefined ? without : without.put(now);
  }

  return (state) => {
    const changes = position === null ? null : state.pendingChanges.since(position);
    position = state.pendingChanges.position;
    let { pods } = waiting;
    if (changes === null) {
      kept.clear();
      for (const [uid, pod] of state.pendingPods) kept.set(uid, pod);
      pods = Ordered.of(IN_TURN, pendingInTurn(state));
    } else for (const uid of changes) pods = changed(pods, uid, state.pendingPods.get(uid));
    if (pods !== waiting.pods) waiting = { pods, byUid };
    return waiting;
  };
}
