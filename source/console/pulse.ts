import { AGE_STEP } from '../text/age.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { RESOURCES } from '../model/cluster-event.ts';
import type { Store } from '../state/store.ts';
import type { Steps } from '../model/headroom/steps.ts';
import { createWork, inSlices, type Timers as WorkTimers, type Work } from './work.ts';

/** One moment of the picture: a number that rises, and the time at which ages are told. */
export type Beat = { readonly count: number; readonly now: number };

/** Tells the screen when to look again: soon after a change, never more often than it can be read. */
export type Pulse = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly current: () => Beat;
  /** What is done bit by bit ahead of each beat, so that its frame finds it done. Gives what takes it back. */
  readonly prepareBy: (prepare: () => Steps<void>) => () => void;
  /** What takes too long for a frame is done between them, and beats when it is done. */
  readonly work: Work;
  readonly stop: () => void;
};

/** `now` is the wall clock, ms since the epoch: ages are told by it. */
type Timers = WorkTimers & { readonly now: () => number };

/** Changes are drawn at most this often; keys are drawn at once and do not wait for it. */
const BETWEEN_CHANGES = 250;

/** What of a picture can be drawn: that a server was heard is not, as long as it says nothing new. */
const drawnOf = ({ revision, resources }: ClusterState): readonly unknown[] => [
  revision.server,
  revision.asked,
  ...RESOURCES.flatMap((resource) => [revision[resource], resources[resource].status]),
];

/** What an operator waits for at a start: the first nodes, and all their pods. */
const awaitedOf = ({ nodes, resources }: ClusterState): readonly boolean[] => [
  nodes.size > 0,
  resources.pods.status.state === 'live',
];

function* nothing(): Steps<void> {
  // Nobody has said what there is to do.
}

/** A pulse on the changes of a store and on the passing of time. The first change is told at once. */
export function createPulse(store: Store, timers: Timers): Pulse {
  const listeners = new Set<() => void>();
  const steady = () => Math.floor(timers.now() / AGE_STEP) * AGE_STEP;
  let beat: Beat = { count: 0, now: steady() };
  let drawn: readonly unknown[] = [];
  let awaited: readonly boolean[] = [];
  let lastDrawn = -Infinity;
  /** Work that nobody waits for has come to something that was not drawn yet. */
  let isWorkDone = false;
  let change: unknown = null;
  let ageing: unknown = null;

  let prepare = nothing;
  let isPreparing = false;
  let stopPreparing: () => void = () => undefined;

  /** Beats once all is ready; what came in meanwhile is for the beat after it. */
  const tell = () => {
    if (isPreparing) return;
    isPreparing = true;
    const drawnNow = drawnOf(store.state);
    awaited = awaitedOf(store.state);
    stopPreparing = inSlices(prepare(), timers, () => {
      isPreparing = false;
      beat = { count: beat.count + 1, now: steady() };
      drawn = drawnNow;
      isWorkDone = false;
      for (const listener of listeners) listener();
      if (!isAsDrawn()) onChange();
    });
  };
  const isAsDrawn = () => drawnOf(store.state).every((part, index) => part === drawn[index]);
  const onChange = () => {
    const isAwaited = awaitedOf(store.state).some((is, index) => is && awaited[index] !== true);
    if (isAwaited) timers.clearTimeout(change as never);
    else if (change !== null) return;
    const wait = isAwaited ? 0 : Math.max(lastDrawn + BETWEEN_CHANGES - timers.elapsed(), 0);
    change = timers.setTimeout(() => {
      change = null;
      if (isAsDrawn() && !isWorkDone) return;
      lastDrawn = timers.elapsed();
      tell();
    }, wait);
  };
  const age = () => {
    ageing = timers.setTimeout(
      () => {
        tell();
        age();
      },
      AGE_STEP - (timers.now() % AGE_STEP),
    );
  };
  const unsubscribe = store.subscribe(onChange);
  const work = createWork(timers, (isAwaited) => {
    isWorkDone = true;
    if (isAwaited) tell();
    else onChange();
  });
  age();
  return {
    current: () => beat,
    work,
    prepareBy: (by) => {
      prepare = by;
      return () => {
        if (prepare === by) prepare = nothing;
      };
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => {
      unsubscribe();
      stopPreparing();
      work.stop();
      timers.clearTimeout(change as never);
      timers.clearTimeout(ageing as never);
    },
  };
}
