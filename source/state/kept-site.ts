import { lossOf, type Loss } from '../model/headroom/loss.ts';
import type { Site } from '../model/headroom/site.ts';
import type { ClusterState } from './cluster-state.ts';
import { siteOf, storageOf } from './site.ts';

/** What the storage of a site is made from. */
const storageSources = ({ revision, resources }: ClusterState): readonly unknown[] => [
  revision.persistentVolumes,
  revision.claims,
  revision.storageClasses,
  resources.persistentVolumes.status,
  resources.claims.status,
  resources.storageClasses.status,
];

/** What a site is made from. */
const siteSources = (state: ClusterState): readonly unknown[] => [
  state.revision.nodes,
  state.revision.pods,
  ...storageSources(state),
];

/** Gives what is made of a state, and the same while none of its sources has changed. */
function kept<T>(sourcesOf: (state: ClusterState) => readonly unknown[], make: (state: ClusterState) => T) {
  let last: { readonly sources: readonly unknown[]; readonly made: T } | null = null;
  return (state: ClusterState): T => {
    const sources = sourcesOf(state);
    if (last?.sources.every((source, index) => source === sources[index]) !== true)
      last = { sources, made: make(state) };
    return last.made;
  };
}

/**
 * Gives the site of a state, and the same one while nothing of it has changed, so that what is worked out from it is
 * kept; its storage stays the same one while pods and nodes change.
 */
export function createSites(): (state: ClusterState) => Site {
  const storage = kept(storageSources, storageOf);
  return kept(siteSources, (state) => siteOf(state, storage(state)));
}

/** The losses of a site, by node. */
const losses = new WeakMap<Site, Map<string, Loss>>();

/** The loss of a node of a site, whose pods are those of the state; worked out once. */
export function lossIn(site: Site, node: string, { podsByNode }: Pick<ClusterState, 'podsByNode'>): Loss {
  const known = losses.get(site) ?? new Map<string, Loss>();
  losses.set(site, known);
  const loss = known.get(node) ?? lossOf(site, node, podsByNode.get(node)?.values() ?? []);
  known.set(node, loss);
  return loss;
}
