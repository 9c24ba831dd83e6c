import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PendingPods } from '../../source/commands/kinds/pending.ts';
import { pendingDocument, waitingPods } from '../../source/commands/pending-answer.ts';
import { pendingText } from '../../source/commands/pending-text.ts';
import { ANYWHERE } from '../../source/model/kubernetes/placement.ts';
import { valueOf } from '../../source/model/reading.ts';
import type { ClusterState } from '../../source/state/cluster-state.ts';
import { makeClaim, makeNode, makePod, makeStorageClass } from '../state/made.ts';
import { call, NOW, OBEYED, pictured } from './pictured.ts';
import { schemaErrors } from './program.ts';
import { sandboxed } from './sandboxed.ts';

const GI = 2 ** 30;
const NODES = [
  makeNode({ name: 'cordoned', cordoned: true }),
  makeNode({ name: 'tainted', taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule', timeAdded: null }] }),
];
const waiting = (uid: string, given: Partial<Parameters<typeof makePod>[0]> = {}) =>
  makePod({ uid, name: uid, phase: 'Pending', status: 'Pending', createdAt: NOW - 300_000, ...given });
const PODS = [
  waiting('young', { createdAt: NOW - 60_000 }),
  waiting('old', { unscheduled: '0/2 nodes are available: 1 node(s) were unschedulable.' }),
  waiting('important', { priority: 1_000, requests: { cpu: 4_000, memory: GI, ephemeralStorage: 0 } }),
  waiting('with-data', { priority: -1, claims: ['data'] }),
  makePod({ uid: 'bound', node: 'tainted' }),
];
const STORAGE = {
  claims: [makeClaim({ name: 'data' })],
  persistentVolumes: [],
  storageClasses: [makeStorageClass()],
  volumes: [],
};
const state = pictured({ nodes: NODES, pods: PODS, ...STORAGE });
const documentOf = (of: ClusterState): PendingPods => pendingDocument(call, of, waitingPods(of));
const textOf = (of: ClusterState, wide = false): string =>
  pendingText(valueOf(waitingPods(of)) ?? [], { wide, now: NOW });

describe('pending pods for programs', () => {
  it('stand in the order in which the scheduler takes them, without those that have a node', () => {
    expect(documentOf(state).items?.map(({ name }) => name)).toEqual(['important', 'old', 'young', 'with-data']);
  });

  it("have the scheduler's reason, the nearest nodes and what would let the pod in", () => {
    const [important, old, young, withData] = documentOf(state).items ?? [];
    expect(old).toEqual({
      namespace: 'shop',
      name: 'old',
      uid: 'old',
      createdAt: '2026-01-31T11:55:00Z',
      requested: { cpu: 0.1, memory: GI / 16, ephemeralStorage: 0 },
      reason: '0/2 nodes are available: 1 node(s) were unschedulable.',
      nearest: [
        { node: 'cordoned', obstacles: ['it is cordoned'], help: ['uncordon cordoned'] },
        { node: 'tainted', obstacles: ['it has the taint gpu=yes:NoSchedule'], help: ['untaint gpu=yes:NoSchedule'] },
      ],
      against: [
        { obstacle: 'it is cordoned', nodes: 1 },
        { obstacle: 'it has the taint gpu=yes:NoSchedule', nodes: 1 },
      ],
      notModelled: [],
    });
    expect(young).toMatchObject({ reason: null, reasonWhy: 'the scheduler gave none' });
    expect(important?.nearest[0]?.help).toEqual(['uncordon cordoned', 'a larger machine: it has 3.8 cores in all']);
    expect(withData?.nearest[0]?.help).toContain('a Volume of class metalk8s with 10Gi');
  });

  it('say what is not looked at', () => {
    const placement = { ...ANYWHERE, unmodelled: ['another scheduler'] as const };
    const of = pictured({ nodes: NODES, pods: [waiting('odd', { placement })] });
    expect(documentOf(of).items?.[0]?.notModelled).toEqual(['another scheduler']);
  });

  it.each([
    ['whole', state],
    ['none', pictured({ nodes: NODES, pods: [] })],
    ['without nodes', pictured({ nodes: [], pods: PODS })],
    ['without volumes', pictured({ nodes: NODES, pods: PODS })],
    ['denied', pictured({ nodes: NODES }, { pods: { state: 'denied', right: 'list pods', why: 'forbidden' } })],
  ])('keep to the schema: %s', (_, of) => expect(schemaErrors('pending-pods', documentOf(of))).toEqual([]));

  it('are not none where pods cannot be read', () => {
    const denied = pictured({ nodes: NODES }, { pods: { state: 'denied', right: 'list pods', why: 'forbidden' } });
    expect(documentOf(denied)).toMatchObject({ items: null, itemsWhy: 'the right "list pods" is missing' });
  });
});

describe('pending pods for people', () => {
  it('are a line each, the reason last', () => {
    expect(textOf(state).split('\n').slice(0, 4)).toEqual([
      expect.stringMatching(/^NAMESPACE +NAME +AGE +NEAREST +WHAT-LETS-IT-IN +REASON$/),
      expect.stringMatching(
        /^shop +important +5m +cordoned +uncordon cordoned and a larger machine: it has 3\.8 cores in all +\?$/,
      ),
      expect.stringMatching(
        /^shop +old +5m +cordoned +uncordon cordoned +0\/2 nodes are available: .*unschedulable\.$/,
      ),
      expect.stringMatching(/^shop +young +60s +cordoned +uncordon cordoned +\?$/),
    ]);
  });

  it('that fit already wait for the scheduler alone, and without a node for one', () => {
    const fits = pictured({ nodes: [makeNode({ name: 'free' })], pods: [waiting('new')] });
    expect(textOf(fits)).toMatch(/ free +it fits: the scheduler has yet to place it /);
    expect(textOf(pictured({ nodes: [], pods: [waiting('new')] }))).toMatch(/ - +a node +\?\n/);
  });

  it('name a node that is not Ready as such, where no taint says so', () => {
    const silent = makeNode({ name: 'silent', conditions: [] });
    expect(textOf(pictured({ nodes: [silent], pods: [waiting('new')] }))).toMatch(/ silent \(not Ready\) +it fits: /);
  });

  it('have the next nodes and what is in the way with -o wide', () => {
    expect(textOf(state, true)).toMatch(
      /tainted: untaint gpu=yes:NoSchedule +1 node: it is cordoned; 1 node: it has the taint gpu=yes:NoSchedule +- /,
    );
  });

  it('draw nothing that a terminal would obey, and one line a pod', () => {
    const hostile = fc.string({ unit: fc.constantFrom('\u001b', '[2J', '\n', '\r', '\u202e', '\u009b', 'a', '字') });
    fc.assert(
      fc.property(hostile, hostile, (name, text) => {
        const nodes = [
          makeNode({ name, taints: [{ key: text, value: text, effect: 'NoSchedule', timeAdded: null }] }),
          makeNode({ name: `${name}-too`, cordoned: true }),
        ];
        const pods = [waiting('p', { name: text, namespace: name, unscheduled: text, claims: [text] })];
        const shown = textOf(pictured({ nodes, pods, ...STORAGE }), true);
        expect(shown).not.toMatch(OBEYED);
        expect(shown.split('\n')).toHaveLength(3);
      }),
    );
  });
});

describe('pending pods of a cluster', () => {
  const here = sandboxed();
  const { cli, json } = here;

  it('are none, and that is well', async () => {
    expect(await cli('pending')).toEqual({ code: 0, stdout: '', stderr: 'No pod waits for a node.\n' });
  });

  it('are told with what would let them in, and end with 1', async () => {
    const { pods } = here.sandbox.world;
    const web = [...pods.values()].find(({ metadata: { namespace } }) => namespace === 'shop');
    if (web === undefined) throw new Error('the shop has no pod to copy');
    const { nodeName, ...spec } = web.spec;
    const key = { namespace: 'shop', name: 'too-large' };
    pods.put({
      ...web,
      metadata: { ...web.metadata, ...key, uid: 'uid-of-too-large', ownerReferences: [] },
      spec: {
        ...spec,
        containers: spec.containers.map((each) => ({ ...each, resources: { requests: { cpu: '500' } } })),
      },
      status: { ...web.status, phase: 'Pending', conditions: [] },
    });
    const { code, stderr, document } = await json('pending');
    expect({ code, stderr, errors: schemaErrors('pending-pods', document) }).toEqual({
      code: 1,
      stderr: '',
      errors: [],
    });
    expect(nodeName).toMatch(/worker/);
    expect((document as PendingPods).items).toEqual([
      expect.objectContaining({
        ...key,
        nearest: expect.arrayContaining([
          expect.objectContaining({
            help: [expect.stringMatching(/^a larger machine: it has [\d.]+ cores in all$/)] as unknown,
          }),
        ]) as unknown,
      }),
    ]);
    expect((await cli('pending')).stdout).toMatch(/too-large .* a larger machine: /);
    pods.remove('shop/too-large');
    expect((await cli('pending')).code).toBe(0);
  });

  it('are not known without the right to list pods', async () => {
    const allow = here.sandbox.deny({ verb: 'list', resource: 'pods' });
    try {
      expect(await cli('pending')).toEqual({
        code: 3,
        stdout: '',
        stderr: 'Which pods wait for a node is not known: the right "list pods" is missing.\n',
      });
    } finally {
      allow();
    }
  });
});
