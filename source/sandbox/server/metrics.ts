import { timestamp } from '../clock.ts';
import type { KubernetesObject, Node, NodeMetrics, PodMetrics } from '../wire.ts';
import type { World } from '../world/world.ts';
import { listed, pageNotFound, shown, TEXT_TYPE, whole, type Answer, type ApiRequest } from './answers.ts';
import type { ChangeContext } from './change.ts';
import type { MetricsFault } from './faults.ts';
import { selectionOf } from './list.ts';
import type { Resource } from './resource.ts';
import { isWatch } from './route.ts';
import { methodNotAllowed, notFound, unwatchable } from './status.ts';

/** The group that a metrics server brings by aggregation (metrics.k8s.io/v1beta1). */
export const METRICS_GROUP = 'metrics.k8s.io';

/** What the metrics server measured last, unless it is made to fail. Nothing of it is stored, so nothing has a version. */
export class Metrics {
  readonly #world: Pick<World, 'nodes' | 'nodeUsage' | 'podUsage'>;
  readonly #fault: () => MetricsFault;

  constructor(world: Pick<World, 'nodes' | 'nodeUsage' | 'podUsage'>, fault: () => MetricsFault) {
    this.#world = world;
    this.#fault = fault;
  }

  get service(): 'serving' | 'absent' | 'unavailable' {
    return this.#fault().service ?? 'serving';
  }

  objects({ kind }: Resource): KubernetesObject[] {
    // What a list shows of metadata is what these have.
    return (kind === 'NodeMetrics' ? this.#nodes() : this.#pods()) as unknown as KubernetesObject[];
  }

  #nodes(): Measurement<NodeMetrics>[] {
    return Array.from(this.#world.nodeUsage(), ({ name, cpu, memory, at, window }) => ({
      metadata: this.#metadata({ name }, this.#world.nodes.get(name)?.metadata.labels, at),
      ...this.#taken(at, window),
      usage: this.#usage(cpu, memory),
    }));
  }

  #pods(): Measurement<PodMetrics>[] {
    return Array.from(this.#world.podUsage(), ({ pod: { metadata }, containers, at, window }) => ({
      metadata: this.#metadata({ name: metadata.name, namespace: metadata.namespace ?? '' }, metadata.labels, at),
      ...this.#taken(at, window),
      containers: containers.map(({ name, cpu, memory }) => ({ name, usage: this.#usage(cpu, memory) })),
    }));
  }

  #metadata<T extends object>(named: T, labels: Node['metadata']['labels'], at: number): T & Unversioned {
    return { ...named, creationTimestamp: timestamp(at), ...(labels === undefined ? {} : { labels }) };
  }

  #taken(at: number, seconds: number): { timestamp: string; window: string } {
    const { behind = 0 } = this.#fault();
    return { timestamp: timestamp(at - behind), window: goDuration(seconds) };
  }

  /** CPU in nanocores, memory in KiB. */
  #usage(cpu: number, memory: number): { cpu: string; memory: string } {
    const { times = 1 } = this.#fault();
    return { cpu: `${Math.round(cpu * times)}n`, memory: `${Math.round(memory * times)}Ki` };
  }
}

type Unversioned = { creationTimestamp: string; labels?: Record<string, string> };
type Measurement<T> = Omit<T, 'metadata'> & { metadata: Unversioned & { name: string; namespace?: string } };

/** Seconds as Go prints a duration: 45s, 3m0s. */
const goDuration = (seconds: number): string =>
  seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;

/** What is answered in the place of metrics while there are none, or null while there are. */
export function metricsOutage({ service }: Metrics): Answer | null {
  if (service === 'absent') return pageNotFound();
  return service === 'unavailable' ? whole(503, 'service unavailable\n', TEXT_TYPE) : null;
}

/** Answers for a resource that is measured when it is asked for: it can be read, and that is all. */
export function answerMeasured(
  request: ApiRequest,
  context: Pick<ChangeContext, 'resource' | 'clock'>,
  { namespace, name }: { namespace: string | null; name: string | null },
  metrics: Metrics,
): Answer {
  const { resource } = context;
  if (request.method !== 'GET') throw methodNotAllowed();
  if (isWatch(request.query)) throw unwatchable(resource);
  if (name === null) {
    const { selects } = selectionOf(resource, request.query, namespace);
    return listed(request, context, metrics.objects(resource).filter(selects), {});
  }
  const found = metrics
    .objects(resource)
    .find(({ metadata }) => metadata.name === name && (namespace === null || metadata.namespace === namespace));
  if (!found)
    throw namespace === null ? notFound(resource, name) : notFound({ ...resource, group: '' }, `${namespace}/${name}`);
  return shown(request, context, found);
}
