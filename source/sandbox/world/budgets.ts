import { timestamp } from '../clock.ts';
import type { Pod, PodDisruptionBudget } from '../wire.ts';
import type { Owner } from './owner.ts';
import { isFinished, isLeaving, isReady } from './pods.ts';
import { selects } from './scheduling/selection.ts';
import type { Site } from './site.ts';
import { keyOf } from './store.ts';
import type { Workload } from './workloads/workload.ts';

const PASS_MILLISECONDS = 100;
/** A pod whose eviction was granted counts as gone for so long, if it has not gone by then (Kubernetes: DeletionTimeout). */
const GRANTED_MILLISECONDS = 120_000;

/** The budget of a workload, before any pod was counted. */
export const budgetOf = (
  { namespace, name, labels = {} }: Workload,
  budget: NonNullable<Workload['budget']>,
  uid: string,
  createdAt: number,
): PodDisruptionBudget => ({
  metadata: {
    name,
    namespace,
    uid,
    resourceVersion: '',
    generation: 1,
    creationTimestamp: timestamp(createdAt),
    labels,
  },
  spec: { ...budget, selector: { matchLabels: labels } },
  status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
});

const covers = ({ metadata, spec: { selector } }: PodDisruptionBudget, pod: Pod): boolean =>
  metadata.namespace === pod.metadata.namespace && selector !== undefined && selects(selector, pod.metadata.labels);

/** A number of pods, or a share of them rounded up. */
const scaled = (wanted: number | string, of: number): number =>
  typeof wanted === 'number' ? wanted : Math.ceil((of * Number.parseInt(wanted, 10)) / 100);

/** How many pods the controllers of some pods want to have, in all. */
function scaleOf(pods: readonly Pod[], ownerOf: (pod: Pod) => Owner | undefined): number {
  const scales = new Map<string, number>();
  for (const pod of pods) {
    const owner = ownerOf(pod);
    if (!owner) continue;
    const { workload, parent, uid, desired } = owner;
    scales.set(parent?.uid ?? uid, workload.kind === 'Deployment' ? (workload.replicas ?? 1) : desired);
  }
  return [...scales.values()].reduce((sum, scale) => sum + scale, 0);
}

/** How many pods a budget counts on, and how many of them have to be well (Kubernetes: disruption controller). */
function demands(
  { minAvailable, maxUnavailable }: PodDisruptionBudget['spec'],
  pods: readonly Pod[],
  ownerOf: (pod: Pod) => Owner | undefined,
): { expectedPods: number; desiredHealthy: number } {
  if (maxUnavailable !== undefined) {
    const expectedPods = scaleOf(pods, ownerOf);
    return { expectedPods, desiredHealthy: Math.max(0, expectedPods - scaled(maxUnavailable, expectedPods)) };
  }
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  const expectedPods = typeof minAvailable === 'string' ? scaleOf(pods, ownerOf) : pods.length;
  return { expectedPods, desiredHealthy: scaled(minAvailable, expectedPods) };
}

/** The status that a budget ought to have now. */
function statusOf(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  ownerOf: (pod: Pod) => Owner | undefined,
  now: number,
): PodDisruptionBudget['status'] {
  const disruptedPods = Object.fromEntries(
    Object.entries(budget.status.disruptedPods ?? {}).filter(
      ([name, at]) =>
        Date.parse(at) + GRANTED_MILLISECONDS > now &&
        pods.some((pod) => pod.metadata.name === name && !isLeaving(pod)),
    ),
  );
  const healthy = pods.filter((pod) => isReady(pod) && !isLeaving(pod) && !(pod.metadata.name in disruptedPods));
  const { expectedPods, desiredHealthy } = demands(budget.spec, pods, ownerOf);
  const currentHealthy = healthy.length;
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const { generation = 1 } = budget.metadata;
  const known = budget.status.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const status = disruptionsAllowed > 0 ? 'True' : 'False';
  return {
    ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
    conditions: [
      {
        type: 'DisruptionAllowed',
        status,
        observedGeneration: generation,
        lastTransitionTime: known?.status === status ? known.lastTransitionTime : timestamp(now),
        reason: disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
      },
    ],
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed,
    expectedPods,
    observedGeneration: generation,
  };
}

/** The budget as it stands with the pods that there are; itself when nothing changed. */
function recounted(
  site: Site,
  ownerOf: (pod: Pod) => Owner | undefined,
  budget: PodDisruptionBudget,
): PodDisruptionBudget {
  const pods = [...site.pods.values()].filter((pod) => !isFinished(pod) && covers(budget, pod));
  const status = statusOf(budget, pods, ownerOf, site.clock.now());
  const without = ({ conditions = [], ...counts }: PodDisruptionBudget['status']): string =>
    JSON.stringify([Object.entries(counts).sort(), conditions.map((each) => [each.status, each.observedGeneration])]);
  return without(status) === without(budget.status) ? budget : { ...budget, status };
}

/** Counts a budget that is part of the past. */
export function seedBudget(site: Site, ownerOf: (pod: Pod) => Owner | undefined, budget: PodDisruptionBudget): void {
  site.budgets.seed(recounted(site, ownerOf, budget));
}

/** The disruption controller: keeps the status of each budget in step with the pods that it covers. */
export function runBudgets(site: Site, ownerOf: (pod: Pod) => Owner | undefined): void {
  const { budgets, pods } = site;
  const due = new Set<string>();
  function soon(budget: PodDisruptionBudget, milliseconds = PASS_MILLISECONDS): void {
    const key = keyOf(budget);
    if (due.has(key)) return;
    due.add(key);
    site.after(milliseconds, () => {
      due.delete(key);
      const counted = budgets.update(key, (present) => recounted(site, ownerOf, present));
      if (counted?.status.disruptedPods) soon(counted, GRANTED_MILLISECONDS);
    });
  }
  for (const budget of budgets.values()) soon(budget);
  budgets.subscribe(({ type, object }) => {
    if (type !== 'DELETED') soon(object);
  });
  pods.subscribe(({ object, previous }) => {
    for (const budget of budgets.values()) {
      if (covers(budget, object) || (previous && covers(budget, previous))) soon(budget);
    }
  });
}
