import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reachedFrom, reaches, volumesNear } from '../../../source/model/headroom/reach.ts';
import type { NodeTerm, Requirement } from '../../../source/model/kubernetes/placement.ts';
import { makeNode, makePersistentVolume } from '../../state/made.ts';

const NODES = ['a', 'b', 'c'].map((name) =>
  makeNode({ name, labels: { 'kubernetes.io/hostname': name, zone: name === 'a' ? 'x' : 'y' } }),
);

const values = fc.subarray(['a', 'b', 'c', 'x', 'y', 'not a value', 'constructor']);
const requirement = (...keys: readonly string[]): fc.Arbitrary<Requirement> =>
  fc.record({ key: fc.constantFrom(...keys), operator: fc.constantFrom('In', 'In', 'NotIn', 'Exists'), values });
const term: fc.Arbitrary<NodeTerm> = fc.record({
  labels: fc.array(requirement('kubernetes.io/hostname', 'zone', '__proto__', 'constructor'), { maxLength: 2 }),
  fields: fc.array(requirement('metadata.name', 'metadata.uid'), { maxLength: 1 }),
});
const volumes = fc
  .array(fc.option(fc.array(term, { maxLength: 2 })), { maxLength: 6 })
  .map((all) => all.map((terms, index) => makePersistentVolume({ name: `v${index}`, terms })));

test('of the volumes near a node those that it reaches are all that it reaches', () =>
  fc.assert(
    fc.property(volumes, (all) => {
      const near = volumesNear(all);
      for (const node of NODES) {
        const found = new Set(near(node).flat());
        for (const volume of all) if (reaches(node, volume)) expect(found).toContain(volume);
      }
    }),
  ));

test('a volume is reached from nodes of which one reaches it', () =>
  fc.assert(
    fc.property(volumes, fc.subarray(NODES), (all, nodes) => {
      const reached = reachedFrom(nodes);
      for (const volume of all) expect(reached(volume)).toBe(nodes.some((node) => reaches(node, volume)));
    }),
  ));
