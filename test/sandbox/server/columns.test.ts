import { describe, expect, it } from 'vitest';
import { RESOURCES } from '../../../source/sandbox/server/resources.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const metadata = { name: 'x', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-31T11:00:00Z' };
const template = {
  spec: {
    containers: [
      { name: 'a', image: 'i:1' },
      { name: 'b', image: 'j:2' },
    ],
  },
};
const selector = {
  matchLabels: { b: '2', a: '1' },
  matchExpressions: [{ key: 'c', operator: 'In', values: ['x', 'y'] }],
};

/** Objects as a server holds them, and the row that kubectl gets of each; the columns after `|` are those of `-o wide`. */
const CASES: [plural: string, told: string, object: object, row: string][] = [
  [
    'daemonsets',
    'runs',
    {
      spec: { selector, template: { spec: { ...template.spec, nodeSelector: { os: 'linux' } } } },
      status: {
        desiredNumberScheduled: 6,
        currentNumberScheduled: 5,
        numberReady: 4,
        updatedNumberScheduled: 3,
        numberAvailable: 2,
      },
    },
    'x 6 5 4 3 2 os=linux 60m | a,b i:1,j:2 a=1,b=2,c in (x,y)',
  ],
  ['daemonsets', 'says nothing', { spec: {}, status: {} }, 'x 0 0 0 0 0 <none> 60m |   <none>'],
  [
    'deployments',
    'is half ready',
    {
      spec: { replicas: 4, selector, template },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 },
    },
    'x 2/4 3 1 60m | a,b i:1,j:2 a=1,b=2,c in (x,y)',
  ],
  ['deployments', 'has no replicas', { spec: { replicas: 0 }, status: {} }, 'x 0/0 0 0 60m |   <none>'],
  [
    'replicasets',
    'runs',
    { spec: { replicas: 3, template }, status: { replicas: 3, readyReplicas: 1 } },
    'x 3 3 1 60m | a,b i:1,j:2 <none>',
  ],
  ['statefulsets', 'runs', { spec: { template }, status: { readyReplicas: 1 } }, 'x 1/1 60m | a,b i:1,j:2'],
  [
    'jobs',
    'is done',
    {
      spec: { completions: 2 },
      status: { succeeded: 2, startTime: '2026-01-31T11:00:00Z', completionTime: '2026-01-31T11:01:30Z' },
    },
    'x 2/2 90s 60m |   <none>',
  ],
  ['jobs', 'has not begun', { spec: { parallelism: 3 }, status: {} }, 'x 0/1 of 3  60m |   <none>'],
  [
    'cronjobs',
    'ran',
    {
      spec: { schedule: '* * * * *', suspend: false },
      status: { active: [{}], lastScheduleTime: '2026-01-31T11:59:00Z' },
    },
    'x * * * * * False 1 60s 60m |   <none>',
  ],
  [
    'poddisruptionbudgets',
    'allows one',
    { spec: { minAvailable: '50%' }, status: { disruptionsAllowed: 1 } },
    'x 50% N/A 1 60m |',
  ],
  [
    'persistentvolumes',
    'is bound',
    {
      spec: {
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteMany', 'ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace: 'n', name: 'c' },
        storageClassName: 's',
        volumeMode: 'Block',
      },
      status: { phase: 'Bound' },
    },
    'x 10Gi RWO,RWX Retain Bound n/c s <unset>  60m | Block',
  ],
  [
    'persistentvolumeclaims',
    'waits',
    {
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 's', volumeMode: 'Filesystem' },
      status: { phase: 'Pending' },
    },
    'x Pending    s <unset> 60m | Filesystem',
  ],
  [
    'persistentvolumeclaims',
    'is on its way out',
    {
      metadata: { ...metadata, deletionTimestamp: '2026-01-31T12:00:00Z' },
      spec: { volumeName: 'v' },
      status: { phase: 'Bound', accessModes: ['ReadWriteOncePod'], capacity: { storage: '5Gi' } },
    },
    'x Terminating v 5Gi RWOP  <unset> 60m | <unset>',
  ],
  [
    'storageclasses',
    'is the one by default',
    {
      metadata: { ...metadata, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'p',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
    'x (default) p Delete WaitForFirstConsumer false 60m |',
  ],
  ['volumes', 'is told by its definition', { spec: { nodeName: 'n', storageClassName: 's' } }, 'x n s |'],
  ['configmaps', 'has entries', { data: { a: '1' }, binaryData: { b: '' } }, 'x 2 60m |'],
  ['secrets', 'has a type', { type: 'kubernetes.io/tls', data: {} }, 'x kubernetes.io/tls 0 60m |'],
];

describe('a row of a table', () => {
  it.each(CASES)('of %s: one that %s', (plural, _told, object, row) => {
    const columns = RESOURCES.find((each) => each.plural === plural && !each.measured)?.columns ?? [];
    const whole = { metadata, ...object };
    const cells = (priority: 0 | 1): string =>
      columns
        .filter((column) => column.priority === priority)
        .map(({ cell }) => cell(whole, NOW))
        .join(' ');
    expect(`${cells(0)} | ${cells(1)}`.trimEnd()).toBe(row.trimEnd());
  });
});
