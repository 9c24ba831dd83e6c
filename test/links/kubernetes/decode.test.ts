import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPodDecoder, decodeEvent, decodeNode } from '../../../source/links/kubernetes/decode.ts';

const metadata = { name: 'a', uid: 'u', resourceVersion: '1' };

describe('a node', () => {
  test('is projected to what the console knows of it', () => {
    expect(
      decodeNode({
        metadata: {
          ...metadata,
          creationTimestamp: '2026-01-01T00:00:00Z',
          labels: { l: '1', bad: 7 },
          annotations: { a: 'b' },
          managedFields: [{}],
        },
        spec: {
          unschedulable: true,
          taints: [
            { key: 'k', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' },
            { key: 'v', value: 'x', effect: 'New' },
          ],
        },
        status: {
          capacity: { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '10Gi' },
          allocatable: { cpu: '3900m', memory: 'a lot' },
          conditions: [
            { type: 'Ready', status: 'True', reason: 'R', message: 'm', lastTransitionTime: '2026-01-01T00:00:01Z' },
          ],
          addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
          nodeInfo: {
            kubeletVersion: 'v1.29.8',
            containerRuntimeVersion: 'containerd://1.7',
            osImage: 'Rocky Linux 8',
            kernelVersion: '4.18',
            architecture: 'amd64',
          },
          images: [{ names: ['x'] }],
        },
      }),
    ).toEqual({
      name: 'a',
      uid: 'u',
      createdAt: Date.parse('2026-01-01T00:00:00Z'),
      deleting: false,
      labels: { l: '1' },
      annotations: { a: 'b' },
      cordoned: true,
      taints: [
        { key: 'k', value: '', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' },
        { key: 'v', value: 'x', effect: 'New', timeAdded: null },
      ],
      conditions: [
        { type: 'Ready', status: 'True', reason: 'R', message: 'm', since: Date.parse('2026-01-01T00:00:01Z') },
      ],
      addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
      capacity: { cpu: 4_000, memory: 8 * 2 ** 30, ephemeralStorage: 10 * 2 ** 30, pods: 110 },
      allocatable: { cpu: 3_900, memory: null, ephemeralStorage: null, pods: null },
      system: {
        kubelet: 'v1.29.8',
        containerRuntime: 'containerd://1.7',
        operatingSystem: 'Rocky Linux 8',
        kernel: '4.18',
        architecture: 'amd64',
      },
    });
  });

  test('tells a list of no taints from no list', () => {
    expect(decodeNode({ metadata, spec: { taints: [] } })?.taints).toEqual([]);
    expect(decodeNode({ metadata, spec: {} })?.taints).toBeNull();
    expect(decodeNode({ metadata, spec: { taints: null } })?.taints).toBeNull();
  });

  test('keeps hostile keys as they are', () => {
    const labels = JSON.parse('{"__proto__": "x", "constructor": "y", "\\u001b[2J": "z"}') as object;
    expect(Object.entries(decodeNode({ metadata: { ...metadata, labels } })?.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['\u001b[2J', 'z'],
    ]);
  });
});

describe('a pod', () => {
  const decode = createPodDecoder();

  test('is projected to a row', () => {
    expect(
      decode({
        metadata: {
          ...metadata,
          namespace: 'n',
          deletionTimestamp: '2026-01-01T00:00:00Z',
          annotations: { 'kubernetes.io/config.mirror': 'x' },
          ownerReferences: [
            { kind: 'Other', name: 'o' },
            { kind: 'Node', name: 'a', controller: true },
          ],
        },
        spec: {
          nodeName: 'node',
          containers: [{ name: 'c', resources: { requests: { cpu: '250m' }, limits: { memory: '1Gi' } } }],
          tolerations: [{ operator: 'Exists' }, { key: 'k', effect: 'NoExecute', tolerationSeconds: 300 }],
        },
        status: { phase: 'Running' },
      }),
    ).toEqual({
      name: 'a',
      uid: 'u',
      namespace: 'n',
      node: 'node',
      phase: 'Running',
      status: 'Terminating',
      ready: { containers: 0, of: 1 },
      restarts: 0,
      createdAt: null,
      deleting: true,
      mirror: true,
      owner: { kind: 'Node', name: 'a' },
      requests: { cpu: 250, memory: 0, ephemeralStorage: 0 },
      limits: { cpu: 0, memory: 2 ** 30, ephemeralStorage: 0 },
      unlimited: ['cpu'],
      placement: { selector: {}, terms: null, hostPorts: [], gates: [], unmodelled: [] },
      claims: [],
      ephemeralClaims: [],
      priority: 0,
      unscheduled: null,
      tolerations: [
        { key: '', operator: 'Exists', value: '', effect: '', seconds: null },
        { key: 'k', operator: 'Equal', value: '', effect: 'NoExecute', seconds: 300 },
      ],
    });
  });

  test('shares what agrees with other pods', () => {
    const pod = (uid: string) =>
      decode({ metadata: { ...metadata, uid }, spec: { containers: [{ resources: { requests: { cpu: '1' } } }] } });
    const [one, other] = [pod('1'), pod('2')];
    expect(one?.requests).toBe(other?.requests);
    expect(one?.tolerations).toBe(other?.tolerations);
  });
});

describe('an event', () => {
  test('about a node is a row, with the latest of its times and counts', () => {
    const event = {
      metadata: { ...metadata, creationTimestamp: '2026-01-01T00:00:00Z' },
      involvedObject: { kind: 'Node', name: 'n' },
      type: 'Warning',
      reason: 'R',
      message: 'm',
      source: { component: 'kubelet' },
      count: 3,
      lastTimestamp: '2026-01-01T00:00:05Z',
    };
    expect(decodeEvent(event)).toEqual({
      uid: 'u',
      type: 'Warning',
      reason: 'R',
      message: 'm',
      node: 'n',
      source: 'kubelet',
      count: 3,
      at: Date.parse('2026-01-01T00:00:05Z'),
    });
    const series = { count: 9, lastObservedTime: '2026-01-01T00:00:09.123456Z' };
    expect(decodeEvent({ ...event, series, source: {}, reportingComponent: 'new' })).toMatchObject({
      count: 9,
      source: 'new',
      at: Date.parse('2026-01-01T00:00:09.123Z'),
    });
    expect(decodeEvent({ ...event, involvedObject: { kind: 'Pod', name: 'p' } })).toBeNull();
  });
});

/** Any JSON at all, and JSON that looks right here and there. */
const hostile = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      metadata: fc.record(
        Object.fromEntries(
          [
            'name',
            'uid',
            'resourceVersion',
            'labels',
            'annotations',
            'ownerReferences',
            'creationTimestamp',
            'deletionTimestamp',
          ].map((key) => [key, fc.oneof(fc.string(), fc.jsonValue())]),
        ),
        { requiredKeys: [] },
      ),
      spec: fc.record(
        Object.fromEntries(
          [
            'containers',
            'initContainers',
            'overhead',
            'resources',
            'taints',
            'tolerations',
            'nodeName',
            'unschedulable',
          ].map((key) => [
            key,
            fc.oneof(
              fc.jsonValue(),
              fc.array(
                fc.record({
                  name: fc.jsonValue(),
                  resources: fc.record({ requests: fc.dictionary(fc.constantFrom('cpu', 'memory'), fc.jsonValue()) }),
                }),
              ),
            ),
          ]),
        ),
        { requiredKeys: [] },
      ),
      status: fc.record(
        Object.fromEntries(
          [
            'phase',
            'reason',
            'conditions',
            'containerStatuses',
            'initContainerStatuses',
            'capacity',
            'addresses',
            'nodeInfo',
          ].map((key) => [
            key,
            fc.oneof(fc.jsonValue(), fc.array(fc.record({ state: fc.jsonValue(), restartCount: fc.jsonValue() }))),
          ]),
        ),
        { requiredKeys: [] },
      ),
      involvedObject: fc.jsonValue(),
      series: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
);

test('whatever a server sends, nothing throws and no amount is made up', () => {
  const decodePod = createPodDecoder();
  fc.assert(
    fc.property(hostile, (object) => {
      const node = decodeNode(object);
      for (const amount of Object.values(node?.capacity ?? {}))
        expect(amount === null || Number.isFinite(amount)).toBe(true);
      const pod = decodePod(object);
      if (pod !== null) expect(typeof pod.status).toBe('string');
      decodeEvent(object);
    }),
    { numRuns: 300 },
  );
});
