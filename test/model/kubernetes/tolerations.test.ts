import { describe, expect, test } from 'vitest';
import type { Toleration } from '../../../source/model/kubernetes/pod.ts';
import { evictedBy, tolerates } from '../../../source/model/kubernetes/tolerations.ts';
import { madeTaint } from './node.ts';

const toleration = (parts: Partial<Toleration> = {}): Toleration => ({
  key: '',
  operator: '',
  value: '',
  effect: '',
  seconds: null,
  ...parts,
});

const EVERYTHING = toleration({ operator: 'Exists' });

const TOLERATES: [string, Partial<Toleration>[], string, boolean][] = [
  ['no tolerations', [], 'a:NoSchedule', false],
  ['Exists without key or effect', [{ operator: 'Exists' }], 'a=b:NoExecute', true],
  ['Exists with the key', [{ operator: 'Exists', key: 'a' }], 'a=b:NoExecute', true],
  ['Exists with another key', [{ operator: 'Exists', key: 'b' }], 'a=b:NoExecute', false],
  ['Exists with the effect', [{ operator: 'Exists', effect: 'NoSchedule' }], 'a:NoSchedule', true],
  ['Exists with another effect', [{ operator: 'Exists', effect: 'NoSchedule' }], 'a:NoExecute', false],
  ['Equal with key and value', [{ operator: 'Equal', key: 'a', value: 'b' }], 'a=b:NoSchedule', true],
  ['Equal with another value', [{ operator: 'Equal', key: 'a', value: 'c' }], 'a=b:NoSchedule', false],
  ['Equal without value, taint with one', [{ operator: 'Equal', key: 'a' }], 'a=b:NoSchedule', false],
  ['no operator is Equal', [{ key: 'a', value: 'b' }], 'a=b:NoSchedule', true],
  ['no operator, no value on either', [{ key: 'a' }], 'a:NoSchedule', true],
  ['Equal with an empty key goes by the value', [{ operator: 'Equal', value: 'b' }], 'a=b:NoSchedule', true],
  ['Equal, empty effect', [{ operator: 'Equal', key: 'a', value: 'b', effect: '' }], 'a=b:PreferNoSchedule', true],
  ['Equal, another effect', [{ key: 'a', value: 'b', effect: 'NoExecute' }], 'a=b:NoSchedule', false],
  ['an operator that nobody knows', [{ operator: 'Near', key: 'a' }], 'a:NoSchedule', false],
  ['any one is enough', [{ key: 'b' }, { key: 'a' }], 'a:NoSchedule', true],
  ['part of a key is another key', [{ operator: 'Exists', key: 'a' }], 'ab:NoSchedule', false],
];

test.each(TOLERATES)('%s', (_, tolerations, taint, expected) => {
  expect(tolerates(tolerations.map(toleration), madeTaint(taint))).toBe(expected);
});

describe('evictedBy', () => {
  const lost = madeTaint('node.kubernetes.io/unreachable:NoExecute');
  const pod = (tolerations: Toleration[], mirror = false) => ({ tolerations, mirror });
  const CASES: [string, ReturnType<typeof pod>, ReturnType<typeof evictedBy>][] = [
    ['nothing tolerates', pod([]), 0],
    ['another key is tolerated', pod([toleration({ key: 'x', operator: 'Exists' })]), 0],
    ['tolerated for ever', pod([EVERYTHING]), 'never'],
    ['tolerated for a while', pod([toleration({ operator: 'Exists', seconds: 300 })]), 300],
    ['tolerated for no time', pod([toleration({ operator: 'Exists', seconds: 0 })]), 0],
    ['less than no time', pod([toleration({ operator: 'Exists', seconds: -5 })]), 0],
    ['the first that matches counts', pod([toleration({ operator: 'Exists', seconds: 60 }), EVERYTHING]), 60],
    ['for ever first', pod([EVERYTHING, toleration({ operator: 'Exists', seconds: 60 })]), 'never'],
    ['those that do not match are passed over', pod([toleration({ key: 'x', seconds: 1 }), EVERYTHING]), 'never'],
    ['a static pod', pod([], true), 'never'],
  ];
  test.each(CASES)('%s', (_, one, expected) => {
    expect(evictedBy(one, lost)).toBe(expected);
  });
  test.each(['NoSchedule', 'PreferNoSchedule', 'Odd'])('%s evicts nobody', (effect) => {
    expect(evictedBy(pod([]), madeTaint(`a:${effect}`))).toBe('never');
  });
});
