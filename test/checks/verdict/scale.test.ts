// The verdict stands on every screen, so it is made anew for each frame in which anything is new: what that costs on the
// largest clusters, with an hour of samples behind it, in processor time.
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../../source/checks/verdict/cluster.ts';
import type { ClusterEvent } from '../../../source/model/cluster-event.ts';
import type { Histogram } from '../../../source/model/histogram.ts';
import { controlPlanePicture } from '../../../source/state/control-plane.ts';
import { etcdPicture } from '../../../source/state/etcd.ts';
import { createNodeTable } from '../../../source/state/node-table.ts';
import { createStore } from '../../../source/state/store.ts';
import { spent } from '../../spent.ts';
import {
  etcdPod,
  listed,
  masterNode,
  NODES,
  SECOND,
  T,
  tellsFigures,
  tellsHealth,
  tellsMembers,
} from '../../state/etcd-made.ts';
import { makeNode, makePod } from '../../state/made.ts';

const WORKERS = 5_000;
const PODS_EACH = 30;
const SAMPLES = 240;
const FRAMES = 50;
/** ms of half of the frames, since now and then one also collects garbage: less than a third of what a key may take in all. */
const MOST = 5;

const BOUNDS = [0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, Infinity];
/** What a disk took so many writes for, of which a tenth is slow. */
const writes = (count: number, slow: number): Histogram => ({
  bounds: BOUNDS,
  counts: BOUNDS.map((bound) => (bound < slow ? 90 : 100) * count),
});

/** What all three members tell at their sample of such a number: well, or with a disk that is slow and peers that fail. */
const sample = (count: number, isWell: boolean): readonly ClusterEvent[] =>
  NODES.flatMap((node) => {
    const at = T + count * 15 * SECOND;
    const times = writes(count, isWell ? 0.004 : 0.5);
    const trouble = isWell ? {} : { failedProposals: 1_000 * count, peerFailures: 100 * count };
    return [
      tellsFigures(node, at, { fsync: times, commit: times, roundTrips: { b2: times }, ...trouble }),
      tellsHealth(node, at),
    ];
  });

function large(isWell: boolean) {
  const nodes = [
    ...NODES.map((name) => masterNode(name)),
    ...Array.from({ length: WORKERS }, (_, index) => makeNode({ name: `worker-${index}` })),
  ];
  const pods = nodes.flatMap(({ name }) =>
    Array.from({ length: PODS_EACH }, (_, index) => makePod({ uid: `${name}-${index}`, node: name })),
  );
  const store = createStore([...listed('nodes', nodes), ...listed('pods', [...NODES.map(etcdPod), ...pods])]);
  for (let count = 1; count <= SAMPLES; count += 1) for (const event of sample(count, isWell)) store.dispatch(event);
  const now = T + SAMPLES * 15 * SECOND + SECOND;
  store.dispatch(tellsMembers(now));
  const table = createNodeTable();
  const { state } = store;
  const rows = () => table(state).rows;
  const look = (shown = rows()) => {
    const etcd = etcdPicture(state, now);
    return verdictOf({ state, rows: shown, etcd, controlPlane: controlPlanePicture(state, now), now });
  };
  return { store, nodes, pods, rows, look, now };
}

describe.each([
  ['well', true],
  ['in trouble', false],
] as const)('a cluster of 5,000 nodes and 150,000 pods whose etcd is %s', (_, isWell) => {
  const { store, nodes, pods, rows, look, now } = large(isWell);
  const at = <T>(list: readonly T[], turn: number): T => list[(turn * 37) % list.length] as T;

  test.each<[string, (turn: number) => readonly ClusterEvent[]]>([
    [
      'a node',
      (turn) => [{ type: 'changed', at: now, resource: 'nodes', items: [{ ...at(nodes, turn), deleting: false }] }],
    ],
    [
      'a pod',
      (turn) => [{ type: 'changed', at: now, resource: 'pods', items: [{ ...at(pods, turn), restarts: turn }] }],
    ],
  ])('is judged for a frame after %s has changed', (_, change) => {
    expect(look().areas.find(({ area }) => area === 'etcd')?.verdict === 'healthy').toBe(isWell);
    const times: number[] = [];
    for (let turn = 0; turn < FRAMES; turn += 1) {
      for (const event of change(turn)) store.dispatch(event);
      const shown = rows();
      times.push(spent(() => void look(shown)));
    }
    expect(times.toSorted((one, other) => one - other)[FRAMES / 2]).toBeLessThan(MOST);
  });
});
