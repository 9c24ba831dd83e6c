import type { ClusterEvent } from '../model/cluster-event.ts';
import type { ClusterState } from './cluster-state.ts';
import { emptyPicture } from './picture.ts';
import { reduce } from './reducer.ts';

/** The one place where the picture is kept. Listeners are told after each batch of events, not with what changed. */
export type Store = {
  readonly state: ClusterState;
  dispatch(event: ClusterEvent): void;
  subscribe(listener: () => void): () => void;
};

/**
 * A store with an empty picture, or with the one that `events` make. Listeners are told once a dispatch; one that
 * unsubscribes while being told does no harm to the others.
 */
export function createStore(events: Iterable<ClusterEvent> = []): Store {
  const picture = emptyPicture();
  const listeners = new Set<() => void>();
  for (const event of events) reduce(picture, event);
  return {
    state: picture,
    dispatch(event) {
      reduce(picture, event);
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}
