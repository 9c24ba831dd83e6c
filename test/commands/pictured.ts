import type { Call } from '../../source/commands/command.ts';
import { RESOURCES, type ClusterEvent, type Items, type ResourceStatus } from '../../source/model/cluster-event.ts';
import type { ClusterState } from '../../source/state/cluster-state.ts';
import { createStore } from '../../source/state/store.ts';

export const NOW = Date.parse('2026-01-31T12:00:00Z');

type Resource = keyof Items;

/** A picture in which the resources that are given are live, but for those of another status. */
export function pictured(
  items: { readonly [R in Resource]?: readonly Items[R][] },
  statuses: Partial<Record<Resource, ResourceStatus>> = {},
): ClusterState {
  const store = createStore();
  for (const resource of RESOURCES) {
    const given = items[resource];
    if (given !== undefined) store.dispatch({ type: 'changed', at: NOW, resource, items: given } as ClusterEvent);
    const status = statuses[resource] ?? (given === undefined ? undefined : { state: 'live' });
    if (status !== undefined) store.dispatch({ type: 'status', at: NOW, resource, status });
  }
  return store.state;
}

/** A call of which documents need nothing but the time. */
export const call = { surroundings: { now: () => NOW } } as Call;

/** What no text for a terminal may hold. */
export const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
