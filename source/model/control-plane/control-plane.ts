/** A Deployment, DaemonSet or StatefulSet: how many pods it wants and how many serve. */
export type Workload = {
  readonly uid: string;
  readonly kind: 'Deployment' | 'DaemonSet' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  readonly wanted: number;
  /** Deployment: available; DaemonSet: available; StatefulSet: ready. */
  readonly serving: number;
  readonly createdAt: number | null;
};

/** Who leads a component of which several stand by, by the Lease that it renews. Times are ms since the epoch. */
export type LeaderLease = {
  readonly name: string;
  readonly holder: string;
  readonly renewedAt: number | null;
  /** When this renewal was first seen, by the clock of whoever asks; null until it was asked twice. */
  readonly movedAt: number | null;
  /** Seconds for which a renewal holds. */
  readonly seconds: number | null;
  readonly transitions: number | null;
};

/** One check of `/livez?verbose` or `/readyz?verbose`, as the server names it. */
export type HealthCheck = { readonly name: string; readonly ok: boolean };

/** What `/livez` or `/readyz` answers, in how long; `ok` by its status. */
export type HealthAnswer = {
  readonly ok: boolean;
  readonly checks: readonly HealthCheck[];
  readonly milliseconds: number;
};

/** How one API server answers at its own address, as in "https://192.0.2.11:6443". */
export type ApiServerHealth = {
  readonly address: string;
  readonly live: HealthAnswer;
  readonly ready: HealthAnswer;
};

/** A certificate that somebody shows, or that is part of a kubeconfig. Times are ms since the epoch. */
export type CertificateEnd = {
  /** What it is for, as in "API server". */
  readonly what: string;
  /** Where it was read: an address as in "https://192.0.2.11:6443", or "the kubeconfig". */
  readonly where: string;
  readonly subject: string;
  readonly from: number;
  readonly until: number;
  /** Why the CA of the kubeconfig, which should vouch for it, does not; null where it does, or was not asked. */
  readonly distrust: string | null;
  /** Why nobody was asked who vouches for it; null where somebody was. */
  readonly unverified: string | null;
};

/**
 * The client certificates by which requests came to an API server, as it counts them: how long each still held at its
 * request. Which of them it was is not told.
 */
export type ClientCertificates = {
  /** The API server that counts, as in "https://192.0.2.11:6443". */
  readonly where: string;
  /** When the counting began, ms since the epoch; null for the start of the server: what held short may be gone since. */
  readonly since: number | null;
  readonly requests: number;
  /** Seconds that each of them held at least; null where none came. */
  readonly atLeast: number | null;
  /** Seconds that one of them held no longer than; null where all held longer than is counted, or none came. */
  readonly below: number | null;
};

/** The copying of an archive to one of the masters, by the Job that does it. */
export type BackupCopy = {
  readonly job: string;
  readonly node: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly outcome: 'done' | 'failed' | 'running';
};
