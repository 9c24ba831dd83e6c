import type { CertificateEnd, ClientCertificates } from '../model/control-plane/control-plane.ts';
import { valueOf, type Reading } from '../model/reading.ts';
import { letterByLetter } from '../text/alphabet.ts';
import {
  API_SERVER_PORT,
  daysLeft,
  INGRESS_PORT,
  KUBECONFIG_CA,
  OF_API_SERVER,
  OF_CA,
  OF_INGRESS,
  OF_KUBECONFIG,
  OF_WORKLOAD_INGRESS,
  renewalOf,
  WATCHED_CERTIFICATES,
  WORKLOAD_INGRESS_PORT,
  type Renewal,
  type WatchedCertificate,
} from '../product/certificates.ts';
import { askedReading, lastRound } from './asked-reading.ts';
import type { ClusterState } from './cluster-state.ts';
import { freshFor } from './control-plane-budget.ts';
import { isMetalK8s, type Hosts } from './control-plane-nodes.ts';
import { seen } from './seen.ts';

/** A certificate, or why it could not be read. */
export type CertificateStanding = {
  readonly what: string;
  readonly where: string;
  /** How it was read: shown in a TLS handshake, or part of the kubeconfig. */
  readonly source: 'handshake' | 'kubeconfig';
  /** The node that shows it. */
  readonly node: string | null;
  readonly certificate: Reading<CertificateEnd>;
  /** Null where it could not be read. */
  readonly daysLeft: number | null;
  readonly renewal: Renewal | null;
};

/** A certificate of the product that nobody shows, and on how many nodes it is. */
export type UnreadCertificate = WatchedCertificate & { readonly nodes: number };

type Inputs = { readonly state: ClusterState; readonly hosts: Hosts; readonly now: number };

/** The host of an address as in "https://192.0.2.11:6443", without the brackets of IPv6. */
export const hostOf = (address: string): string => URL.parse(address)?.hostname.replace(/^\[|\]$/g, '') ?? address;

const BY_PORT: Readonly<Record<string, string>> = { [API_SERVER_PORT]: OF_API_SERVER, [INGRESS_PORT]: OF_INGRESS };

/** Whether an address is that of the workload ingress: the kubeconfig may name an API server on the same port. */
const isWorkloadIngress = (where: string, { byWorkloadAddress }: Hosts): boolean =>
  where.endsWith(`:${WORKLOAD_INGRESS_PORT}`) && byWorkloadAddress.has(hostOf(where));

/** What is shown at an address that could not be read. */
function namedBy(where: string, hosts: Hosts): string {
  if (where === KUBECONFIG_CA) return OF_CA;
  if (isWorkloadIngress(where, hosts)) return OF_WORKLOAD_INGRESS;
  const url = URL.parse(where);
  return url === null ? OF_KUBECONFIG : (BY_PORT[url.port] ?? OF_API_SERVER);
}

/** The certificates that were read or could not be in the last round, what ends first first. */
export function certificates({ state, hosts, now }: Inputs): readonly CertificateStanding[] {
  const fresh = freshFor('certificate');
  const standings = lastRound(state.asked.certificate, fresh).map(([where, asked]): CertificateStanding => {
    const certificate = askedReading(asked, now, fresh);
    const end = valueOf(certificate);
    return {
      what: end?.what ?? namedBy(where, hosts),
      where,
      source: URL.canParse(where) ? 'handshake' : 'kubeconfig',
      node: (isWorkloadIngress(where, hosts) ? hosts.byWorkloadAddress : hosts.byAddress).get(hostOf(where)) ?? null,
      certificate,
      daysLeft: end && daysLeft(end, now),
      renewal: end && renewalOf(end, now),
    };
  });
  return standings.sort((one, other) => endOf(one) - endOf(other) || letterByLetter(one.where, other.where));
}

const endOf = ({ certificate }: CertificateStanding): number => valueOf(certificate)?.until ?? Infinity;

export const clientCertificates = ({ state, now }: Inputs): Reading<ClientCertificates> =>
  askedReading(state.asked.clientCertificates.get(''), now, freshFor('clientCertificates'));

/** Those of the product's table that are on a node of this cluster, and that nobody was asked to show. */
export function unreadCertificates(inputs: Inputs): Reading<readonly UnreadCertificate[]> {
  const { state, hosts } = inputs;
  const shown = new Set(certificates(inputs).map(({ what }) => what));
  const watched = isMetalK8s(state, hosts) ? WATCHED_CERTIFICATES : [];
  const unread = watched.map((one): UnreadCertificate => {
    const { role } = one;
    const nodes = role === null ? state.nodes.size : hosts.nodes.filter(({ roles }) => roles.includes(role)).length;
    return { ...one, nodes };
  });
  return seen(
    unread.filter(({ what, nodes }) => nodes > 0 && !shown.has(what)),
    state.resources.nodes,
    'the nodes are still being read',
  );
}
