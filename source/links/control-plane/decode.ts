import type { BackupCopy, HealthCheck, LeaderLease } from '../../model/control-plane/control-plane.ts';
import { BACKUP_JOB } from '../../product/backups.ts';
import { LEADER_LEASES } from '../../product/services.ts';
import { isAddress } from '../kubernetes/doors.ts';
import { asName, asNumber, asObject, asObjects, asText, asTexts, asTime, type Fields } from '../kubernetes/fields.ts';

/** A Lease as it came: when its renewal was seen is known to whoever asks. */
export type Lease = Omit<LeaderLease, 'movedAt'>;

const nameOf = (object: Fields): string => asText(asObject(object['metadata'])?.['name']);

/** The items of a list, or null where the answer is no list. */
const itemsOf = (list: unknown): readonly Fields[] | null => {
  const items = asObject(list)?.['items'];
  return Array.isArray(items) ? asObjects(items) : null;
};

/** The leaders' Leases in a LeaseList (coordination.k8s.io/v1), or null when it is none. */
export function decodeLeases(list: unknown): readonly Lease[] | null {
  const leaders: readonly string[] = LEADER_LEASES;
  const leases = itemsOf(list)?.filter((lease) => leaders.includes(nameOf(lease)));
  return leases?.map(decodeLease) ?? null;
}

function decodeLease(lease: Fields): Lease {
  const spec = asObject(lease['spec']);
  return {
    name: nameOf(lease),
    holder: asText(spec?.['holderIdentity']),
    renewedAt: asTime(spec?.['renewTime']),
    seconds: asNumber(spec?.['leaseDurationSeconds']),
    transitions: asNumber(spec?.['leaseTransitions']),
  };
}

/** The Jobs in a JobList (batch/v1) that copied a backup, or null when it is none. */
export function decodeBackups(list: unknown): readonly BackupCopy[] | null {
  return (
    itemsOf(list)
      ?.filter((job) => BACKUP_JOB.test(nameOf(job)))
      .map(decodeBackup) ?? null
  );
}

function decodeBackup(job: Fields): BackupCopy {
  const status = asObject(job['status']);
  const conditions = asObjects(status?.['conditions']);
  const isTrue = (wanted: string) => conditions.find(({ type, status }) => type === wanted && status === 'True');
  const [done, failed] = [isTrue('Complete'), isTrue('Failed')];
  return {
    job: nameOf(job),
    node: placeOf(job),
    startedAt: asTime(status?.['startTime']),
    endedAt: asTime(status?.['completionTime']) ?? asTime((done ?? failed)?.['lastTransitionTime']),
    outcome: done ? 'done' : failed ? 'failed' : 'running',
  };
}

const HOSTNAME = 'kubernetes.io/hostname';

/** The node that the pods of a Job are bound to, if it says one. */
function placeOf(job: Fields): string | null {
  const template = asObject(asObject(job['spec'])?.['template']);
  const spec = asObject(template?.['spec']);
  return asName(spec?.['nodeName']) ?? asTexts(spec?.['nodeSelector'])[HOSTNAME] ?? null;
}

/** A line of `?verbose`, as in `[-]etcd failed: reason withheld` (Kubernetes: apiserver, healthz). */
const CHECK = /^\[([+-])\](.+?) (?:ok|failed|excluded)\b/;

/** The checks of an answer of `/livez?verbose` or `/readyz?verbose`; whatever else it says is left out. */
export const decodeChecks = (text: string): readonly HealthCheck[] =>
  text.split('\n').flatMap((line) => {
    const [, sign, name] = CHECK.exec(line) ?? [];
    return name === undefined ? [] : [{ name, ok: sign === '+' }];
  });

/**
 * The address of the control-plane ingress as the ClusterConfig of MetalK8s has it: the one in use, else the one that is
 * wanted; null where it leaves that to the bootstrap node.
 */
export function decodeIngress(config: unknown): string | null {
  const plane = (part: string) =>
    asObject(asObject(asObject(asObject(config)?.[part])?.['controlPlane'])?.['ingress']) ?? {};
  const wanted = plane('spec');
  const address = (kind: string) => asObject(wanted[kind])?.['address'];
  return (
    [plane('status')['ip'], address('managedVirtualIP'), address('externalIP')]
      .map(asName)
      .find((found) => found !== null && isAddress(found)) ?? null
  );
}
