import { verdictOf } from '../checks/verdict/cluster.ts';
import type { ClusterVerdict } from '../checks/verdict/verdict.ts';
import { lossSteps, largestNode, type Loss } from '../model/headroom/loss.ts';
import { fitSteps, type Fit, type FitRequest } from '../model/headroom/fits.ts';
import { prospectsSteps, type Prospects } from '../model/headroom/pending.ts';
import { kindOf } from '../model/headroom/kind.ts';
import type { Steps } from '../model/headroom/steps.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { whyNot } from '../model/reading.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { controlPlanePicture, type ControlPlanePicture } from '../state/control-plane.ts';
import { etcdPicture, type EtcdPicture } from '../state/etcd.ts';
import { headroomSteps, keptHeadroom, wholeHeadroomSteps, type ClusterHeadroom } from '../state/headroom.ts';
import { createSites, type Sites } from '../state/kept-site.ts';
import { createLargestHole, type Hole } from '../state/largest-hole.ts';
import { createNodeTable, type NodeTable } from '../state/node-table.ts';
import { createWaiting, type Waiting } from '../state/pending-pods.ts';
import { seen } from '../state/seen.ts';
import type { Beat } from './pulse.ts';
import { NO_REST, type Work, type Worked } from './work.ts';

/** What was taken in of a cluster at one beat. Keys are answered from it; what came in since waits for the next beat. */
export type Glance = {
  readonly cluster: ClusterState;
  readonly nodes: NodeTable;
  /** Sums of the whole cluster; and of each kind of node, which may have to be worked out first. */
  readonly headroom: Pick<ClusterHeadroom, 'cluster'>;
  readonly headroomByKind: () => Worked<ClusterHeadroom>;
  /** Does what takes too long for a frame. */
  readonly work: Pick<Work, 'ask' | 'now'>;
  readonly hole: () => Hole | null;
  /** The pods that wait for a node. */
  readonly waiting: Waiting;
  /** How the cluster is, in words. */
  readonly verdict: () => ClusterVerdict;
  readonly etcd: () => EtcdPicture;
  readonly controlPlane: () => ControlPlanePicture;
  /** What the loss of a node would cost, of the largest one where none is named; null where nothing is known of it. */
  readonly loss: (node: string | null) => Worked<Loss>;
  readonly fit: (request: FitRequest) => Worked<Fit>;
  /** Where a pod that waits may go. */
  readonly prospects: (pod: PodRow) => Worked<Prospects>;
};

const storageGround = ({ revision, resources }: ClusterState): readonly unknown[] => [
  revision.nodes,
  revision.persistentVolumes,
  revision.claims,
  revision.storageClasses,
  resources.pods.status.state,
  resources.persistentVolumes.status,
  resources.claims.status,
  resources.storageClasses.status,
];

/** Gives what was made of a state before while nothing of it, nor the time, has changed. */
function keptPicture<T>(make: (state: ClusterState, now: number) => T): (state: ClusterState, now: number) => T {
  let last: { readonly revision: string; readonly now: number; readonly picture: T } | null = null;
  return (state, now) => {
    const revision = Object.values(state.revision).join();
    if (last?.revision !== revision || last.now !== now) last = { revision, now, picture: make(state, now) };
    return last.picture;
  };
}

const NOT_KNOWN: Worked<never> = { value: null, isUnderWay: false };

const arePodsSeen = ({ resources }: ClusterState): boolean =>
  whyNot(seen(null, resources.pods, 'the pods are still being read')) === null;

function* lossIn(state: ClusterState, sites: Sites, named: string | null): Steps<Loss | null> {
  const site = yield* sites.steps(state);
  const node = named ?? largestNode(site);
  return node === null ? null : yield* lossSteps(site, node, [...(state.podsByNode.get(node)?.values() ?? [])]);
}

function* inSite<T>(state: ClusterState, sites: Sites, work: (site: ReturnType<Sites>) => Steps<T>): Steps<T> {
  return yield* work(yield* sites.steps(state));
}

/** What is taken in at a beat; and what is done ahead of it, bit by bit, so that the frame finds it done. */
export type Glances = {
  (beat: Beat): Glance;
  /** Makes the next table, what was asked of the one that is shown, and `also`; until then that one stays. */
  readonly prepare: (also: (table: NodeTable) => Steps<unknown>) => Steps<void>;
};

/**
 * Gives what is taken in of a cluster at a beat, and the same for the same beat. Pods come and go all the time, so after
 * them alone the loss of the largest node is worked out anew only once ages have moved on.
 */
export function createGlances(cluster: ClusterState, work: Work): Glances {
  const [etcdIn, controlPlaneIn] = [keptPicture(etcdPicture), keptPicture(controlPlanePicture)];
  const [tableOf, waitingIn, holeIn, sites] = [createNodeTable(), createWaiting(), createLargestHole(), createSites()];
  let last: { readonly beat: Beat; readonly glance: Glance } | null = null;
  let sampled: { readonly now: number; readonly pods: number } | null = null;

  let shown: NodeTable | null = null;
  /** What the next beat shows, once it is ready; what came in since is for the beat after it. */
  let prepared: NodeTable | null = null;
  let isPreparing = false;

  function* prepare(also: (table: NodeTable) => Steps<unknown>): Steps<void> {
    isPreparing = true;
    try {
      const next = yield* tableOf.steps(cluster);
      if (shown !== null && shown !== next) yield* next.rows.measuredLike(shown.rows);
      yield* wholeHeadroomSteps(next.rows);
      yield* holeIn.steps(next.rows);
      yield* also(next);
      prepared = next;
    } finally {
      isPreparing = false;
    }
  }

  function take({ now }: Beat): Glance {
    const nodes = prepared ?? (shown === null || !isPreparing ? tableOf(cluster) : shown);
    [shown, prepared] = [nodes, null];
    if (sampled?.now !== now) sampled = { now, pods: cluster.revision.pods };
    const ground = storageGround(cluster);
    const grounds = { all: [...ground, cluster.revision.pods], seldom: [...ground, sampled.pods] };
    let verdict: ClusterVerdict | null = null;
    const verdictNow = (): ClusterVerdict =>
      verdictOf({
        state: cluster,
        rows: nodes.rows,
        etcd: etcdIn(cluster, now),
        controlPlane: controlPlaneIn(cluster, now),
        now,
      });
    return {
      cluster,
      nodes,
      verdict: () => (verdict ??= verdictNow()),
      headroom: keptHeadroom(nodes.rows),
      headroomByKind: () => work.ask('sums by kind', [nodes.rows], () => headroomSteps(nodes.rows), NO_REST),
      work,
      hole: () => holeIn(nodes.rows),
      waiting: waitingIn(cluster),
      etcd: () => etcdIn(cluster, now),
      controlPlane: () => controlPlaneIn(cluster, now),
      loss: (node) => {
        if (!arePodsSeen(cluster)) return NOT_KNOWN;
        const name = node === null ? 'loss of the largest' : `loss of ${node}`;
        const { value, isUnderWay } = work.ask(name, node === null ? grounds.seldom : grounds.all, () =>
          lossIn(cluster, sites, node),
        );
        return { value, isUnderWay };
      },
      fit: (request) =>
        work.ask(`fit ${JSON.stringify(request)}`, grounds.all, () =>
          inSite(cluster, sites, (site) => fitSteps(site, request)),
        ),
      prospects: (pod) =>
        work.ask(`prospects of ${kindOf(pod)}`, grounds.all, () =>
          inSite(cluster, sites, (site) => prospectsSteps(pod, site)),
        ),
    };
  }

  const at = (beat: Beat): Glance => {
    if (last?.beat !== beat) last = { beat, glance: take(beat) };
    return last.glance;
  };
  return Object.assign(at, { prepare });
}
