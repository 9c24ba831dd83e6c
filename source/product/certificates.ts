import type { CertificateEnd } from '../model/control-plane/control-plane.ts';

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
export const OF_API_SERVER = 'API server';
export const OF_INGRESS = 'control-plane ingress';
export const OF_KUBECONFIG = 'client of the kubeconfig';
/** Where the certificate of the kubeconfig is read. */
export const KUBECONFIG = 'the kubeconfig';
