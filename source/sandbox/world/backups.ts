import { timestamp } from '../clock.ts';
import type { Random } from '../random.ts';
import type { KubernetesObject } from '../wire.ts';
import type { Machine } from './machines.ts';
import type { Site } from './site.ts';
import { product } from './workloads/product.ts';

/** When the bootstrap last made an archive by its schedule, and when it does so again, in ms. */
const LAST_AGO = 5 * 3_600_000;
const EVERY = 86_400_000;
/** Finished Jobs go after so many seconds (MetalK8s: `ttlSecondsAfterFinished`). */
const KEPT_SECONDS = 86_400;

const LABELS = {
  'app.kubernetes.io/name': 'backup-replication',
  'app.kubernetes.io/part-of': 'metalk8s',
  'app.kubernetes.io/managed-by': 'salt',
};
const NAMESPACE = 'kube-system';

/** The Job by which a master copies the archive. It has ended when `ended` is given. */
function jobOf(node: string, random: Random, started: number, ended: number | null): KubernetesObject {
  const at = timestamp(started);
  const done = ended === null ? null : timestamp(ended);
  return {
    metadata: {
      name: `backup-replication-${random.suffix(5)}`,
      generateName: 'backup-replication-',
      namespace: NAMESPACE,
      uid: random.uuid(),
      resourceVersion: '',
      generation: 1,
      creationTimestamp: at,
      labels: LABELS,
    },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 4,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: {
        metadata: { labels: LABELS },
        spec: {
          nodeName: node,
          restartPolicy: 'Never',
          containers: [{ name: 'backup-replication', image: product('metalk8s-utils', '129.0.0') }],
        },
      },
    },
    status:
      done === null
        ? { startTime: at, active: 1 }
        : {
            startTime: at,
            completionTime: done,
            succeeded: 1,
            conditions: [{ type: 'Complete', status: 'True', lastProbeTime: done, lastTransitionTime: done }],
          },
  } as KubernetesObject;
}

/** How long a master takes to copy an archive, in ms. */
const copying = (random: Random): number => random.between(3, 9) * 1000;

/**
 * Each master has a copy of the newest archive, some hours old; the next is made a day after it. Answers what has the
 * masters copy a new archive.
 */
export function seedBackups(site: Site, machines: readonly Machine[], random: Random): () => void {
  const masters = machines.filter(({ roles }) => roles.includes('master'));
  const jobs = site.collection('jobs');
  const last = site.clock.now() - LAST_AGO;
  const forget = (job: KubernetesObject, ended: number): void => {
    const { name, namespace = '' } = job.metadata;
    site.after(ended + KEPT_SECONDS * 1000 - site.clock.now(), () => void jobs.remove(`${namespace}/${name}`));
  };
  for (const { name } of masters) {
    const ended = last + copying(random);
    forget(jobs.seed(jobOf(name, random, last, ended)), ended);
  }

  const copy = (): void => {
    const started = site.clock.now();
    for (const { name } of masters) {
      const job = jobs.put(jobOf(name, random, started, null));
      site.after(copying(random), () => {
        const ended = site.clock.now();
        const { metadata } = job;
        jobs.update(`${NAMESPACE}/${metadata.name}`, () => ({ ...jobOf(name, random, started, ended), metadata }));
        forget(job, ended);
      });
    }
  };
  const daily = (): void => {
    copy();
    site.after(EVERY, daily);
  };
  site.after(EVERY - LAST_AGO, daily);
  return copy;
}
