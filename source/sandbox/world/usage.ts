import type { Node, Pod } from '../wire.ts';
import { habitsOf, swaying, swayOfText, systemUsage, usageAt, type Habit, type Used } from './habits.ts';
import { amount, NONE } from './quantity.ts';
import type { Site } from './site.ts';

/** A measurement: taken at a time (milliseconds), over a window of so many seconds. */
type Measured = { at: number; window: number };
export type NodeUsage = Measured & Used & { name: string };
export type PodUsage = Measured & { pod: Pod; containers: readonly (Used & { name: string })[] };

export type Usage = { nodes: () => Iterable<NodeUsage>; pods: () => Iterable<PodUsage> };

/** Prometheus is asked for rates over three minutes, and scrapes every 30 seconds (MetalK8s: prometheus-adapter). */
const WINDOW_SECONDS = 180;
const SCRAPE_MILLISECONDS = 30_000;

const NANOCORES = 1e9;
const KIBIBYTE = 1024;

const isRunning = ({ status }: Pod): boolean => status.phase === 'Running';

/**
 * What the pods and the machines of a site use, worked out when it is asked for: from who they are and what time it
 * is. What does not change with time is kept for each node until a pod of it changes. Machines that are silent, and what
 * runs on them, cannot be measured and are left out.
 */
export function usageOf(site: Site, isAlive: (node: string) => boolean): Usage {
  const kept = new Map<string, readonly Habit[]>();
  site.pods.subscribe(({ object, previous }) => {
    for (const pod of [object, previous]) if (pod?.spec.nodeName !== undefined) kept.delete(pod.spec.nodeName);
  });

  function habitsOn(node: string): readonly Habit[] {
    const known = kept.get(node);
    if (known) return known;
    const habits = [...site.index.on(node)].filter(isRunning).flatMap(habitsOf);
    kept.set(node, habits);
    return habits;
  }

  const when = (): Measured & { scrape: number } => {
    const scrape = Math.floor(site.clock.now() / SCRAPE_MILLISECONDS);
    return { scrape, at: scrape * SCRAPE_MILLISECONDS, window: WINDOW_SECONDS };
  };

  function ofNode(
    { metadata: { name, uid }, status }: Node,
    { scrape, at, window }: ReturnType<typeof when>,
  ): NodeUsage {
    const cores = amount(status.capacity?.['cpu'] ?? NONE);
    const kibibytes = amount(status.capacity?.['memory'] ?? NONE) / KIBIBYTE;
    const sum = systemUsage(cores, kibibytes, swaying(swayOfText(uid), scrape));
    for (const habit of habitsOn(name)) {
      const { cpu, memory } = usageAt(habit, scrape);
      sum.cpu += cpu;
      sum.memory += memory;
    }
    return {
      name,
      cpu: Math.round(Math.min(sum.cpu, 0.98 * cores * NANOCORES)),
      memory: Math.round(Math.min(sum.memory, 0.98 * kibibytes)),
      at,
      window,
    };
  }

  return {
    *nodes() {
      const time = when();
      for (const node of site.nodes.all()) {
        if (node.status.capacity && isAlive(node.metadata.name)) yield ofNode(node, time);
      }
    },
    *pods() {
      const { scrape, at, window } = when();
      for (const pod of site.pods.all()) {
        if (!isRunning(pod) || !isAlive(pod.spec.nodeName ?? '')) continue;
        const containers = habitsOf(pod).map((habit) => ({ name: habit.name, ...usageAt(habit, scrape) }));
        yield { pod, containers, at, window };
      }
    },
  };
}
