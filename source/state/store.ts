import type { ClusterEvent } from '../model/cluster-event.ts';
import type { ClusterState } from './cluster-state.ts';

/** The one place where the picture is kept. Listeners are told after each batch of events, not with what changed. */
export type Store = {
  readonly state: ClusterState;
  dispatch(event: ClusterEvent): void;
  subscribe(listener: () => void): () => void;
};
