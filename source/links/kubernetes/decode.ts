import type { NodeAmounts } from '../../model/kubernetes/amounts.ts';
import type { EventRow } from '../../model/kubernetes/event.ts';
import type { ClusterNode, Taint } from '../../model/kubernetes/node.ts';
import type { PodRow, Toleration } from '../../model/kubernetes/pod.ts';
import { milliValue, parseQuantity, wholeValue, type Quantity } from '../../model/kubernetes/quantity.ts';
import { podAmounts, type PodResourcesSpec } from '../../model/kubernetes/requests.ts';
import { decodeClaims, decodePlacement } from './decode-placement.ts';
import {
  asArray,
  asCount,
  asName,
  asNumber,
  asObject,
  asObjects,
  asText,
  asTexts,
  asTime,
  type Fields,
} from './fields.ts';
import { podStatus } from './pod-status.ts';
import { createSharing } from './sharing.ts';

// From the JSON of the API to the rows of the model. Nothing here throws: a field that is missing or of another type is
// empty or null, and an object without name or uid is none.

type Identity = { readonly name: string; readonly uid: string };

/** Name and uid of an object; null where it lacks either. */
export function identityOf(metadata: Fields | null): Identity | null {
  const name = asName(metadata?.['name']);
  const uid = asName(metadata?.['uid']);
  return name === null || uid === null ? null : { name, uid };
}

/** A Node of the API (v1), or null when it is none. */
export function decodeNode(object: unknown): ClusterNode | null {
  const node = asObject(object);
  const metadata = asObject(node?.['metadata']);
  const identity = identityOf(metadata);
  if (identity === null) return null;
  const spec = asObject(node?.['spec']);
  const status = asObject(node?.['status']);
  const system = asObject(status?.['nodeInfo']);
  return {
    ...identity,
    createdAt: asTime(metadata?.['creationTimestamp']),
    deleting: asName(metadata?.['deletionTimestamp']) !== null,
    labels: asTexts(metadata?.['labels']),
    annotations: asTexts(metadata?.['annotations']),
    cordoned: spec?.['unschedulable'] === true,
    taints: Array.isArray(spec?.['taints']) ? asObjects(spec['taints']).map(decodeTaint) : null,
    conditions: asObjects(status?.['conditions']).map((condition) => ({
      type: asText(condition['type']),
      status: asText(condition['status']),
      reason: asText(condition['reason']),
      message: asText(condition['message']),
      since: asTime(condition['lastTransitionTime']),
    })),
    addresses: asObjects(status?.['addresses']).map((entry) => ({
      type: asText(entry['type']),
      address: asText(entry['address']),
    })),
    capacity: nodeAmounts(asObject(status?.['capacity'])),
    allocatable: nodeAmounts(asObject(status?.['allocatable'])),
    system: {
      kubelet: asText(system?.['kubeletVersion']),
      containerRuntime: asText(system?.['containerRuntimeVersion']),
      operatingSystem: asText(system?.['osImage']),
      kernel: asText(system?.['kernelVersion']),
      architecture: asText(system?.['architecture']),
    },
  };
}

const decodeTaint = (taint: Fields): Taint => ({
  key: asText(taint['key']),
  value: asText(taint['value']),
  effect: asText(taint['effect']),
  timeAdded: asName(taint['timeAdded']),
});

/** Quantities kept as numbers, and the longest spelling among them; only speed depends on it. */
const MOST_KNOWN = 4_096;
const LONGEST_KNOWN = 32;

/** Nodes repeat their quantities, and to work one out exactly costs more than to look it up. */
function amountsIn(inUnits: (quantity: Quantity) => number): (value: unknown) => number | null {
  const known = new Map<string, number | null>();
  return (value) => {
    if (typeof value !== 'string') return null;
    const before = known.get(value);
    if (before !== undefined) return before;
    const quantity = parseQuantity(value);
    const amount = quantity === null ? null : inUnits(quantity);
    if (known.size >= MOST_KNOWN) known.clear();
    if (value.length <= LONGEST_KNOWN) known.set(value, amount);
    return amount;
  };
}

/** A quantity in bytes, rounded up; null when it is none. */
export const byteCount = amountsIn(wholeValue);

/** A quantity in thousandths of a core, rounded up; null when it is none. */
export const millicoreCount = amountsIn(milliValue);

const nodeAmounts = (amounts: Fields | null): NodeAmounts => ({
  cpu: millicoreCount(amounts?.['cpu']),
  memory: byteCount(amounts?.['memory']),
  ephemeralStorage: byteCount(amounts?.['ephemeral-storage']),
  pods: byteCount(amounts?.['pods']),
});

/** Makes a decoder of Pods whose rows share equal requests, limits, owners, tolerations and placements. */
export function createPodDecoder({ wishes, rest } = createSharing()): (object: unknown) => PodRow | null {
  return (object) => {
    const pod = asObject(object);
    const metadata = asObject(pod?.['metadata']);
    const identity = identityOf(metadata);
    if (pod === null || identity === null) return null;
    const spec = asObject(pod['spec']);
    const { requests, limits } = podAmounts(resourcesSpec(spec));
    const { status, ready, restarts } = podStatus(pod);
    const { claims, ephemeralClaims } = decodeClaims(spec, identity.name);
    return {
      ...identity,
      namespace: asText(metadata?.['namespace']),
      node: asName(spec?.['nodeName']),
      phase: asName(asObject(pod['status'])?.['phase']) ?? 'Unknown',
      status,
      ready: rest(ready),
      restarts,
      createdAt: asTime(metadata?.['creationTimestamp']),
      deleting: asName(metadata?.['deletionTimestamp']) !== null,
      mirror: asObject(metadata?.['annotations'])?.['kubernetes.io/config.mirror'] !== undefined,
      owner: rest(ownerOf(asObjects(metadata?.['ownerReferences']))),
      requests: wishes(requests),
      limits: rest(limits),
      unlimited: rest(unlimitedOf(spec)),
      tolerations: wishes(asObjects(spec?.['tolerations']).map(decodeToleration)),
      placement: wishes(decodePlacement(spec)),
      claims: rest(claims),
      ephemeralClaims: rest(ephemeralClaims),
      priority: asCount(spec?.['priority']),
      unscheduled: unscheduledOf(asObjects(asObject(pod['status'])?.['conditions'])),
    };
  };
}

function ownerOf(references: readonly Fields[]): PodRow['owner'] {
  const controller = references.find((reference) => reference['controller'] === true);
  return controller === undefined ? null : { kind: asText(controller['kind']), name: asText(controller['name']) };
}

const decodeToleration = (toleration: Fields): Toleration => ({
  key: asText(toleration['key']),
  operator: asText(toleration['operator']) || 'Equal',
  value: asText(toleration['value']),
  effect: asText(toleration['effect']),
  seconds: asNumber(toleration['tolerationSeconds']),
});

/** A limit of the whole pod holds for each of its containers. */
function unlimitedOf(spec: Fields | null): PodRow['unlimited'] {
  const limits = (of: Fields | null | undefined) => asTexts(asObject(of?.['resources'])?.['limits']);
  const whole = limits(spec);
  const each = asObjects(spec?.['containers']).map(limits);
  return (['cpu', 'memory'] as const).filter(
    (resource) => whole[resource] === undefined && each.some((own) => own[resource] === undefined),
  );
}

/** More than the scheduler writes, which groups its reasons; who may write the status of a pod may write anything. */
const LONGEST_REASON = 4_096;

/** Why the scheduler has not placed it, by its own condition; null when that says nothing of the kind. */
function unscheduledOf(conditions: readonly Fields[]): string | null {
  const condition = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  const told = condition === undefined ? null : (asName(condition['message']) ?? asName(condition['reason']));
  return told === null ? null : told.slice(0, LONGEST_REASON);
}

/** The part of a pod's spec that decides its requests, with every field of the type it should have. */
function resourcesSpec(spec: Fields | null): PodResourcesSpec {
  return {
    containers: asArray(spec?.['containers']).map(containerSpec),
    ...(Array.isArray(spec?.['initContainers']) ? { initContainers: spec['initContainers'].map(containerSpec) } : {}),
    overhead: asTexts(spec?.['overhead']),
    resources: requirements(spec?.['resources']),
  };
}

function containerSpec(value: unknown) {
  const container = asObject(value);
  return { resources: requirements(container?.['resources']), restartPolicy: asText(container?.['restartPolicy']) };
}

function requirements(value: unknown) {
  const resources = asObject(value);
  return { requests: asTexts(resources?.['requests']), limits: asTexts(resources?.['limits']) };
}

/** An Event of the API (v1) about a node, or null when it is none. */
export function decodeEvent(object: unknown): EventRow | null {
  const event = asObject(object);
  const metadata = asObject(event?.['metadata']);
  const identity = identityOf(metadata);
  if (event === null || identity === null) return null;
  const involved = asObject(event['involvedObject']);
  const series = asObject(event['series']);
  const node = asName(involved?.['name']);
  if (involved?.['kind'] !== 'Node' || node === null) return null;
  return {
    uid: identity.uid,
    type: asText(event['type']),
    reason: asText(event['reason']),
    message: asText(event['message']),
    node,
    source: asName(asObject(event['source'])?.['component']) ?? asText(event['reportingComponent']),
    count: asNumber(series?.['count']) ?? asNumber(event['count']) ?? 1,
    at:
      asTime(series?.['lastObservedTime']) ??
      asTime(event['lastTimestamp']) ??
      asTime(event['eventTime']) ??
      asTime(metadata?.['creationTimestamp']),
  };
}
