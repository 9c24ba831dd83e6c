import { microTimestamp, timestamp } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Lease } from '../wire.ts';
import { SITE_AGE } from './machines.ts';
import type { Site } from './site.ts';

/** Components of which one leads and the others stand by, by a Lease of their name in kube-system. */
const COMPONENTS = ['kube-scheduler', 'kube-controller-manager'];
const NAMESPACE = 'kube-system';

/** How long a renewal holds, and how often the leader renews (Kubernetes: `--leader-elect-lease-duration`, `-retry-period`). */
const LEASE_SECONDS = 15;
const RENEWAL_MILLISECONDS = 2000;

/** Those who lead the scheduler and the controller manager renew their leases; when one is gone, another takes over. */
export function runLeaders(
  site: Site,
  masters: readonly string[],
  isAlive: (node: string) => boolean,
  beats: () => boolean,
  random: Random,
): void {
  const { leases, clock } = site;
  if (masters.length === 0) return;
  const identities = new Map(masters.map((node) => [node, `${node}_${random.uuid()}`]));
  const started = clock.now() - SITE_AGE;

  for (const [place, name] of COMPONENTS.entries()) {
    const node = masters[place % masters.length] ?? '';
    const acquireTime = microTimestamp(started + 120_000);
    leases.seed({
      metadata: {
        name,
        namespace: NAMESPACE,
        uid: random.uuid(),
        resourceVersion: '',
        creationTimestamp: timestamp(started),
      },
      spec: {
        holderIdentity: identities.get(node) ?? '',
        leaseDurationSeconds: LEASE_SECONDS,
        acquireTime,
        renewTime: microTimestamp(clock.now()),
        leaseTransitions: place + 1,
      },
    });
  }

  const holderOf = ({ spec: { holderIdentity } }: Lease): string | undefined =>
    masters.find((node) => identities.get(node) === holderIdentity);

  function renewed(lease: Lease): Lease {
    const now = clock.now();
    const renewTime = microTimestamp(now);
    const holder = holderOf(lease);
    if (holder !== undefined && isAlive(holder)) return { ...lease, spec: { ...lease.spec, renewTime } };
    const runsOut = Date.parse(lease.spec.renewTime ?? '') + LEASE_SECONDS * 1000;
    const next = masters.find((node) => isAlive(node));
    if (next === undefined || now < runsOut) return lease;
    const { leaseTransitions = NaN } = lease.spec;
    const taken = { holderIdentity: identities.get(next) ?? '', leaseTransitions: leaseTransitions + 1 };
    return { ...lease, spec: { ...lease.spec, ...taken, acquireTime: renewTime, renewTime } };
  }

  const beat = (): void => {
    if (!beats()) return;
    for (const name of COMPONENTS) leases.update(`${NAMESPACE}/${name}`, renewed);
    site.after(RENEWAL_MILLISECONDS, beat);
  };
  if (beats()) site.after(RENEWAL_MILLISECONDS, beat);
}
