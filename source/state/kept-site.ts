import { finished, forEachInSteps, type Steps } from '../model/headroom/steps.ts';
import type { Place, Site } from '../model/headroom/site.ts';
import type { ClusterState } from './cluster-state.ts';
import { placeOn, storageOf } from './site.ts';

/** What the storage of a site is made from. */
const storageSources = ({ revision, resources }: ClusterState): readonly unknown[] => [
  revision.persistentVolumes,
  revision.claims,
  revision.storageClasses,
  resources.persistentVolumes.status,
  resources.claims.status,
  resources.storageClasses.status,
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

const inOrder = (one: Place, other: Place): number => (one.node.name < other.node.name ? -1 : 1);

/** The places of a state in the order of their names; only those of which something changed are made anew. */
function createPlaces(): (state: ClusterState) => Steps<readonly Place[]> {
  const byName = new Map<string, Place>();
  let position: number | null = null;
  let places: readonly Place[] = [];
  /** Where each place stands; null when places came or went since. */
  let standing: Map<string, number> | null = null;

  /** Of the nodes that there are, and of those that there were. */
  const allNames = ({ nodes }: ClusterState): ReadonlySet<string> => new Set([...byName.keys(), ...nodes.keys()]);

  function renew(state: ClusterState, name: string): Place | null {
    const before = byName.get(name);
    const place = placeOn(state, name, before);
    if (place === before) return null;
    if (place === undefined) byName.delete(name);
    else byName.set(name, place);
    if (before === undefined || place === undefined) standing = null;
    return place ?? null;
  }

  function renewAll(state: ClusterState, names: Iterable<string>): void {
    const changed = [...names].flatMap((name) => renew(state, name) ?? []);
    if (standing === null) {
      places = [...byName.values()].sort(inOrder);
      standing = new Map(places.map(({ node }, index) => [node.name, index]));
    } else if (changed.length > 0) {
      const next = [...places];
      for (const place of changed) {
        const index = standing.get(place.node.name);
        if (index !== undefined) next[index] = place;
      }
      places = next;
    }
  }

  return function* (state) {
    let changed = position === null ? null : state.nodeChanges.since(position);
    if (changed === null) {
      const begun = state.nodeChanges.position;
      yield* forEachInSteps(allNames(state), (name) => {
        renew(state, name);
      });
      // What came in meanwhile, which may be more than the log keeps.
      changed = state.nodeChanges.since(begun) ?? allNames(state);
      standing = null;
    }
    position = state.nodeChanges.position;
    renewAll(state, changed);
    return places;
  };
}

/** The site of a state: at once, or bit by bit where a large one is made for the first time. */
export type Sites = {
  (state: ClusterState): Site;
  readonly steps: (state: ClusterState) => Steps<Site>;
};

/**
 * Gives the site of a state, and the same one while nothing of it has changed, so that what is worked out from it is
 * kept; its storage stays the same one while pods and nodes change, and its places while their pods do not.
 */
export function createSites(): Sites {
  const storageIn = kept(storageSources, storageOf);
  const placesIn = createPlaces();
  let site: Site | null = null;
  function* steps(state: ClusterState): Steps<Site> {
    const places = yield* placesIn(state);
    const storage = storageIn(state);
    if (site?.places !== places || site.storage !== storage) site = { places, storage };
    return site;
  }
  return Object.assign((state: ClusterState) => finished(steps(state)), { steps });
}
