import type { EventRow } from '../model/kubernetes/event.ts';
import { isFinished, type PodRow } from '../model/kubernetes/pod.ts';
import { whyNot } from '../model/reading.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { nodeRow, rowSources } from '../state/node-rows.ts';
import { podsBySize } from '../state/pods-by-size.ts';
import { seen } from '../state/seen.ts';
import { checkNodeName, noSuchNode } from './choose-nodes.ts';
import { withSession } from './cluster.ts';
import type { Call, Run } from './command.ts';
import { envelope } from './envelope.ts';
import { exitCode, UsageError } from './exit.ts';
import type { NodeDocument } from './kinds/node.ts';
import { inBaseUnits, nodeItem } from './node-item.ts';
import { nodeText, type NodePage } from './node-text.ts';
import { print, say } from './output.ts';
import { instantOrNull, told } from './told.ts';

const BEING_READ = 'it is still being read';

function pageOf(name: string, state: ClusterState): NodePage {
  const node = state.nodes.get(name);
  if (node === undefined) throw new UsageError(noSuchNode(name, state));
  const { pods, events } = state.resources;
  return {
    row: nodeRow(node, rowSources(state, name)),
    pods: seen(podsBySize(state, node), pods, BEING_READ),
    events: seen((state.eventsByNode.get(name) ?? []).toReversed(), events, BEING_READ),
  };
}

const podItem = (pod: PodRow): NonNullable<NodeDocument['podList']>[number] => ({
  namespace: pod.namespace,
  name: pod.name,
  uid: pod.uid,
  status: pod.status,
  ready: pod.ready,
  restarts: pod.restarts,
  createdAt: instantOrNull(pod.createdAt),
  owner: pod.owner,
  finished: isFinished(pod),
  requested: inBaseUnits(pod.requests),
  limits: inBaseUnits(pod.limits),
});

const eventItem = ({ type, reason, message, source, count, at }: EventRow) => ({
  type,
  reason,
  message,
  source,
  count,
  at: instantOrNull(at),
});

function documentOf(call: Call, state: ClusterState, { row, pods, events }: NodePage): NodeDocument {
  const { node } = row;
  return {
    ...envelope('Node', state, call),
    ...nodeItem(row),
    conditions: node.conditions.map((condition) => ({ ...condition, since: instantOrNull(condition.since) })),
    addresses: [...node.addresses],
    labels: { ...node.labels },
    annotations: { ...node.annotations },
    system: node.system,
    ...told('podList', pods, (rows) => rows.map(podItem)),
    ...told('events', events, (rows) => rows.map(eventItem)),
  };
}

export const node: Run = (call) => {
  const [name = ''] = call.arguments;
  checkNodeName(name);
  return withSession(
    call,
    { resources: ['nodes', 'pods', 'events', 'usage'], of: [name] },
    async ({ store: { state }, now }) => {
      const page = pageOf(name, state);
      await print(call, {
        document: () => documentOf(call, state, page),
        text: () => nodeText(page, now()),
      });
      const missing = [whyNot(page.pods), whyNot(page.events)].filter((why) => why !== null);
      for (const why of missing) await say(call, `Something of the node is not known: ${why}.`);
      return exitCode(missing.length === 0 ? 'done' : 'untold');
    },
  );
};
