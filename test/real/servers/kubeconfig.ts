// kubeconfig files with everything inside, as an operator has them.
import { stringify } from 'yaml';
import type { Identity } from './certificates.ts';

/** The last one is none at all. */
export type Credential = Identity | { readonly token: string } | Readonly<Record<string, never>>;

export type KubeconfigOptions = {
  readonly url: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly authority: string;
  readonly user: string;
  readonly credential: Credential;
};

export const CLUSTER_NAME = 'real';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function entryOf(credential: Credential): object {
  if ('token' in credential) return { token: credential.token };
  if (!('key' in credential)) return {};
  return {
    'client-certificate-data': base64(credential.certificate),
    'client-key-data': base64(credential.key),
  };
}

/** The text of a kubeconfig with one context, named `USER@real`. */
export function kubeconfigText({ url, authority, user, credential }: KubeconfigOptions): string {
  const context = `${user}@${CLUSTER_NAME}`;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: CLUSTER_NAME, cluster: { server: url, 'certificate-authority-data': base64(authority) } }],
    users: [
      {
        name: user,
        user: entryOf(credential),
      },
    ],
    contexts: [{ name: context, context: { cluster: CLUSTER_NAME, user } }],
  });
}
