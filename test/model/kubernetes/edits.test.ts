import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isProblem,
  parseLabelArguments,
  parseTaintArguments,
  splitNodesAndEdits,
} from '../../../source/model/kubernetes/edits.ts';

const problemOf = (result: object): string => (isProblem(result) ? result.problem : 'no problem');

describe('labels', () => {
  test.each([
    [[], {}, []],
    [['a=b'], { a: 'b' }, []],
    [['a='], { a: '' }, []],
    [['a-'], {}, ['a']],
    [['a-', 'a-'], {}, ['a']],
    [['a=b', 'a=b'], { a: 'b' }, []],
    [['example.com/a=b', 'c=d', 'e-'], { 'example.com/a': 'b', c: 'd' }, ['e']],
    [['constructor=x', 'toString-'], { constructor: 'x' }, ['toString']],
  ])('%j', (args, set, remove) => {
    expect(parseLabelArguments(args)).toEqual({ set, remove });
  });
  test.each([
    [['a'], '"a": a label is set with KEY=VALUE and removed with KEY-'],
    [['-'], '"-": label key must not be empty'],
    [['=b'], '"=b": label key must not be empty'],
    [['='], '"=": label key must not be empty'],
    [['a=b=c'], '"a=b=c": a label has one "="'],
    [['a b=c'], '"a b=c": label key "a b" must have a name'],
    [['a=not valid!'], '"a=not valid!": label value "not valid!"'],
    [['a=b-'], '"a=b-": label value "b-"'],
    [['a--'], '"a--": label key "a-"'],
    [['a=b', 'a=c'], '"a=c": label a is given two values'],
    [['a=', 'a=c'], '"a=c": label a is given two values'],
    [['a=b', 'a-'], '"a-": label a is both set and removed'],
    [['a-', 'a=b'], '"a=b": label a is both set and removed'],
  ])('%j is refused', (args, problem) => {
    expect(problemOf(parseLabelArguments(args))).toContain(problem);
  });
});

describe('taints', () => {
  const add = (key: string, value: string, effect: string) => ({ key, value, effect });
  const gone = (key: string, effect: string | null) => ({ key, effect });
  test.each([
    [[], [], []],
    [['a=b:NoSchedule'], [add('a', 'b', 'NoSchedule')], []],
    [['a:NoExecute'], [add('a', '', 'NoExecute')], []],
    [['a=:NoExecute'], [add('a', '', 'NoExecute')], []],
    [['a:NoSchedule-'], [], [gone('a', 'NoSchedule')]],
    [['a=b:NoSchedule-'], [], [gone('a', 'NoSchedule')]],
    [['a-'], [], [gone('a', null)]],
    [['a-', 'a-', 'a:NoSchedule-'], [], [gone('a', null), gone('a', 'NoSchedule')]],
    [
      ['a:NoSchedule', 'a:NoExecute', 'b:NoSchedule-'],
      [add('a', '', 'NoSchedule'), add('a', '', 'NoExecute')],
      [gone('b', 'NoSchedule')],
    ],
    [
      ['node-role.kubernetes.io/bootstrap:NoSchedule-', 'node-role.kubernetes.io/infra:NoSchedule-'],
      [],
      [gone('node-role.kubernetes.io/bootstrap', 'NoSchedule'), gone('node-role.kubernetes.io/infra', 'NoSchedule')],
    ],
    [['a:NoSchedule', 'a:NoExecute-'], [add('a', '', 'NoSchedule')], [gone('a', 'NoExecute')]],
  ])('%j', (args, adds, removes) => {
    expect(parseTaintArguments(args)).toEqual({ add: adds, remove: removes });
  });
  test.each([
    [['a'], '"a": a taint is set with'],
    [['a=b'], '"a=b": a taint is set with'],
    [['a=b-'], '"a=b-": a taint is set with'],
    [['a:'], '"a:": taint effect is missing'],
    [['a:-'], '"a:-": taint effect is missing'],
    [['a:Never'], '"a:Never": taint effect "Never" must be one of'],
    [['a:NoSchedule:'], '"a:NoSchedule:": a taint is set with'],
    [['a=b=c:NoSchedule'], '"a=b=c:NoSchedule": a taint is set with'],
    [[':NoSchedule'], '":NoSchedule": taint key must not be empty'],
    [['-'], '"-": taint key must not be empty'],
    [['a b:NoSchedule'], 'taint key "a b"'],
    [['a=b c:NoSchedule'], 'taint value "b c"'],
    [['a:NoSchedule', 'a=x:NoSchedule'], '"a=x:NoSchedule": key and effect together are given twice'],
    [['a:NoSchedule', 'a:NoSchedule-'], '"a:NoSchedule": the taint is both set and removed'],
    [['a-', 'a:NoSchedule'], '"a:NoSchedule": the taint is both set and removed'],
  ])('%j is refused', (args, problem) => {
    expect(problemOf(parseTaintArguments(args))).toContain(problem);
  });
});

describe('nodes and edits', () => {
  test.each([
    [[], [], []],
    [['n1'], ['n1'], []],
    [['n1', 'a=b'], ['n1'], ['a=b']],
    [
      ['n1', 'n2', 'a-', 'b:NoSchedule'],
      ['n1', 'n2'],
      ['a-', 'b:NoSchedule'],
    ],
    [['a=b'], [], ['a=b']],
    [['n1', '-'], ['n1', '-'], []],
  ])('%j', (words, nodes, edits) => {
    expect(splitNodesAndEdits(words)).toEqual({ nodes, edits });
  });
  test('a node behind an edit is refused', () => {
    expect(problemOf(splitNodesAndEdits(['n1', 'a=b', 'n2']))).toBe(
      '"n2": is no edit, and names of nodes go before the first edit',
    );
  });
  test('no word is lost and none changes its place', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const result = splitNodesAndEdits(words);
        if (!isProblem(result)) expect([...result.nodes, ...result.edits]).toEqual(words);
      }),
    );
  });
});

test('no input makes the parsers throw, and a problem names its argument', () => {
  const word = fc.oneof(fc.string(), fc.stringMatching(/^[ab/.=:-]{0,12}(NoSchedule)?-?$/));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (args) => {
      for (const result of [parseLabelArguments(args), parseTaintArguments(args)])
        if (isProblem(result)) expect(result.problem).toMatch(/^"/);
    }),
  );
});
