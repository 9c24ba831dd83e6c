import type { CertificateEnd, ClientCertificates } from '../model/control-plane/control-plane.ts';
import type { Role } from './roles.ts';

const DAY = 86_400_000;

/** MetalK8s: a certificate holds a year, a state run renews it below 90 days, and a beacon has that done at 45. */
export const VALID_FOR = 365 * DAY;
export const RENEWED_BELOW = 90 * DAY;
export const BEACON_AT = 45 * DAY;

/**
 * How near the end of a certificate is: `due` is renewed by the next state run, `overdue` should have been by now.
 * One that holds for less than a year is measured by the same shares of its time.
 */
export const RENEWALS = ['not-due', 'due', 'overdue', 'expired', 'not-yet-valid'] as const;
export type Renewal = (typeof RENEWALS)[number];

/** The renewal that the product's rules ask for at `now`, ms since the epoch. */
export function renewalOf({ from, until }: Pick<CertificateEnd, 'from' | 'until'>, now: number): Renewal {
  const left = until - now;
  const share = Math.min(1, Math.max(0, until - from) / VALID_FOR);
  if (left <= 0) return 'expired';
  if (now < from) return 'not-yet-valid';
  if (left < BEACON_AT * share) return 'overdue';
  return left < RENEWED_BELOW * share ? 'due' : 'not-due';
}

/** Whole days until the end; negative once it is over. */
export const daysLeft = ({ until }: Pick<CertificateEnd, 'until'>, now: number): number =>
  Math.floor((until - now) / DAY);

/** Ports on which the control plane shows certificates, and what each is for (MetalK8s: "Listening Processes"). */
export const API_SERVER_PORT = 6443;
export const INGRESS_PORT = 8443;
export const WORKLOAD_INGRESS_PORT = 443;
export const OF_API_SERVER = 'API server';
export const OF_INGRESS = 'control-plane ingress';
export const OF_WORKLOAD_INGRESS = 'workload ingress';
export const OF_KUBECONFIG = 'client of the kubeconfig';
export const OF_CA = 'CA of the cluster';
/** Where the certificates of the kubeconfig are read: that of its user, and the CA that it trusts. */
export const KUBECONFIG = 'the kubeconfig';
export const KUBECONFIG_CA = 'the CA in the kubeconfig';

const SECOND = 1_000;

/**
 * The renewal that is due of the one that ends first among the client certificates in use, by the bound below which an
 * API server counts it; null where all hold longer than is counted, or it may be one that is not in use any more.
 */
export function renewalOfClients({ below, since }: Pick<ClientCertificates, 'below' | 'since'>): Renewal | null {
  if (below === null || since === null) return null;
  if (below * SECOND <= BEACON_AT) return 'overdue';
  return below * SECOND <= RENEWED_BELOW ? 'due' : 'not-due';
}

/** A certificate that Salt watches on each node of a role; a null role is every node, a null file is not documented. */
export type WatchedCertificate = { readonly what: string; readonly role: Role | null; readonly file: string | null };

type Row = readonly [what: string, file?: string];

const watchedOn = (role: Role | null, ...rows: readonly Row[]): readonly WatchedCertificate[] =>
  rows.map(([what, file = null]) => ({ what, role, file }));

/**
 * MetalK8s: `certificates` of its defaults. Those that every API server, the control-plane ingress and the kubeconfig
 * show are left out: they are read where they are shown.
 */
export const WATCHED_CERTIFICATES: readonly WatchedCertificate[] = [
  ...watchedOn(
    'etcd',
    ['etcd server', '/etc/kubernetes/pki/etcd/server.crt'],
    ['etcd peer', '/etc/kubernetes/pki/etcd/peer.crt'],
    ['etcd health check client', '/etc/kubernetes/pki/etcd/healthcheck-client.crt'],
  ),
  ...watchedOn(
    'master',
    ['API server as a client of etcd', '/etc/kubernetes/pki/apiserver-etcd-client.crt'],
    ['API server as a client of kubelets'],
    ['front proxy'],
    ['kubeconfig of the administrator', '/etc/kubernetes/admin.conf'],
    ['kubeconfig of the scheduler'],
    ['kubeconfig of the controller manager'],
  ),
  ...watchedOn(
    'bootstrap',
    ['Salt API'],
    [OF_WORKLOAD_INGRESS],
    ['Dex'],
    ['backup server'],
    ['Salt master as a client of etcd', '/etc/kubernetes/pki/etcd/salt-master-etcd-client.crt'],
  ),
  ...watchedOn(null, ['kubeconfig of the kubelet']),
];
