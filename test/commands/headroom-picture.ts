import type { Question } from '../../source/commands/headroom-answer.ts';
import {
  makeClaim,
  makeNode,
  makePersistentVolume,
  makePod,
  makeStorageClass,
  makeUsage,
  onlyOn,
} from '../state/made.ts';
import { pictured } from './pictured.ts';

// A small cluster of which every figure can be told by heart, and what is asked of it.

export const GI = 2 ** 30;
const amounts = (cpu: number, memory: number) => ({ cpu, memory: memory * GI, ephemeralStorage: 0 });
const offers = (cpu: number, memory: number) => ({ ...amounts(cpu, memory), ephemeralStorage: 45 * GI, pods: 110 });
export const role = (name: string) => ({ [`node-role.kubernetes.io/${name}`]: '' });
const tainted = (key: string) => [{ key, value: '', effect: 'NoSchedule', timeAdded: null }];

/** Two open workers, a tainted infra node that serves both planes but for that, and a master that is cordoned. */
export const NODES = [
  makeNode({ name: 'small', labels: role('node'), allocatable: offers(2_000, 4) }),
  makeNode({ name: 'large', labels: role('node'), allocatable: offers(8_000, 16) }),
  makeNode({
    name: 'infra',
    labels: role('infra'),
    taints: tainted('node-role.kubernetes.io/infra'),
    allocatable: offers(4_000, 8),
  }),
  makeNode({
    name: 'master',
    labels: { ...role('master'), ...role('etcd') },
    cordoned: true,
    capacity: { ...offers(1_000, 8) },
    allocatable: offers(900, 7),
  }),
];
export const onLarge = (uid: string, given: Partial<Parameters<typeof makePod>[0]> = {}) =>
  makePod({ uid, name: uid, node: 'large', requests: amounts(500, 1), ...given });
export const PODS = [
  onLarge('agent', { owner: { kind: 'DaemonSet', name: 'agent' } }),
  onLarge('bare', { owner: null }),
  onLarge('database', { claims: ['data'] }),
  onLarge('web'),
  onLarge('huge', { requests: amounts(3_000, 1) }),
  makePod({ uid: 'over', name: 'over', node: 'master', requests: amounts(1_000, 1) }),
];
const VOLUME = makePersistentVolume({
  name: 'pv-1',
  phase: 'Bound',
  terms: onlyOn('large'),
  claim: { namespace: 'shop', name: 'data', uid: 'uid-of-data' },
});
export const STORAGE = {
  claims: [makeClaim({ name: 'data', phase: 'Bound', volume: 'pv-1' })],
  persistentVolumes: [VOLUME],
  storageClasses: [makeStorageClass()],
};
export const state = pictured({
  nodes: NODES,
  pods: PODS,
  usage: [makeUsage({ uid: 'large', cpu: 9_500 })],
  ...STORAGE,
});
export const NOTHING: Question = { role: null, lost: null, fits: [] };
export const asked = (given: Partial<Question>): Question => ({ ...NOTHING, ...given });
export const fit = (cpu: number, memory: number, replicas: number) => ({
  ...amounts(cpu, memory),
  replicas,
  selector: {},
});
