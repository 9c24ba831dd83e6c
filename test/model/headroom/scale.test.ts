import { describe, expect, test } from 'vitest';
import { lossOf } from '../../../source/model/headroom/loss.ts';
import { nearestTo } from '../../../source/model/headroom/pending.ts';
import type { Site } from '../../../source/model/headroom/site.ts';
import { ANYWHERE } from '../../../source/model/kubernetes/placement.ts';
import type { PodRow } from '../../../source/model/kubernetes/pod.ts';
import { known } from '../../../source/model/reading.ts';
import { makeClaim, makePersistentVolume, makePod, makeStorageClass, onlyOn } from '../../state/made.ts';
import { spent } from '../../spent.ts';
import { asking, GI, placeOf, siteWith, sized, storageOf } from './made-site.ts';

// A look at every pair of node and volume, or at every node for every pod, would take many times as long as is allowed.

const NODES = 5_000;
const nameOf = (index: number): string => `node-${String(index).padStart(4, '0')}`;
const places = Array.from({ length: NODES }, (_, index) => placeOf(sized(nameOf(index), 8 + (index % 7), 32)));
const claims = Array.from({ length: 20 }, (_, index) => makeClaim({ name: `data-${index}` }));

/** A storage with a local volume on each node, made anew so that nothing of it is kept. */
const site = (): Site =>
  siteWith(
    places,
    known(
      storageOf({
        claims: [...claims, makeClaim({ name: 'large', request: 99 * GI })],
        volumes: places.map(({ node }) => makePersistentVolume({ name: `on-${node.name}`, terms: onlyOn(node.name) })),
        classes: [makeStorageClass()],
      }),
    ),
  );

const NO_TOLERATIONS: PodRow['tolerations'] = [];
const KINDS = Array.from({ length: 20 }, (_, index) => ({
  requests: { cpu: 100 + index, memory: 2 ** 24, ephemeralStorage: 0 },
  tolerations: NO_TOLERATIONS,
  placement: ANYWHERE,
}));
const pods = (count: number): readonly PodRow[] =>
  Array.from({ length: count }, (_, index) =>
    makePod({ uid: `${index}`, node: nameOf(0), ...KINDS[index % KINDS.length] }),
  );

describe('among 5,000 nodes with a volume each', () => {
  test.each(['data-0', 'large'])('the nearest node of a pod with the claim %s is found in a moment', (claim) => {
    const candidate = asking({ claims: [claim] });
    const fresh = site();
    expect(spent(() => nearestTo(candidate, fresh))).toBeLessThan(700);
    expect(nearestTo(candidate, fresh)[0]?.obstacles).toHaveLength(claim === 'large' ? 1 : 0);
  });

  test('20 pods with claims of their own find their volumes in a moment', () => {
    const lost = claims.map(({ name }) => makePod({ uid: name, node: nameOf(0), claims: [name] }));
    const fresh = site();
    let moved = 0;
    expect(spent(() => (moved = lossOf(fresh, nameOf(0), lost).moved.length))).toBeLessThan(1_500);
    expect(moved).toBe(20);
  });

  test('5,000 pods of one node find a place in a moment', () => {
    const lost = pods(5_000);
    const fresh = site();
    let moved = 0;
    expect(spent(() => (moved = lossOf(fresh, nameOf(0), lost).moved.length))).toBeLessThan(1_500);
    expect(moved).toBe(5_000);
  });
});
