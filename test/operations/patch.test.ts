import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import { holdsAfter, holdsBefore, inverse, nodeAfter } from '../../source/operations/change.ts';
import { changesOf } from '../../source/operations/edit.ts';
import type { NodeEdit } from '../../source/operations/operation.ts';
import { movedSince, patchFor } from '../../source/operations/patch.ts';
import { jsonPatch, UnprocessablePatch, type JsonPatchOperation } from '../../source/sandbox/server/patch.ts';
import { makeNode } from '../state/made.ts';
import { fromWire, toWire } from './wire-node.ts';

const taint = (key: string, effect = 'NoSchedule', value = '') => ({ key, value, effect, timeAdded: null });
const node = (given: Partial<ClusterNode> = {}) => makeNode({ name: 'wrk-1', uid: 'u1', ...given });
const patchOf = (target: ClusterNode, edit: NodeEdit) => patchFor(target, changesOf(target, edit));
const UID = { op: 'test', path: '/metadata/uid', value: 'u1' };

describe('the patch of an edit', () => {
  it.each<[string, ClusterNode, NodeEdit, unknown]>([
    [
      'a new label tests that it is absent',
      node({ labels: { a: '1' } }),
      { kind: 'label', set: { 'lab/b~c': '2' }, remove: [] },
      [
        UID,
        { op: 'test', path: '/metadata/labels/lab~1b~0c', value: null },
        { op: 'add', path: '/metadata/labels/lab~1b~0c', value: '2' },
      ],
    ],
    [
      'the first label of a node brings the map with it',
      node({ labels: {} }),
      { kind: 'label', set: { a: '1', b: '' }, remove: [] },
      [
        UID,
        { op: 'test', path: '/metadata/labels', value: null },
        { op: 'add', path: '/metadata/labels', value: { a: '1', b: '' } },
      ],
    ],
    [
      'a changed and a removed label test what they had, and no other label is touched',
      node({ labels: { a: '1', b: '2', c: '3' } }),
      { kind: 'label', set: { a: 'x' }, remove: ['b'] },
      [
        UID,
        { op: 'test', path: '/metadata/labels/a', value: '1' },
        { op: 'replace', path: '/metadata/labels/a', value: 'x' },
        { op: 'test', path: '/metadata/labels/b', value: '2' },
        { op: 'remove', path: '/metadata/labels/b' },
      ],
    ],
    [
      'a taint tests and replaces the list as a whole, as the server writes it',
      node({ taints: [{ ...taint('a'), timeAdded: '2026-01-31T12:00:00Z' }, taint('b', 'NoExecute', 'v')] }),
      { kind: 'taint', add: [taint('c', 'NoSchedule', 'w')], remove: [{ key: 'b', effect: null }], addNodeRole: false },
      [
        UID,
        {
          op: 'test',
          path: '/spec/taints',
          value: [
            { key: 'a', effect: 'NoSchedule', timeAdded: '2026-01-31T12:00:00Z' },
            { key: 'b', value: 'v', effect: 'NoExecute' },
          ],
        },
        {
          op: 'replace',
          path: '/spec/taints',
          value: [
            { key: 'a', effect: 'NoSchedule', timeAdded: '2026-01-31T12:00:00Z' },
            { key: 'c', value: 'w', effect: 'NoSchedule' },
          ],
        },
      ],
    ],
    [
      'the first taint tests that there is none',
      node({ taints: null }),
      { kind: 'taint', add: [taint('a')], remove: [], addNodeRole: false },
      [
        UID,
        { op: 'test', path: '/spec/taints', value: null },
        { op: 'add', path: '/spec/taints', value: [{ key: 'a', effect: 'NoSchedule' }] },
      ],
    ],
    [
      'the last taint takes the list with it',
      node({ taints: [taint('a')] }),
      { kind: 'taint', add: [], remove: [{ key: 'a', effect: 'NoSchedule' }], addNodeRole: false },
      [
        UID,
        { op: 'test', path: '/spec/taints', value: [{ key: 'a', effect: 'NoSchedule' }] },
        { op: 'remove', path: '/spec/taints' },
      ],
    ],
    [
      'a cordon tests that there is none, since the server leaves out false',
      node(),
      { kind: 'cordon' },
      [
        UID,
        { op: 'test', path: '/spec/unschedulable', value: null },
        { op: 'add', path: '/spec/unschedulable', value: true },
      ],
    ],
    [
      'an uncordon takes it away',
      node({ cordoned: true }),
      { kind: 'uncordon' },
      [UID, { op: 'test', path: '/spec/unschedulable', value: true }, { op: 'remove', path: '/spec/unschedulable' }],
    ],
  ])('%s', (_, target, edit, patch) => {
    expect(patchOf(target, edit)).toEqual(patch);
  });
});

const key = fc.constantFrom('a', 'b', 'lab/c', 'constructor', 'toString');
const value = fc.constantFrom('', 'x', 'y');
const effect = fc.constantFrom('NoSchedule', 'PreferNoSchedule', 'NoExecute');
const anyTaint = fc.record({ key, value, effect, timeAdded: fc.constantFrom(null, '2026-01-31T12:00:00Z') });
const anyTaints = fc.uniqueArray(anyTaint, { maxLength: 4, selector: (taint) => `${taint.key}:${taint.effect}` });
const anyNode = fc
  .record({ labels: fc.dictionary(key, value), taints: anyTaints, cordoned: fc.boolean() })
  .map(({ labels, taints, cordoned }) =>
    node({ labels: { ...labels }, taints: taints.length === 0 ? null : taints, cordoned }),
  );
const anyEdit: fc.Arbitrary<NodeEdit> = fc.oneof(
  fc.record({ set: fc.dictionary(key, value, { minKeys: 1 }), remove: fc.uniqueArray(key) }).map(({ set, remove }) => ({
    kind: 'label' as const,
    set: { ...set },
    remove: remove.filter((name) => !Object.hasOwn(set, name)),
  })),
  fc
    .record({ add: anyTaints, remove: fc.uniqueArray(fc.constantFrom('d', 'lab/c', 'a')), addNodeRole: fc.boolean() })
    .map(({ add, remove, addNodeRole }) => ({
      kind: 'taint' as const,
      add,
      remove: remove
        .filter((name) => add.every((one) => one.key !== name))
        .map((name) => ({ key: name, effect: null })),
      addNodeRole,
    })),
  fc.constantFrom({ kind: 'cordon' as const }, { kind: 'uncordon' as const }),
);

const apply = (target: ClusterNode, patch: readonly object[]) =>
  fromWire(target, jsonPatch(toWire(target), JSON.parse(JSON.stringify(patch)) as JsonPatchOperation[]));

describe('for any node and edit', () => {
  it('the patch applied by a server gives what the plan says will stand there', () => {
    fc.assert(
      fc.property(anyNode, anyEdit, (target, edit) => {
        const changes = changesOf(target, edit);
        const shown = nodeAfter(target, changes);
        const given = apply(target, patchFor(target, changes));
        expect({ ...given, taints: given.taints ?? [] }).toEqual({ ...shown, taints: shown.taints ?? [] });
        expect(changes.every((change) => holdsBefore(target, change) && holdsAfter(given, change))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('the inverse of the changes brings back what stood there, but for the age and order of taints', () => {
    const said = ({ labels, taints, cordoned }: ClusterNode) => ({
      labels,
      cordoned,
      taints: new Set(taints?.map((one) => `${one.key}=${one.value}:${one.effect}`)),
    });
    fc.assert(
      fc.property(anyNode, anyEdit, (target, edit) => {
        const changes = changesOf(target, edit);
        const changed = apply(target, patchFor(target, changes));
        const back = changes.map(inverse).reverse();
        expect(said(apply(changed, patchFor(changed, back)))).toEqual(said(target));
      }),
      { numRuns: 400 },
    );
  });

  it('a server refuses the patch exactly when something that it tests has moved, and the words say what', () => {
    fc.assert(
      fc.property(anyNode, anyEdit, anyNode, (target, edit, other) => {
        const changes = changesOf(target, edit);
        const patch = patchFor(target, changes);
        let refused = false;
        try {
          apply(other, patch);
        } catch (error) {
          expect(error).toBeInstanceOf(UnprocessablePatch);
          refused = true;
        }
        expect(movedSince(other, patch).length > 0).toBe(refused);
      }),
      { numRuns: 400 },
    );
  });

  it('an edit that is made already changes nothing', () => {
    fc.assert(
      fc.property(anyNode, anyEdit, (target, edit) => {
        expect(changesOf(nodeAfter(target, changesOf(target, edit)), edit)).toEqual([]);
      }),
    );
  });
});

describe('what has moved', () => {
  it('names the node itself when it was re-created', () => {
    const patch = patchOf(node({ labels: { a: '1' } }), { kind: 'cordon' });
    expect(movedSince(node({ uid: 'u2' }), patch)).toEqual([
      'the node itself, which was re-created under the same name',
    ]);
  });

  it('does not count what the patch does not test', () => {
    const patch = patchOf(node({ labels: { a: '1' } }), { kind: 'label', set: { a: '2' }, remove: [] });
    expect(movedSince(node({ labels: { a: '1', b: 'new' }, cordoned: true }), patch)).toEqual([]);
  });
});
