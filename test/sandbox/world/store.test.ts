import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../source/sandbox/clock.ts';
import type { KubernetesObject } from '../../../source/sandbox/wire.ts';
import { Collection, keyOf, Revisions, type Change } from '../../../source/sandbox/world/store.ts';

const object = (name: string, value: number): KubernetesObject & { value: number } => ({
  metadata: { name, uid: name, resourceVersion: '', creationTimestamp: '' },
  value,
});
const shown = (objects: readonly KubernetesObject[]): string => JSON.stringify(objects);

const writes = array(
  record({
    name: constantFrom('a', 'b', 'c', 'd', 'e-1', 'e/1', 'f'),
    value: integer(),
    remove: integer({ min: 0, max: 3 }),
  }),
  { maxLength: 60 },
);

describe('a collection', () => {
  it('knows each of its pasts, and the changes from any of them lead to the present', () => {
    assert(
      property(writes, (steps) => {
        const collection = new Collection(new Revisions(100), manualClock());
        collection.seed(object('b', 0));
        collection.compact();
        const pasts = new Map<number, string>();
        const remember = (): unknown => pasts.set(collection.revisions.current, shown(collection.all()));
        remember();
        for (const { name, value, remove } of steps) {
          if (remove === 0) collection.remove(name);
          else collection.put(object(name, value));
          remember();
        }
        for (const [revision, past] of pasts) {
          expect(shown(collection.at(revision) ?? [])).toBe(past);
          const replayed = new Map((JSON.parse(past) as KubernetesObject[]).map((each) => [keyOf(each), each]));
          for (const { type, key, object: next } of collection.since(revision) ?? []) {
            if (type === 'DELETED') replayed.delete(key);
            else replayed.set(key, next);
          }
          expect(new Set(replayed.values())).toEqual(new Set(collection.all()));
        }
      }),
    );
  });

  it('keeps its objects in order of key, whether few or many were written', () => {
    const collection = new Collection(new Revisions(0), manualClock());
    for (let index = 0; index < 500; index += 1)
      collection.put(object(`n-${String((index * 7919) % 500).padStart(3, '0')}`, index));
    expect(collection.all().map(keyOf)).toEqual(collection.all().map(keyOf).sort());
    collection.put(object('m', 1));
    collection.remove('n-250');
    expect(collection.all().length).toBe(500);
    expect(collection.all().map(keyOf)).toEqual(collection.all().map(keyOf).sort());
  });

  it('never gives a resourceVersion twice, and tells each write once', () => {
    const revisions = new Revisions(7);
    const collections = [new Collection(revisions, manualClock()), new Collection(revisions, manualClock())];
    const told: Change[] = [];
    for (const collection of collections) collection.subscribe((change) => told.push(change));
    for (let index = 0; index < 20; index += 1) collections[index % 2]?.put(object('x', index));
    collections[0]?.remove('x');
    const versions = told.map(({ object: { metadata } }) => Number(metadata.resourceVersion));
    expect(versions).toEqual(Array.from({ length: 21 }, (_, index) => 8 + index));
  });

  it('forgets what happened more than five minutes ago', () => {
    const clock = manualClock();
    const collection = new Collection(new Revisions(0), clock);
    const first = Number(collection.put(object('a', 0)).metadata.resourceVersion);
    for (let index = 0; index < 400; index += 1) collection.put(object('b', index));
    expect(collection.since(first)?.length).toBe(400);
    clock.advance(6 * 60_000);
    collection.put(object('b', 400));
    expect(collection.since(first)).toBeNull();
    expect(collection.at(first)).toBeNull();
  });
});
