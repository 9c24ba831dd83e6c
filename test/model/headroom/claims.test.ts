import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claimsOf } from '../../../source/model/headroom/claims.ts';
import type { Obstacle } from '../../../source/model/headroom/site.ts';
import { matchesTerms } from '../../../source/model/kubernetes/node-selector.ts';
import type { PersistentVolume, StorageClass, VolumeClaim } from '../../../source/model/kubernetes/storage.ts';
import { absent, denied, known, stale } from '../../../source/model/reading.ts';
import { makeClaim, makeNode, makePersistentVolume, makeStorageClass, onlyOn } from '../../state/made.ts';
import { asking, GI, storageOf } from './made-site.ts';

type Why = Extract<Obstacle, { kind: 'claim' }>['why'];

const HERE = makeNode({ name: 'here' });
const candidate = asking({ claims: ['data'] });

/** What the claim `data` gets on the node `here`: the name of a volume, why it gets none, or nothing that it needs. */
function fate(
  claim: Partial<VolumeClaim> | null,
  volumes: readonly PersistentVolume[],
  classes: readonly StorageClass[] = [makeStorageClass()],
): string | null {
  const claims = claim === null ? [] : [makeClaim({ name: 'data', ...claim })];
  const on = claimsOf(candidate, known(storageOf({ claims, volumes, classes })))(HERE);
  return 'length' in on ? (on[0]?.why ?? null) : (on.get('shop/data')?.name ?? null);
}

const volume = (name: string, given: Partial<PersistentVolume> = {}) => makePersistentVolume({ name, ...given });
const set = { namespace: 'shop', name: 'data', uid: '' };

describe('a claim that is bound', () => {
  const bound = { phase: 'Bound', volume: 'v' };
  const taken = (given: Partial<PersistentVolume>) => volume('v', { phase: 'Bound', claim: set, ...given });
  test.each<[string, Partial<VolumeClaim>, readonly PersistentVolume[], Why | null]>([
    ['to a volume of this node', bound, [taken({ terms: onlyOn('here') })], null],
    ['to one that every node reaches', bound, [taken({})], null],
    ['to one of another node', bound, [taken({ terms: onlyOn('there') })], 'elsewhere'],
    ['to one that no node reaches', bound, [taken({ terms: [] })], 'elsewhere'],
    ['to one that is gone', bound, [], 'elsewhere'],
    ['and being deleted', { ...bound, deleting: true }, [taken({})], 'no-claim'],
    ['by name alone', { volume: 'v' }, [taken({})], 'not-bound'],
  ])('%s', (_, claim, volumes, why) => expect(fate(claim, volumes)).toBe(why));
});

describe('a claim that waits for its pod', () => {
  const local = (given: Partial<PersistentVolume> = {}) => volume('v', { terms: onlyOn('here'), ...given });
  const labels = { labels: { app: 'db' }, requirements: [{ key: 'tier', operator: 'In', values: ['fast'] }] };
  test.each<[string, Partial<VolumeClaim>, Partial<PersistentVolume>, boolean]>([
    ['gets what is free and large enough', {}, {}, true],
    ['and larger', {}, { capacity: 11 * GI }, true],
    ['not one too small', {}, { capacity: 10 * GI - 1 }, false],
    ['not one of a size that nobody tells', {}, { capacity: null }, false],
    ['any size when it asks for none', { request: null }, { capacity: 1 }, true],
    ['not one of another node', {}, { terms: onlyOn('there') }, false],
    ['not one of another class', {}, { storageClass: 'other' }, false],
    ['not one that is not made yet', {}, { phase: 'Pending' }, false],
    ['not one that was released', {}, { phase: 'Released' }, false],
    ['not one that is going', {}, { deleting: true }, false],
    ['not one of another mode', {}, { mode: 'Block' }, false],
    ['not one with less access', { accessModes: ['ReadWriteMany'] }, {}, false],
    ['one with more access', {}, { accessModes: ['ReadOnlyMany', 'ReadWriteOnce'] }, true],
    ['one with the labels it asks for', { selector: labels }, { labels: { app: 'db', tier: 'fast', more: '' } }, true],
    ['not one with half of them', { selector: labels }, { labels: { app: 'db' } }, false],
    ['any labels when its selector is empty', { selector: { labels: {}, requirements: [] } }, {}, true],
    ['not one set aside for another claim', {}, { claim: { ...set, name: 'other' } }, false],
    ['not one of the same name elsewhere', {}, { claim: { ...set, namespace: 'bank' } }, false],
    ['not one of its forerunner', {}, { claim: { ...set, uid: 'before' } }, false],
    ['one set aside for it', {}, { claim: set }, true],
    ['also when that is not free any more', {}, { claim: { ...set, uid: 'uid-of-data' }, phase: 'Bound' }, true],
  ])('%s', (_, claim, given, gets) => expect(fate(claim, [local(given)])).toBe(gets ? 'v' : 'no-volume'));

  test('gets the smallest, of equals the first by name', () => {
    expect(fate({}, [volume('b', { capacity: 20 * GI }), volume('c'), volume('a', { capacity: 15 * GI })])).toBe('c');
    expect(fate({}, [volume('c'), volume('b')])).toBe('b');
  });

  test('gets the first in order of all that are free and within reach, however they name their nodes', () => {
    const term = (key: string, value: string) => ({ labels: [{ key, operator: 'In', values: [value] }], fields: [] });
    const terms = fc.constantFrom(
      null,
      onlyOn('here'),
      onlyOn('there'),
      [term('zone', 'x')],
      [{ labels: [], fields: [{ key: 'metadata.name', operator: 'In', values: ['here'] }] }],
      [...onlyOn('there'), ...onlyOn('here')],
      [{ labels: [{ key: 'zone', operator: 'NotIn', values: ['x'] }], fields: [] }],
    );
    const here = makeNode({ name: 'here', labels: { 'kubernetes.io/hostname': 'here', zone: 'x' } });
    const offers = fc.array(
      fc.record({
        terms,
        capacity: fc.constantFrom(5 * GI, 10 * GI, 20 * GI),
        phase: fc.constantFrom('Available', 'Released'),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(offers, (given) => {
        const volumes = given.map((each, index) => volume(`v${String(index).padStart(2, '0')}`, each));
        const [first] = volumes
          .filter((each) => each.phase === 'Available' && Number(each.capacity) >= 10 * GI)
          .filter((each) => each.terms === null || matchesTerms(each.terms, here))
          .toSorted(
            (one, other) => Number(one.capacity) - Number(other.capacity) || one.name.localeCompare(other.name),
          );
        const storage = storageOf({ claims: [makeClaim({ name: 'data' })], volumes, classes: [makeStorageClass()] });
        const on = claimsOf(candidate, known(storage))(here);
        expect('length' in on ? undefined : on.get('shop/data')).toBe(first);
      }),
    );
  });

  test('waits for the one set aside for it, whatever else is free', () => {
    const aside = volume('aside', { claim: set, capacity: 99 * GI });
    expect(fate({}, [volume('free'), aside])).toBe('aside');
    expect(fate({}, [volume('free'), { ...aside, terms: onlyOn('there') }])).toBe('no-volume');
  });

  test.each<[string, readonly StorageClass[], Partial<VolumeClaim>, string | null]>([
    ['a class that makes volumes', [makeStorageClass({ provisioner: 'csi.example.com' })], {}, null],
    [
      'a class that makes volumes for other nodes',
      [makeStorageClass({ provisioner: 'csi.example.com', topologies: onlyOn('there') })],
      {},
      'no-volume',
    ],
    [
      'a class that makes volumes for this node',
      [makeStorageClass({ provisioner: 'csi.example.com', topologies: [...onlyOn('there'), ...onlyOn('here')] })],
      {},
      null,
    ],
    ['a class without a provisioner', [makeStorageClass({ provisioner: '' })], {}, 'no-volume'],
    ['a class that binds at once', [makeStorageClass({ waitsForPod: false })], {}, 'not-bound'],
    ['a class that is not there', [], {}, 'not-bound'],
    ['no class', [makeStorageClass()], { storageClass: '' }, 'not-bound'],
    ['no default class', [makeStorageClass()], { storageClass: null }, 'not-bound'],
  ])('and %s', (_, classes, claim, why) => expect(fate(claim, [], classes)).toBe(why));
});

describe('more than one claim', () => {
  const claims = [makeClaim({ name: 'large', request: 20 * GI }), makeClaim({ name: 'small' })];
  const both = asking({ claims: ['large', 'small'] });
  const on = (volumes: readonly PersistentVolume[], of = both) =>
    claimsOf(of, known(storageOf({ claims, volumes, classes: [makeStorageClass()] })))(HERE);

  test('the smaller one takes the smaller volume, though it is named last', () => {
    const bindings = on([volume('v20', { capacity: 20 * GI }), volume('v30', { capacity: 30 * GI })]);
    expect([...bindings].map((entry) => (Array.isArray(entry) ? [entry[0], entry[1].name] : entry))).toEqual([
      ['shop/small', 'v20'],
      ['shop/large', 'v30'],
    ]);
  });

  test('do not share a volume', () =>
    expect(on([volume('v20', { capacity: 20 * GI })])).toEqual([
      { kind: 'claim', claim: 'shop/large', why: 'no-volume' },
    ]));

  test('one named twice is wanted once', () =>
    expect(on([volume('v')], asking({ claims: ['small', 'small'] }))).toEqual(new Map([['shop/small', volume('v')]])));
});

describe('what is promised', () => {
  const storage = known(
    storageOf({
      claims: [makeClaim({ name: 'data' }), makeClaim({ name: 'more' })],
      volumes: [volume('v', { terms: onlyOn('here') })],
      classes: [makeStorageClass()],
    }),
  );
  const there = makeNode({ name: 'there' });

  test('to another claim is taken', () =>
    expect(claimsOf(candidate, storage, new Map([['shop/more', volume('v')]]))(HERE)).toMatchObject([
      { why: 'no-volume' },
    ]));

  test('to a claim holds for the next pod with it', () => {
    const promised = new Map([['shop/data', volume('v', { terms: onlyOn('here') })]]);
    expect(claimsOf(candidate, storage, promised)(HERE)).toEqual(new Map());
    expect(claimsOf(candidate, storage, promised)(there)).toMatchObject([{ why: 'elsewhere' }]);
  });
});

describe('what cannot be looked up', () => {
  test('a claim that is not there', () => expect(fate(null, [volume('v')])).toBe('no-claim'));

  test.each([denied('list persistentvolumeclaims'), absent('not asked yet')])(
    'storage that is not seen: %j',
    (storage) =>
      expect(claimsOf(candidate, storage)(HERE)).toEqual([{ kind: 'claim', claim: 'shop/data', why: 'untold' }]),
  );

  test('storage that is stale is still looked up', () =>
    expect(claimsOf(candidate, stale(storageOf({}), 1))(HERE)).toMatchObject([{ why: 'no-claim' }]));

  test('a pod without claims needs no storage', () =>
    expect(claimsOf(asking(), denied('list persistentvolumeclaims'))(HERE)).toEqual(new Map()));
});
