// What becomes of the pods of a node that is lost.
import { lossOf } from '../../../source/model/headroom/loss.ts';
import type { Place, Site } from '../../../source/model/headroom/site.ts';
import type { PodRow } from '../../../source/model/kubernetes/pod.ts';
import type { AgreementRow } from '../agreement.ts';
import { comparison } from '../comparison.ts';
import type { PodObject } from '../wire.ts';
import { met, OVER_COMMITTED, SCHEDULER, words, type Court } from './court.ts';
import { createPoints } from './points.ts';
import { isEnded, type HostedPod } from './pods.ts';
import { loseNode, podsOn, removePods, returnNode } from './site.ts';
import { fitting, OLDER } from './told.ts';

const CHOICE =
  'Of the nodes that a pod fits on the scheduler takes any of those with the most points, and 1.20 gives points otherwise than 1.29, which the console follows.';

export const LOSS = {
  fate: comparison(
    'pods of a lost node, each by itself',
    SCHEDULER,
    `Bound to a node without obstacle, or pending for want of one, after what became of those before it. ${OVER_COMMITTED}`,
  ),
  where: comparison('nodes that the pods of a lost node go to', SCHEDULER, ''),
  pending: comparison('pods that stay pending after a loss', SCHEDULER, ''),
};

/** How often chance had it that both said the same where they need not. */
const agreed = { losses: 0, alike: 0, pods: 0, there: 0 };

/** The rows of these comparisons, with what chance made of them this time. */
export function lossRows(): AgreementRow[] {
  const { losses, alike, pods, there } = agreed;
  return [
    LOSS.fate.row(),
    {
      ...LOSS.where.row(),
      note: `${CHOICE} This time ${there} of ${pods} went to the very node that the console names; every other one to one that has the most points by the rules of 1.20.`,
    },
    {
      ...LOSS.pending.row(),
      note: `Those bound to volumes of the node among them; the scheduler is given the pods one by one, in the console's order. This time ${alike} of ${losses} losses left the very pods pending that the console names; where others stay pending because one before them went to another node, it is no case.`,
    },
  ];
}

/** Whether a controller makes the pod again when its node is gone. */
const isMadeAgain = ({ manifest, state }: HostedPod): boolean => {
  const kind = manifest.metadata.ownerReferences?.[0]?.kind;
  return !isEnded(state) && kind !== undefined && kind !== 'Node' && kind !== 'DaemonSet';
};

/** What the console says of a loss, against what the scheduler makes of the very pods. */
export async function compareLoss(court: Court, node: string, rows: readonly PodRow[]): Promise<void> {
  const { api, judge, site, planted, now } = court;
  const told = lossOf(site, node, rows);
  const held = told.bound.filter(({ owner }) => owner !== null);
  const again = new Map(
    podsOn(planted, node)
      .filter(isMadeAgain)
      .map(({ manifest }) => [manifest.metadata.name, manifest]),
  );
  const inOrder = [...inTurn(site, [...told.moved.map(({ pod }) => pod), ...told.pending]), ...held];
  if (
    inOrder
      .map(({ name }) => name)
      .sort()
      .join() !== [...again.keys()].sort().join()
  )
    throw new Error(
      `The pods that the console tells of are not those that controllers make again when ${node} is lost.`,
    );

  const places = new Map(
    site.places.filter((place) => place.node.name !== node).map((place) => [place.node.name, place]),
  );
  const destinations = new Map(told.moved.map(({ pod, to }) => [pod.name, to]));
  const points = createPoints(planted);
  const created: PodObject[] = [];
  const pending: string[] = [];
  const asTold = { fate: true, where: true };
  await loseNode(api, planted, node);
  await judge.settle(places.size);
  for (const row of inOrder) {
    const pod = unbound(again.get(row.name));
    created.push(pod);
    const said = (await judge.judge([pod])).get(row.name);
    const verdict = words(said);
    const where = `${node}: ${row.name}${said !== undefined && 'message' in said ? ` (${said.message})` : ''}`;
    const rest: Site = { places: [...places.values()], storage: site.storage };
    const agrees = (nodes: readonly string[]) => (verdict === 'pending' ? nodes.length === 0 : nodes.includes(verdict));
    const nodes = fitting(row, rest);
    const older = fitting(row, rest, OLDER);
    LOSS.fate.compare(where, agrees(nodes) ? verdict : nodes, verdict, () => agrees(older));
    asTold.fate &&= agrees(nodes);
    const place = places.get(verdict);
    if (place === undefined) pending.push(row.name);
    else {
      const to = destinations.get(row.name) ?? 'pending';
      const best = points.best(pod.spec, older);
      LOSS.where.compare(where, to === verdict || best.includes(verdict) ? verdict : [to, ...best], verdict);
      asTold.where &&= to === verdict;
      agreed.pods += 1;
      agreed.there += Number(to === verdict);
      places.set(verdict, holding(place, row));
      points.add(pod.spec, verdict);
    }
  }
  const names = [...told.pending, ...held].map(({ name }) => name).sort();
  const alike = names.join() === pending.sort().join();
  const byChance = !alike && asTold.fate && !asTold.where;
  if (!byChance) LOSS.pending.compare(node, names, pending);
  agreed.losses += 1;
  agreed.alike += Number(alike);
  met.moved += told.moved.length;
  met.pending += told.pending.length;
  met.held += held.length;
  await removePods(api, created);
  await returnNode(api, planted, node, now);
  await judge.settle(site.places.length);
}

/** A pod as its controller makes it again. */
function unbound(pod: PodObject | undefined): PodObject {
  if (pod === undefined) throw new Error('The pod is none of those that were planted.');
  const { name, namespace = '', labels = {} } = pod.metadata;
  const spec = Object.fromEntries(Object.entries(pod.spec).filter(([field]) => field !== 'nodeName'));
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: spec as PodObject['spec'] };
}

/** A place with one more pod on it. */
const holding = (place: Place, { requests, placement }: PodRow): Place => ({
  ...place,
  taken: {
    cpu: place.taken.cpu + requests.cpu,
    memory: place.taken.memory + requests.memory,
    ephemeralStorage: place.taken.ephemeralStorage + requests.ephemeralStorage,
    pods: place.taken.pods + 1,
  },
  hostPorts: [...place.hostPorts, ...placement.hostPorts],
});

/** The order in which the console thinks of the pods: by priority, then the larger share of all CPU or memory, then by name. */
function inTurn({ places }: Site, rows: readonly PodRow[]): PodRow[] {
  const whole = (resource: 'cpu' | 'memory') =>
    places.reduce((sum, { node: { allocatable } }) => {
      const isTold = Object.values(allocatable).every((amount) => amount !== null);
      return isTold && allocatable[resource] !== null ? sum + allocatable[resource] : sum;
    }, 0);
  const [cpu, memory] = [whole('cpu'), whole('memory')];
  const size = ({ requests }: PodRow) => Math.max(requests.cpu / cpu, requests.memory / memory);
  const key = ({ namespace, name }: PodRow) => `${namespace}/${name}`;
  return rows.toSorted(
    (one, other) => other.priority - one.priority || size(other) - size(one) || (key(one) < key(other) ? -1 : 1),
  );
}
