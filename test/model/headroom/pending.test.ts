import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestTo, reasonsAgainst } from '../../../source/model/headroom/pending.ts';
import type { Candidate, Place } from '../../../source/model/headroom/site.ts';
import { ANYWHERE } from '../../../source/model/kubernetes/placement.ts';
import { known } from '../../../source/model/reading.ts';
import { makeClaim, makeNode, makePersistentVolume, makePod, onlyOn } from '../../state/made.ts';
import { madeTaint } from '../kubernetes/node.ts';
import * as arbitrary from './arbitrary.ts';
import { asking, GI, NO_STORAGE, placeOf, siteWith, sized, storageOf } from './made-site.ts';

const core = asking({ requests: { cpu: 1_000, memory: 0, ephemeralStorage: 0 } });
const names = (candidate: Candidate, places: readonly Place[], most?: number) =>
  nearestTo(candidate, siteWith(places), most).map(({ node }) => node);
/** A node on which so many of 8,000 millicores are taken. */
const filled = (name: string, cpu: number) =>
  placeOf(sized(name, 8, 8), [makePod({ uid: name, requests: { cpu, memory: 0, ephemeralStorage: 0 } })]);

describe('the nearest node', () => {
  const selecting: Candidate = { ...core, placement: { ...ANYWHERE, selector: { disk: 'ssd' } } };
  const ssd = { disk: 'ssd' };
  test.each<[string, Candidate, readonly Place[], readonly string[]]>([
    [
      'is one that has room now',
      core,
      [placeOf(sized('a', 8, 8, { cordoned: true })), placeOf(sized('b', 8, 8))],
      ['b', 'a'],
    ],
    ['misses least of what is asked', core, [filled('a', 7_400), filled('b', 7_300)], ['b', 'a']],
    ['of equals is the first by name', core, [filled('b', 7_400), filled('a', 7_400)], ['a', 'b']],
    [
      'is cordoned rather than far too full',
      core,
      [filled('a', 7_900), placeOf(sized('b', 8, 8, { cordoned: true }))],
      ['b', 'a'],
    ],
    [
      'has one easy obstacle rather than two',
      core,
      [
        placeOf(sized('a', 8, 8, { cordoned: true, taints: [madeTaint('x:NoSchedule')] })),
        placeOf(sized('b', 8, 8, { taints: [madeTaint('x:NoSchedule')] })),
      ],
      ['b', 'a'],
    ],
    [
      'is cordoned rather than tainted, tainted rather than a little short, that rather than kept for a role',
      core,
      [
        placeOf(sized('a', 8, 8, { taints: [madeTaint('node-role.kubernetes.io/infra:NoSchedule')] })),
        filled('b', 7_400),
        placeOf(sized('c', 8, 8, { taints: [madeTaint('x:NoSchedule')] })),
        placeOf(sized('d', 8, 8, { cordoned: true })),
      ],
      ['d', 'c', 'b'],
    ],
    [
      'of equals has the most room',
      core,
      [
        placeOf(sized('a', 8, 8, { cordoned: true }), [makePod({ uid: 'p' })]),
        placeOf(sized('b', 8, 8, { cordoned: true })),
      ],
      ['b', 'a'],
    ],
    [
      'has two easy obstacles rather than the wrong labels',
      selecting,
      [
        placeOf(sized('a', 8, 8)),
        placeOf(sized('b', 8, 8, { labels: ssd, cordoned: true, taints: [madeTaint('x:NoSchedule')] })),
      ],
      ['b', 'a'],
    ],
    [
      'lacks a label rather than being lost',
      selecting,
      [
        placeOf(sized('a', 8, 8, { labels: ssd, taints: [madeTaint('node.kubernetes.io/unreachable:NoSchedule')] })),
        placeOf(sized('b', 8, 8)),
      ],
      ['b', 'a'],
    ],
    [
      'says what it offers',
      core,
      [
        placeOf(makeNode({ name: 'a', allocatable: { cpu: null, memory: 1, ephemeralStorage: 1, pods: 1 } })),
        filled('b', 8_000),
      ],
      ['b', 'a'],
    ],
  ])('%s', (_, candidate, places, nearest) => expect(names(candidate, places)).toEqual(nearest));

  test('is last where the volume of the pod is elsewhere', () => {
    const storage = known(
      storageOf({
        claims: [makeClaim({ name: 'data', phase: 'Bound', volume: 'v' })],
        volumes: [makePersistentVolume({ name: 'v', terms: onlyOn('b') })],
      }),
    );
    const places = [placeOf(sized('a', 8, 8)), placeOf(sized('b', 0.5, 0.1, { cordoned: true }), [])];
    expect(nearestTo({ ...core, claims: ['data'] }, siteWith(places, storage))).toEqual([
      { node: 'b', obstacles: [{ kind: 'cordoned' }, { kind: 'short', resource: 'cpu', by: 500 }] },
      { node: 'a', obstacles: [{ kind: 'claim', claim: 'shop/data', why: 'elsewhere' }] },
    ]);
  });

  test('are three where nothing else is said, ten at most, none in a cluster without nodes', () => {
    const places = Array.from({ length: 12 }, (_, index) => filled(`n${index}`, 8_000));
    expect([names(core, places).length, names(core, places, 1).length, names(core, places, 99).length]).toEqual([
      3, 1, 10,
    ]);
    expect(names(core, [])).toEqual([]);
  });
});

test('the nearest are the first of all nodes in order, however many there are', () => {
  fc.assert(
    fc.property(arbitrary.nodes, fc.array(fc.nat(9_000), { minLength: 30, maxLength: 60 }), (nodes, taken) => {
      const places = [
        ...nodes.map((node) => placeOf(node)),
        ...taken.map((cpu, index) => filled(`full-${index}`, cpu)),
      ];
      const alone = (place: Place) => nearestTo(core, siteWith([place]))[0];
      const all = nearestTo(core, siteWith(places), 99);
      expect(all).toHaveLength(10);
      expect(all).toEqual(
        all.map(({ node }) => alone(places.find((place) => place.node.name === node) ?? filled('', 0))),
      );
      // Of any two the nearer one stands first, and none that is left out is nearer than the last.
      const kept = new Set(all.map(({ node }) => node));
      const last = places.find(({ node }) => node.name === all.at(-1)?.node);
      for (const place of places)
        if (last !== undefined && !kept.has(place.node.name))
          expect(names(core, [place, last])[0]).toBe(last.node.name);
      for (const [index, { node }] of all.slice(1).entries()) {
        const pair = places.filter((place) => [node, all[index]?.node].includes(place.node.name));
        expect(names(core, pair)).toEqual([all[index]?.node, node]);
      }
    }),
    { numRuns: 30 },
  );
});

describe('the reasons against', () => {
  test('are counted, most nodes first, shortages of a resource as one with the smallest told', () => {
    const taints = [madeTaint('x=1:NoSchedule')];
    const places = [filled('a', 7_900), filled('b', 7_300), filled('c', 8_000), placeOf(sized('d', 8, 8, { taints }))];
    expect(reasonsAgainst(core, siteWith(places))).toEqual([
      { obstacle: { kind: 'short', resource: 'cpu', by: 300 }, nodes: 3, most: 1_000 },
      { obstacle: { kind: 'taint', taint: taints[0] }, nodes: 1, most: null },
    ]);
  });

  test('tell what is alike apart: taints of two values, shortages told and not told', () => {
    const silent = makeNode({ name: 's', allocatable: { cpu: null, memory: GI, ephemeralStorage: 0, pods: 9 } });
    const places = [
      placeOf(sized('a', 8, 8, { taints: [madeTaint('x=1:NoSchedule')] })),
      placeOf(sized('b', 8, 8, { taints: [madeTaint('x=2:NoSchedule')] })),
      placeOf(silent),
      filled('f', 8_000),
    ];
    expect(reasonsAgainst(core, siteWith(places)).map(({ nodes }) => nodes)).toEqual([1, 1, 1, 1]);
  });

  test('are none where the pod fits', () =>
    expect(reasonsAgainst(core, siteWith([placeOf(sized('a', 8, 8))]))).toEqual([]));
});

test('pods that differ in one thing are not taken for each other', () => {
  const site = siteWith([placeOf(sized('a', 1, 1, { taints: [madeTaint('x:NoSchedule')] }))], NO_STORAGE);
  const count = (given: Partial<Candidate>) => nearestTo({ ...core, ...given }, site)[0]?.obstacles.length;
  expect(count({})).toBe(1);
  expect(count({ requests: { cpu: 2_000, memory: 0, ephemeralStorage: 0 } })).toBe(2);
  expect(count({ tolerations: [{ key: '', operator: 'Exists', value: '', effect: '', seconds: null }] })).toBe(0);
  expect(count({ placement: { ...ANYWHERE, terms: [] } })).toBe(2);
  expect(count({ placement: { ...ANYWHERE, gates: ['g'] } })).toBe(2);
  expect(count({ claims: ['none'] })).toBe(2);
  expect(count({ claims: ['none', 'more'] })).toBe(3);
  expect(count({})).toBe(1);
});
