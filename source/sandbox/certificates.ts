import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import * as der from './der.ts';
import type { CertificateDays } from './scene.ts';

/** A certificate with its private key, both PEM. */
export type KeyPair = { cert: string; key: string };
export type Subject = { commonName: string; organisations?: readonly string[] };
export type Validity = { notBefore: Date; notAfter: Date };

/** A certificate authority of one sandbox: its certificate, that of the server, and client certificates on demand. */
export type Authority = {
  caPem: string;
  server: KeyPair;
  client(subject: Subject, validity?: Validity): KeyPair;
  /** Seconds for which the certificates of clients hold from the start. */
  clientLifetime: number;
};

const OID = {
  commonName: '2.5.4.3',
  organisation: '2.5.4.10',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
  clientAuthentication: '1.3.6.1.5.5.7.3.2',
};

/** Names in a subjectAltName: RFC 5280 4.2.1.6, dNSName is [2] and iPAddress [7]. */
const DNS_NAME = 2;
const IP_ADDRESS = 7;
/** Bits of keyUsage, the first in the highest place. */
const KEY_CERT_SIGN = Buffer.from([0b0000_0110]);
const DIGITAL_SIGNATURE = Buffer.from([0b1000_0000]);

const DAY = 86_400_000;

const attribute = (type: string, value: string): Buffer =>
  der.set(der.sequence(der.objectIdentifier(type), der.utf8String(value)));

const nameOf = ({ commonName, organisations = [] }: Subject): Buffer =>
  der.sequence(
    ...organisations.map((each) => attribute(OID.organisation, each)),
    attribute(OID.commonName, commonName),
  );

const extension = (type: string, critical: boolean, value: Buffer): Buffer =>
  der.sequence(der.objectIdentifier(type), ...(critical ? [der.boolean(true)] : []), der.octetString(value));

const pem = (label: string, content: Buffer): string =>
  `-----BEGIN ${label}-----\n${content.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;

type Keys = { publicKey: KeyObject; privateKey: KeyObject };
type Issuer = { subject: Subject; keys: Keys };

const newKeys = (): Keys => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const publicBytes = ({ publicKey }: Keys): Buffer => publicKey.export({ type: 'spki', format: 'der' });
const privatePem = ({ privateKey }: Keys): string => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const identifierOf = (keys: Keys): Buffer => createHash('sha1').update(publicBytes(keys)).digest();

/** Makes and signs one version 3 certificate (RFC 5280). */
function issue(
  subject: Subject,
  keys: Keys,
  issuer: Issuer,
  { notBefore, notAfter }: Validity,
  extensions: Buffer[],
): string {
  const algorithm = der.sequence(der.objectIdentifier(OID.ecdsaWithSha256));
  const serial = randomBytes(16);
  // Positive, and of its full length.
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    algorithm,
    nameOf(issuer.subject),
    der.sequence(der.generalizedTime(notBefore), der.generalizedTime(notAfter)),
    nameOf(subject),
    publicBytes(keys),
    der.explicit(
      3,
      der.sequence(
        ...extensions,
        extension(OID.subjectKeyIdentifier, false, der.octetString(identifierOf(keys))),
        extension(OID.authorityKeyIdentifier, false, der.sequence(der.implicit(0, identifierOf(issuer.keys)))),
      ),
    ),
  );
  const signature = sign('sha256', body, issuer.keys.privateKey);
  return pem('CERTIFICATE', der.sequence(body, algorithm, der.bitString(signature)));
}

const extendedUsage = (...purposes: string[]): Buffer =>
  extension(OID.extendedKeyUsage, false, der.sequence(...purposes.map(der.objectIdentifier)));

const endEntity = (purpose: string): Buffer[] => [
  extension(OID.basicConstraints, true, der.sequence()),
  extension(OID.keyUsage, true, der.bitString(DIGITAL_SIGNATURE, 7)),
  extendedUsage(purpose),
];

const YEAR: CertificateDays = { server: 365, clients: 365 };
/** MetalK8s: what signs certificates holds ten years. */
const AUTHORITY_DAYS = 3650;

/** A year that ends in so many days; longer when they are more. */
const endingIn = (days: number, at: Date): Validity => ({
  notBefore: new Date(at.getTime() - Math.max(1, 365 - days) * DAY),
  notAfter: new Date(at.getTime() + days * DAY),
});

type AuthorityOptions = { days?: CertificateDays; addresses?: readonly string[]; server?: string };

/**
 * Makes a new authority with a certificate for 127.0.0.1, localhost and further addresses (IPv4). `at` is wall time,
 * which TLS goes by.
 */
export function newAuthority(
  at: Date,
  commonName = 'kubernetes',
  { days = YEAR, addresses = [], server: shown = 'kube-apiserver' }: AuthorityOptions = {},
): Authority {
  const issuer: Issuer = { subject: { commonName }, keys: newKeys() };
  const caPem = issue(issuer.subject, issuer.keys, issuer, endingIn(AUTHORITY_DAYS, at), [
    extension(OID.basicConstraints, true, der.sequence(der.boolean(true))),
    extension(OID.keyUsage, true, der.bitString(KEY_CERT_SIGN, 1)),
  ]);
  const serverKeys = newKeys();
  const names = extension(
    OID.subjectAlternativeName,
    false,
    der.sequence(
      ...['localhost', 'kubernetes', 'kubernetes.default.svc'].map((name) => der.implicit(DNS_NAME, Buffer.from(name))),
      ...['127.0.0.1', ...addresses].map((address) =>
        der.implicit(IP_ADDRESS, Buffer.from(address.split('.').map(Number))),
      ),
    ),
  );
  const server = issue({ commonName: shown }, serverKeys, issuer, endingIn(days.server, at), [
    ...endEntity(OID.serverAuthentication),
    names,
  ]);
  return {
    caPem,
    server: { cert: server, key: privatePem(serverKeys) },
    clientLifetime: (days.clients * DAY) / 1000,
    client(subject, validity = endingIn(days.clients, at)) {
      const keys = newKeys();
      return {
        cert: issue(subject, keys, issuer, validity, endEntity(OID.clientAuthentication)),
        key: privatePem(keys),
      };
    },
  };
}

/** The validity of a certificate that ended a day before `at`. */
export const expiredValidity = (at: Date): Validity => ({
  notBefore: new Date(at.getTime() - 366 * DAY),
  notAfter: new Date(at.getTime() - DAY),
});
