import { largestNode, lossOf } from '../../source/model/headroom/loss.ts';
import { nearestTo } from '../../source/model/headroom/pending.ts';
import type { Candidate } from '../../source/model/headroom/site.ts';
import { ANYWHERE } from '../../source/model/kubernetes/placement.ts';
import { openOnce } from '../../source/session/open-session.ts';
import type { ClusterState } from '../../source/state/cluster-state.ts';
import { headroomOf } from '../../source/state/headroom.ts';
import { createSites } from '../../source/state/kept-site.ts';
import { createNodeTable } from '../../source/state/node-table.ts';
import type { Cluster } from '../cluster.ts';
import type { Measured } from '../figures.ts';

/** More than any machine has, so that every node is looked at to the end. */
const HUGE: Candidate = {
  namespace: 'default',
  requests: { cpu: 1_000_000, memory: 2 ** 45, ephemeralStorage: 0 },
  tolerations: [],
  placement: ANYWHERE,
  claims: [],
  priority: 0,
};

/** Milliseconds of each run; `prepare` is not counted, and makes what no run may keep for the next. */
function timed<T>(runs: number, prepare: () => T, work: (prepared: T) => unknown): readonly number[] {
  return Array.from({ length: runs }, () => {
    const prepared = prepare();
    const began = performance.now();
    work(prepared);
    return performance.now() - began;
  });
}

/** The picture of a cluster, read once. */
async function pictureOf(cluster: Cluster): Promise<ClusterState> {
  const session = await openOnce(
    { kubeconfig: cluster.kubeconfig, environment: cluster.environment, readOnly: true, version: 'bench' },
    { resources: ['nodes', 'pods', 'persistentVolumes', 'claims', 'storageClasses'] },
  );
  await session.close();
  return session.store.state;
}

/** How long working out room takes with nothing kept, as after a change of pods, in the process that measures. */
export async function measureHeadroom(cluster: Cluster, plan: { runs: number }): Promise<Measured> {
  const state = await pictureOf(cluster);
  const site = () => createSites()(state);
  const lost = largestNode(site());
  if (lost === null) throw new Error('The cluster that is measured has no node that is Ready.');
  return {
    'headroom-loss': timed(plan.runs, site, (fresh) => lossOf(fresh, lost, state.podsByNode.get(lost)?.values() ?? [])),
    'headroom-nearest': timed(plan.runs, site, (fresh) => nearestTo(HUGE, fresh)),
    'headroom-sums': timed(plan.runs, () => createNodeTable()(state).rows, headroomOf),
  };
}
