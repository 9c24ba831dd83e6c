import { describe, expect, it } from 'vitest';
import { changesOf, checkEdit } from '../../source/operations/edit.ts';
import { InputError } from '../../source/operations/errors.ts';
import type { NodeEdit } from '../../source/operations/operation.ts';
import { makeNode } from '../state/made.ts';

const taint = (key: string, effect: string, value = '') => ({ key, value, effect, timeAdded: null });
const taintEdit = (given: Partial<Extract<NodeEdit, { kind: 'taint' }>>): NodeEdit => ({
  kind: 'taint',
  add: [],
  remove: [],
  addNodeRole: false,
  ...given,
});
const labelEdit = (set: Record<string, string>, remove: readonly string[] = []): NodeEdit => ({
  kind: 'label',
  set,
  remove,
});

const NODE = makeNode({
  name: 'wrk-1',
  labels: { rack: 'a', zone: 'x' },
  taints: [
    taint('dedicated', 'NoSchedule', 'shop'),
    taint('dedicated', 'NoExecute', 'shop'),
    taint('other', 'NoSchedule'),
  ],
});

describe('what an edit changes', () => {
  it.each<[string, NodeEdit, unknown]>([
    ['a label that is new', labelEdit({ row: '1' }), [{ field: 'label', key: 'row', before: null, after: '1' }]],
    [
      'a label that has another value is overwritten',
      labelEdit({ rack: 'b' }),
      [{ field: 'label', key: 'rack', before: 'a', after: 'b' }],
    ],
    ['a label that has the value already', labelEdit({ rack: 'a' }), []],
    ['a label to remove', labelEdit({}, ['zone']), [{ field: 'label', key: 'zone', before: 'x', after: null }]],
    ['a label to remove that is not there', labelEdit({}, ['row']), []],
    ['a label named as a method of every object', labelEdit({}, ['constructor']), []],
    [
      'a taint with another value takes the place of the one with its key and effect',
      taintEdit({ add: [taint('dedicated', 'NoSchedule', 'bank')] }),
      [
        {
          field: 'taint',
          key: 'dedicated',
          effect: 'NoSchedule',
          before: taint('dedicated', 'NoSchedule', 'shop'),
          after: taint('dedicated', 'NoSchedule', 'bank'),
        },
      ],
    ],
    ['a taint that is there already', taintEdit({ add: [taint('other', 'NoSchedule')] }), []],
    [
      'a taint to remove by its key alone, in each of its effects',
      taintEdit({ remove: [{ key: 'dedicated', effect: null }] }),
      ['NoSchedule', 'NoExecute'].map((effect) => ({
        field: 'taint',
        key: 'dedicated',
        effect,
        before: taint('dedicated', effect, 'shop'),
        after: null,
      })),
    ],
    [
      'a taint to remove in an effect that it does not have',
      taintEdit({ remove: [{ key: 'other', effect: 'NoExecute' }] }),
      [],
    ],
    [
      'the node role with a taint',
      taintEdit({ remove: [{ key: 'nothing', effect: null }], addNodeRole: true }),
      [{ field: 'label', key: 'node-role.kubernetes.io/node', before: null, after: '' }],
    ],
    ['a cordon', { kind: 'cordon' }, [{ field: 'cordoned', before: false, after: true }]],
    ['an uncordon of a node that is not cordoned', { kind: 'uncordon' }, []],
  ])('%s', (_, edit, changes) => {
    expect(changesOf(NODE, edit)).toEqual(changes);
  });
});

describe('an edit that is wrong in itself', () => {
  it.each<[string, NodeEdit, RegExp]>([
    ['no label', labelEdit({}), /^No label is given/],
    ['no taint', taintEdit({}), /^No taint is given/],
    [
      'a label both set and removed',
      labelEdit({ rack: 'b' }, ['rack']),
      /^Label rack cannot be both set and removed\.$/,
    ],
    ['a key that breaks the rule', labelEdit({ 'a b': '' }), /label key "a b" must have a name of letters/],
    ['a key to remove that breaks the rule', labelEdit({}, ['/x']), /label key "\/x"/],
    ['a value that is too long', labelEdit({ a: 'v'.repeat(64) }), /64 characters, where at most 63/],
    ['a taint without effect', taintEdit({ add: [taint('a', '')] }), /effect is missing: it must be one of NoSchedule/],
    [
      'an effect that Kubernetes does not know',
      taintEdit({ add: [taint('a', 'Never')] }),
      /effect "Never" must be one of/,
    ],
    [
      'a taint twice',
      taintEdit({ add: [taint('a', 'NoSchedule'), taint('a', 'NoSchedule', 'v')] }),
      /Taint a:NoSchedule is given twice/,
    ],
    [
      'a taint both set and removed',
      taintEdit({ add: [taint('a', 'NoSchedule')], remove: [{ key: 'a', effect: null }] }),
      /Taint a:NoSchedule cannot be both set and removed/,
    ],
  ])('%s', (_, edit, says) => {
    expect(() => checkEdit(edit)).toThrow(InputError);
    expect(() => checkEdit(edit)).toThrow(says);
  });

  it('a taint may change its effect in one edit', () => {
    const edit = taintEdit({ add: [taint('a', 'NoExecute')], remove: [{ key: 'a', effect: 'NoSchedule' }] });
    expect(() => checkEdit(edit)).not.toThrow();
  });
});
