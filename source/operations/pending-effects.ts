import { obstaclesOn } from '../model/headroom/obstacles.ts';
import type { Place } from '../model/headroom/site.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { whyNot } from '../model/reading.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { seen } from '../state/seen.ts';
import { siteOf } from '../state/site.ts';
import { plural } from '../text/words.ts';
import { podNames, type Edited } from './edited.ts';
import { note, sharedSentences } from './node-effect.ts';
import type { Effect } from './operation.ts';

/** Pending pods that fit on no node now and on a changed one then, each looked at by itself. */
export function pendingPods(state: ClusterState, edited: readonly Edited[]): readonly Effect[] {
  const podsUnknown = whyNot(seen(null, state.resources.pods, 'the pods are still being read')) !== null;
  if (edited.length === 0 || state.pendingPods.size === 0 || podsUnknown) return [];
  const { places, storage } = siteOf(state);
  const fits = (pod: PodRow) => (place: Place) => obstaclesOn(pod, place, storage).length === 0;
  const after = new Map(edited.map((one) => [one.before.name, one.after]));
  const changed = places.flatMap((place): Place[] => {
    const node = after.get(place.node.name);
    return node === undefined ? [] : [{ ...place, node }];
  });
  const waiting = [...state.pendingPods.values()].filter(({ deleting }) => !deleting);
  const found = alike(waiting).flatMap(([pod, ...others]) => {
    const there = changed.filter(fits(pod));
    if (there.length === 0 || places.some(fits(pod))) return [];
    return there.flatMap(({ node }) => [pod, ...others].map((one) => ({ node: node.name, pod: one })));
  });
  return sharedSentences(
    [...Map.groupBy(found, ({ node }) => node)].map(([node, group]) => ({
      node,
      effects: [note(fittingWords(group.map(({ pod }) => pod)))],
    })),
  );
}

/** Pods that fit where the others of their group do. Rows that agree share these parts, so each group is looked at once. */
function alike(pods: readonly PodRow[]): readonly (readonly [PodRow, ...PodRow[]])[] {
  const numbers = new Map<object, number>();
  const numberOf = (part: object): number => {
    const number = numbers.get(part) ?? numbers.size;
    numbers.set(part, number);
    return number;
  };
  const groups = new Map<string, [PodRow, ...PodRow[]]>();
  for (const pod of pods) {
    const claimed = pod.claims.length === 0 ? [] : [pod.namespace, ...pod.claims];
    const kind = JSON.stringify([...[pod.requests, pod.tolerations, pod.placement].map(numberOf), ...claimed]);
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [pod]);
    else group.push(pod);
  }
  return [...groups.values()];
}

const fittingWords = (pods: readonly PodRow[]): string =>
  pods.length === 1
    ? `${podNames(pods)}, which is pending and fits on no node now, would fit`
    : `${plural(pods.length, 'pod')} that are pending and fit on no node now would fit, each by itself: ${podNames(pods)}`;
