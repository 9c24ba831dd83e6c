import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPodDecoder } from '../../../source/links/kubernetes/decode.ts';
import { decodeClaims, decodePlacement } from '../../../source/links/kubernetes/decode-placement.ts';
import type { Placement } from '../../../source/model/kubernetes/placement.ts';
import { ANYWHERE } from '../../../source/model/kubernetes/placement.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const nodeAffinity = (required: unknown) => ({ affinity: { nodeAffinity: { [REQUIRED]: required } } });
const containerWith = (more: object) => ({ containers: [{ name: 'main' }, { name: 'beside', ...more }] });
const asking = (requests: object) => containerWith({ resources: { requests } });

describe('where a pod may be placed', () => {
  test.each<[string, object, Partial<Placement>]>([
    ['anywhere', {}, {}],
    ['by a node selector', { nodeSelector: { disk: 'ssd', bad: 7 } }, { selector: { disk: 'ssd' } }],
    [
      'by required node affinity',
      nodeAffinity({
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: 'zone', operator: 'In', values: ['a', 'b'] },
              { key: 'gpu', operator: 'Exists' },
            ],
          },
          { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['wrk-1'] }] },
          {},
        ],
      }),
      {
        terms: [
          {
            labels: [
              { key: 'zone', operator: 'In', values: ['a', 'b'] },
              { key: 'gpu', operator: 'Exists', values: [] },
            ],
            fields: [],
          },
          { labels: [], fields: [{ key: 'metadata.name', operator: 'In', values: ['wrk-1'] }] },
          { labels: [], fields: [] },
        ],
      },
    ],
    ['by no term at all', nodeAffinity({ nodeSelectorTerms: [] }), { terms: [] }],
    ['by terms that are none', nodeAffinity({ nodeSelectorTerms: 'x' }), { terms: [] }],
    ['preferably somewhere', { affinity: { nodeAffinity: { [PREFERRED]: [{ weight: 1 }] } } }, {}],
    [
      'where ports are free, those of sidecars aside, as the scheduler has it',
      {
        containers: [
          { ports: [{ hostPort: 80, containerPort: 8080 }, { containerPort: 9090 }] },
          { ports: [{ hostPort: 53, protocol: 'UDP', hostIP: '10.1.0.1' }] },
        ],
        initContainers: [{ restartPolicy: 'Always', ports: [{ hostPort: 81 }] }, { ports: [{ hostPort: 82 }] }],
      },
      {
        hostPorts: [
          { address: '', protocol: 'TCP', port: 80 },
          { address: '10.1.0.1', protocol: 'UDP', port: 53 },
        ],
      },
    ],
    [
      'by pods that it must be near',
      { affinity: { podAffinity: { [REQUIRED]: [{}] } } },
      { unmodelled: ['affinity between pods'] },
    ],
    [
      'by pods that it must not be near',
      { affinity: { podAntiAffinity: { [REQUIRED]: [{}] } } },
      { unmodelled: ['affinity between pods'] },
    ],
    ['by pods that it is rather not near', { affinity: { podAntiAffinity: { [PREFERRED]: [{}] } } }, {}],
    [
      'spread, and else not',
      { topologySpreadConstraints: [{ whenUnsatisfiable: 'DoNotSchedule' }] },
      { unmodelled: ['spread over topologies'] },
    ],
    ['spread if it may be', { topologySpreadConstraints: [{ whenUnsatisfiable: 'ScheduleAnyway' }] }, {}],
    ['with a device', asking({ 'nvidia.com/gpu': '1' }), { unmodelled: ['extended resources'] }],
    ['with huge pages', asking({ 'hugepages-2Mi': '4Mi' }), { unmodelled: ['extended resources'] }],
    ['with what everybody asks for', asking({ cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' }), {}],
    ['with a resource claim', { resourceClaims: [{ name: 'x' }] }, { unmodelled: ['resource claims'] }],
    ['nowhere while gates stand', { schedulingGates: [{ name: 'quota' }, { name: 'x' }] }, { gates: ['quota', 'x'] }],
    ['by another scheduler', { schedulerName: 'mine' }, { unmodelled: ['another scheduler'] }],
    ['by the usual one', { schedulerName: 'default-scheduler' }, {}],
  ])('%s', (_, spec, placement) => expect(decodePlacement({ ...spec })).toEqual({ ...ANYWHERE, ...placement }));

  test('is anywhere where there is no spec', () => expect(decodePlacement(null)).toEqual(ANYWHERE));
});

test('claims are those of its volumes, and of volumes that come and go with it', () =>
  expect(
    decodeClaims(
      {
        volumes: [
          { name: 'data', persistentVolumeClaim: { claimName: 'data-0' } },
          { name: 'scratch', ephemeral: { volumeClaimTemplate: {} } },
          { name: 'config', configMap: { name: 'c' } },
          { name: 'odd', persistentVolumeClaim: {} },
          7,
        ],
      },
      'web-0',
    ),
  ).toEqual({ claims: ['data-0', 'web-0-scratch'], ephemeralClaims: ['web-0-scratch'] }));

describe('a pod', () => {
  const metadata = { name: 'a', uid: 'u', namespace: 'n', resourceVersion: '1' };

  test('with 100 containers requests what they do together, and is unlimited where one is', () => {
    const containers = Array.from({ length: 100 }, (_, index) => ({
      resources: {
        requests: { cpu: index % 2 === 0 ? '0.1' : '100m', memory: '1e3' },
        limits: { memory: '1Mi', ...(index > 0 && { cpu: '1' }) },
      },
    }));
    expect(createPodDecoder()({ metadata, spec: { containers } })).toMatchObject({
      requests: { cpu: 10_000, memory: 100_000, ephemeralStorage: 0 },
      limits: { cpu: 99_000, memory: 100 * 2 ** 20 },
      unlimited: ['cpu'],
    });
  });

  test('carries its priority and the reason why it was not placed', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
    ];
    expect(createPodDecoder()({ metadata, spec: { priority: 7 }, status: { conditions } })).toMatchObject({
      priority: 7,
      unscheduled: '0/3 nodes are available',
    });
  });

  test('keeps no more of that reason than a scheduler writes', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', message: ' '.repeat(1_000_000) }];
    expect(createPodDecoder()({ metadata, status: { conditions } })?.unscheduled).toHaveLength(4_096);
  });

  test('shares its placement with pods that are placed alike', () => {
    const decode = createPodDecoder();
    const spec = { nodeSelector: { disk: 'ssd' }, volumes: [{ persistentVolumeClaim: { claimName: 'c' } }] };
    const [one, other] = [decode({ metadata, spec }), decode({ metadata, spec: structuredClone(spec) })];
    expect(one?.placement).toBe(other?.placement);
    expect(one?.claims).toBe(other?.claims);
  });

  test('of any JSON is a row or none, and never throws', () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (affinity, volumes) => {
        const spec = {
          affinity,
          nodeSelector: affinity,
          containers: volumes,
          volumes,
          topologySpreadConstraints: affinity,
        };
        expect(createPodDecoder()({ metadata, spec })?.placement.unmodelled).toBeInstanceOf(Array);
      }),
    ));
});
