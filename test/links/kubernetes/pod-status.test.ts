import { expect, test } from 'vitest';
import { podStatus } from '../../../source/links/kubernetes/pod-status.ts';

const waiting = (reason: string, more: object = {}) => ({ name: 'c', state: { waiting: { reason } }, ...more });
const running = (more: object = {}) => ({ name: 'c', ready: true, state: { running: {} }, ...more });
const ended = (terminated: object, more: object = {}) => ({ name: 'c', state: { terminated }, ...more });
const init = { name: 'i' };
const sidecar = { name: 's', restartPolicy: 'Always' };
const ready = { type: 'Ready', status: 'True' };

// The rule's source is Kubernetes' printPod; the cases are those of its own table test.
test.each<[string, object, object, string, string, number]>([
  ['the phase', {}, { phase: 'Pending' }, 'Pending', '0/1', 0],
  ['no status at all', {}, {}, 'Unknown', '0/1', 0],
  ['running', {}, { phase: 'Running', containerStatuses: [running({ restartCount: 3 })] }, 'Running', '1/1', 3],
  ['the reason of the pod', {}, { phase: 'Failed', reason: 'Evicted' }, 'Evicted', '0/1', 0],
  [
    'a gate',
    {},
    { phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] },
    'SchedulingGated',
    '0/1',
    0,
  ],
  [
    'what a container waits for',
    {},
    { phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff', { restartCount: 9 })] },
    'CrashLoopBackOff',
    '0/1',
    9,
  ],
  [
    'the first of two that wait',
    {},
    { phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff'), waiting('ErrImagePull')] },
    'ImagePullBackOff',
    '0/1',
    0,
  ],
  [
    'completed',
    {},
    { phase: 'Succeeded', containerStatuses: [ended({ reason: 'Completed', exitCode: 0 })] },
    'Completed',
    '0/1',
    0,
  ],
  [
    'one completed, one running, ready',
    {},
    { phase: 'Running', conditions: [ready], containerStatuses: [ended({ reason: 'Completed' }), running()] },
    'Running',
    '1/1',
    0,
  ],
  [
    'one completed, one running, not ready',
    {},
    { phase: 'Running', containerStatuses: [ended({ reason: 'Completed' }), running()] },
    'NotReady',
    '1/1',
    0,
  ],
  ['killed by a signal', {}, { phase: 'Failed', containerStatuses: [ended({ signal: 9 })] }, 'Signal:9', '0/1', 0],
  ['an exit code', {}, { phase: 'Failed', containerStatuses: [ended({ exitCode: 2 })] }, 'ExitCode:2', '0/1', 0],
  [
    'an init container under way',
    { spec: { initContainers: [init, { name: 'j' }] } },
    { phase: 'Pending', initContainerStatuses: [ended({ exitCode: 0 }), { name: 'j', state: { running: {} } }] },
    'Init:1/2',
    '0/1',
    0,
  ],
  [
    'an init container that waits',
    { spec: { initContainers: [init] } },
    { phase: 'Pending', initContainerStatuses: [waiting('ErrImagePull', { restartCount: 1 })] },
    'Init:ErrImagePull',
    '0/1',
    1,
  ],
  [
    'an init container that has not begun',
    { spec: { initContainers: [init] } },
    { phase: 'Pending', initContainerStatuses: [waiting('PodInitializing')] },
    'Init:0/1',
    '0/1',
    0,
  ],
  [
    'an init container that failed',
    { spec: { initContainers: [init] } },
    { phase: 'Pending', initContainerStatuses: [ended({ exitCode: 1, reason: 'Error' })] },
    'Init:Error',
    '0/1',
    0,
  ],
  [
    'an init container that failed without a reason',
    { spec: { initContainers: [init] } },
    { phase: 'Pending', initContainerStatuses: [ended({ exitCode: 7 })] },
    'Init:ExitCode:7',
    '0/1',
    0,
  ],
  [
    'restarts of init containers that are through do not count',
    { spec: { initContainers: [init] } },
    {
      phase: 'Running',
      initContainerStatuses: [ended({ exitCode: 0 }, { restartCount: 5 })],
      containerStatuses: [running({ restartCount: 2 })],
    },
    'Running',
    '1/1',
    2,
  ],
  [
    'a sidecar',
    { spec: { initContainers: [sidecar] } },
    {
      phase: 'Running',
      initContainerStatuses: [running({ name: 's', started: true, restartCount: 4 })],
      containerStatuses: [running({ restartCount: 1 })],
    },
    'Running',
    '2/2',
    5,
  ],
  [
    'a sidecar that has not started',
    { spec: { initContainers: [sidecar] } },
    { phase: 'Pending', initContainerStatuses: [{ name: 's', state: { running: {} }, started: false }] },
    'Init:0/1',
    '0/2',
    0,
  ],
  [
    'terminating',
    { metadata: { deletionTimestamp: 'now' } },
    { phase: 'Running', containerStatuses: [running()] },
    'Terminating',
    '1/1',
    0,
  ],
  [
    'deleted after its end',
    { metadata: { deletionTimestamp: 'now' } },
    { phase: 'Succeeded', containerStatuses: [ended({ reason: 'Completed' })] },
    'Completed',
    '0/1',
    0,
  ],
  [
    'on a lost node',
    { metadata: { deletionTimestamp: 'now' } },
    { phase: 'Running', reason: 'NodeLost', containerStatuses: [running()] },
    'Unknown',
    '1/1',
    0,
  ],
])('%s', (_, pod, status, shown, readiness, restarts) => {
  const { spec, ...more } = pod as { spec?: object };
  const seen = podStatus({ ...more, spec: { containers: [{ name: 'c' }], ...spec }, status });
  expect(seen).toEqual({
    status: shown,
    ready: { containers: Number(readiness[0]), of: Number(readiness[2]) },
    restarts,
  });
});
