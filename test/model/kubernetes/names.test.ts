import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  labelKeyProblem,
  labelValueProblem,
  nodeNameProblem,
  taintEffectProblem,
  taintKeyProblem,
  taintProblem,
} from '../../../source/model/kubernetes/names.ts';

const n = (count: number) => 'a'.repeat(count);
const longDomain = `${n(63)}.${n(63)}.${n(63)}.${n(61)}`;

describe('label keys', () => {
  test.each([
    'a',
    'A',
    '0',
    'a-b',
    'a_b',
    'a.b',
    'a..b',
    'My.Key-1_x',
    n(63),
    'example.com/a',
    'a/b',
    '1.2/x',
    'kubernetes.io/hostname',
    'node-role.kubernetes.io/bootstrap',
    `${longDomain}/${n(63)}`,
    'constructor',
  ])('%s is one', (key) => {
    expect(labelKeyProblem(key)).toBeNull();
  });
  test.each([
    ['', 'label key must not be empty'],
    ['-a', 'letter or digit first and last'],
    ['a-', 'letter or digit first and last'],
    ['_a', 'letter or digit first and last'],
    ['a b', 'letters, digits'],
    ['ä', 'letters, digits'],
    ['a\n', 'letters, digits'],
    ['a=b', 'letters, digits'],
    ['__proto__', 'letter or digit first and last'],
    [n(64), 'name of 64 characters, where at most 63'],
    ['a/', 'must have a name after its "/"'],
    ['/a', 'must have a DNS name before its "/"'],
    ['/', 'must have a DNS name before its "/"'],
    ['a/b/c', 'at most one "/"'],
    ['UPPER_case/x', 'must have a DNS name as prefix'],
    ['bad key/', 'must have a DNS name as prefix'],
    ['-a.com/x', 'must have a DNS name as prefix'],
    ['a..com/x', 'must have a DNS name as prefix'],
    ['a.com./x', 'must have a DNS name as prefix'],
    [`${longDomain}a/x`, 'prefix of 254 characters, where at most 253'],
    [`a/${n(64)}`, 'name of 64 characters'],
  ])('%j is none', (key, rule) => {
    expect(labelKeyProblem(key)).toContain(rule);
    if (key !== '') expect(labelKeyProblem(key)).toContain(`"${key}"`);
  });
});

describe('label values', () => {
  test.each(['', 'a', 'A.b-c_D', '0', 'true', n(63)])('%j is one', (value) => {
    expect(labelValueProblem(value)).toBeNull();
  });
  test.each([
    ['not valid!', 'must be empty or consist of letters'],
    ['-a', 'must be empty or consist of letters'],
    ['a.', 'must be empty or consist of letters'],
    ['a/b', 'must be empty or consist of letters'],
    [' ', 'must be empty or consist of letters'],
    [n(64), 'has 64 characters, where at most 63'],
  ])('%j is none', (value, rule) => {
    expect(labelValueProblem(value)).toContain(rule);
  });
});

test.each([
  ['a', '', 'NoSchedule', null],
  ['example.com/a', 'b', 'NoExecute', null],
  ['a', 'b', 'PreferNoSchedule', null],
  ['', '', 'NoSchedule', 'taint key must not be empty'],
  ['a b', '', 'NoSchedule', 'taint key "a b" must have a name of'],
  ['a', 'b c', 'NoSchedule', 'taint value "b c" must be empty or'],
  ['a', '', '', 'taint effect is missing: it must be one of NoSchedule, PreferNoSchedule, NoExecute'],
  ['a', '', 'Never', 'taint effect "Never" must be one of NoSchedule, PreferNoSchedule, NoExecute'],
  ['a', '', 'noschedule', 'taint effect "noschedule" must be one of'],
])('taint %j=%j:%j', (key, value, effect, problem) => {
  if (problem === null) expect(taintProblem({ key, value, effect })).toBeNull();
  else expect(taintProblem({ key, value, effect })).toContain(problem);
});

test('key and effect of a taint by themselves', () => {
  expect(taintKeyProblem('a/b')).toBeNull();
  expect(taintKeyProblem('a//b')).toContain('taint key "a//b"');
  expect(taintEffectProblem('NoExecute')).toBeNull();
});

describe('node names', () => {
  test.each(['a', 'node-1', 'node-1.example.com', '10.0.0.1', '0', longDomain])('%s is one', (name) => {
    expect(nodeNameProblem(name)).toBeNull();
  });
  test.each(['', 'Node', 'a_b', '-a', 'a-', 'a..b', '.a', 'a b', 'a/b', `${longDomain}a`])('%j is none', (name) => {
    expect(nodeNameProblem(name)).toMatch(/^node name/);
  });
});

test('every name of the alphabet with good ends and length is taken, every other refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.stringMatching(/^[A-Za-z0-9._-]{1,70}$/), fc.string()), (text) => {
      const good = text.length <= 63 && /^[A-Za-z0-9._-]+$/.test(text) && !/^[._-]|[._-]$/.test(text);
      expect(labelValueProblem(text) === null).toBe(good || text === '');
      if (!text.includes('/')) expect(labelKeyProblem(text) === null).toBe(good);
    }),
  );
});
