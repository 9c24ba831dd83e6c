import { describe, expect, test } from 'vitest';
import { hasLabels, matchesTerms, meets } from '../../../source/model/kubernetes/node-selector.ts';
import type { NodeTerm, Requirement } from '../../../source/model/kubernetes/placement.ts';

const LABELS = { disk: 'ssd', slots: '12', empty: '' };
const require = (key: string, operator: string, ...values: readonly string[]): Requirement => ({
  key,
  operator,
  values,
});

describe('a requirement', () => {
  test.each<[Requirement, boolean]>([
    [require('disk', 'In', 'ssd', 'nvme'), true],
    [require('disk', 'In', 'hdd'), false],
    [require('none', 'In', 'ssd'), false],
    [require('empty', 'In', ''), true],
    [require('disk', 'In'), false],
    [require('disk', 'NotIn', 'hdd'), true],
    [require('disk', 'NotIn', 'ssd'), false],
    [require('none', 'NotIn', 'ssd'), true],
    [require('disk', 'NotIn'), false],
    [require('disk', 'Exists'), true],
    [require('none', 'Exists'), false],
    [require('disk', 'Exists', 'ssd'), false],
    [require('none', 'DoesNotExist'), true],
    [require('disk', 'DoesNotExist'), false],
    [require('none', 'DoesNotExist', 'x'), false],
    [require('slots', 'Gt', '11'), true],
    [require('slots', 'Gt', '12'), false],
    [require('slots', 'Lt', '13'), true],
    [require('slots', 'Lt', '12'), false],
    [require('slots', 'Gt', '9223372036854775808'), false],
    [require('slots', 'Gt', '1', '2'), false],
    [require('slots', 'Gt'), false],
    [require('slots', 'Gt', 'few'), false],
    // Values that no label can have: the API takes them, the scheduler does not.
    [require('slots', 'Gt', '-3'), false],
    [require('slots', 'Lt', '+13'), false],
    [require('disk', 'NotIn', 'not a value'), false],
    [require('disk', 'In', 'ssd', '-'), false],
    [require('disk', 'Gt', '1'), false],
    [require('none', 'Lt', '1'), false],
    [require('disk', 'Equals', 'ssd'), false],
    [require('disk', 'in', 'ssd'), false],
    [require('disk', '', 'ssd'), false],
    [require('constructor', 'Exists'), false],
    [require('toString', 'DoesNotExist'), true],
  ])('%j: %s', (requirement, met) => expect(meets(LABELS, requirement)).toBe(met));
});

describe('labels asked for', () => {
  test.each<[Readonly<Record<string, string>>, boolean]>([
    [{}, true],
    [{ disk: 'ssd' }, true],
    [{ disk: 'ssd', empty: '' }, true],
    [{ disk: 'hdd' }, false],
    [{ none: '' }, false],
    [{ constructor: '' }, false],
  ])('%j: %s', (wanted, had) => expect(hasLabels(LABELS, wanted)).toBe(had));
});

describe('terms', () => {
  const node = { name: 'wrk-1', labels: LABELS };
  const ssd = require('disk', 'In', 'ssd');
  const hdd = require('disk', 'In', 'hdd');
  const named = (operator: string, ...values: readonly string[]) => require('metadata.name', operator, ...values);
  test.each<[string, readonly NodeTerm[], boolean]>([
    ['none at all', [], false],
    ['an empty one', [{ labels: [], fields: [] }], false],
    ['one that matches', [{ labels: [ssd], fields: [] }], true],
    ['two requirements of which one is met', [{ labels: [ssd, hdd], fields: [] }], false],
    [
      'two terms of which one matches',
      [
        { labels: [hdd], fields: [] },
        { labels: [ssd], fields: [] },
      ],
      true,
    ],
    [
      'an empty one beside one that matches',
      [
        { labels: [], fields: [] },
        { labels: [ssd], fields: [] },
      ],
      true,
    ],
    ['the name', [{ labels: [], fields: [named('In', 'wrk-1')] }], true],
    ['another name', [{ labels: [], fields: [named('In', 'wrk-2')] }], false],
    ['not another name', [{ labels: [], fields: [named('NotIn', 'wrk-2')] }], true],
    ['not the name', [{ labels: [], fields: [named('NotIn', 'wrk-1')] }], false],
    ['two names at once', [{ labels: [], fields: [named('In', 'wrk-1', 'wrk-2')] }], false],
    ['the name with an unknown operator', [{ labels: [], fields: [named('Exists')] }], false],
    ['an unknown field', [{ labels: [], fields: [require('metadata.uid', 'NotIn', 'x')] }], false],
    ['the name and labels that do not match', [{ labels: [hdd], fields: [named('In', 'wrk-1')] }], false],
  ])('%s', (_, terms, matched) => expect(matchesTerms(terms, node)).toBe(matched));
});
