import type { Workload } from './workload.ts';

const application = (
  namespace: string,
  name: string,
  replicas: number,
  requests: Record<string, string>,
  limits: Record<string, string> | null,
  extra: Partial<Workload> = {},
): Workload => ({
  kind: 'Deployment',
  namespace,
  name,
  replicas,
  labels: { app: name },
  containers: [
    { name, image: `registry.example.com/${namespace}/${name}:2.4.1`, requests, ...(limits ? { limits } : {}) },
  ],
  ...extra,
});

/** What the users of the site run on its workload nodes. */
export const APPLICATION_WORKLOADS: readonly Workload[] = [
  application('shop', 'frontend', 6, { cpu: '250m', memory: '256Mi' }, { cpu: '1', memory: '512Mi' }, { rolls: true }),
  application('shop', 'cart', 4, { cpu: '500m', memory: '512Mi' }, { memory: '1Gi' }, { rolls: true }),
  application(
    'shop',
    'checkout',
    3,
    { cpu: '500m', memory: '1Gi' },
    { memory: '1Gi' },
    { budget: { minAvailable: 2 } },
  ),
  application('shop', 'redis', 3, { cpu: '200m', memory: '2Gi' }, { memory: '2Gi' }, { kind: 'StatefulSet' }),
  application(
    'archive',
    'object-store',
    3,
    { cpu: '2', memory: '8Gi' },
    { memory: '12Gi' },
    {
      kind: 'StatefulSet',
      budget: { maxUnavailable: 1 },
      claims: [{ name: 'data', size: '200Gi', labels: { app: 'object-store' }, volume: 'object-store', from: 'disk' }],
    },
  ),
  application('archive', 'indexer', 2, { cpu: '1', memory: '4Gi' }, { memory: '6Gi' }),
  application('reporting', 'api', 2, { cpu: '100m', memory: '128Mi' }, null),
  {
    ...application('reporting', 'hourly-report', 1, { cpu: '500m', memory: '256Mi' }, null),
    kind: 'CronJob',
    every: 180,
    takes: 45,
  },
  {
    ...application('shop', 'cleanup', 1, { cpu: '100m', memory: '64Mi' }, null),
    kind: 'CronJob',
    every: 60,
    takes: 15,
  },
];

/** Small applications that fill the site up to so many more pods, spread over namespaces of a thousand each. */
export function fillers(pods: number): Workload[] {
  const REPLICAS = 50;
  const workloads = Math.ceil(pods / REPLICAS);
  return Array.from({ length: workloads }, (_, index) => {
    const last = index === workloads - 1;
    const requests = { cpu: `${50 + (index % 4) * 25}m`, memory: `${64 * (1 + (index % 3))}Mi` };
    const namespace = `tenant-${String(Math.floor(index / 20)).padStart(3, '0')}`;
    const name = `service-${String(index % 20).padStart(2, '0')}`;
    return application(namespace, name, last ? pods - REPLICAS * index : REPLICAS, requests, { memory: '512Mi' });
  });
}
