import { parse } from 'yaml';
import { without } from '../../source/sandbox/fields.ts';
import type { KubernetesEvent, KubernetesObject, Node, Pod } from '../../source/sandbox/wire.ts';
import type { Body, Script } from './replay.ts';

/** The cluster that the exchanges with a 1.29 server were recorded on, as far as they tell of it. */
const seed: Script['seed'] = (world, recordings) => {
  const bodies = recordings.map(({ response }) => response.body as Body | undefined);
  const items = <T extends KubernetesObject>(kind: string): T[] =>
    bodies.flatMap((body) => (body?.kind === kind && body['apiVersion'] === 'v1' ? ((body.items ?? []) as T[]) : []));
  const firstNodes = new Map(
    items<Node>('NodeList')
      .reverse()
      .map((node) => [node.metadata.name, node]),
  );
  for (const node of firstNodes.values()) world.nodes.put(node);
  for (const pod of items<Pod>('PodList')) world.pods.put(pod);
  const watched = recordings.find(({ number }) => number === 158)?.response.stream ?? [];
  for (const { event } of watched) {
    const pod = without(event.object as Pod & { kind: string; apiVersion: string }, 'kind', 'apiVersion');
    if (event.type === 'ADDED') world.pods.put(pod);
  }
  const [some] = items<Pod>('PodList');
  // There were more pods on that node than the page that was recorded.
  if (some) world.pods.put({ ...some, metadata: { ...some.metadata, name: 'one-more', namespace: 'zzz' } });
  for (const event of items<KubernetesEvent>('EventList')) world.events.put(event);
  const lab = recordings.find(({ number }) => number === 81)?.response.text ?? '';
  const namespace = without(
    parse(lab) as KubernetesObject & { kind: string; apiVersion: string },
    'kind',
    'apiVersion',
  );
  world.collection('namespaces').put(namespace);
};

/** What else went on while a watch was recorded. */
const meanwhile: Script['meanwhile'] = {
  '146': [
    [
      'POST',
      '/api/v1/nodes',
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'watch-me', labels: { 'lab/w': '1' } } },
    ],
    ['PATCH', '/api/v1/nodes/watch-me', { metadata: { labels: { 'lab/w': '2' } } }],
    ['PATCH', '/api/v1/nodes/watch-me', { spec: { unschedulable: true } }],
    ['DELETE', '/api/v1/nodes/watch-me'],
  ],
  '147': [
    [
      'POST',
      '/api/v1/nodes',
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'watch-sel', labels: { 'lab/w': 'in' } } },
    ],
    ['PATCH', '/api/v1/nodes/watch-sel', { metadata: { labels: { 'lab/w': 'out' } } }],
    ['PATCH', '/api/v1/nodes/watch-sel', { metadata: { labels: { 'lab/w': 'in' } } }],
    ['DELETE', '/api/v1/nodes/watch-sel'],
  ],
};

/** There was no metrics server at first, then one that did not answer. */
const before: Script['before'] = {
  '001': ({ faults }) => {
    faults.metrics = { service: 'absent' };
  },
  '181': ({ faults }) => {
    faults.metrics = { service: 'unavailable' };
  },
};

export const RECORDED_SITE: Omit<Script, 'inScope'> = { seed, meanwhile, before };
