import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { obstaclesOn } from '../../../source/model/headroom/obstacles.ts';
import { createPlacing } from '../../../source/model/headroom/placing.ts';
import type { Candidate } from '../../../source/model/headroom/site.ts';
import type { ClusterNode } from '../../../source/model/kubernetes/node.ts';
import { ANYWHERE } from '../../../source/model/kubernetes/placement.ts';
import type { PodRow } from '../../../source/model/kubernetes/pod.ts';
import { tolerates } from '../../../source/model/kubernetes/tolerations.ts';
import { known } from '../../../source/model/reading.ts';
import { makeClaim, makeNode, makePersistentVolume, makePod, makeStorageClass, onlyOn } from '../../state/made.ts';
import { madeTaint } from '../kubernetes/node.ts';
import { spent } from '../../spent.ts';
import * as arbitrary from './arbitrary.ts';
import { asking, GI, NO_STORAGE, placeOf, siteWith, sized, storageOf } from './made-site.ts';

const requests = (cpu: number, memory: number) => ({ cpu, memory, ephemeralStorage: 0 });

describe('the node that is chosen', () => {
  const pick = (nodes: readonly [ClusterNode, ...(readonly PodRow[])][], candidate: Candidate) =>
    createPlacing(siteWith(nodes.map(([node, ...pods]) => placeOf(node, pods)))).place(candidate);
  const core = asking({ requests: requests(1_000, GI) });
  const busy = (cpu: number, memory: number) => makePod({ uid: 'busy', requests: requests(cpu, memory) });

  test('is the one with most left', () =>
    expect(pick([[sized('a', 8, 8), busy(4_000, 4 * GI)], [sized('b', 8, 8)]], core)).toBe('b'));
  test('is the larger one', () => expect(pick([[sized('a', 4, 4)], [sized('b', 8, 8)]], core)).toBe('b'));
  test('is the first by name of equals, in whatever order they stand', () =>
    expect(pick([[sized('c', 8, 8)], [sized('a', 8, 8)], [sized('b', 8, 8)]], core)).toBe('a'));
  test('is the one that is used evenly, of two with as much left', () =>
    expect(
      pick(
        [
          [sized('a', 8, 8), busy(4_000, GI)],
          [sized('b', 8, 8), busy(2_500, 2.5 * GI)],
        ],
        core,
      ),
    ).toBe('b'));
  test('has few pods that ask for nothing, since each counts with a little', () =>
    expect(
      pick(
        [
          [
            sized('a', 8, 8),
            ...Array.from({ length: 20 }, (_, uid) => makePod({ uid: `${uid}`, requests: requests(0, 0) })),
          ],
          [sized('b', 8, 8)],
        ],
        core,
      ),
    ).toBe('b'));
  test('is rather one without a taint that should be avoided, even when it is fuller', () => {
    const avoided = sized('a', 8, 8, { taints: [madeTaint('x:PreferNoSchedule')] });
    expect(pick([[avoided], [sized('b', 8, 8), busy(6_000, 6 * GI)]], core)).toBe('b');
    expect(pick([[avoided]], core)).toBe('a');
    const bearing = { ...core, tolerations: [{ key: 'x', operator: 'Exists', value: '', effect: '', seconds: null }] };
    expect(pick([[avoided], [sized('b', 8, 8), busy(6_000, 6 * GI)]], bearing)).toBe('a');
  });
  test('is none where nothing fits', () => {
    expect(pick([[sized('a', 0.5, 8)], [sized('b', 8, 8, { cordoned: true })]], core)).toBeNull();
    expect(pick([], core)).toBeNull();
  });
});

describe('placing one after the other', () => {
  test('takes room, pod slots and ports', () => {
    const node = makeNode({ name: 'a', allocatable: { cpu: 3_000, memory: 10, ephemeralStorage: 10, pods: 2 } });
    const placing = createPlacing(siteWith([placeOf(node)]));
    const hostPorts = [{ address: '', protocol: 'TCP', port: 80 }];
    const web = asking({ requests: requests(1_000, 1), placement: { ...ANYWHERE, hostPorts } });
    expect([placing.place(web), placing.place(web)]).toEqual(['a', null]);
    expect(placing.free('a')).toEqual({ cpu: 2_000, memory: 9, ephemeralStorage: 10, pods: 1 });
    expect([placing.place(asking()), placing.place(asking())]).toEqual(['a', null]);
    expect(placing.free('b')).toBeNull();
  });

  test('tells what is free as it is: negative where it is over-committed, null where nobody says', () => {
    const node = makeNode({ name: 'a', allocatable: { cpu: 50, memory: null, ephemeralStorage: 0, pods: 110 } });
    expect(createPlacing(siteWith([placeOf(node, [makePod({ uid: 'p' })])])).free('a')).toEqual({
      cpu: -50,
      memory: null,
      ephemeralStorage: 0,
      pods: 109,
    });
  });

  test('gives each volume away once, and the pods of one claim the same one', () => {
    const volumes = ['a', 'b'].map((name) => makePersistentVolume({ name: `on-${name}`, terms: onlyOn(name) }));
    const claims = ['one', 'two', 'three'].map((name) => makeClaim({ name }));
    const storage = known(storageOf({ claims, volumes, classes: [makeStorageClass()] }));
    const placing = createPlacing(siteWith([placeOf(sized('a', 8, 8)), placeOf(sized('b', 8, 8))], storage));
    const place = (claim: string) => placing.place(asking({ claims: [claim] }));
    expect([place('one'), place('two'), place('three')]).toEqual(['a', 'b', null]);
    expect([place('two'), place('one')]).toEqual(['b', 'a']);
  });

  test('leaves the site as it was', () => {
    const site = siteWith([placeOf(sized('a', 8, 8))]);
    const before = structuredClone(site.places);
    createPlacing(site).place(asking({ requests: requests(1_000, GI) }));
    expect(site.places).toEqual(before);
  });
});

/** What the scheduler does, from the pods alone and by other arithmetic. */
function naive(nodes: readonly ClusterNode[], candidates: readonly PodRow[], bound: readonly PodRow[]) {
  const pods = [...bound];
  const weigh = (asked: number, least: number) => (asked === 0 ? least : asked);
  return candidates.map((candidate) => {
    const feasible = nodes.filter(
      (node) =>
        obstaclesOn(
          candidate,
          placeOf(
            node,
            pods.filter((pod) => pod.node === node.name),
          ),
          NO_STORAGE,
        ).length === 0,
    );
    const avoided = (node: ClusterNode) =>
      (node.taints ?? []).filter(
        (taint) => taint.effect === 'PreferNoSchedule' && !tolerates(candidate.tolerations, taint),
      ).length;
    const mostAvoided = Math.max(0, ...feasible.map(avoided));
    const scored = feasible.map((node) => {
      const all = [...pods.filter((pod) => pod.node === node.name), candidate];
      const sum = (of: (pod: PodRow) => number) => all.map(of).reduce((one, other) => one + other, 0);
      const least = (offered: number | null, weighed: number) =>
        offered === null || offered === 0 || weighed > offered
          ? 0
          : Number((BigInt(offered - weighed) * 100n) / BigInt(offered));
      const share = (offered: number | null, asked: number) =>
        offered === null || offered === 0 || asked > offered ? 1 : asked / offered;
      const { cpu, memory } = node.allocatable;
      const left =
        (least(
          cpu,
          sum((pod) => weigh(pod.requests.cpu, 100)),
        ) +
          least(
            memory,
            sum((pod) => weigh(pod.requests.memory, 209_715_200)),
          )) /
        2;
      const shares = [
        share(
          cpu,
          sum((pod) => pod.requests.cpu),
        ),
        share(
          memory,
          sum((pod) => pod.requests.memory),
        ),
      ];
      const mean = shares.reduce((one, other) => one + other, 0) / 2;
      const deviation = Math.sqrt(shares.reduce((total, each) => total + (each - mean) ** 2, 0) / 2);
      const taints = mostAvoided === 0 ? 100 : 100 - Math.floor((100 * avoided(node)) / mostAvoided);
      // Roots are not exact: what is a hair below a whole number is that number.
      return { name: node.name, points: Math.floor(left) + Math.floor((1 - deviation) * 100 + 1e-9) + 3 * taints };
    });
    const best = Math.max(...scored.map(({ points }) => points));
    const chosen =
      scored
        .filter(({ points }) => points === best)
        .map(({ name }) => name)
        .sort()[0] ?? null;
    if (chosen !== null) pods.push({ ...candidate, node: chosen });
    return chosen;
  });
}

describe('any pods on any nodes', () => {
  const site = fc.record({
    nodes: arbitrary.nodes,
    bound: arbitrary.pods(4, 'n0'),
    candidates: arbitrary.pods(14, null),
  });

  test('get the nodes that the scheduler would choose', () =>
    fc.assert(
      fc.property(site, ({ nodes, bound, candidates }) => {
        const places = nodes.map((node) => placeOf(node, node.name === 'n0' ? bound : []));
        const placing = createPlacing(siteWith(places));
        expect(candidates.map((candidate) => placing.place(candidate))).toEqual(naive(nodes, candidates, bound));
      }),
      { numRuns: 400 },
    ));

  test('never fill a node beyond what it offers', () =>
    fc.assert(
      fc.property(arbitrary.nodes, arbitrary.pods(20, null), (nodes, candidates) => {
        const placing = createPlacing(siteWith(nodes.map((node) => placeOf(node))));
        for (const candidate of candidates) placing.place(candidate);
        for (const { name } of nodes)
          for (const free of Object.values(placing.free(name) ?? {}))
            if (free !== null) expect(free).toBeGreaterThanOrEqual(0);
      }),
    ));
});

test('110 pods find a place among 5,000 nodes in a moment', () => {
  const places = Array.from({ length: 5_000 }, (_, index) => placeOf(sized(`node-${index}`, 8 + (index % 7), 32)));
  const shapes = Array.from({ length: 20 }, (_, index) =>
    asking({ requests: requests(100 + index, GI), placement: { ...ANYWHERE } }),
  );
  const placed = () => {
    const placing = createPlacing(siteWith(places));
    for (let count = 0; count < 110; count += 1) placing.place(shapes[count % 20] ?? asking());
  };
  expect(spent(placed)).toBeLessThan(1_000);
});
