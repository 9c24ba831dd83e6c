import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EtcdReading, EtcdWriting } from '../../../source/operations/etcd/etcd-link.ts';
import { FakeClock, seededRandom } from '../../links/kubernetes/fake-clock.ts';
import { FakeEtcd, planOf, runOn } from './fake-etcd.ts';

/** ms: the longest answer to a look, and what a defragmentation takes. */
const LOOK = 400;
const WORK = 2_000;

/** An etcd whose answers take their time, and whose members answer nobody while they are defragmented, one after the other. */
function slowly(etcd: FakeEtcd, clock: FakeClock, random: () => number) {
  const working = new Map<string, Promise<void>>();
  const atOnce: string[][] = [];
  const busy = new Map<string, number>();
  const passes = (milliseconds: number) => new Promise<void>((resolve) => void clock.after(milliseconds, resolve));
  const late = async <T>(answer: () => Promise<T>): Promise<T> => {
    await passes(Math.ceil((random() * LOOK) / 3));
    return answer();
  };
  const reader: EtcdReading = {
    membership: (nodes) => late(() => etcd.reader.membership(nodes)),
    health: (node) => late(() => etcd.reader.health(node)),
    figures: (node) => late(() => etcd.reader.figures(node)),
    revision: (nodes) => late(() => etcd.reader.revision(nodes)),
  };
  const work = async (node: string) => {
    await passes(WORK);
    await etcd.writer.defragment(node);
    const left = (busy.get(node) ?? 0) - 1;
    if (left > 0) busy.set(node, left);
    else busy.delete(node);
    etcd.at(node).healthy = left <= 0;
  };
  const writer: EtcdWriting = {
    ...etcd.writer,
    defragment(node) {
      etcd.at(node).healthy = false;
      busy.set(node, (busy.get(node) ?? 0) + 1);
      atOnce.push([...busy.keys()]);
      const next = (working.get(node) ?? Promise.resolve()).then(() => work(node));
      working.set(node, next);
      return next;
    },
  };
  return { reader, writer, atOnce };
}

it('of two consoles that defragment at one time, no two members are ever touched at once, and the one that is kept from it says why', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 5 }),
      fc.nat(4 * (WORK + LOOK)),
      fc.integer(),
      async (size, later, seed) => {
        const [etcd, clock] = [new FakeEtcd(size), new FakeClock()];
        const ways = slowly(etcd, clock, seededRandom(seed));
        const plans = [
          await planOf(etcd, { kind: 'defragment', members: [] }),
          await planOf(etcd, { kind: 'defragment', members: [] }),
        ] as const;
        const first = runOn(ways, plans[0], { clock });
        await clock.advance(later);
        const second = runOn(ways, plans[1], { clock });
        await clock.advance(10 * 60_000);

        expect(ways.atOnce.filter((nodes) => nodes.length > 1)).toEqual([]);
        const results = [...(await first), ...(await second)];
        expect(results.some(({ state }) => state === 'done')).toBe(true);
        for (const { state, why } of results)
          if (state !== 'done')
            expect(why).toMatch(/Somebody else defragmented|Not every member is healthy now|Nothing was sent to/);
        expect(etcd.members.every(({ healthy }) => healthy)).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});
