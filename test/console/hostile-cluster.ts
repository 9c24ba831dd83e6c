import type { ClusterEvent, Question, Resource, Told } from '../../source/model/cluster-event.ts';
import { ANYWHERE } from '../../source/model/kubernetes/placement.ts';
import {
  makeClaim,
  makeEvent,
  makeNode,
  makePersistentVolume,
  makePod,
  makeStorageClass,
  makeUsage,
  makeVolume,
} from '../state/made.ts';
import { live } from './full-cluster.ts';
import { NOON } from './made-cluster.ts';

/** A node of which everything but the name is the given text. */
const hostileNode = (name: string, text: string) =>
  makeNode({
    name,
    labels: { [text]: text, 'topology.kubernetes.io/zone': text, 'node-role.kubernetes.io/node': text },
    annotations: { [text]: text },
    taints: [{ key: text, value: text, effect: text, timeAdded: text }],
    conditions: [{ type: 'Ready', status: 'True', reason: text, message: text, since: 0 }].concat({
      type: text,
      status: text,
      reason: text,
      message: text,
      since: 0,
    }),
    addresses: [
      { type: 'InternalIP', address: text },
      { type: text, address: text },
    ],
    system: { kubelet: text, containerRuntime: text, operatingSystem: text, kernel: text, architecture: text },
  });

/** What is asked from time to time, answered and refused with the given text. */
function hostileAnswers(text: string): readonly ClusterEvent[] {
  const answer = <Q extends Question>(question: Q, told: Told[Q]) =>
    ({ type: 'answer', at: NOON, question, answer: told }) as ClusterEvent;
  const refused = (question: Question): ClusterEvent => ({
    type: 'no-answer',
    at: NOON,
    question,
    about: text,
    failure: { kind: 'lost', why: text, right: text },
  });
  const member = { peerUrls: [text], clientUrls: [text], isLearner: false };
  const members = [
    { ...member, id: 'a1', name: text },
    { ...member, id: 'b2', name: '' },
  ];
  const answered = { ok: false, checks: [{ name: text, ok: false }], milliseconds: 3 };
  const lease = {
    name: 'kube-scheduler',
    holder: `${text}_1`,
    renewedAt: NOON,
    movedAt: NOON,
    seconds: 15,
    transitions: 1,
  };
  return [
    answer('etcdMembership', {
      source: 'etcdctl',
      membership: { cluster: text, members, alarms: [{ member: 'a1', kind: text }], leader: 'a1' },
    }),
    answer('etcdHealth', { node: text, source: 'pod proxy', health: { healthy: false, reason: text } }),
    answer('leases', [lease]),
    answer('apiServer', { address: text, live: answered, ready: answered }),
    answer('certificate', {
      what: text,
      where: text,
      subject: text,
      from: 0,
      until: NOON,
      distrust: text,
      unverified: text,
    }),
    answer('clientCertificates', { where: text, since: null, requests: 1, atLeast: 1, below: null }),
    answer('backups', [{ job: text, node: text, startedAt: NOON, endedAt: NOON, outcome: 'failed' }]),
    ...(['etcdFigures', 'etcdMembership', 'apiServer', 'certificate'] as const).map(refused),
  ];
}

/**
 * A cluster in which everything that somebody else may have written is the given text, names included; `others` are
 * nodes beside that have names to be called by, and nothing else that is harmless.
 */
export function hostileCluster(text: string, others: readonly string[] = []): readonly ClusterEvent[] {
  const node = hostileNode(`n${text}`, text);
  const names = { name: text, namespace: text };
  const pods = [
    makePod({
      uid: 'bound',
      ...names,
      status: text,
      node: node.name,
      owner: { kind: text, name: text },
      claims: [text],
    }),
    makePod({ uid: 'bare', ...names, status: text, node: node.name, owner: null }),
    makePod({
      uid: 'pending',
      ...names,
      status: text,
      phase: 'Pending',
      owner: { kind: text, name: text },
      unscheduled: text,
      placement: { ...ANYWHERE, selector: { [text]: text } },
      tolerations: [{ key: text, operator: text, value: text, effect: text, seconds: null }],
      claims: [text],
    }),
  ];
  const resources = {
    nodes: [node, makeNode({ name: 'plain' }), ...others.map((name) => hostileNode(name, text))],
    pods: [...pods, ...others.map((name) => makePod({ uid: `on ${name}`, ...names, status: text, node: name }))],
    events: [node.name, ...others].map((name) =>
      makeEvent({ uid: `of ${name}`, node: name, reason: text, message: text, source: text, type: text }),
    ),
    storageClasses: [makeStorageClass({ name: text, provisioner: text })],
    persistentVolumes: [
      makePersistentVolume({
        name: text,
        storageClass: text,
        phase: text,
        claim: { ...names, uid: text },
        labels: { [text]: text },
      }),
    ],
    claims: [makeClaim({ ...names, storageClass: text, volume: text, phase: text })],
    volumes: [makeVolume({ name: text, node: node.name, message: text, storageClass: text })],
  };
  return [
    {
      type: 'server',
      at: NOON,
      facts: {
        cluster: text,
        context: text,
        user: text,
        kubernetesVersion: text,
        metalk8sVersion: text,
        door: { address: text, first: false },
      },
    },
    { type: 'rights', at: NOON, rights: { patchNodes: true } },
    ...Object.entries(resources).flatMap(([resource, items]) => live(resource as Resource, items as never)),
    ...live('usage', [makeUsage({ uid: node.name })]),
    { type: 'status', at: NOON, resource: 'usage', status: { state: 'stale', since: NOON - 60_000, why: text } },
    ...hostileAnswers(text),
  ];
}
