import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMeasure, Ordered, type Order } from '../../source/state/ordered.ts';

type Item = { readonly key: number; readonly weight: number; readonly text: string };
const byKey: Order<Item> = { compare: (one, other) => one.key - other.key, weigh: ({ weight }) => weight };

const items = fc.record({ key: fc.nat(60), weight: fc.integer({ min: 1, max: 3 }), text: fc.string({ maxLength: 2 }) });
const acts = fc.array(fc.tuple(fc.constantFrom('put', 'put', 'remove', 'replace'), items, items), { maxLength: 120 });

/** The same by a map that is sorted whenever it is read. */
const sorted = (map: ReadonlyMap<number, Item>): readonly Item[] =>
  [...map.values()].sort((one, other) => one.key - other.key);

/** Texts in their order: `combine` of another order, or twice of one, would show. */
const createTexts = () => {
  const looked: Item[] = [];
  const textOf = createMeasure<Item, { readonly text: string }>({
    empty: { text: '' },
    one: (item) => {
      looked.push(item);
      return { text: item.text };
    },
    combine: (one, other) => ({ text: one.text + other.text }),
  });
  return { looked, textOf };
};

describe('values in their order', () => {
  it('are what a sorted list of them is, after any changes', () =>
    fc.assert(
      fc.property(acts, (steps) => {
        const { textOf } = createTexts();
        const kept = new Map<number, Item>();
        let ordered = Ordered.of(byKey);
        for (const [act, item, other] of steps) {
          const past = [...ordered];
          const before = ordered;
          if (act === 'put') {
            kept.set(item.key, item);
            ordered = ordered.put(item);
          } else if (act === 'remove') {
            kept.delete(item.key);
            ordered = ordered.remove(item);
          } else {
            kept.delete(item.key);
            kept.set(other.key, other);
            ordered = ordered.replace(item, other);
          }
          expect([...before]).toEqual(past);
          const all = sorted(kept);
          expect([...ordered]).toEqual(all);
          expect(ordered.size).toBe(all.length);
          expect(textOf(ordered).text).toBe(all.map(({ text }) => text).join(''));
        }
        const lines = sorted(kept).flatMap((value) =>
          Array.from({ length: value.weight }, (_, own) => ({ value, own })),
        );
        expect(ordered.weight).toBe(lines.length);
        expect(lines.map((_, position) => ordered.at(position))).toEqual(lines);
        expect([ordered.at(-1), ordered.at(lines.length)]).toEqual([undefined, undefined]);
        for (const value of kept.values()) {
          expect(ordered.placeOf(value)).toBe(lines.findIndex((line) => line.value === value));
          expect(ordered.find((one) => value.key - one.key)).toBe(value);
        }
        expect(ordered.placeOf({ key: 99, weight: 1, text: '' })).toBe(-1);
      }),
    ));

  const many = Array.from({ length: 5_000 }, (_, key): Item => ({ key, weight: 1, text: '' }));

  it('are looked at one in a few dozen, however many there are', () => {
    let compared = 0;
    const order: Order<Item> = {
      compare: (one, other) => {
        compared += 1;
        return one.key - other.key;
      },
    };
    let ordered = Ordered.of(order);
    for (const item of many) ordered = ordered.put(item);
    for (const item of many.slice(0, 100)) {
      compared = 0;
      ordered = ordered.remove(item).put(item);
      expect(compared).toBeLessThan(80);
    }
    expect(ordered.slice(10, 3).map(({ key }) => key)).toEqual([10, 11, 12]);
    expect(ordered.slice(4_999, 3)).toHaveLength(1);
  });

  it('are measured once, and after a change only where it is', () => {
    const { looked, textOf } = createTexts();
    const ordered = Ordered.of(byKey, many);
    textOf(ordered);
    expect(looked).toHaveLength(many.length);
    looked.length = 0;
    textOf(ordered);
    expect(looked).toHaveLength(0);
    textOf(ordered.put({ key: 2_500, weight: 1, text: 'x' }));
    expect(looked.length).toBeLessThan(60);
  });
});
