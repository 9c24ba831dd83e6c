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
  /** Seconds for which a renewal holds. */
  readonly seconds: number | null;
  readonly transitions: number | null;
};

/** One check of `/livez?verbose` or `/readyz?verbose`, as the server names it. */
export type HealthCheck = { readonly name: string; readonly ok: boolean };

/** How one API server answers at its own address. */
export type ApiServerHealth = {
  readonly address: string;
  readonly live: { readonly ok: boolean; readonly checks: readonly HealthCheck[]; readonly milliseconds: number };
  readonly ready: { readonly ok: boolean; readonly checks: readonly HealthCheck[]; readonly milliseconds: number };
};

/** A certificate that somebody shows, or that is part of a kubeconfig. Times are ms since the epoch. */
export type CertificateEnd = {
  /** What it is for, as in "API server". */
  readonly what: string;
  /** Where it was read: an address, or "the kubeconfig". */
  readonly where: string;
  readonly subject: string;
  readonly from: number;
  readonly until: number;
};

/** An archive that was copied to the masters, by the newest Job that did so. */
export type BackupCopy = {
  readonly job: string;
  readonly node: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly outcome: 'done' | 'failed' | 'running';
};
