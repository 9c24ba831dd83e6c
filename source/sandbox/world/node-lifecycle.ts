import { timestamp } from '../clock.ts';
import { without } from '../fields.ts';
import type { Condition, Node, Pod, Taint } from '../wire.ts';
import { NODE_LEASE_NAMESPACE } from './kubelet.ts';
import { covers } from './scheduling/taints.ts';
import { isLeaving } from './pods.ts';
import { record, type Site } from './site.ts';
import { keyOf } from './store.ts';

/** A lease that has not been renewed for so long makes its node unreachable (`--node-monitor-grace-period`). */
const GRACE_MILLISECONDS = 40_000;
const MONITOR_MILLISECONDS = 5000;

type Rule = { type: string; status: Condition['status']; key: string; evicts: boolean };

/** The taints that stand for conditions (Kubernetes: node lifecycle controller). */
const RULES: readonly Rule[] = [
  { type: 'Ready', status: 'False', key: 'node.kubernetes.io/not-ready', evicts: true },
  { type: 'Ready', status: 'Unknown', key: 'node.kubernetes.io/unreachable', evicts: true },
  { type: 'MemoryPressure', status: 'True', key: 'node.kubernetes.io/memory-pressure', evicts: false },
  { type: 'DiskPressure', status: 'True', key: 'node.kubernetes.io/disk-pressure', evicts: false },
  { type: 'PIDPressure', status: 'True', key: 'node.kubernetes.io/pid-pressure', evicts: false },
  { type: 'NetworkUnavailable', status: 'True', key: 'node.kubernetes.io/network-unavailable', evicts: false },
];
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

const holds = ({ status: { conditions = [] } }: Node, { type, status }: Rule): boolean =>
  conditions.some((each) => each.type === type && each.status === status);

/** The taints that this controller owes a node, without times. */
function owedTaints(node: Node): Taint[] {
  const byCondition = RULES.filter((rule) => holds(node, rule)).flatMap(({ key, evicts }): Taint[] => [
    { key, effect: 'NoSchedule' },
    ...(evicts ? [{ key, effect: 'NoExecute' } as const] : []),
  ]);
  return node.spec.unschedulable ? [...byCondition, { key: UNSCHEDULABLE, effect: 'NoSchedule' }] : byCondition;
}

const OWN_KEYS: ReadonlySet<string> = new Set([UNSCHEDULABLE, ...RULES.map(({ key }) => key)]);
const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;

/** The node with exactly the taints that it owes its conditions and its cordon; others are left alone. */
function withOwedTaints(node: Node, at: string): Node {
  const { taints = [] } = node.spec;
  const owed = owedTaints(node);
  const kept = taints.filter((taint) => !OWN_KEYS.has(taint.key) || owed.some((each) => isSame(each, taint)));
  const missing = owed.filter((taint) => !taints.some((each) => isSame(each, taint)));
  if (kept.length === taints.length && missing.length === 0) return node;
  const spec = without(node.spec, 'taints');
  const all = [...kept, ...missing.map((taint) => ({ ...taint, timeAdded: at }))];
  return { ...node, spec: all.length === 0 ? spec : { ...spec, taints: all } };
}

const TTL_ANNOTATION = 'node.alpha.kubernetes.io/ttl';

function withTtl(node: Node): Node {
  const { annotations = {} } = node.metadata;
  if (annotations[TTL_ANNOTATION] !== undefined) return node;
  return { ...node, metadata: { ...node.metadata, annotations: { ...annotations, [TTL_ANNOTATION]: '0' } } };
}

/**
 * The node controller: keeps taints in step with cordon and conditions, gives up on nodes whose lease runs out, evicts
 * pods that do not tolerate a NoExecute taint, and clears up after a node that was deleted. Leases are only looked at
 * where there are heartbeats.
 */
export function runNodeLifecycle(site: Site, monitored: () => boolean): void {
  const { nodes, leases, pods, clock, index } = site;

  const settle = (name: string): void => {
    nodes.update(name, (node) => withOwedTaints(node, timestamp(clock.now())));
    nodes.update(name, withTtl);
  };

  nodes.subscribe(({ type, object, previous }) => {
    const { name } = object.metadata;
    if (type === 'DELETED') {
      site.after(1000, () => abandon(name));
      return;
    }
    site.after(20, () => settle(name));
    if (previous && Boolean(previous.spec.unschedulable) !== Boolean(object.spec.unschedulable)) {
      const reason = object.spec.unschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable';
      record(site, 'Node', object, {
        reason,
        message: `Node ${name} status is now: ${reason}`,
        component: 'kubelet',
        host: name,
      });
    }
    if (JSON.stringify(previous?.spec.taints) !== JSON.stringify(object.spec.taints)) evictFrom(object);
  });
  pods.subscribe(({ type, object, previous }) => {
    const placed = object.spec.nodeName !== undefined && previous?.spec.nodeName === undefined;
    const node = placed && type !== 'DELETED' ? nodes.get(object.spec.nodeName ?? '') : undefined;
    if (node) consider(object, node);
  });

  function abandon(name: string): void {
    if (nodes.get(name)) return;
    leases.remove(`${NODE_LEASE_NAMESPACE}/${name}`);
    for (const pod of [...index.on(name)]) pods.remove(keyOf(pod));
  }

  function evictFrom(node: Node): void {
    for (const pod of [...index.on(node.metadata.name)]) consider(pod, node);
  }

  /** Marks a pod for deletion when its patience with the taints of its node has run out. */
  function consider(pod: Pod, node: Node): void {
    const patience = patienceOf(pod, node.spec.taints ?? []);
    if (patience === null || isLeaving(pod)) return;
    const { uid } = pod.metadata;
    const evict = (): void => {
      const present = pods.get(keyOf(pod));
      const now = nodes.get(node.metadata.name);
      if (present?.metadata.uid !== uid || !now || isLeaving(present)) return;
      if (patienceOf(present, now.spec.taints ?? []) === null) return;
      record(site, 'Pod', present, {
        reason: 'TaintManagerEviction',
        message: `Marking for deletion Pod ${keyOf(present)}`,
        component: 'taint-eviction-controller',
      });
      markForDeletion(site, present);
    };
    site.after(patience * 1000, evict);
  }

  monitorLeases(site, monitored);
}

/**
 * Gives up on nodes whose lease has not been seen to move for too long. What counts is when this controller saw it
 * move: after a time in which it could not look itself, everybody gets a fresh start.
 */
function monitorLeases(site: Site, monitored: () => boolean): void {
  const { nodes, leases, clock } = site;
  let seen = new Map<string, { renewTime: string; at: number }>();
  let looked = clock.now();
  const look = (): void => {
    if (!monitored()) return;
    const now = clock.now();
    if (now - looked > 2 * MONITOR_MILLISECONDS) seen = new Map();
    looked = now;
    for (const node of [...nodes.values()]) {
      const { name } = node.metadata;
      const renewTime = leases.get(`${NODE_LEASE_NAMESPACE}/${name}`)?.spec.renewTime;
      const known = seen.get(name);
      if (renewTime === undefined) continue;
      if (known?.renewTime !== renewTime) seen.set(name, { renewTime, at: now });
      else if (now - known.at > GRACE_MILLISECONDS && isReady(node)) giveUp(site, node);
    }
    site.after(MONITOR_MILLISECONDS, look);
  };
  if (monitored()) site.after(MONITOR_MILLISECONDS, look);
}

const isReady = ({ status }: Node): boolean =>
  status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') ?? false;

/** Seconds that a pod stays on a node with these taints; null for as long as it likes. */
function patienceOf({ spec: { tolerations = [] } }: Pod, taints: readonly Taint[]): number | null {
  let patience: number | null = null;
  for (const taint of taints) {
    if (taint.effect !== 'NoExecute') continue;
    const tolerating = tolerations.filter((each) => covers(each, taint));
    if (tolerating.length === 0) return 0;
    if (tolerating.some(({ tolerationSeconds }) => tolerationSeconds === undefined)) continue;
    const seconds = Math.min(...tolerating.map(({ tolerationSeconds = 0 }) => Math.max(0, tolerationSeconds)));
    patience = patience === null ? seconds : Math.min(patience, seconds);
  }
  return patience;
}

/** Tells the kubelet of a pod to stop it; a pod without a node goes at once. */
export function markForDeletion({ pods, clock }: Site, pod: Pod): void {
  if (isLeaving(pod)) return;
  if (pod.spec.nodeName === undefined) {
    pods.remove(keyOf(pod));
    return;
  }
  const grace = pod.spec.terminationGracePeriodSeconds;
  pods.put({
    ...pod,
    metadata: {
      ...pod.metadata,
      deletionTimestamp: timestamp(clock.now() + grace * 1000),
      deletionGracePeriodSeconds: grace,
    },
  });
}

/** The kubelet stopped posting: all that it reported becomes unknown, and its pods count as not ready. */
function giveUp(site: Site, { metadata }: Node): void {
  const at = timestamp(site.clock.now());
  const node = site.nodes.update(metadata.name, (present) => ({
    ...present,
    status: {
      ...present.status,
      conditions: (present.status.conditions ?? []).map((each) =>
        each.type === 'NetworkUnavailable'
          ? each
          : {
              ...each,
              status: 'Unknown' as const,
              lastTransitionTime: at,
              reason: 'NodeStatusUnknown',
              message: 'Kubelet stopped posting node status.',
            },
      ),
    },
  }));
  if (!node) return;
  const message = `Node ${metadata.name} status is now: NodeNotReady`;
  record(site, 'Node', node, { reason: 'NodeNotReady', message, component: 'node-controller' });
  for (const pod of [...site.index.on(metadata.name)]) {
    const conditions = pod.status.conditions?.map((each) =>
      each.type === 'Ready' ? { ...each, status: 'False' as const, lastTransitionTime: at } : each,
    );
    if (conditions) site.pods.put({ ...pod, status: { ...pod.status, conditions } });
  }
}
