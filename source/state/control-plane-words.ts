import type { BackupCopy, ClientCertificates } from '../model/control-plane/control-plane.ts';
import { valueOf, whyNot, type Reading } from '../model/reading.ts';
import { BACKUP_LATE, COPIES_START_WITHIN } from '../product/backups.ts';
import { RENEWED_BELOW, renewalOfClients } from '../product/certificates.ts';
import { age, AGE_STEP, instant, steadyAge } from '../text/age.ts';
import { list } from '../text/words.ts';
import type {
  ApiServerStanding,
  BackupStanding,
  CertificateStanding,
  LeaderStanding,
  ServiceStanding,
  Standing,
  StaticPodStanding,
} from './control-plane.ts';

// What is said of the control plane on its screen and by its command. Names and reasons in it are hostile text.

/** How bad something is; `told` is said and is nothing bad. */
export type Gravity = 'fine' | 'told' | 'unknown' | 'warning' | 'critical';

export const GRAVITY_OF: Readonly<Record<Standing, Gravity>> = {
  serving: 'fine',
  'not-installed': 'told',
  unknown: 'unknown',
  partly: 'warning',
  down: 'critical',
  missing: 'critical',
};

/** A static pod in a word or two. */
export function staticPodWords({ row, standing }: StaticPodStanding): string {
  const pod = valueOf(row);
  if (pod === null) return standing === 'missing' ? 'missing' : standing === 'not-installed' ? 'none' : 'not known';
  if (standing === 'serving') return 'ok';
  const { status, ready } = pod;
  return status === 'Running' || status === '' ? `${ready.containers}/${ready.of} ready` : status;
}

export const restartsOf = ({ row }: StaticPodStanding): number | null => valueOf(row)?.restarts ?? null;

/** What it means that something does not serve whole, after what is said of it; nothing where it does, or nobody knows. */
export const meaningWords = (standing: Standing, { without }: { readonly without: string }): string =>
  ['partly', 'down', 'missing'].includes(standing) ? `: ${standing === 'partly' ? 'else ' : ''}${without}` : '';

/** How many of a service serve, of how many that are wanted. */
export function servingWords({ workload, standing }: ServiceStanding): string {
  const value = valueOf(workload);
  if (value === null)
    return whyNot(workload) !== null ? 'not known' : standing === 'missing' ? 'missing' : 'not installed';
  return `${value.serving}/${value.wanted}`;
}

/** A read of one of the three kinds of workloads that failed, and what failed with it. */
const FAILED_LIST = /^Cannot list (\S+)/;

/**
 * Why it is not known how services are, with the services of which that is true. What differs only in which kind of
 * workload could not be listed is told once. Hostile text.
 */
export function serviceDoubts(
  services: readonly ServiceStanding[],
): readonly { readonly why: string; readonly of: readonly ServiceStanding[] }[] {
  const unknown = services.filter(({ standing }) => standing === 'unknown');
  const whyOf = ({ workload }: ServiceStanding): string => whyNot(workload) ?? 'nobody tells';
  return Array.from(
    Map.groupBy(unknown, (one) => whyOf(one).replace(FAILED_LIST, '')),
    ([rest, of]) => {
      const kinds = [...new Set(of.flatMap((one) => FAILED_LIST.exec(whyOf(one))?.[1] ?? []))];
      return { why: kinds.length === 0 ? rest : `Cannot list ${list(kinds)}${rest}`, of };
    },
  );
}

const LEADING: Readonly<Record<LeaderStanding['standing'], { readonly gravity: Gravity; readonly words: string }>> = {
  held: { gravity: 'fine', words: 'leads' },
  lapsed: { gravity: 'critical', words: 'does not renew its lease any more' },
  free: { gravity: 'critical', words: 'nobody holds the lease' },
  missing: { gravity: 'critical', words: 'there is no lease' },
  unknown: { gravity: 'unknown', words: 'not known' },
};

export const leaderGravity = ({ standing }: LeaderStanding): Gravity => LEADING[standing].gravity;

/**
 * Why it is not known whether a leader leads: nobody tells, or its Lease was not seen to be renewed yet, and by the clock
 * of this machine alone it is neither new nor long over.
 */
export function leaderDoubt({ lease, age: renewed }: LeaderStanding): string {
  const why = whyNot(lease);
  if (why !== null) return why;
  if (renewed === null) return 'the Lease does not say when it was renewed';
  const lies = renewed < 0 ? `lies ${age(-renewed)} ahead of` : `is ${age(renewed)} old by`;
  return `its Lease was not seen to be renewed yet and ${lies} the clock of this machine, which may differ`;
}

/** Who leads a component, and when that was renewed. */
export function leaderWords(leader: LeaderStanding): string {
  const { lease, node, age: renewed, standing } = leader;
  const { words } = LEADING[standing];
  const held = valueOf(lease);
  if (standing === 'unknown') return `not known: ${leaderDoubt(leader)}`;
  if (held === null || held.holder === '') return words;
  const when = renewed === null ? '' : `, renewed ${age(renewed)} before it was asked`;
  return `${node ?? held.holder} ${words}${when}`;
}

/** How an API server answers. */
export function apiServerWords(server: ApiServerStanding, now: number): { gravity: Gravity; words: string } {
  const { health, lostSince, failing } = server;
  if (lostSince !== null) {
    const long = now - lostSince < AGE_STEP ? '' : ` for ${steadyAge(lostSince, now)}`;
    return { gravity: 'critical', words: `no answer${long}` };
  }
  const value = valueOf(health);
  if (value === null) return { gravity: 'unknown', words: `not known: ${whyNot(health) ?? ''}` };
  const { live, ready } = value;
  if (live.ok && ready.ok) return { gravity: 'fine', words: `live and ready by ${ready.checks.length} checks` };
  const failed = failing.length === 0 ? '' : `: ${list(failing, 5)} ${failing.length === 1 ? 'fails' : 'fail'}`;
  return { gravity: live.ok ? 'warning' : 'critical', words: `${live.ok ? 'live, not ready' : 'not live'}${failed}` };
}

const RENEWALS: Readonly<Record<NonNullable<CertificateStanding['renewal']>, { gravity: Gravity; words: string }>> = {
  'not-due': { gravity: 'fine', words: 'holds' },
  due: { gravity: 'told', words: 'renewed by the next state run of Salt' },
  overdue: { gravity: 'warning', words: 'should have been renewed by Salt' },
  expired: { gravity: 'critical', words: 'expired' },
  'not-yet-valid': { gravity: 'critical', words: 'not valid yet' },
};

/** The same where there is no room for a clause. */
const SHORT_RENEWALS: Readonly<Record<keyof typeof RENEWALS, string>> = {
  'not-due': 'holds',
  due: 'due',
  overdue: 'overdue',
  expired: 'expired',
  'not-yet-valid': 'too early',
};

/** Why the end of a certificate is not known that is shown by nobody. */
export const UNTIL_SALT = 'Salt alone knows it, which this version does not read';

type Said = { readonly gravity: Gravity; readonly words: string };

/** What becomes of a certificate, or why it could not be read; `short` where there is room for no more than two words. */
export function certificateWords({ certificate, renewal }: CertificateStanding): Said & { readonly short: string } {
  const value = valueOf(certificate);
  if (value === null || renewal === null)
    return { gravity: 'unknown', words: `not known: ${whyNot(certificate) ?? ''}`, short: 'not known' };
  const { gravity, words } = RENEWALS[renewal];
  const short = SHORT_RENEWALS[renewal];
  const { unverified, distrust } = value;
  if (unverified !== null) return { gravity, words: `${words}; not verified: ${unverified}`, short };
  if (distrust === null) return { gravity, words, short };
  return {
    gravity: gravity === 'critical' ? 'critical' : 'warning',
    words: `${words}; not trusted: ${distrust}`,
    short: 'distrusted',
  };
}

const SECOND = 1_000;

/** How long the client certificates of requests still hold, by the bounds between which an API server counts them. */
export function clientWords(clients: Reading<ClientCertificates>): { gravity: Gravity; words: string } {
  const value = valueOf(clients);
  if (value === null) return { gravity: 'unknown', words: `not known: ${whyNot(clients) ?? ''}` };
  const { atLeast, below, since, requests } = value;
  const counted = `of ${requests} requests since ${since === null ? 'the API server was started' : instant(since)}`;
  if (atLeast === null) return { gravity: 'told', words: 'no request came by one' };
  const renewal = renewalOfClients(value);
  if (below !== null && renewal !== null && renewal !== 'not-due') {
    const { gravity, words } = RENEWALS[renewal];
    return { gravity, words: `one ends in less than ${age(below * SECOND)}: ${words} (${counted})` };
  }
  if (since === null && below !== null && below * SECOND <= RENEWED_BELOW) {
    const held = `one held for less than ${age(below * SECOND)}`;
    return { gravity: 'told', words: `${held}, in use still or no more: the next look tells (${counted})` };
  }
  return { gravity: 'fine', words: `all held for ${age(atLeast * SECOND)} at least (${counted})` };
}

/** `37d`, or `?` when it could not be read; what is over is told as such. */
export const daysWords = ({ daysLeft }: CertificateStanding, unknown: string): string =>
  daysLeft === null ? unknown : daysLeft < 0 ? 'over' : `${daysLeft}d`;

/** The copying of an archive in a line. */
export function copyWords({ job, node, startedAt, endedAt, outcome }: BackupCopy): string {
  const when = endedAt ?? startedAt;
  return `${job}${node === null ? '' : ` to ${node}`}: ${outcome}${when === null ? '' : `, ${instant(when)}`}`;
}

/** The nodes that have the newest archive: those to which it was copied whole, in what was started with the newest. */
function holdersOf({ newest, copies }: BackupStanding): readonly string[] {
  if (newest === null) return [];
  const { startedAt } = newest;
  const beside = copies.filter(
    (copy) =>
      copy.outcome === 'done' &&
      copy.startedAt !== null &&
      startedAt !== null &&
      Math.abs(copy.startedAt - startedAt) <= COPIES_START_WITHIN,
  );
  return [...new Set([newest, ...beside].flatMap(({ node }) => node ?? []))].toSorted();
}

/** The newest backup, its age and where it is, or that there is none. */
export function backupWords(standing: BackupStanding): { gravity: Gravity; words: string } {
  const { newest, age: old } = standing;
  if (newest === null) return { gravity: 'warning', words: 'no backup was copied to any master' };
  const holders = holdersOf(standing);
  const to = holders.length === 0 ? '' : `, copied to ${list(holders, 5)}`;
  if (old === null) return { gravity: 'unknown', words: `when the newest ended is not told${to}` };
  return { gravity: old > BACKUP_LATE ? 'warning' : 'fine', words: `newest ${age(old)} ago${to}` };
}
