import type {
  ApiServerHealth,
  BackupCopy,
  CertificateEnd,
  HealthAnswer,
} from '../../model/control-plane/control-plane.ts';
import {
  KUBECONFIG,
  KUBECONFIG_CA,
  OF_CA,
  OF_INGRESS,
  OF_KUBECONFIG,
  OF_WORKLOAD_INGRESS,
} from '../../product/certificates.ts';
import type { Histogram } from '../../model/histogram.ts';
import type { Credentials } from '../kubernetes/access.ts';
import type { Clock } from '../kubernetes/clock.ts';
import type { Connection } from '../kubernetes/connection.ts';
import { isLoopback, isTunnel } from '../kubernetes/doors.ts';
import { readText } from '../kubernetes/exchange.ts';
import { LinkFailure, protocolFailure } from '../kubernetes/failure.ts';
import { READS, readsOnly, type Read } from '../kubernetes/reads.ts';
import { caIn, clientCertificateIn, shownCertificate, type Handshake } from './certificate.ts';
import { clientHistogramIn } from './client-certificates.ts';
import { decodeBackups, decodeChecks, decodeIngress, decodeLeases, type Lease } from './decode.ts';

/**
 * What is read of the control plane besides what is followed. Rejects with a LinkFailure, of kind `not-found` where this
 * machine has no way there at all; with a ConfigurationError when the credentials cannot be had; or with the signal's
 * reason.
 */
export type ControlPlaneReader = {
  /** Of the scheduler and the controller manager, as far as they are there. */
  readonly leases: (signal?: AbortSignal) => Promise<readonly Lease[]>;
  readonly backups: (signal?: AbortSignal) => Promise<readonly BackupCopy[]>;
  /** Addresses of the API servers that can be asked each for itself; the first is the kubeconfig's or the one in use. */
  readonly apiServers: () => Promise<readonly string[]>;
  /** Also of a server that says it is not well. */
  readonly health: (address: string, signal?: AbortSignal) => Promise<ApiServerHealth>;
  /** The IP address of the control-plane ingress; null where it is the bootstrap node's. */
  readonly ingress: (signal?: AbortSignal) => Promise<string | null>;
  /** The certificate that is shown at an address. */
  readonly certificate: (what: string, address: string, signal?: AbortSignal) => Promise<CertificateEnd>;
  /** The client certificate of the kubeconfig, where its user has one, and the CA that it trusts, where it names one. */
  readonly ownCertificates: () => Promise<readonly CertificateEnd[]>;
  /**
   * How long the client certificates held by which requests came to the API server in use since it began, in seconds,
   * with its address; null where it counts none.
   */
  readonly clientCertificates: (signal?: AbortSignal) => Promise<ClientCount | null>;
};

export type ClientCount = { readonly where: string; readonly histogram: Histogram };

/** ms of silence after which an API server counts as one that does not answer; its check of etcd alone takes two seconds. */
const LONGEST_SILENCE = 8_000;

/** MiB; a page of checks has some 2 KiB. */
const LARGEST_PAGE = 1;

export function createControlPlaneReader(
  way: Pick<Connection, 'request' | 'requestAt' | 'json' | 'servers' | 'access' | 'door'>,
  clock: Clock,
): ControlPlaneReader {
  const connection = readsOnly(way);
  const { access } = connection;

  const listed = async <T>(read: Read, decode: (list: unknown) => T | null, signal?: AbortSignal): Promise<T> => {
    const list = decode(await connection.json({ ...read, ...(signal && { signal }) }));
    if (list === null) throw protocolFailure({ what: read.what, server: access.server }, 'the answer is no list');
    return list;
  };

  const probed = async (address: string, read: Read, signal?: AbortSignal): Promise<HealthAnswer> => {
    const before = performance.now();
    const asked = { ...read, query: { verbose: '' }, accept: '*/*', silence: LONGEST_SILENCE, answers: [500] };
    const answer = await connection.requestAt(address, { ...asked, ...(signal && { signal }) });
    const text = await readText(answer, { what: read.what, server: address }, LARGEST_PAGE);
    const milliseconds = performance.now() - before;
    return { ok: answer.status === 200, checks: decodeChecks(text), milliseconds };
  };

  return {
    leases: (signal) => listed(READS.leases, decodeLeases, signal),
    backups: (signal) => listed(READS.jobs, decodeBackups, signal),
    apiServers: connection.servers,
    health: async (address, signal) => ({
      address,
      // One after the other: the first may have to wait for a connection, which is no part of the second's time.
      live: await probed(address, READS.livez, signal),
      ready: await probed(address, READS.readyz, signal),
    }),
    ingress: async (signal) =>
      decodeIngress(await connection.json({ ...READS.clusterConfig, ...(signal && { signal }) })),
    certificate: async (what, address, signal) => {
      const { server, ca, servername, verify, proxy } = await access.credentials();
      if (proxy !== null || (isTunnel(server) && !isLoopback(address)))
        throw new LinkFailure({
          kind: 'not-found',
          message: `The certificate at ${address} cannot be read: this machine reaches the cluster through ${proxy === null ? `${server} alone` : 'a proxy'}.`,
        });
      const told = caOf(what, { ca, verify });
      return shownCertificate({
        what,
        address,
        ca: told,
        servername: 'pem' in told ? servername : null,
        clock,
        signal,
      });
    },
    ownCertificates: async () => {
      const { certificate, ca } = await access.credentials();
      const own = { what: OF_KUBECONFIG, where: KUBECONFIG };
      return [
        certificate === null ? null : clientCertificateIn(certificate, ca, own),
        ca === null ? null : caIn(ca, { what: OF_CA, where: KUBECONFIG_CA }),
      ].filter((one) => one !== null);
    },
    clientCertificates: async (signal) => {
      const { what, path, method } = READS.metrics;
      const { body } = await connection.request({ what, path, method, accept: METRICS, ...(signal && { signal }) });
      const histogram = await clientHistogramIn(body);
      return histogram && { where: connection.door()?.address ?? access.server, histogram };
    },
  };
}

/** The text format of Prometheus. */
const METRICS = 'text/plain';

/** Who vouches for what is shown. The product signs the certificates of its ingresses with another CA. */
function caOf(what: string, { ca, verify }: Pick<Credentials, 'ca' | 'verify'>): Handshake['ca'] {
  if (what === OF_INGRESS || what === OF_WORKLOAD_INGRESS)
    return { unknown: 'the CA of the ingresses, which is on the bootstrap node, should vouch for it' };
  if (!verify) return { unknown: 'the kubeconfig says not to (insecure-skip-tls-verify)' };
  return { pem: ca };
}
