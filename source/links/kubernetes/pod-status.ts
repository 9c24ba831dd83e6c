import { asCount, asName, asNumber, asObject, asObjects, asText, type Fields } from './fields.ts';

/** What `kubectl get pods` shows of a pod's containers. */
export type PodStatus = {
  readonly status: string;
  readonly ready: { readonly containers: number; readonly of: number };
  readonly restarts: number;
};

type Started = { readonly reason: string; readonly restarts: number; readonly ready: number };

/**
 * STATUS, READY and RESTARTS as the API server's own table has them (Kubernetes: printers/internalversion, printPod):
 * the phase, overruled by the pod's reason, by an init container that is not through, by what a container waits for or
 * ended with, and by the pod being deleted.
 */
export function podStatus(pod: Fields): PodStatus {
  const spec = asObject(pod['spec']);
  const status = asObject(pod['status']) ?? {};
  const conditions = asObjects(status['conditions']);
  const phase = asName(status['phase']) ?? 'Unknown';
  const gated = conditions.some((one) => one['type'] === 'PodScheduled' && one['reason'] === 'SchedulingGated');
  const inits = asObjects(spec?.['initContainers']);
  const sidecars = new Set(inits.filter((one) => one['restartPolicy'] === 'Always').map((one) => asText(one['name'])));
  const of = asObjects(spec?.['containers']).length + sidecars.size;
  const reason = gated ? 'SchedulingGated' : (asName(status['reason']) ?? phase);
  const init = ofInitContainers(asObjects(status['initContainerStatuses']), sidecars, inits.length);

  let seen: Started = { reason: init.reason ?? reason, restarts: init.restarts, ready: init.ready };
  if (init.reason === null || isTrue(conditions, 'Initialized')) {
    const own = ofContainers(asObjects(status['containerStatuses']), seen.reason);
    const running = own.reason === 'Completed' && own.running;
    seen = {
      reason: running ? (isTrue(conditions, 'Ready') ? 'Running' : 'NotReady') : own.reason,
      restarts: init.sidecarRestarts + own.restarts,
      ready: init.ready + own.ready,
    };
  }
  const deleting = asObject(pod['metadata'])?.['deletionTimestamp'] !== undefined;
  const shown = deleting ? whileDeleted(seen.reason, status['reason'], phase) : seen.reason;
  return { status: shown, ready: { containers: seen.ready, of }, restarts: seen.restarts };
}

function whileDeleted(reason: string, podReason: unknown, phase: string): string {
  if (podReason === 'NodeLost') return 'Unknown';
  return phase === 'Succeeded' || phase === 'Failed' ? reason : 'Terminating';
}

const isTrue = (conditions: readonly Fields[], type: string) =>
  conditions.some((one) => one['type'] === type && one['status'] === 'True');

const restartsOf = (container: Fields) => asCount(container['restartCount']);

/** `reason` is null when every init container is through. */
function ofInitContainers(containers: readonly Fields[], sidecars: ReadonlySet<string>, of: number) {
  let restarts = 0;
  let sidecarRestarts = 0;
  let ready = 0;
  let reason: string | null = null;
  for (const [index, container] of containers.entries()) {
    const sidecar = sidecars.has(asText(container['name']));
    restarts += restartsOf(container);
    if (sidecar) sidecarRestarts += restartsOf(container);
    const state = asObject(container['state']);
    const terminated = asObject(state?.['terminated']);
    if (terminated !== null && asNumber(terminated['exitCode']) === 0) continue;
    if (sidecar && container['started'] === true) {
      if (container['ready'] === true) ready += 1;
      continue;
    }
    const waiting = asName(asObject(state?.['waiting'])?.['reason']);
    if (terminated !== null) reason = `Init:${endOf(terminated)}`;
    else if (waiting !== null && waiting !== 'PodInitializing') reason = `Init:${waiting}`;
    else reason = `Init:${index}/${of}`;
    break;
  }
  return { reason, restarts, sidecarRestarts, ready };
}

/** The first container's reason wins, so the list is gone through from its end. */
function ofContainers(containers: readonly Fields[], before: string) {
  let reason = before;
  let restarts = 0;
  let ready = 0;
  let running = false;
  for (const container of containers.toReversed()) {
    restarts += restartsOf(container);
    const state = asObject(container['state']);
    const waiting = asName(asObject(state?.['waiting'])?.['reason']);
    const terminated = asObject(state?.['terminated']);
    if (waiting !== null) reason = waiting;
    else if (terminated !== null) reason = endOf(terminated);
    else if (container['ready'] === true && asObject(state?.['running']) !== null) {
      running = true;
      ready += 1;
    }
  }
  return { reason, restarts, ready, running };
}

function endOf(terminated: Fields): string {
  const reason = asName(terminated['reason']);
  if (reason !== null) return reason;
  const signal = asNumber(terminated['signal']);
  if (signal !== null && signal !== 0) return `Signal:${signal}`;
  return `ExitCode:${asNumber(terminated['exitCode']) ?? '?'}`;
}
