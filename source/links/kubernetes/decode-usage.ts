import type { NodeUsage } from '../../model/kubernetes/node-usage.ts';
import { byteCount, millicoreCount } from './decode.ts';
import { asName, asObject, asTime } from './fields.ts';

/** A NodeMetrics of the API (metrics.k8s.io/v1beta1), or null when it is none. */
export function decodeUsage(object: unknown): NodeUsage | null {
  const metrics = asObject(object);
  const metadata = asObject(metrics?.['metadata']);
  const name = asName(metadata?.['name']);
  if (name === null) return null;
  const usage = asObject(metrics?.['usage']);
  return {
    uid: name,
    at: asTime(metrics?.['timestamp']),
    cpu: millicoreCount(usage?.['cpu']),
    memory: byteCount(usage?.['memory']),
  };
}
