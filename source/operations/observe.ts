import type { ClusterNode } from '../model/kubernetes/node.ts';
import { LinkFailure } from '../links/kubernetes/failure.ts';
import type { Store } from '../state/store.ts';
import { holdsAfter } from './change.ts';
import type { NodeReading } from './node-link.ts';
import type { Step } from './operation.ts';
import { isForeseen } from './refusal.ts';

/** How long an effect may take to be seen, and the pause between two looks at the server, in ms. */
export type Patience = { readonly bound: number; readonly pause: number };
export const PATIENCE: Patience = { bound: 10_000, pause: 500 };

/** `same`: the node is there, with its uid, and does not show the change. */
export type Sight = 'seen' | 'same' | 'replaced' | 'gone' | { readonly blind: string };

const shows = (node: ClusterNode | undefined, step: Step): boolean =>
  node?.uid === step.uid && step.changes.every((change) => holdsAfter(node, change));

/** Whether the live picture shows the change within the bound. At once false while the picture is not live. */
export function seenInPicture(store: Store, step: Step, bound: number, signal?: AbortSignal): Promise<boolean> {
  const { state } = store;
  if (shows(state.nodes.get(step.node), step)) return Promise.resolve(true);
  if (state.resources.nodes.status.state !== 'live') return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (seen: boolean) => {
      clearTimeout(timer);
      unsubscribe();
      signal?.removeEventListener('abort', giveUp);
      resolve(seen);
    };
    const giveUp = () => end(false);
    const timer = setTimeout(giveUp, bound);
    const unsubscribe = store.subscribe(() => {
      if (shows(state.nodes.get(step.node), step)) end(true);
    });
    signal?.addEventListener('abort', giveUp);
  });
}

/** One look at the node itself. */
export async function lookAt(step: Step, reader: NodeReading, signal?: AbortSignal): Promise<Sight> {
  try {
    const node = await reader.node(step.node, signal);
    if (shows(node, step)) return 'seen';
    return node.uid === step.uid ? 'same' : 'replaced';
  } catch (error) {
    if (!isForeseen(error)) throw error;
    return error instanceof LinkFailure && error.kind === 'not-found' ? 'gone' : { blind: error.message };
  }
}

/** Looks at the node until it shows the change, is another one, or the bound has passed; gives the last sight. */
export async function watchFor(
  step: Step,
  reader: NodeReading,
  patience: Patience,
  signal?: AbortSignal,
): Promise<Sight> {
  const looks = Math.max(1, Math.ceil(patience.bound / patience.pause));
  let sight = await lookAt(step, reader, signal);
  for (let look = 1; look < looks; look += 1) {
    if (signal?.aborted === true || sight === 'seen' || sight === 'replaced' || sight === 'gone') break;
    await new Promise((resolve) => setTimeout(resolve, patience.pause));
    sight = await lookAt(step, reader, signal);
  }
  return sight;
}
