import type { SandboxClock } from '../clock.ts';
import type { Etcd } from '../world/etcd/etcd.ts';
import { TEXT_TYPE, whole, type Answer } from './answers.ts';

const CHECKS = ['ping', 'log', 'etcd'];
const HOOKS = [
  'start-kube-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'start-system-namespaces-controller',
  'bootstrap-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'start-legacy-token-tracking-controller',
  'aggregator-reload-proxy-client-cert',
  'start-kube-aggregator-informers',
  'apiservice-registration-controller',
  'apiservice-status-available-controller',
  'apiservice-wait-for-first-sync',
  'kube-apiserver-autoregistration',
].map((hook) => `poststarthook/${hook}`);
const LATE_HOOKS = [
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
  'poststarthook/apiservice-discovery-controller',
];

const HEALTH_CHECKS: Record<string, readonly string[]> = {
  livez: [...CHECKS, ...HOOKS, ...LATE_HOOKS],
  healthz: [...CHECKS, ...HOOKS, ...LATE_HOOKS],
  readyz: [...CHECKS, 'etcd-readiness', 'informer-sync', ...HOOKS, ...LATE_HOOKS, 'shutdown'],
};

/** How long the server tries to read from etcd before it says that it is not ready, in ms. */
const READ_PATIENCE = 4000;

const NO_SNIFF = { 'x-content-type-options': 'nosniff' };

/** Checks that fail: being alive needs any member of etcd, being ready a quorum of them. */
function failing(probe: string, etcd: Etcd): readonly string[] {
  if (etcd.members.length === 0) return [];
  if (probe === 'readyz') return etcd.hasQuorum ? [] : ['etcd', 'etcd-readiness'];
  return etcd.members.some((member) => etcd.isRunning(member)) ? [] : ['etcd'];
}

/**
 * Answers `/livez`, `/readyz`, `/healthz` and one check below them, or null when there is no such check. What fails is
 * told in full, whether or not it is asked for.
 */
export async function answerHealth(
  path: string,
  verbose: boolean,
  { etcd, clock }: { etcd: Etcd; clock: SandboxClock },
): Promise<Answer | null> {
  const [, probe = '', ...below] = path.split('/');
  const checks = HEALTH_CHECKS[probe];
  const one = below.join('/');
  if (!checks || (one !== '' && !checks.includes(one))) return null;
  const failed = failing(probe, etcd);
  if (failed.length > 0 && probe === 'readyz') {
    await new Promise<void>((resolve) => void clock.after(READ_PATIENCE, resolve));
  }
  const fails = (check: string): boolean => failed.includes(check);
  if (one !== '') {
    return fails(one)
      ? { ...whole(500, `internal server error: ${one} failed: reason withheld\n`, TEXT_TYPE), headers: NO_SNIFF }
      : whole(200, 'ok', TEXT_TYPE);
  }
  const ok = failed.length === 0;
  if (ok && !verbose) return whole(200, 'ok', TEXT_TYPE);
  const lines = checks.map((check) => (fails(check) ? `[-]${check} failed: reason withheld\n` : `[+]${check} ok\n`));
  const text = `${lines.join('')}${probe} check ${ok ? 'passed' : 'failed'}\n`;
  return { ...whole(ok ? 200 : 500, text, TEXT_TYPE), headers: NO_SNIFF };
}
