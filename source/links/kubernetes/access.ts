/**
 * All that one request needs to reach a server and be let in. Plain data, so that it can be posted to a thread.
 * It holds secrets: never in a message, a log or a recording.
 */
export type Credentials = {
  /** The kubeconfig's server, with scheme. */
  readonly server: string;
  /** PEM; null means the system's authorities. */
  readonly ca: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
  /** Name that the server's certificate must hold, when it is not the address. */
  readonly servername: string | null;
  /** False only if the kubeconfig says insecure-skip-tls-verify. */
  readonly verify: boolean;
  /** Authorization and impersonation. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly proxy: Proxy | null;
};

/** A proxy on the way to the server (http, https, socks), and what names it, for sentences. `url` may hold a password. */
export type Proxy = { readonly url: string; readonly named: string };

/** A cluster, a user, and a way to get in. */
export type ClusterAccess = {
  readonly cluster: string;
  readonly context: string;
  /** Name of the user in the kubeconfig, or the one that is impersonated. */
  readonly user: string;
  readonly namespace: string;
  readonly server: string;
  /** Read anew for each request, so that rotated files and tokens count. Rejects with a ConfigurationError. */
  readonly credentials: () => Promise<Credentials>;
  /** With these there is no way in (a 401, a certificate that does not fit): whatever is cached of them is forgotten. */
  readonly refused: (credentials: Credentials) => void;
  /** Nobody answers where these lead: what the kubeconfig says by now counts, if it has changed. */
  readonly unanswered: (credentials: Credentials) => void;
};

/** What the operator gave to reach the cluster cannot work: wrong usage, exit code 2. One sentence. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export const sameCredentials = (one: Credentials, other: Credentials) => JSON.stringify(one) === JSON.stringify(other);
