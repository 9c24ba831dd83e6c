// A certificate authority for one test: server certificates for loopback, client certificates for users.
import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate and its private key, as PEM. */
export type Identity = { readonly certificate: string; readonly key: string };

/** Whom a certificate names: for Kubernetes the common name is the user and the organizations are its groups. */
export type Subject = {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** End of validity; a time in the past makes an expired certificate. A day from now if left out. */
  readonly validUntil?: Date;
  /** IP addresses besides loopback where it is good as a server. */
  readonly addresses?: readonly string[];
};

export type Authority = {
  /** The certificate of the authority, as PEM. */
  readonly certificate: string;
  /** A certificate that is good for loopback (and further addresses) as a server and for its subject as a client. */
  issue(subject: Subject): Promise<Identity>;
};

const DAY = 24 * 3600 * 1000;
const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };
const LOOPBACK: x509.JsonGeneralNames = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '127.0.0.2' },
  { type: 'ip', value: '127.0.0.3' },
];

const newKeys = () => webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
const privatePem = (key: webcrypto.CryptoKey): string =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();
const serialNumber = (): string => Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex');

/** A new authority of its own, valid from yesterday until tomorrow. */
export async function createAuthority(commonName: string): Promise<Authority> {
  const keys = await newKeys();
  const notBefore = new Date(Date.now() - DAY);
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    serialNumber: serialNumber(),
    notBefore,
    notAfter: new Date(Date.now() + DAY),
    keys,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    certificate: `${own.toString('pem')}\n`,
    async issue({ commonName: subject, organizations = [], validUntil = new Date(Date.now() + DAY), addresses = [] }) {
      const pair = await newKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        subject: [{ CN: [subject] }, ...organizations.map((organization) => ({ O: [organization] }))],
        issuer: own.subject,
        serialNumber: serialNumber(),
        notBefore,
        notAfter: validUntil,
        publicKey: pair.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: SIGNING,
        extensions: [
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
          new x509.SubjectAlternativeNameExtension([
            ...LOOPBACK,
            ...addresses.map((value) => ({ type: 'ip', value }) as const),
          ]),
        ],
      });
      return { certificate: `${certificate.toString('pem')}\n`, key: privatePem(pair.privateKey) };
    },
  };
}
