import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { largestNode, lossOf, type Loss } from '../../../source/model/headroom/loss.ts';
import type { Place } from '../../../source/model/headroom/site.ts';
import { isOpen } from '../../../source/model/kubernetes/node-status.ts';
import type { NodeAmounts } from '../../../source/model/kubernetes/amounts.ts';
import type { ClusterNode } from '../../../source/model/kubernetes/node.ts';
import { ANYWHERE } from '../../../source/model/kubernetes/placement.ts';
import type { PodRow } from '../../../source/model/kubernetes/pod.ts';
import type { PersistentVolume } from '../../../source/model/kubernetes/storage.ts';
import { absent, denied, known, valueOf } from '../../../source/model/reading.ts';
import { makeClaim, makeNode, makePersistentVolume, makePod, makeStorageClass, onlyOn } from '../../state/made.ts';
import { madeTaint } from '../kubernetes/node.ts';
import * as arbitrary from './arbitrary.ts';
import { GI, placeOf, siteWith, sized, storageOf } from './made-site.ts';

const pod = (uid: string, given: Partial<PodRow> = {}) => makePod({ uid, name: uid, node: 'lost', ...given });
const requests = (cores: number, gibibytes = 0) => ({
  cpu: cores * 1_000,
  memory: gibibytes * GI,
  ephemeralStorage: 0,
});

/** Where each pod stands, by name. */
const fates = ({ moved, pending, bound, unowned, untold, leaving }: Loss) => ({
  moved: moved.map((move) => `${move.pod.name} to ${move.to}`),
  pending: pending.map(({ name }) => name),
  bound: bound.map(({ name }) => name),
  unowned: unowned.map(({ name }) => name),
  untold: untold.map(({ name }) => name),
  leaving: leaving.map(({ name }) => name),
});
const NOBODY = { moved: [], pending: [], bound: [], unowned: [], untold: [], leaving: [] };

describe('what becomes of a pod', () => {
  const claimed = (name: string, volume: string) => makeClaim({ name, phase: 'Bound', volume });
  const storage = known(
    storageOf({
      claims: [
        claimed('local', 'local'),
        claimed('wandering', 'wandering'),
        claimed('two', 'two'),
        claimed('broken', 'gone'),
      ],
      volumes: [
        makePersistentVolume({ name: 'local', terms: onlyOn('lost') }),
        makePersistentVolume({ name: 'wandering' }),
        makePersistentVolume({ name: 'two', terms: [...onlyOn('lost'), ...onlyOn('other')] }),
      ],
    }),
  );
  const site = siteWith([placeOf(sized('lost', 8, 8)), placeOf(sized('other', 8, 8))], storage);
  test.each<[string, Partial<PodRow>, Partial<ReturnType<typeof fates>>, number]>([
    ['moves', {}, { moved: ['p to other'] }, 0],
    ['is gone already', { phase: 'Succeeded' }, {}, 0],
    ['has failed', { phase: 'Failed' }, {}, 0],
    ['is going', { deleting: true }, { leaving: ['p'] }, 0],
    ['is going, its data on the node', { deleting: true, claims: ['local'] }, { leaving: ['p'] }, 0],
    ['belongs to a DaemonSet', { owner: { kind: 'DaemonSet', name: 'd' } }, {}, 1],
    ['is static', { mirror: true, owner: { kind: 'Node', name: 'lost' } }, {}, 1],
    ['nobody makes again', { owner: null }, { unowned: ['p'] }, 0],
    ['is held by a volume', { claims: ['local'] }, { bound: ['p'] }, 0],
    ['is held by a volume, and nobody makes it again', { claims: ['local'], owner: null }, { bound: ['p'] }, 0],
    ['is held by one of two volumes', { claims: ['wandering', 'local'] }, { bound: ['p'] }, 0],
    ['has a volume that goes with it', { claims: ['wandering'] }, { moved: ['p to other'] }, 0],
    ['has a volume that another node reaches', { claims: ['two'] }, { moved: ['p to other'] }, 0],
    ['has a volume that is gone', { claims: ['broken'] }, { pending: ['p'] }, 0],
    ['has a claim that is not there', { claims: ['none'] }, { pending: ['p'] }, 0],
    ['wants more than there is', { requests: requests(9) }, { pending: ['p'] }, 0],
    [
      'wants the lost node',
      { placement: { ...ANYWHERE, selector: { 'kubernetes.io/hostname': 'lost' } } },
      { pending: ['p'] },
      0,
    ],
  ])('that %s', (_, given, where, vanishing) => {
    const loss = lossOf(site, 'lost', [pod('p', given)]);
    expect({ ...fates(loss), vanishing: loss.vanishing }).toEqual({ ...NOBODY, ...where, vanishing });
    expect(loss.fits).toBe(loss.pending.length === 0);
  });

  test('with claims is not told while storage is not seen', () => {
    const blind = siteWith(site.places, denied('list persistentvolumeclaims'));
    expect(fates(lossOf(blind, 'lost', [pod('p', { claims: ['local'] }), pod('q')]))).toEqual({
      ...NOBODY,
      moved: ['q to other'],
      untold: ['p'],
    });
  });
});

describe('pods are placed', () => {
  const two = (pods: readonly PodRow[]) =>
    fates(lossOf(siteWith([placeOf(sized('lost', 8, 8)), placeOf(sized('other', 2, 2))]), 'lost', pods));

  test('by priority, then the largest by its larger share, then by name', () =>
    expect(
      two([
        pod('b'),
        pod('a'),
        pod('memory', { requests: requests(0, 1) }),
        pod('cpu', { requests: requests(0.5) }),
        pod('first', { requests: requests(0.001), priority: 9 }),
      ]).moved,
    ).toEqual(['first to other', 'memory to other', 'cpu to other', 'a to other', 'b to other']));

  test('as long as there is room: a large one that finds none leaves it to smaller ones', () =>
    expect(two([pod('small', { requests: requests(2) }), pod('large', { requests: requests(3) })])).toEqual({
      ...NOBODY,
      moved: ['small to other'],
      pending: ['large'],
    }));

  test('only where their pods may run', () =>
    expect(
      fates(
        lossOf(
          siteWith([
            placeOf(sized('lost', 8, 8)),
            placeOf(sized('tainted', 8, 8, { taints: [madeTaint('a:NoSchedule')] })),
            placeOf(sized('cordoned', 8, 8, { cordoned: true })),
          ]),
          'lost',
          [pod('p')],
        ),
      ).pending,
    ).toEqual(['p']));
});

test('what is left is what the open nodes have after the moves, whatever the others have', () => {
  const places = [
    placeOf(sized('lost', 8, 8)),
    placeOf(sized('open', 4, 4), [makePod({ uid: 'there', requests: requests(1, 1) })]),
    placeOf(sized('full', 1, 1), [makePod({ uid: 'huge', requests: requests(2, 2) })]),
    placeOf(sized('cordoned', 4, 4, { cordoned: true })),
    placeOf(sized('not-ready', 4, 4, { conditions: [] }), []),
  ];
  expect(lossOf(siteWith(places.slice(0, 4)), 'lost', [pod('p', { requests: requests(1) })])).toMatchObject({
    open: 2,
    left: known({ ...requests(2 - 1, 3 - 1), ephemeralStorage: 100 * GI, pods: 217 }),
  });
});

describe('of what is left, what nodes do not say is not known', () => {
  const lost = placeOf(sized('lost', 8, 8));
  const saying = (name: string, given: Partial<NodeAmounts>, more: Partial<ClusterNode> = {}) =>
    placeOf(makeNode({ name, allocatable: { cpu: 1, memory: 2, ephemeralStorage: 3, pods: 4, ...given }, ...more }));
  const silent = { cpu: null, memory: null, ephemeralStorage: null, pods: null };
  test.each<[string, readonly Place[], Loss['left']]>([
    [
      'a resource that one leaves out is that of the others',
      [saying('a', { ephemeralStorage: null }), saying('b', {})],
      known({ cpu: 2, memory: 4, ephemeralStorage: 3, pods: 8 }),
    ],
    [
      'a resource that all leave out',
      [saying('a', { ephemeralStorage: null })],
      known({ cpu: 1, memory: 2, ephemeralStorage: null, pods: 4 }),
    ],
    [
      'all of it, whatever nodes offer that are not open',
      [saying('a', silent), saying('b', {}, { cordoned: true })],
      absent('no node here says what it offers'),
    ],
    ['nothing, and known, without an open node', [], known({ cpu: 0, memory: 0, ephemeralStorage: 0, pods: 0 })],
  ])('%s', (_, places, left) => expect(lossOf(siteWith([lost, ...places]), 'lost', []).left).toEqual(left));
});

describe('a pod with a volume that goes with it', () => {
  const claim = makeClaim({ name: 'p-scratch', phase: 'Bound', volume: 'here' });
  const here = makePersistentVolume({
    name: 'here',
    terms: onlyOn('lost'),
    phase: 'Bound',
    claim: { namespace: 'shop', name: 'p-scratch', uid: claim.uid },
  });
  const there = (given: Partial<PersistentVolume>) =>
    makePersistentVolume({ name: 'there', terms: onlyOn('other'), ...given });
  const places = ['lost', 'other', 'third'].map((name) => placeOf(sized(name, 8, 8)));
  const p = pod('p', { claims: ['p-scratch'], ephemeralClaims: ['p-scratch'] });
  const lossWith = (volumes: readonly PersistentVolume[], classes = [makeStorageClass()], claims = [claim]) =>
    fates(lossOf(siteWith(places, known(storageOf({ claims, volumes, classes }))), 'lost', [p]));

  test('gets another one of the class and size where there is one', () =>
    expect(lossWith([here, there({})])).toEqual({ ...NOBODY, moved: ['p to other'] }));
  test.each<[string, Partial<PersistentVolume>]>([
    ['too small', { capacity: 1 }],
    ['of another class', { storageClass: 'fast' }],
    ['set aside', { claim: { namespace: 'shop', name: 'p-scratch', uid: '' } }],
  ])('is not held by the old one, and waits where the other is %s', (_, given) =>
    expect(lossWith([here, there(given)])).toEqual({ ...NOBODY, pending: ['p'] }),
  );
  test('goes anywhere where its class makes volumes', () =>
    expect(lossWith([here], [makeStorageClass({ provisioner: 'csi.example.com' })])).toEqual({
      ...NOBODY,
      moved: ['p to other'],
    }));
  test('is still held by a lasting one', () =>
    expect(
      fates(
        lossOf(
          siteWith(
            places,
            known(storageOf({ claims: [claim], volumes: [here, there({})], classes: [makeStorageClass()] })),
          ),
          'lost',
          [{ ...p, ephemeralClaims: [] }],
        ),
      ),
    ).toEqual({ ...NOBODY, bound: ['p'] }));
});

test('names what it does not look at, once, for the pods that are placed', () => {
  const placement = (...unmodelled: (typeof ANYWHERE)['unmodelled']) => ({ ...ANYWHERE, unmodelled });
  const site = siteWith([placeOf(sized('lost', 8, 8)), placeOf(sized('other', 8, 8))]);
  expect(
    lossOf(site, 'lost', [
      pod('a', { placement: placement('affinity between pods') }),
      pod('b', { placement: placement('affinity between pods', 'extended resources'), requests: requests(99) }),
      pod('c', { placement: placement('spread over topologies'), owner: null }),
    ]).unmodelled,
  ).toEqual(['affinity between pods', 'extended resources']);
});

test('of 5,000 pods on one node each stands somewhere', () => {
  const pods = Array.from({ length: 5_000 }, (_, index) => pod(`p${index}`, { requests: requests(0.01) }));
  const loss = lossOf(siteWith([placeOf(sized('lost', 8, 8), pods), placeOf(sized('other', 99, 99))]), 'lost', pods);
  expect([loss.moved.length, loss.pending.length]).toEqual([110, 4_890]);
});

test('every pod of any node that has not ended stands in one place', () =>
  fc.assert(
    fc.property(
      arbitrary.nodes,
      arbitrary.pods(12, 'n0'),
      fc.array(fc.nat(5), { minLength: 12, maxLength: 12 }),
      (nodes, plain, kinds) => {
        const changes: readonly Partial<PodRow>[] = [
          {},
          { phase: 'Failed' },
          { deleting: true },
          { owner: { kind: 'DaemonSet', name: 'd' } },
          { owner: null },
          { claims: ['none'] },
        ];
        const pods = plain.map((row, index) => ({ ...row, ...changes[kinds[index] ?? 0] }));
        const loss = lossOf(siteWith(nodes.map((node) => placeOf(node))), 'n0', pods);
        const placed = [
          ...loss.moved.map((move) => move.pod),
          ...loss.pending,
          ...loss.bound,
          ...loss.unowned,
          ...loss.untold,
          ...loss.leaving,
        ];
        expect(new Set(placed).size).toBe(placed.length);
        expect(placed.length + loss.vanishing).toBe(pods.filter((row) => row.phase === 'Running').length);
        for (const { to } of loss.moved) expect(nodes.slice(1).map(({ name }) => name)).toContain(to);
        const open = nodes.slice(1).filter(isOpen);
        const telling = open.filter(({ allocatable }) => allocatable.pods !== null);
        const slots = telling.reduce(
          (sum, { name, allocatable }) =>
            sum + Number(allocatable.pods) - loss.moved.filter(({ to }) => to === name).length,
          0,
        );
        const left = valueOf(loss.left);
        if (left === null) expect(telling).toEqual([]);
        else expect(left.pods).toBe(telling.length === 0 && open.length > 0 ? null : slots);
      },
    ),
  ));

describe('the largest node', () => {
  const GIBIBYTE = { cpu: 0, memory: 2 ** 30, ephemeralStorage: 0 };
  const notReady = { conditions: [] };
  test.each([
    ['has the larger share of CPU or memory', [placeOf(sized('cpu', 9, 8)), placeOf(sized('memory', 8, 16))], 'memory'],
    ['is Ready', [placeOf(sized('a', 8, 8)), placeOf(sized('b', 64, 64, notReady))], 'a'],
    ['is open where one is', [placeOf(sized('a', 8, 8)), placeOf(sized('b', 64, 64, { cordoned: true }))], 'a'],
    ['may be cordoned where none is open', [placeOf(sized('b', 64, 64, { cordoned: true }))], 'b'],
    [
      'of equals has most taken',
      [placeOf(sized('a', 8, 8)), placeOf(sized('b', 8, 8), [makePod({ uid: 'p', requests: GIBIBYTE })])],
      'b',
    ],
    [
      'of equals does not change for a small pod',
      [placeOf(sized('a', 8, 8)), placeOf(sized('b', 8, 8), [makePod({ uid: 'p' })])],
      'a',
    ],
    ['of equals is the first by name', [placeOf(sized('b', 8, 8)), placeOf(sized('a', 8, 8))], 'a'],
    [
      'need not say what storage it offers',
      [placeOf(makeNode({ name: 'a', allocatable: { cpu: 1, memory: 1, ephemeralStorage: null, pods: null } }))],
      'a',
    ],
    ['may offer nothing', [placeOf(sized('a', 0, 0))], 'a'],
    [
      'says what it offers',
      [placeOf(makeNode({ name: 'a', allocatable: { cpu: 1, memory: null, ephemeralStorage: 1, pods: 1 } }))],
      null,
    ],
    ['is none of none', [], null],
  ])('%s', (_, places, name) => expect(largestNode(siteWith(places))).toBe(name));
});
