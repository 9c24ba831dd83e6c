import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { milliValue, parseQuantity, wholeValue } from '../../../source/model/kubernetes/quantity.ts';
import { podAmounts, type PodResourcesSpec } from '../../../source/model/kubernetes/requests.ts';

type Expected = [cpu: number, memory: number, ephemeralStorage: number];
const MI = 1024 * 1024;

const requests = (cpu: string, memory?: string) => ({
  resources: { requests: memory === undefined ? { cpu } : { cpu, memory } },
});
const limits = (cpu: string) => ({ resources: { limits: { cpu } } });
const sidecar = <T extends object>(container: T) => ({ ...container, restartPolicy: 'Always' });

const REQUESTS: [string, PodResourcesSpec, Expected][] = [
  ['nothing at all', {}, [0, 0, 0]],
  ['a container without resources', { containers: [{}] }, [0, 0, 0]],
  ['a container with empty resources', { containers: [{ resources: {} }] }, [0, 0, 0]],
  ['one container', { containers: [requests('100m', '64Mi')] }, [100, 64 * MI, 0]],
  ['containers add up', { containers: [requests('100m', '64Mi'), requests('1', '1Gi')] }, [1100, 1088 * MI, 0]],
  [
    'ephemeral storage',
    { containers: [{ resources: { requests: { 'ephemeral-storage': '1Gi' } } }] },
    [0, 0, 1024 * MI],
  ],
  [
    'other resources are not counted',
    { containers: [{ resources: { requests: { 'nvidia.com/gpu': '4' } } }] },
    [0, 0, 0],
  ],
  ['limits alone request nothing here', { containers: [limits('1')] }, [0, 0, 0]],
  ['fractions add up before rounding', { containers: [requests('0.0004'), requests('0.0004')] }, [1, 0, 0]],
  ['the total is rounded up', { containers: [requests('100m', '1500m')] }, [100, 2, 0]],
  ['fractions of a byte add up', { containers: [requests('0', '500m'), requests('0', '500m')] }, [0, 1, 0]],
  ['a small init container', { containers: [requests('200m')], initContainers: [requests('100m')] }, [200, 0, 0]],
  ['a large init container', { containers: [requests('200m')], initContainers: [requests('1')] }, [1000, 0, 0]],
  [
    'init containers run one after the other',
    { containers: [requests('200m')], initContainers: [requests('300m'), requests('250m')] },
    [300, 0, 0],
  ],
  [
    'each resource has its own maximum',
    { containers: [requests('200m', '1Gi')], initContainers: [requests('1', '64Mi')] },
    [1000, 1024 * MI, 0],
  ],
  [
    'a sidecar runs beside',
    { containers: [requests('200m')], initContainers: [sidecar(requests('100m'))] },
    [300, 0, 0],
  ],
  [
    'an init container after a sidecar needs both',
    { containers: [requests('200m')], initContainers: [sidecar(requests('100m')), requests('500m')] },
    [600, 0, 0],
  ],
  [
    'an init container before a sidecar does not',
    { containers: [requests('200m')], initContainers: [requests('500m'), sidecar(requests('100m'))] },
    [500, 0, 0],
  ],
  [
    'an init container between sidecars',
    {
      containers: [requests('10m')],
      initContainers: [sidecar(requests('100m')), requests('500m'), sidecar(requests('300m')), requests('150m')],
    },
    [600, 0, 0],
  ],
  [
    'sidecars and containers exceed every init container',
    {
      containers: [requests('400m')],
      initContainers: [sidecar(requests('100m')), requests('500m'), sidecar(requests('300m'))],
    },
    [800, 0, 0],
  ],
  [
    'another restart policy is no sidecar',
    { containers: [requests('200m')], initContainers: [{ ...requests('100m'), restartPolicy: 'OnFailure' }] },
    [200, 0, 0],
  ],
  ['only sidecars', { initContainers: [sidecar(requests('100m')), sidecar(requests('200m'))] }, [300, 0, 0]],
  [
    'overhead on top',
    { containers: [requests('200m', '1Mi')], overhead: { cpu: '50m', memory: '2Mi' } },
    [250, 3 * MI, 0],
  ],
  ['overhead alone', { containers: [{}], overhead: { cpu: '50m' } }, [50, 0, 0]],
  [
    'overhead on top of an init container',
    { containers: [requests('200m')], initContainers: [requests('1')], overhead: { cpu: '50m' } },
    [1050, 0, 0],
  ],
  [
    'the pod level stands for the containers',
    { containers: [requests('200m', '64Mi')], resources: { requests: { cpu: '1' } } },
    [1000, 64 * MI, 0],
  ],
  [
    'the pod level stands for init containers and sidecars too, below overhead',
    {
      containers: [requests('200m')],
      initContainers: [requests('4'), sidecar(requests('1'))],
      resources: { requests: { cpu: '2' } },
      overhead: { cpu: '100m' },
    },
    [2100, 0, 0],
  ],
  ['a pod level of zero is set', { containers: [requests('200m')], resources: { requests: { cpu: '0' } } }, [0, 0, 0]],
  [
    'the pod level has no ephemeral storage',
    {
      containers: [{ resources: { requests: { 'ephemeral-storage': '1Mi' } } }],
      resources: { requests: { 'ephemeral-storage': '9Mi' } },
    },
    [0, 0, MI],
  ],
  ['what is no quantity counts as not set', { containers: [requests('many'), requests('100m')] }, [100, 0, 0]],
];

test.each(REQUESTS)('requests: %s', (_, spec, [cpu, memory, ephemeralStorage]) => {
  expect(podAmounts(spec).requests).toEqual({ cpu, memory, ephemeralStorage });
});

const LIMITS: [string, PodResourcesSpec, Expected][] = [
  ['none', { containers: [requests('1', '1Mi')] }, [0, 0, 0]],
  ['containers add up, those without one add nothing', { containers: [limits('1'), limits('2'), {}] }, [3000, 0, 0]],
  ['init containers', { containers: [limits('1')], initContainers: [limits('2')] }, [2000, 0, 0]],
  ['sidecars', { containers: [limits('1')], initContainers: [sidecar(limits('2'))] }, [3000, 0, 0]],
  ['overhead on top of a limit', { containers: [limits('1')], overhead: { cpu: '100m', memory: '1Mi' } }, [1100, 0, 0]],
  ['overhead is no limit by itself', { containers: [limits('0')], overhead: { cpu: '100m' } }, [0, 0, 0]],
  [
    'the pod level',
    { containers: [limits('1')], resources: { limits: { cpu: '500m', memory: '1Mi' } }, overhead: { cpu: '100m' } },
    [600, MI, 0],
  ],
];

test.each(LIMITS)('limits: %s', (_, spec, [cpu, memory, ephemeralStorage]) => {
  expect(podAmounts(spec).limits).toEqual({ cpu, memory, ephemeralStorage });
});

describe('against the rule as Kubernetes words it', () => {
  const amount = fc.constantFrom('0', '1m', '100m', '0.5', '2', '1500u', '3n', '1Ki', '1e1');
  const resources = fc.record({ cpu: amount, memory: amount, 'ephemeral-storage': amount }, { requiredKeys: [] });
  const container = fc.record({
    resources: fc.record({ requests: resources, limits: resources }, { requiredKeys: [] }),
    restartPolicy: fc.constantFrom('Always', 'Never'),
  });
  const spec: fc.Arbitrary<PodResourcesSpec> = fc.record(
    {
      containers: fc.array(container, { maxLength: 3 }),
      initContainers: fc.array(container, { maxLength: 4 }),
      overhead: resources,
      resources: fc.record({ requests: resources, limits: resources }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );

  const sum = (texts: (string | undefined)[]) =>
    texts.reduce((total, text) => total + (parseQuantity(text ?? '0') ?? 0n), 0n);

  /** InitContainerUse(i) = sidecars before i + i; the pod needs the most of all those and of everything running. */
  function naive(pod: PodResourcesSpec, kind: 'requests' | 'limits', wire: string) {
    const of = (one: NonNullable<PodResourcesSpec['containers']>[number]) => one.resources?.[kind]?.[wire];
    const init = pod.initContainers ?? [];
    const sidecars = init.map((one) => (one.restartPolicy === 'Always' ? of(one) : undefined));
    const stages = init.map((one, index) => sum([...sidecars.slice(0, index), of(one)]));
    const containers = [...stages, sum([...sidecars, ...(pod.containers ?? []).map(of)])].reduce((most, stage) =>
      stage > most ? stage : most,
    );
    const podLevel = wire === 'ephemeral-storage' ? undefined : pod.resources?.[kind]?.[wire];
    const own = podLevel === undefined ? containers : sum([podLevel]);
    const noOverhead = kind === 'limits' && own === 0n;
    return noOverhead ? own : own + sum([pod.overhead?.[wire]]);
  }

  test.each(['requests', 'limits'] as const)('%s', (kind) => {
    fc.assert(
      fc.property(spec, (pod) => {
        expect(podAmounts(pod)[kind]).toEqual({
          cpu: milliValue(naive(pod, kind, 'cpu')),
          memory: wholeValue(naive(pod, kind, 'memory')),
          ephemeralStorage: wholeValue(naive(pod, kind, 'ephemeral-storage')),
        });
      }),
    );
  });
});

test('more distinct quantities than are kept in mind are still read right', () => {
  for (let index = 1; index <= 45_000; index += 1)
    if (podAmounts({ containers: [requests(`${index}m`)] }).requests.cpu !== index)
      expect.fail(`${index}m was misread`);
});
