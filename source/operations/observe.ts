import type { ClusterNode } from '../model/kubernetes/node.ts';
import { pause, type Clock } from '../links/kubernetes/clock.ts';
import { LinkFailure } from '../links/kubernetes/failure.ts';
import type { Store } from '../state/store.ts';
import { holdsAfter } from './change.ts';
import type { NodeReading } from './node-link.ts';
import type { NodeStep } from './operation.ts';
import { isForeseen } from './refusal.ts';

/** How long an effect may take to be seen, and the pause between two looks at the server, in ms. */
export type Patience = { readonly bound: number; readonly pause: number };
export const PATIENCE: Patience = { bound: 10_000, pause: 500 };

/** The time that passes while an effect is waited for, and what ends the waiting. */
export type Watching = { readonly clock: Clock; readonly signal: AbortSignal };

/** `same`: the node is there, with its uid, and does not show the change. */
export type Sight = 'seen' | 'same' | 'replaced' | 'gone' | { readonly blind: string };

const shows = (node: ClusterNode | undefined, step: NodeStep): boolean =>
  node?.uid === step.uid && step.changes.every((change) => holdsAfter(node, change));

/** Whether the live picture shows the change within the bound. At once false while the picture is not live, or when stopped. */
export function seenInPicture(
  store: Store,
  step: NodeStep,
  bound: number,
  { clock, signal }: Watching,
): Promise<boolean> {
  const { state } = store;
  if (shows(state.nodes.get(step.node), step)) return Promise.resolve(true);
  if (signal.aborted || state.resources.nodes.status.state !== 'live') return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (seen: boolean) => {
      cancel();
      unsubscribe();
      signal.removeEventListener('abort', giveUp);
      resolve(seen);
    };
    const giveUp = () => end(false);
    const cancel = clock.after(bound, giveUp);
    const unsubscribe = store.subscribe(() => {
      if (shows(state.nodes.get(step.node), step)) end(true);
    });
    signal.addEventListener('abort', giveUp);
  });
}

/** One look at the node itself. */
export async function lookAt(step: NodeStep, reader: NodeReading): Promise<Sight> {
  try {
    const node = await reader.node(step.node);
    if (shows(node, step)) return 'seen';
    return node.uid === step.uid ? 'same' : 'replaced';
  } catch (error) {
    if (!isForeseen(error)) throw error;
    return error instanceof LinkFailure && error.kind === 'not-found' ? 'gone' : { blind: error.message };
  }
}

/**
 * Looks at the node until it shows the change, is another one, the bound has passed or the signal is aborted; gives the
 * last sight. It looks once in any case, and a look on its way is waited for.
 */
export async function watchFor(
  step: NodeStep,
  reader: NodeReading,
  patience: Patience,
  { clock, signal }: Watching,
): Promise<Sight> {
  const looks = Math.max(1, Math.ceil(patience.bound / patience.pause));
  let sight = await lookAt(step, reader);
  for (let look = 1; look < looks; look += 1) {
    if (sight === 'seen' || sight === 'replaced' || sight === 'gone') break;
    await pause(clock, patience.pause, signal);
    if (signal.aborted) break;
    sight = await lookAt(step, reader);
  }
  return sight;
}
