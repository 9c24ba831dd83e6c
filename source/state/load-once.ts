import type { KubernetesReader, Whole } from '../links/kubernetes/reader.ts';
import { LinkFailure } from '../links/kubernetes/failure.ts';
import { READS } from '../links/kubernetes/reads.ts';
import type { ClusterEvent, Resource, ResourceStatus } from '../model/cluster-event.ts';
import type { Store } from './store.ts';

export type LoadOnce = {
  readonly reader: Pick<KubernetesReader, 'all' | 'usage' | 'pods' | 'eventsOfNode'>;
  readonly store: Store;
  readonly resources: readonly Resource[];
  /**
   * Nodes to which pods and events are confined, without which all pods are read, and no events: the sums of other
   * nodes then stand for nothing.
   */
  readonly of?: readonly string[] | undefined;
  readonly now: () => number;
  /** How long the answer waits for what the nodes use, ms: the least of it, from a source that may be slow. */
  readonly patience?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

const PATIENCE = 3_000;

const WHOLE: readonly Whole[] = [
  'nodes',
  'persistentVolumes',
  'claims',
  'storageClasses',
  'volumes',
  'deployments',
  'daemonSets',
  'statefulSets',
];

/**
 * Fills a store by lists, once, for an answer without a screen. Rejects with the LinkFailure of the nodes, without
 * which there is no answer; what is wrong with pods or events stands in their status, as in a live picture.
 */
export async function loadOnce({
  reader,
  store,
  resources,
  of,
  now,
  patience = PATIENCE,
  signal,
}: LoadOnce): Promise<void> {
  const list = async (resource: Resource, ask: () => Promise<readonly ClusterEvent[]>): Promise<void> => {
    if (!resources.includes(resource)) return;
    try {
      for (const event of await ask()) store.dispatch(event);
      store.dispatch({ type: 'status', at: now(), resource, status: { state: 'live' } });
    } catch (error) {
      if (!(error instanceof LinkFailure) || resource === 'nodes') throw error;
      store.dispatch({ type: 'status', at: now(), resource, status: statusOf(resource, error) });
    }
  };
  const each = <T>(ask: (name: string) => Promise<readonly T[]>) => Promise.all((of ?? []).map(ask));
  await Promise.all([
    ...WHOLE.map((resource) =>
      // The items are those of the resource that they were asked of.
      list(resource, async () => [
        { type: 'changed', at: now(), resource, items: await reader.all(resource, signal) } as ClusterEvent,
      ]),
    ),
    list('usage', async () => {
      const items = await within(patience, signal, (bounded) => reader.usage(bounded));
      return [{ type: 'changed', at: now(), resource: 'usage', items }];
    }),
    list('pods', async () => {
      const about = { ...(signal && { signal }) };
      const items = of ? await each((node) => reader.pods({ node, ...about })) : [await reader.pods(about)];
      return [{ type: 'changed', at: now(), resource: 'pods', items: items.flat() }];
    }),
    list('events', async () => {
      const items = await each((node) => reader.eventsOfNode(node, signal));
      return [{ type: 'changed', at: now(), resource: 'events', items: items.flat() }];
    }),
  ]);
}

/** What `ask` answers, or a LinkFailure when that takes longer. */
async function within<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = AbortSignal.timeout(milliseconds);
  try {
    return await ask(signal ? AbortSignal.any([signal, late]) : late);
  } catch (error) {
    if (!late.aborted || signal?.aborted === true) throw error;
    const message = `Cannot ${READS.usage.what}: no answer came within ${milliseconds / 1_000} s.`;
    throw new LinkFailure({ kind: 'timeout', message, sent: true, cause: error });
  }
}

const statusOf = (resource: Resource, { kind, message }: LinkFailure): ResourceStatus =>
  kind === 'forbidden'
    ? { state: 'denied', right: READS[resource].what, why: message }
    : { state: 'absent', why: message };
