import { expect, test } from 'vitest';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import { makeNode, makePod, makeUsage } from '../state/made.ts';
import { live } from './full-cluster.ts';
import { NOON } from './made-cluster.ts';
import { openScreen } from './open-screen.tsx';

const MANY = 5_000;
/** Nodes on the screen, and those on the way to them in trees of so many. */
const FEW = 300;

const nameOf = (index: number): string => `node-${index}`;

/** A large cluster that tells which of its nodes were looked at. */
function watchedCluster() {
  const looked = new Set<string>();
  const watched = (node: ClusterNode): ClusterNode =>
    new Proxy(node, {
      get: (target, key) => {
        looked.add(target.name);
        return Reflect.get(target, key) as unknown;
      },
    });
  const nodes = Array.from({ length: MANY }, (_, index) =>
    watched(makeNode({ name: nameOf(index), labels: { 'node-role.kubernetes.io/node': '', zone: `z${index % 9}` } })),
  );
  const pods = nodes.map((_, index) => makePod({ uid: `${index}`, node: nameOf(index) }));
  const usage = nodes.map((_, index) => makeUsage({ uid: nameOf(index), at: NOON }));
  return {
    events: [...live('nodes', nodes), ...live('pods', pods), ...live('usage', usage)],
    /** How many nodes are looked at meanwhile. */
    during: async (work: () => Promise<unknown>): Promise<number> => {
      looked.clear();
      await work();
      return looked.size;
    },
  };
}

test('of 5,000 nodes a frame looks at those on the screen and those that changed, and a key at those on the screen', async () => {
  const { events, during } = watchedCluster();
  const { store, press, until } = openScreen({ events, columns: 200, rows: 60 });
  await until((screen) => screen.some((row) => row.includes('node-0 ')), 'the nodes');
  const changed = (node: number, cpu: number) =>
    store.dispatch({
      type: 'changed',
      at: NOON,
      resource: 'pods',
      items: [makePod({ uid: `more-${node}`, node: nameOf(node), requests: { cpu, memory: 0, ephemeralStorage: 0 } })],
    });
  const frameAfter = (node: number, cpu: number, shown: string) => async () => {
    changed(node, cpu);
    await until((screen) => screen.some((row) => row.includes(shown)), shown);
  };
  // The sum of the group says that a node far below was taken in.
  expect(await during(frameAfter(4_321, 1_000, 'cpu 501 of'))).toBeLessThan(FEW);
  expect(await during(frameAfter(1_234, 2_000, 'cpu 503 of'))).toBeLessThan(FEW);
  const key = (name: string, shown: string) => async () => {
    press(name);
    await until((screen) => screen.some((row) => row.startsWith(shown)), shown);
  };
  expect(await during(key('j', '> node-1 '))).toBeLessThan(FEW);
  expect(await during(key('G', '> node-4999 '))).toBeLessThan(FEW);
  expect(await during(key('\x1b[5~', '> node-49'))).toBeLessThan(FEW);
});
