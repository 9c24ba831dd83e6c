import { timestamp } from '../clock.ts';
import type { Pod, PodDisruptionBudget } from '../wire.ts';
import { isFinished, isLeaving, isReady } from '../world/pods.ts';
import { selects } from '../world/scheduling/selection.ts';
import type { Backend } from './backend.ts';
import { existing, type ChangeContext } from './change.ts';
import { refuseOtherObject, removeObject } from './deletion.ts';
import { deleteOptions, isDryRun } from './options.ts';
import { isObject, type JsonObject } from './patch.ts';
import { badRequest, budgetExhausted, evicted, forbiddenBudget, Refusal, type Status } from './status.ts';

/** More pods on their way out than this a budget does not note (MaxDisruptedPodSize). */
const MOST_DISRUPTED = 2000;

/**
 * Evicts a pod as its disruption budget allows (Kubernetes 1.29: pods/eviction). A pod that does not run yet, or no
 * more, costs no budget. A granted disruption is spent before the pod is deleted: a precondition that then fails does
 * not give it back. Throws 400, 404, 409, the 429 of a budget, and 500 where two budgets hold one pod.
 */
export function evict(context: ChangeContext, backend: Backend, name: string, body: JsonObject): Status {
  refuseOtherEviction(body, name);
  const given = isObject(body['deleteOptions']) ? body['deleteOptions'] : {};
  const asked = deleteOptions(context.query, given);
  const options = { ...asked, dry: asked.dry || isDryRun(context.query, 'create') };
  const pod = existing(context, name) as Pod;
  if (!costsNothing(pod)) spend(backend, pod, options.dry);
  refuseOtherObject(context.resource, pod.metadata, options);
  const target = options.dry ? pod : context.collection.put(marked(pod, timestamp(context.clock.now())));
  removeObject(context, target, { ...options, uid: null, resourceVersion: null });
  return evicted();
}

/** The pod with the condition that says why it goes. */
function marked(pod: Pod, at: string): Pod {
  const { conditions = [] } = pod.status;
  const target = {
    type: 'DisruptionTarget',
    status: 'True' as const,
    lastProbeTime: null,
    lastTransitionTime: at,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  const others = conditions.filter(({ type }) => type !== target.type);
  return { ...pod, status: { ...pod.status, conditions: [...others, target] } };
}

const EVICTIONS = ['policy/v1', 'policy/v1beta1'];

function refuseOtherEviction(body: JsonObject, name: string): void {
  const { kind, apiVersion, metadata } = body;
  const known = typeof apiVersion === 'string' && EVICTIONS.includes(apiVersion) && kind === 'Eviction';
  if (kind !== undefined && !known) {
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion ?? '')} in scheme`,
    );
  }
  if (!isObject(metadata) || metadata['name'] !== name) {
    throw badRequest('name in URL does not match name in Eviction object');
  }
}

const costsNothing = (pod: Pod): boolean => pod.status.phase === 'Pending' || isFinished(pod) || isLeaving(pod);

/** Takes one disruption from the budget of a running pod, if it has one. */
function spend(backend: Backend, pod: Pod, dry: boolean): void {
  const stored = backend.collection('poddisruptionbudgets');
  const budgets = (stored.all() as unknown as readonly PodDisruptionBudget[]).filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.metadata.namespace &&
      spec.selector !== undefined &&
      selects(spec.selector, pod.metadata.labels),
  );
  const [budget] = budgets;
  if (!budget) return;
  if (budgets.length > 1) {
    const why = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new Refusal(500, null, why);
  }
  const { status } = budget;
  // What is not ready counts for nothing while enough others are (the policy IfHealthyBudget).
  if (!isReady(pod) && status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy) return;
  refuseExhausted(budget);
  if (!dry) stored.put(spent(budget, pod.metadata.name, timestamp(backend.clock.now())));
}

function refuseExhausted({ metadata, status }: PodDisruptionBudget): void {
  const { name, generation = 0 } = metadata;
  const { observedGeneration = 0, disruptionsAllowed, disruptedPods = {}, desiredHealthy, currentHealthy } = status;
  if (observedGeneration < generation) {
    throw budgetExhausted(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  if (disruptionsAllowed < 0) throw forbiddenBudget(name, 'pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > MOST_DISRUPTED) {
    throw forbiddenBudget(name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  if (disruptionsAllowed > 0) return;
  throw budgetExhausted(
    `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
  );
}

function spent(budget: PodDisruptionBudget, pod: string, at: string): PodDisruptionBudget {
  const { status } = budget;
  const disruptionsAllowed = status.disruptionsAllowed - 1;
  const conditions = (status.conditions ?? []).map((each) =>
    each.type === 'DisruptionAllowed' && each.status === 'True'
      ? { ...each, status: 'False' as const, reason: 'InsufficientPods', lastTransitionTime: at }
      : each,
  );
  return {
    ...budget,
    status: {
      ...status,
      disruptedPods: { ...status.disruptedPods, [pod]: at },
      disruptionsAllowed,
      ...(disruptionsAllowed === 0 && status.conditions !== undefined ? { conditions } : {}),
    },
  };
}
