import type { Workload } from '../../model/control-plane/control-plane.ts';
import { identityOf } from './decode.ts';
import { asCount, asNumber, asObject, asText, asTime, type Fields } from './fields.ts';

/** Of an object of apps/v1 by its spec and status, which a controller may not have written yet. */
const decoderOf =
  (kind: Workload['kind'], figures: (spec: Fields, status: Fields) => Pick<Workload, 'wanted' | 'serving'>) =>
  (object: unknown): Workload | null => {
    const workload = asObject(object);
    const metadata = asObject(workload?.['metadata']);
    const identity = identityOf(metadata);
    if (identity === null) return null;
    return {
      ...identity,
      kind,
      namespace: asText(metadata?.['namespace']),
      ...figures(asObject(workload?.['spec']) ?? {}, asObject(workload?.['status']) ?? {}),
      createdAt: asTime(metadata?.['creationTimestamp']),
    };
  };

/** Without a number it is one (Kubernetes: apps/v1, defaults). */
const replicas = (spec: Fields): number => asNumber(spec['replicas']) ?? 1;

/** A Deployment of the API (apps/v1), or null when it is none. */
export const decodeDeployment = decoderOf('Deployment', (spec, status) => ({
  wanted: replicas(spec),
  serving: asCount(status['availableReplicas']),
}));

/** A DaemonSet of the API (apps/v1), which wants a pod on each node that it fits, or null when it is none. */
export const decodeDaemonSet = decoderOf('DaemonSet', (_, status) => ({
  wanted: asCount(status['desiredNumberScheduled']),
  serving: asCount(status['numberAvailable']),
}));

/** A StatefulSet of the API (apps/v1), or null when it is none. */
export const decodeStatefulSet = decoderOf('StatefulSet', (spec, status) => ({
  wanted: replicas(spec),
  serving: asCount(status['readyReplicas']),
}));
