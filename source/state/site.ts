import { weightOf, type Place, type Site, type Storage, type Weight } from '../model/headroom/site.ts';
import type { HostPort } from '../model/kubernetes/placement.ts';
import { isFinished, type PodRow } from '../model/kubernetes/pod.ts';
import { mapReading, type Reading } from '../model/reading.ts';
import { allOf } from '../model/readings.ts';
import type { ClusterState, NodeSums } from './cluster-state.ts';
import { seen } from './seen.ts';
import { NO_SUMS } from './sums.ts';

/** What sums do not hold of the pods of a node. */
type Held = { readonly weighed: Weight; readonly hostPorts: readonly HostPort[] };

/** The reducer replaces the sums of a node with every change of its pods, so what goes with them is worked out once. */
const held = new WeakMap<NodeSums, Held>([[NO_SUMS, { weighed: { cpu: 0, memory: 0 }, hostPorts: [] }]]);

function heldBy(sums: NodeSums, pods: Iterable<PodRow>): Held {
  const before = held.get(sums);
  if (before !== undefined) return before;
  const weighed = { cpu: 0, memory: 0 };
  const hostPorts: HostPort[] = [];
  for (const pod of pods) {
    if (isFinished(pod)) continue;
    const { cpu, memory } = weightOf(pod.requests);
    weighed.cpu += cpu;
    weighed.memory += memory;
    hostPorts.push(...pod.placement.hostPorts);
  }
  const made = { weighed, hostPorts };
  held.set(sums, made);
  return made;
}

/** Claims, volumes and classes, as well as all three are seen. */
export const storageOf = ({ resources, claims, persistentVolumes, storageClasses }: ClusterState): Reading<Storage> =>
  mapReading(
    allOf([
      seen(null, resources.claims, 'the claims are still being read'),
      seen(null, resources.persistentVolumes, 'the volumes are still being read'),
      seen(null, resources.storageClasses, 'the storage classes are still being read'),
    ]),
    () => ({ claims, persistentVolumes, storageClasses }),
  );

/** The place of a node by its name; `before` where it is still the same, undefined where there is no such node. */
export function placeOn(
  { nodes, sumsByNode, podsByNode }: ClusterState,
  name: string,
  before?: Place,
): Place | undefined {
  const node = nodes.get(name);
  if (node === undefined) return undefined;
  const sums = sumsByNode.get(name) ?? NO_SUMS;
  const holds = heldBy(sums, podsByNode.get(name)?.values() ?? []);
  if (before?.node === node && before.weighed === holds.weighed) return before;
  return { node, taken: { ...sums.requests, pods: sums.pods.active }, ...holds };
}

/**
 * What placements are worked out from, as the picture stands now: it is good until the picture changes. Where the pods
 * are not seen nothing is taken, so ask for a site only where they are.
 */
export const siteOf = (state: ClusterState, storage = storageOf(state)): Site => ({
  places: [...state.nodes.keys()].flatMap((name) => placeOn(state, name) ?? []),
  storage,
});
