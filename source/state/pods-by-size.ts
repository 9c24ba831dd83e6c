import { isFinished, type PodRow } from '../model/kubernetes/pod.ts';
import type { ClusterNode } from '../model/kubernetes/node.ts';
import type { ClusterState } from './cluster-state.ts';

const share = (part: number, whole: number | null): number => (whole === null || whole === 0 ? part : part / whole);

/**
 * The pods of a node, largest request first: by the larger of the shares of the node that its CPU and its memory are.
 * What ended holds nothing, so it comes last.
 */
export function podsBySize(state: ClusterState, node: ClusterNode): readonly PodRow[] {
  const { cpu, memory } = node.allocatable;
  const size = ({ requests }: PodRow) => Math.max(share(requests.cpu, cpu), share(requests.memory, memory));
  const name = (pod: PodRow) => `${pod.namespace}/${pod.name}`;
  return [...(state.podsByNode.get(node.name)?.values() ?? [])].sort(
    (one, other) =>
      Number(isFinished(one)) - Number(isFinished(other)) ||
      size(other) - size(one) ||
      (name(one) < name(other) ? -1 : 1),
  );
}
