import type { Fit } from '../model/headroom/fits.ts';
import type { Loss } from '../model/headroom/loss.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { headroomOf } from '../state/headroom.ts';
import type { Headroom } from '../state/headroom-sum.ts';
import { againstWords, type StorageFacts } from '../state/obstacle-words.ts';
import type { Call } from './command.ts';
import { envelope } from './envelope.ts';
import type { HeadroomAnswer } from './headroom-answer.ts';
import type { HeadroomDocument } from './kinds/headroom.ts';
import { demandUnits, inBaseUnits, offered, placeOf, usedUnits } from './node-item.ts';
import { told } from './told.ts';

function figures(headroom: Headroom) {
  return {
    nodes: headroom.nodes,
    openNodes: headroom.open,
    untoldNodes: headroom.untold,
    ...told('allocatable', headroom.allocatable, offered),
    ...told('requested', headroom.requested, offered),
    ...told('limits', headroom.limits, inBaseUnits),
    ...told('unlimited', headroom.unlimited, (counts) => counts),
    ...told('used', headroom.used, usedUnits),
    measuredNodes: headroom.measured,
    ...told('free', headroom.free, offered),
    ...told('freeForWorkloads', headroom.freeForWorkloads, offered),
    demand: demandUnits(headroom.demand),
    undersized: [...headroom.undersized],
    tight: [...headroom.tight],
  };
}

const podItem = ({ namespace, name, uid }: PodRow) => ({ namespace, name, uid });

const lossItem = (loss: Loss): NonNullable<HeadroomDocument['ifLost']> => ({
  node: loss.node,
  fits: loss.fits,
  vanishing: loss.vanishing,
  moved: loss.moved.map(({ pod, to }) => ({ ...podItem(pod), to })),
  pending: loss.pending.map(podItem),
  bound: loss.bound.map(podItem),
  leaving: loss.leaving.map(podItem),
  unowned: loss.unowned.map(podItem),
  untold: loss.untold.map(podItem),
  ...told('left', loss.left, offered),
  estimate: true,
  notModelled: [...loss.unmodelled],
});

const fitItem =
  (facts: StorageFacts) =>
  ({ request, fits, most, where, obstacles }: Fit): NonNullable<HeadroomDocument['fits']>[number] => ({
    request: {
      cpu: request.cpu / 1_000,
      memory: request.memory,
      ephemeralStorage: request.ephemeralStorage,
      replicas: request.replicas,
      selector: { ...request.selector },
    },
    fits,
    most,
    where: [...where],
    obstacles: obstacles.map((against) => ({ obstacle: againstWords(against, facts), nodes: against.nodes })),
  });

/** The figures of each kind of nodes, by its name. */
const byKind = <K extends string>(kinds: ReadonlyMap<K, Headroom>) =>
  Object.fromEntries([...kinds].map(([kind, headroom]) => [kind, figures(headroom)])) as Record<
    K,
    ReturnType<typeof figures>
  >;

/** All that `headroom` answers, as programs read it. */
export function headroomDocument(call: Call, state: ClusterState, answer: HeadroomAnswer): HeadroomDocument {
  const { question, rows, sums, hole, loss, fits, facts } = answer;
  const { cluster: name, ...envelopeOf } = envelope('Headroom', state, call);
  return {
    ...envelopeOf,
    cluster: { name, ...figures(sums.cluster) },
    role: question.role,
    byGroup: byKind(sums.byGroup),
    byPlane: byKind(sums.byPlane),
    byRole: byKind(sums.byRole),
    byNode: Object.fromEntries(
      rows.map((row) => [row.node.name, { ...figures(headroomOf([row])), ...placeOf(row) }] as const),
    ),
    ...told('largestHole', hole, ({ node, free }) => ({ node, free: offered(free) })),
    ...told('ifLost', loss, lossItem),
    ...told('fits', fits, (all) => all.map(fitItem(facts))),
  };
}
