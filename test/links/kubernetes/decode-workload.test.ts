import { describe, expect, test } from 'vitest';
import {
  decodeDaemonSet,
  decodeDeployment,
  decodeStatefulSet,
} from '../../../source/links/kubernetes/decode-workload.ts';

const metadata = { name: 'a', namespace: 'kube-system', uid: 'u', creationTimestamp: '2026-01-31T12:00:00Z' };
const identity = { uid: 'u', namespace: 'kube-system', name: 'a', createdAt: Date.UTC(2026, 0, 31, 12) };

describe('a workload is how many pods it wants and how many serve', () => {
  test.each([
    [
      'a Deployment counts what is available',
      decodeDeployment,
      { spec: { replicas: 3 }, status: { replicas: 3, readyReplicas: 3, availableReplicas: 2 } },
      { kind: 'Deployment', wanted: 3, serving: 2 },
    ],
    [
      'a DaemonSet counts what is available of the nodes that it fits',
      decodeDaemonSet,
      { status: { desiredNumberScheduled: 5, currentNumberScheduled: 5, numberReady: 5, numberAvailable: 4 } },
      { kind: 'DaemonSet', wanted: 5, serving: 4 },
    ],
    [
      'a StatefulSet counts what is ready',
      decodeStatefulSet,
      { spec: { replicas: 2 }, status: { replicas: 2, readyReplicas: 1, availableReplicas: 0 } },
      { kind: 'StatefulSet', wanted: 2, serving: 1 },
    ],
    [
      'one that is scaled to zero wants none',
      decodeDeployment,
      { spec: { replicas: 0 }, status: {} },
      { kind: 'Deployment', wanted: 0, serving: 0 },
    ],
    [
      'one without a number wants one pod, and of what no controller has written yet nothing serves',
      decodeStatefulSet,
      { spec: {} },
      { kind: 'StatefulSet', wanted: 1, serving: 0 },
    ],
    [
      'figures that are none count nothing',
      decodeDeployment,
      { spec: { replicas: 'many' }, status: { availableReplicas: null } },
      { kind: 'Deployment', wanted: 1, serving: 0 },
    ],
  ] as const)('%s', (_, decode, object, figures) => {
    expect(decode({ metadata, ...object })).toEqual({ ...identity, ...figures });
  });

  test.each([null, 'text', [], {}, { metadata: { name: 'a' } }, { metadata: { uid: 'u' } }])('%j is none', (object) => {
    for (const decode of [decodeDeployment, decodeDaemonSet, decodeStatefulSet]) expect(decode(object)).toBeNull();
  });
});
