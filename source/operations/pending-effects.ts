import { kindOf } from '../model/headroom/kind.ts';
import { obstaclesOf } from '../model/headroom/obstacles.ts';
import type { Place, Site } from '../model/headroom/site.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { whyNot } from '../model/reading.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { seen } from '../state/seen.ts';
import { siteOf } from '../state/site.ts';
import { list, plural } from '../text/words.ts';
import { podNames, type Edited } from './edited.ts';
import { note, sharedSentences } from './node-effect.ts';
import type { Effect } from './operation.ts';

/** Pending pods that fit on no node now and on a changed one then, each looked at by itself. */
export function pendingPods(state: ClusterState, edited: readonly Edited[]): readonly Effect[] {
  const podsUnknown = whyNot(seen(null, state.resources.pods, 'the pods are still being read')) !== null;
  if (edited.length === 0 || state.pendingPods.size === 0 || podsUnknown) return [];
  const { places, storage } = siteOf(state);
  const after = new Map(edited.map((one) => [one.before.name, one.after]));
  const changed = places.flatMap((place): Place[] => {
    const node = after.get(place.node.name);
    return node === undefined ? [] : [{ ...place, node }];
  });
  const kinds = [...Map.groupBy(state.pendingPods.values(), kindOf).values()];
  const helped = kinds.flatMap((pods, kind) =>
    nodesHelping(pods, places, changed, storage).map((node) => ({ node, kind, pods })),
  );
  // A node that helps the same kinds as another says the same, of perhaps thousands of pods.
  const byKinds = Map.groupBy(
    Map.groupBy(helped, ({ node }) => node),
    ([, all]) => all.map(({ kind }) => kind).join(),
  );
  return [...byKinds.values()].flatMap((nodes) => {
    const effects = [note(fittingWords(nodes[0]?.[1].flatMap(({ pods }) => pods) ?? []))];
    return sharedSentences(nodes.map(([node]) => ({ node, effects })));
  });
}

/** The changed nodes on which pods of one kind fit then, if they fit nowhere now. */
function nodesHelping(
  [pod]: readonly PodRow[],
  places: readonly Place[],
  changed: readonly Place[],
  storage: Site['storage'],
): readonly string[] {
  if (pod === undefined) return [];
  const against = obstaclesOf(pod, storage);
  const fits = (place: Place) => against(place).length === 0;
  const there = changed.filter(fits);
  return there.length === 0 || places.some(fits) ? [] : there.map(({ node }) => node.name);
}

/** What is told of pods that would fit; of what they ask for and nobody looked at too. */
function fittingWords(pods: readonly PodRow[]): string {
  const aside = [...new Set(pods.flatMap(({ placement }) => placement.unmodelled))];
  const who = pods.length === 1 ? 'it asks' : 'some of them ask';
  const unlooked = aside.length === 0 ? '' : `; not looked at, though ${who} for it: ${list(aside)}`;
  return pods.length === 1
    ? `${podNames(pods)}, which is pending and fits on no node now, would fit${unlooked}`
    : `${plural(pods.length, 'pod')} that are pending and fit on no node now would fit, each by itself: ${podNames(pods)}${unlooked}`;
}
