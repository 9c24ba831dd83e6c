import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { CertificateEnd } from '../../model/control-plane/control-plane.ts';
import type { Clock } from '../kubernetes/clock.ts';
import { protocolFailure, socketCause, socketFailure } from '../kubernetes/failure.ts';
import { within } from '../kubernetes/time-limit.ts';

export type Handshake = {
  /** What the certificate is for. */
  readonly what: string;
  /** As in "https://192.0.2.11:6443". */
  readonly address: string;
  /** Who should vouch for it, PEM (null for the system's authorities), or why nobody that is known here can. */
  readonly ca: { readonly pem: string | null } | { readonly unknown: string };
  /** The name that it must hold, when that is not the address. */
  readonly servername: string | null;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
};

/** ms until a handshake must be done. */
const LONGEST_HANDSHAKE = 5_000;

/** What the dates of a certificate say by themselves. */
const OF_DATES: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

/**
 * Shakes hands and reads the certificate that is shown, also where nobody vouches for it, which is then told. Nothing
 * is sent but the handshake. Rejects with a LinkFailure where there is no TLS, and with the signal's reason.
 */
export function shownCertificate({ clock, signal, ...handshake }: Handshake): Promise<CertificateEnd> {
  const { address, ca, servername } = handshake;
  const asked = { what: 'read the certificate', server: address };
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  const name = servername ?? (isIP(host) === 0 ? host : null);
  const late = () => socketFailure(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }), asked, false);
  return within(
    { clock, milliseconds: LONGEST_HANDSHAKE, signal, late },
    (signal) =>
      new Promise<CertificateEnd>((resolve, reject) => {
        signal.throwIfAborted();
        const socket = connect({
          host,
          port: port === '' ? 443 : Number(port),
          // Also a certificate that nobody vouches for has an end; no credentials travel here.
          rejectUnauthorized: false,
          ...('pem' in ca && ca.pem !== null && { ca: ca.pem }),
          ...(name !== null && { servername: name }),
        });
        const give = (done: () => void) => {
          signal.removeEventListener('abort', abort);
          socket.destroy();
          done();
        };
        const abort = () => give(() => reject(signal.reason as Error));
        signal.addEventListener('abort', abort);
        // Listens to the end: a socket may fail more than once.
        socket.on('error', (error) => give(() => reject(socketFailure(error, asked, false))));
        socket.once('close', () =>
          give(() => reject(protocolFailure(asked, 'it hung up in the middle of the handshake'))),
        );
        socket.once('secureConnect', () => {
          const shown = socket.getPeerX509Certificate();
          const code = String(socket.authorizationError);
          const distrust =
            'unknown' in ca || socket.authorized || OF_DATES.includes(code)
              ? null
              : (socketCause(code) ?? `its certificate cannot be verified (${code})`);
          const unverified = 'unknown' in ca ? ca.unknown : null;
          if (shown === undefined) give(() => reject(protocolFailure(asked, 'it shows no certificate')));
          else give(() => resolve(endOf(shown, { what: handshake.what, where: address, distrust, unverified })));
        });
      }),
  );
}

type About = Pick<CertificateEnd, 'what' | 'where'>;

/**
 * The client certificate in a PEM text, or null when it holds none. Servers may trust clients by another CA than the one
 * that vouches for themselves, so that one which the latter did not sign is not verified, and not distrusted.
 */
export function clientCertificateIn(pem: string, ca: string | null, about: About): CertificateEnd | null {
  const [own] = certificatesIn(pem);
  if (own === undefined) return null;
  const isSigned = certificatesIn(ca ?? '').some((one) => own.checkIssued(one) && own.verify(one.publicKey));
  const unverified = ca === null ? 'the kubeconfig names no CA' : 'the CA of the kubeconfig did not sign it';
  return endOf(own, { ...about, distrust: null, unverified: isSigned ? null : unverified });
}

/**
 * The CA in a PEM text, or null when it holds none. Of several the one that ends last: two are there while one takes the
 * place of the other.
 */
export function caIn(pem: string, about: About): CertificateEnd | null {
  const ends = certificatesIn(pem).map((one) => endOf(one, { ...about, distrust: null, unverified: null }));
  return ends.toSorted((one, other) => other.until - one.until)[0] ?? null;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const certificatesIn = (pem: string): readonly X509Certificate[] =>
  (pem.match(BLOCK) ?? []).flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      // Node says in many ways that a text is no certificate.
      return [];
    }
  });

/** Node writes a part of the subject in each line. */
const endOf = (
  { subject, validFromDate, validToDate }: X509Certificate,
  about: About & Pick<CertificateEnd, 'distrust' | 'unverified'>,
): CertificateEnd => ({
  ...about,
  subject: subject.split('\n').join(', '),
  from: validFromDate.getTime(),
  until: validToDate.getTime(),
});
