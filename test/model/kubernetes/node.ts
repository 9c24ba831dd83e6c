import type { ClusterNode, NodeCondition, Taint } from '../../../source/model/kubernetes/node.ts';

const NOTHING = { cpu: null, memory: null, ephemeralStorage: null, pods: null };

/** A Node that exists and says nothing, with what a test is about. */
export const madeNode = (parts: Partial<ClusterNode> = {}): ClusterNode => ({
  name: 'node-1',
  uid: 'uid-1',
  createdAt: 1000,
  deleting: false,
  labels: {},
  annotations: {},
  cordoned: false,
  taints: null,
  conditions: [],
  addresses: [],
  capacity: NOTHING,
  allocatable: NOTHING,
  system: { kubelet: '', containerRuntime: '', operatingSystem: '', kernel: '', architecture: '' },
  ...parts,
});

export const madeCondition = (type: string, status: string, parts: Partial<NodeCondition> = {}): NodeCondition => ({
  type,
  status,
  reason: `${type}Reason`,
  message: '',
  since: 2000,
  ...parts,
});

/** A taint from kubectl's notation KEY[=VALUE]:EFFECT. */
export function madeTaint(text: string, timeAdded: string | null = null): Taint {
  const [identity = '', effect = ''] = text.split(':');
  const [key = '', value = ''] = identity.split('=');
  return { key, value, effect, timeAdded };
}
