import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attendedTurn, quietTurn, wholeTurn, type EtcdAsk } from '../../../source/state/collectors/etcd-turns.ts';
import { ETCD_BUDGET, MOST_MEMBERS, memberFreshFor, membershipFreshFor } from '../../../source/state/etcd-budget.ts';

const nodesOf = (count: number) => Array.from({ length: count }, (_, index) => `node-${index + 1}`);
const words = (asks: readonly EtcdAsk[]) => asks.map(({ node, ask }) => `${node} ${ask}`);
const memberCount = fc.integer({ min: 1, max: MOST_MEMBERS });
const isPart = ({ ask }: EtcdAsk) => ask === 'members' || ask === 'status';

/** The longest time between two times that the same is asked of the same, over many turns. */
function longestGap(turns: readonly (readonly EtcdAsk[])[], key: (ask: EtcdAsk) => string): number {
  const last = new Map<string, number>();
  let longest = 0;
  turns.forEach((asks, turn) => {
    for (const ask of asks) {
      longest = Math.max(longest, turn - (last.get(key(ask)) ?? turn));
      last.set(key(ask), turn);
    }
  });
  return longest;
}

describe('turns of asking about etcd', () => {
  test('ask everything once', () => {
    expect(words(wholeTurn(['a', 'b']))).toEqual([
      'a etcdHealth',
      'a etcdFigures',
      'b etcdHealth',
      'b etcdFigures',
      'a members',
      'a status',
    ]);
    expect(wholeTurn([])).toEqual([]);
  });

  test('while somebody looks: figures and one thing more of each member', () => {
    const nodes = ['a', 'b', 'c'];
    expect([0, 1, 2, 3].map((turn) => words(attendedTurn(nodes, turn)).filter((_, index) => index % 2 === 1))).toEqual([
      ['a members', 'b etcdHealth', 'c etcdHealth'],
      ['a etcdHealth', 'b status', 'c etcdHealth'],
      ['a etcdHealth', 'b etcdHealth', 'c etcdHealth'],
      ['a etcdHealth', 'b members', 'c etcdHealth'],
    ]);
  });

  test('while somebody looks: two requests a member, and both parts of the membership every 15 seconds', () => {
    fc.assert(
      fc.property(memberCount, (count) => {
        const turns = Array.from({ length: 60 }, (_, turn) => attendedTurn(nodesOf(count), turn));
        for (const asks of turns)
          for (const node of nodesOf(count)) {
            const ofNode = asks.filter((ask) => ask.node === node).map(({ ask }) => ask);
            expect(ofNode).toHaveLength(2);
            expect(ofNode).toContain('etcdFigures');
          }
        const parts = turns.map((asks) => asks.filter(isPart));
        expect(longestGap(parts, ({ ask }) => ask) * ETCD_BUDGET.attended).toBe(15_000);
        expect(new Set(parts.flat().map(({ node }) => node)).size).toBe(count);
        // One member alone is asked for its health in the third turn.
        expect(longestGap(turns, ({ node, ask }) => `${node} ${ask}`)).toBeGreaterThan(0);
        expect(turns.flat().filter(({ ask }) => ask === 'etcdHealth').length).toBeGreaterThanOrEqual(20 * count);
      }),
    );
  });

  test('while nobody looks: five requests a minute, everything in its turn, and nothing grows old between', () => {
    fc.assert(
      fc.property(memberCount, (count) => {
        const turns = Array.from({ length: 400 }, (_, turn) => quietTurn(nodesOf(count), turn));
        for (const asks of turns) expect(asks).toHaveLength(1);
        const asked = turns.flat();
        expect(new Set(words(asked.filter((ask) => !isPart(ask)))).size).toBe(2 * count);
        expect(new Set(words(asked.filter(isPart))).size).toBe(2 * count);
        const gap = (which: (ask: EtcdAsk) => boolean, key: (ask: EtcdAsk) => string) =>
          longestGap(
            turns.map((asks) => asks.filter(which)),
            key,
          ) * ETCD_BUDGET.otherwise;
        expect(
          gap(
            (ask) => !isPart(ask),
            ({ node, ask }) => `${node} ${ask}`,
          ),
        ).toBeLessThan(memberFreshFor(count) / 2);
        expect(gap(isPart, ({ ask }) => ask)).toBeLessThan(membershipFreshFor / 2);
      }),
    );
    expect(60_000 / ETCD_BUDGET.otherwise).toBe(4);
    expect(quietTurn([], 0)).toEqual([]);
  });
});
