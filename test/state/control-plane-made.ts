import type { ClusterEvent, Question, Told, Unanswered } from '../../source/model/cluster-event.ts';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import type { PodRow } from '../../source/model/kubernetes/pod.ts';
import { controlPlanePicture } from '../../source/state/control-plane.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode, makePod } from './made.ts';

// A control plane as the events of a session make it.

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 86_400_000;
export const NOW = Date.UTC(2026, 0, 31, 12);

export const role = (...roles: readonly string[]) =>
  Object.fromEntries(roles.map((name) => [`node-role.kubernetes.io/${name}`, '']));
export const node = (name: string, address: string, roles: readonly string[], more: Partial<ClusterNode> = {}) =>
  makeNode({ name, labels: role(...roles), addresses: [{ type: 'InternalIP', address }], ...more });
export const BOOT = node('boot', '192.0.2.1', ['bootstrap', 'master', 'etcd', 'infra']);
export const MASTER = node('master-2', '192.0.2.2', ['master', 'etcd']);
export const WORKER = node('worker', '192.0.2.9', ['node']);

export const live = (resource: 'nodes' | 'pods' | 'deployments' | 'daemonSets' | 'statefulSets'): ClusterEvent => ({
  type: 'status',
  at: NOW,
  resource,
  status: { state: 'live' },
});
export const nodes = (...items: readonly ClusterNode[]): ClusterEvent[] => [
  { type: 'changed', at: NOW, resource: 'nodes', items },
  live('nodes'),
];
export const staticPod = (component: string, on: string, more: Partial<PodRow> = {}) =>
  makePod({ uid: `${component}/${on}`, namespace: 'kube-system', name: `${component}-${on}`, node: on, ...more });
export const pods = (...items: readonly PodRow[]): ClusterEvent[] => [
  { type: 'changed', at: NOW, resource: 'pods', items },
  live('pods'),
];
export const answer = <Q extends Question>(question: Q, value: Told[Q], at = NOW): ClusterEvent =>
  ({ type: 'answer', at, question, answer: value }) as ClusterEvent;
export const noAnswer = (question: Question, about: string, kind: Unanswered['kind'], at = NOW): ClusterEvent => ({
  type: 'no-answer',
  at,
  question,
  about,
  failure: { kind, why: `It is ${kind}.`, right: kind === 'denied' ? 'list it' : null },
});

export const picture = (events: readonly ClusterEvent[], now = NOW) =>
  controlPlanePicture(createStore(events).state, now);
