import type { Site } from '../model/headroom/site.ts';
import type { ClusterState } from './cluster-state.ts';
import { siteOf } from './site.ts';

/** What a site is made from; it is made anew when one of these changes. */
const sourcesOf = ({ revision, resources }: ClusterState): readonly unknown[] => [
  revision.nodes,
  revision.pods,
  revision.persistentVolumes,
  revision.claims,
  revision.storageClasses,
  resources.persistentVolumes.status,
  resources.claims.status,
  resources.storageClasses.status,
];

/** Gives the site of a state, and the same one while nothing of it has changed, so that what is worked out from it is kept. */
export function createSites(): (state: ClusterState) => Site {
  let sources: readonly unknown[] | null = null;
  let site: Site | null = null;
  return (state) => {
    const now = sourcesOf(state);
    const before = sources;
    if (site !== null && before?.every((source, index) => source === now[index]) === true) return site;
    sources = now;
    site = siteOf(state);
    return site;
  };
}
