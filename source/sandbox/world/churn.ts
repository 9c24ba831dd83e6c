import type { OwnerReference } from '../wire.ts';
import { ownerOf, podOf, type Owner } from './owner.ts';
import type { Owners } from './owners.ts';
import { isLeaving, isReady } from './pods.ts';
import type { Site } from './site.ts';
import type { Workload } from './workloads/workload.ts';

/** Finished jobs that a CronJob keeps (`successfulJobsHistoryLimit`). */
const KEPT_JOBS = 3;
/** Milliseconds between the starts of two rollouts, and between two looks at a running one. */
const ROLLOUT_INTERVAL = 240_000;
const ROLLOUT_STEP = 2000;

/** Pods that come and go: CronJobs that run, and applications that are rolled out anew now and then. */
export function runChurn(
  site: Site,
  owners: Owners,
  workloads: readonly Workload[],
  parents: ReadonlyMap<string, OwnerReference>,
): void {
  for (const workload of workloads) {
    const parent = parents.get(`${workload.namespace}/${workload.name}`);
    if (workload.kind === 'CronJob' && parent) runCronJob(site, owners, workload, parent);
  }
  runRollouts(site, owners);
}

function runCronJob(site: Site, owners: Owners, workload: Workload, parent: OwnerReference): void {
  const { every = 60 } = workload;
  const start = (): void => {
    const owner = ownerOf(site, workload, site.clock.now(), parent);
    // Two runs of one minute would have one name.
    if (![...owners.all()].some(({ name }) => name === owner.name)) {
      owners.add(owner);
      site.pods.put(podOf(site, owner, site.clock.now()));
      dropOldJobs(owners, parent);
    }
    site.after(every * 1000, start);
  };
  site.after(site.random.between(2, every) * 1000, start);
}

function dropOldJobs(owners: Owners, parent: OwnerReference): void {
  const jobs = [...owners.all()].filter((owner) => owner.parent?.uid === parent.uid);
  jobs.sort((a, b) => a.createdAt - b.createdAt);
  for (const old of jobs.slice(0, Math.max(0, jobs.length - KEPT_JOBS - 1))) owners.drop(old);
}

function runRollouts(site: Site, owners: Owners): void {
  const begin = (): void => {
    const rolling = [...owners.all()].filter(({ workload, desired }) => workload.rolls === true && desired > 0);
    const old = rolling[site.random.between(0, Math.max(0, rolling.length - 1))];
    if (old) rollOut(site, owners, old);
    site.after(ROLLOUT_INTERVAL, begin);
  };
  site.after(ROLLOUT_INTERVAL / 4, begin);
}

/** Replaces the pods of a ReplicaSet one by one by those of a new one, never with fewer ready than before. */
function rollOut(site: Site, owners: Owners, old: Owner): void {
  const wanted = old.desired;
  const next = ownerOf(site, old.workload, site.clock.now(), old.parent);
  next.desired = 0;
  owners.add(next);
  const step = (): void => {
    const pods = [...site.index.ownedBy(next.uid)].filter((pod) => !isLeaving(pod));
    const ready = pods.filter(isReady).length;
    if (ready === next.desired) {
      if (old.desired > wanted - ready) owners.scale(old, wanted - ready);
      else if (next.desired < wanted) owners.scale(next, next.desired + 1);
      else {
        owners.drop(old);
        return;
      }
    }
    site.after(ROLLOUT_STEP, step);
  };
  step();
}
