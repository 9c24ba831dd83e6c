// The points that kube-scheduler 1.20 gives to nodes, by its default plugins, as far as pods and nodes of these tests differ in
// them. Worked out from what was planted, not from what the console makes of it.
import { SANDBOXED } from '../seed/pods.ts';
import type { PodSpec, Resources } from '../wire.ts';
import type { Host } from './nodes.ts';
import { isEnded } from './pods.ts';
import type { PlacingSite } from './site.ts';

/** Millicores and MiB. */
type Weight = { readonly cpu: number; readonly memory: number };

const MOST = 100;
/** What a container counts with that does not ask. */
const LEAST: Weight = { cpu: 100, memory: 200 };
const OVERHEAD: Weight = { cpu: 130, memory: 120 };

const plus = (one: Weight, other: Weight): Weight => ({ cpu: one.cpu + other.cpu, memory: one.memory + other.memory });
const larger = (one: Weight, other: Weight): Weight => ({
  cpu: Math.max(one.cpu, other.cpu),
  memory: Math.max(one.memory, other.memory),
});

const weightOf = ({ requests = {} }: Resources): Weight => ({
  cpu: requests['cpu'] === undefined ? LEAST.cpu : parseInt(requests['cpu'], 10),
  memory: requests['memory'] === undefined ? LEAST.memory : parseInt(requests['memory'], 10),
});

const ofContainers = ({ containers, initContainers = [] }: PodSpec): Weight =>
  initContainers
    .map(({ resources }) => weightOf(resources))
    .reduce(larger, containers.map(({ resources }) => weightOf(resources)).reduce(plus));

const hasOverhead = ({ runtimeClassName }: PodSpec): boolean => runtimeClassName === SANDBOXED.metadata.name;
/** What a pod weighs on its node. */
const held = (spec: PodSpec): Weight => (hasOverhead(spec) ? plus(ofContainers(spec), OVERHEAD) : ofContainers(spec));
/** What a pod weighs that is to be placed: 1.20 takes its overhead in whole cores for millicores. */
const asked = (spec: PodSpec): Weight =>
  hasOverhead(spec)
    ? plus(ofContainers(spec), { ...OVERHEAD, cpu: Math.ceil(OVERHEAD.cpu / 1_000) })
    : ofContainers(spec);

/** NodeResourcesLeastAllocated and NodeResourcesBalancedAllocation. */
function pointsForRoom({ cpu, memory }: Host, taken: Weight): number {
  const left = (part: number, whole: number) => (part > whole ? 0 : Math.floor(((whole - part) * MOST) / whole));
  const [ofCpu, ofMemory] = [taken.cpu / cpu, taken.memory / memory];
  const balanced = ofCpu >= 1 || ofMemory >= 1 ? 0 : Math.floor((1 - Math.abs(ofCpu - ofMemory)) * MOST);
  return Math.floor((left(taken.cpu, cpu) + left(taken.memory, memory)) / 2) + balanced;
}

const tolerated = (spec: PodSpec, taint: { readonly key: string; readonly value?: string }): boolean =>
  (spec.tolerations ?? []).some(
    ({ key, operator, value, effect }) =>
      (key === undefined || key === taint.key) &&
      (operator === 'Exists' || value === taint.value) &&
      (effect === undefined || effect === 'PreferNoSchedule'),
  );

/** Keeps what pods weigh on each node. */
export type Points = {
  /** Of nodes that a pod fits on, those with the most points. */
  best(spec: PodSpec, nodes: readonly string[]): string[];
  /** One more pod is on a node. */
  add(spec: PodSpec, node: string): void;
};

/** Points on a planted site. */
export function createPoints({ hosts, pods }: PlacingSite): Points {
  const byName = new Map(hosts.map((host) => [host.node.name, host]));
  const weights = new Map<string, Weight>();
  const add: Points['add'] = (spec, node) => {
    weights.set(node, plus(weights.get(node) ?? { cpu: 0, memory: 0 }, held(spec)));
  };
  for (const { manifest, state } of pods) if (!isEnded(state)) add(manifest.spec, manifest.spec.nodeName ?? '');
  return {
    add,
    best(spec, nodes) {
      const there = nodes.flatMap((name) => byName.get(name) ?? []);
      // TaintToleration: less for more taints that a pod should rather avoid.
      const avoided = there.map(
        ({ node }) =>
          node.taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !tolerated(spec, taint)).length,
      );
      const mostAvoided = Math.max(...avoided);
      const points = there.map((host, at) => {
        const taken = plus(weights.get(host.node.name) ?? { cpu: 0, memory: 0 }, asked(spec));
        const count = avoided[at] ?? NaN;
        return (
          pointsForRoom(host, taken) + (mostAvoided === 0 ? MOST : MOST - Math.floor((MOST * count) / mostAvoided))
        );
      });
      const best = Math.max(...points);
      return there.filter((_, at) => points[at] === best).map(({ node }) => node.name);
    },
  };
}
