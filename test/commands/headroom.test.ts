import { describe, expect, it } from 'vitest';
import { answerOf, LARGEST, type Question } from '../../source/commands/headroom-answer.ts';
import { headroomDocument } from '../../source/commands/headroom-item.ts';
import type { HeadroomDocument } from '../../source/commands/kinds/headroom.ts';
import type { NodeList } from '../../source/commands/kinds/node-list.ts';
import type { ClusterState } from '../../source/state/cluster-state.ts';
import { makeNode } from '../state/made.ts';
import { asked, fit, GI, NODES, NOTHING, PODS, state } from './headroom-picture.ts';
import { call, pictured } from './pictured.ts';
import { schemaErrors } from './program.ts';
import { sandboxed } from './sandboxed.ts';

const documentOf = (of: ClusterState, question: Question = NOTHING): HeadroomDocument =>
  headroomDocument(call, of, answerOf(of, question));

describe('headroom for programs', () => {
  it('sums what is offered, requested and left, by group, plane, role and node, in base units', () => {
    const { cluster, byGroup, byPlane, byRole, byNode } = documentOf(state);
    expect(cluster).toMatchObject({
      nodes: 4,
      openNodes: 2,
      allocatable: { cpu: 14.9, memory: 35 * GI, pods: 440 },
      requested: { cpu: 6, memory: 6 * GI, pods: 6 },
      free: { cpu: 8.9, pods: 434 },
      freeForWorkloads: { cpu: 5, memory: 15 * GI, pods: 215 },
      undersized: ['master'],
    });
    expect(Object.entries(byGroup).map(([group, { nodes }]) => [group, nodes])).toEqual([
      ['control-plane', 1],
      ['infra', 1],
      ['workload', 2],
    ]);
    expect([byPlane.control.nodes, byPlane.workload.nodes]).toEqual([2, 3]);
    expect(byRole.etcd).toMatchObject({ nodes: 1, demand: { cpu: 1.2, memory: 2.5e9, cpuWithMargin: 1.8 } });
    expect(byRole.bootstrap).toMatchObject({ nodes: 0, allocatable: { cpu: 0 }, free: { cpu: 0 }, used: null });
    expect(byNode['master']).toMatchObject({ free: { cpu: -0.1 }, open: false, closedBy: ['cordoned'] });
    expect(byNode['large']).toMatchObject({ freeForWorkloads: { cpu: 3 }, used: { cpu: 9.5 }, measuredNodes: 1 });
    expect(byNode['large']?.used).toMatchObject({
      ephemeralStorage: null,
      ephemeralStorageWhy: 'the metrics API says nothing of ephemeral storage',
    });
    expect(byNode['small']).toMatchObject({ used: null, usedWhy: 'the metrics API does not name the node' });
  });

  it('gives the largest hole, and the loss of the largest node pod by pod', () => {
    const { largestHole, ifLost, fits } = documentOf(state);
    expect(largestHole).toMatchObject({ node: 'large', free: { cpu: 3, memory: 11 * GI, pods: 105 } });
    expect(ifLost).toMatchObject({
      node: 'large',
      fits: false,
      vanishing: 1,
      moved: [{ namespace: 'shop', name: 'web', to: 'small' }],
      pending: [{ name: 'huge' }],
      bound: [{ name: 'database' }],
      unowned: [{ name: 'bare' }],
      left: { cpu: 1.5, memory: 3 * GI },
      estimate: true,
    });
    expect(fits).toEqual([]);
  });

  it('takes the node that is named, and throws a sentence for one that is not there', () => {
    expect(documentOf(state, asked({ lost: 'small' })).ifLost).toMatchObject({ node: 'small', fits: true });
    expect(() => answerOf(state, asked({ lost: 'smal' }))).toThrow('There is no node "smal"; did you mean "small"?');
  });

  it('says where what is asked fits, how often, and what is in the way elsewhere', () => {
    const [three, many] = documentOf(state, asked({ fits: [fit(1_000, 1, 3), fit(1_000, 1, 99)] })).fits ?? [];
    expect(three).toMatchObject({
      request: { cpu: 1, memory: GI, replicas: 3 },
      fits: true,
      most: 5,
      where: [
        { node: 'large', replicas: 3 },
        { node: 'small', replicas: 2 },
      ],
    });
    expect(three?.obstacles).toEqual(
      expect.arrayContaining([{ obstacle: 'it has the taint node-role.kubernetes.io/infra:NoSchedule', nodes: 1 }]),
    );
    expect(many).toMatchObject({ fits: false, most: 5 });
  });

  it('confines nodes, hole and largest node to a role', () => {
    const {
      role: ofRole,
      byNode,
      largestHole,
      largestHoleWhy,
      ifLost,
    } = documentOf(state, asked({ role: 'infra', lost: LARGEST }));
    expect({ ofRole, nodes: Object.keys(byNode), largestHole, largestHoleWhy, lost: ifLost?.node }).toEqual({
      ofRole: 'infra',
      nodes: ['infra'],
      largestHole: null,
      largestHoleWhy: 'none of 1 node is open',
      lost: 'infra',
    });
  });

  it('of a role without nodes has sums of nothing, and reasons', () => {
    const { byNode, largestHole, ifLost, ifLostWhy } = documentOf(state, asked({ role: 'bootstrap' }));
    expect({ byNode, largestHole, ifLost, ifLostWhy }).toEqual({
      byNode: {},
      largestHole: null,
      ifLost: null,
      ifLostWhy: 'no node is Ready and says what it offers',
    });
  });

  it('never says zero for what is not known', () => {
    const denied = pictured({ nodes: NODES }, { pods: { state: 'denied', right: 'list pods', why: 'forbidden' } });
    const { cluster, largestHole, largestHoleWhy, ifLost, fits, fitsWhy } = documentOf(
      denied,
      asked({ lost: 'large' }),
    );
    const why = 'the right "list pods" is missing';
    expect(cluster).toMatchObject({ requested: null, requestedWhy: why, free: null, freeForWorkloads: null });
    expect({ largestHole, largestHoleWhy, ifLost, fits, fitsWhy }).toEqual({
      largestHole: null,
      largestHoleWhy: why,
      ifLost: null,
      fits: null,
      fitsWhy: why,
    });
    const nothing = { cpu: null, memory: null, ephemeralStorage: null, pods: null };
    const unborn = pictured({ nodes: [makeNode({ name: 'unborn', conditions: [], allocatable: nothing })], pods: [] });
    expect(documentOf(unborn).byNode['unborn']).toMatchObject({
      untoldNodes: 1,
      allocatable: null,
      allocatableWhy: 'no node here says what it offers',
      free: null,
      requested: { cpu: 0 },
    });
  });

  it('counts pods with claims apart where volumes cannot be read', () => {
    const right = { state: 'denied', right: 'list persistentvolumeclaims', why: 'forbidden' } as const;
    const untold = pictured({ nodes: NODES, pods: PODS }, { claims: right });
    expect(documentOf(untold).ifLost).toMatchObject({ bound: [], untold: [{ name: 'database' }] });
  });

  it.each([
    ['whole', state, NOTHING],
    ['asked', state, asked({ role: 'node', lost: 'small', fits: [fit(1_000, 1, 3), fit(99_000, 0, 1)] })],
    ['without nodes', pictured({ nodes: [], pods: [] }), NOTHING],
    ['without pods', pictured({ nodes: NODES }), asked({ lost: LARGEST, fits: [fit(1, 1, 1)] })],
    ['stale', pictured({ nodes: NODES, pods: PODS }, { pods: { state: 'stale', since: 0, why: 'cut' } }), NOTHING],
  ] as const)('keeps to the schema: %s', (_, of, question) => {
    expect(schemaErrors('headroom', documentOf(of, question))).toEqual([]);
  });
});

describe('headroom of a cluster', () => {
  const here = sandboxed();
  const { cli, json } = here;

  it('answers by its schema, with the figures that nodes gives', async () => {
    const { code, stderr, document } = await json('headroom');
    expect({ code, stderr, errors: schemaErrors('headroom', document) }).toEqual({ code: 0, stderr: '', errors: [] });
    const { cluster, byNode, byGroup } = document as HeadroomDocument;
    const { items } = (await json('nodes')).document as NodeList;
    expect(cluster.name).toBe('sandbox-standard');
    for (const { name, requested, free, group, open } of items)
      expect(byNode[name]).toMatchObject({ requested, free, group, open });
    const sum = (resource: 'cpu' | 'memory' | 'pods') =>
      items.reduce((total, { free }) => total + (free?.[resource] ?? NaN), 0);
    expect(cluster.free?.cpu).toBeCloseTo(sum('cpu'), 6);
    expect([cluster.free?.memory, cluster.free?.pods]).toEqual([sum('memory'), sum('pods')]);
    expect(Object.values(byGroup).reduce((total, { nodes }) => total + nodes, 0)).toBe(items.length);
    const open = items.filter((item) => item.open).map(({ free }) => free?.memory ?? NaN);
    expect(cluster.freeForWorkloads?.memory).toBe(open.reduce((total, memory) => total + memory, 0));
  });

  it('says the same on lines as for programs', async () => {
    const { ifLost } = (await json('headroom --if-lost par1-worker-2')).document as HeadroomDocument;
    const { stdout } = await cli('headroom --if-lost par1-worker-2');
    for (const { name, to } of ifLost?.moved ?? []) expect(stdout).toMatch(new RegExp(` ${name} .* moves to ${to}\\n`));
    expect(ifLost?.moved.length).toBeGreaterThan(0);
    for (const { name } of ifLost?.bound ?? []) expect(stdout).toMatch(new RegExp(` ${name} .* cannot move`));
  });

  it.each([
    ['headroom --fits cpu=1,memory=1Gi,replicas=2', 0],
    ['headroom --fits cpu=1 --fits cpu=1000', 1],
    ['headroom --role infra --fits cpu=100m', 1],
    ['headroom --role bootstrap', 0],
  ])('%s ends with %i', async (line, wanted) => expect((await cli(line)).code).toBe(wanted));

  it.each([
    ['headroom --fits nonsense', 2, /^--fits: fit "nonsense": [^\n]+\.\n$/],
    ['headroom --fits cpu=much', 2, /^--fits: [^\n]*"much"[^\n]*\.\n$/],
    ['headroom --fits cpu=-1', 2, /^--fits: [^\n]*negative\.\n$/],
    ['headroom --fits replicas=1.5', 2, /^--fits: [^\n]*whole number[^\n]*\.\n$/],
    ['headroom --if-lost par1-worker-11', 2, /^There is no node "par1-worker-11"; did you mean "par1-worker-1"\?\n$/],
    ['headroom --if-lost a,b', 2, /must be a DNS name/],
    ['headroom --role infrastructure', 2, /There is no role "infrastructure"/],
    ['headroom par1-worker-1', 2, /takes no argument/],
  ])('%s ends with %i and a sentence', async (line, wanted, sentence) => {
    const { code, stdout, stderr } = await cli(line);
    expect({ code, stdout }).toEqual({ code: wanted, stdout: '' });
    expect(stderr).toMatch(sentence);
  });

  it('is found by those who can take pods, and told to others as far as it goes', async () => {
    const allow = here.sandbox.deny({ verb: 'list', resource: 'pods' });
    try {
      const { code, stderr, document } = await json('headroom --fits cpu=1');
      expect({ code, stderr, errors: schemaErrors('headroom', document) }).toEqual({
        code: 3,
        stderr: 'What pods request is not known, so neither is what is left: the right "list pods" is missing.\n',
        errors: [],
      });
      expect((document as HeadroomDocument).cluster.allocatable?.cpu).toBeGreaterThan(1);
    } finally {
      allow();
    }
  });

  it.each(['persistentvolumes', 'persistentvolumeclaims', 'storageclasses'])(
    'counts pods with claims apart without the right to list %s, and ends with 3 when that was asked',
    async (resource) => {
      const allow = here.sandbox.deny({ verb: 'list', resource });
      try {
        const { code, stderr, document } = await json('headroom --if-lost par1-worker-1');
        expect(stderr).toBe(`Where pods with claims could go is not known: the right "list ${resource}" is missing.\n`);
        const { ifLost } = document as HeadroomDocument;
        expect({ code, fits: ifLost?.fits, bound: ifLost?.bound }).toEqual({ code: 3, fits: true, bound: [] });
        expect(ifLost?.untold.length).toBeGreaterThan(0);
        expect((await json('headroom')).code).toBe(0);
      } finally {
        allow();
      }
    },
  );
});
