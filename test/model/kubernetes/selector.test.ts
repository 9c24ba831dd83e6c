import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLabelSelector } from '../../../source/model/kubernetes/selector.ts';

const LABELS = {
  rack: 'a',
  zone: 'dc1',
  cpus: '16',
  huge: '9223372036854775808',
  empty: '',
  'node-role.kubernetes.io/master': '',
  in: 'x',
};

test.each([
  ['', true],
  ['   ', true],
  ['rack', true],
  ['shelf', false],
  ['!rack', false],
  ['!shelf', true],
  ['! shelf', true],
  ['rack=a', true],
  ['rack==a', true],
  ['rack = a', true],
  [' rack  ==  a ', true],
  ['rack=b', false],
  ['rack=', false],
  ['empty=', true],
  ['empty', true],
  ['shelf=', false],
  ['rack!=a', false],
  ['rack!=b', true],
  ['shelf!=a', true],
  ['empty!=', false],
  ['rack in (a)', true],
  ['rack in (b,a)', true],
  ['rack in ( b , a )', true],
  ['rack in(b)', false],
  ['shelf in (a)', false],
  ['empty in ()', true],
  ['empty in (a,)', true],
  ['rack notin (b)', true],
  ['rack notin (a,b)', false],
  ['shelf notin (a)', true],
  ['cpus>8', true],
  ['cpus > 16', false],
  ['cpus<17', true],
  ['cpus<16', false],
  ['rack>1', false],
  ['shelf<1', false],
  ['empty>0', false],
  ['cpus<9223372036854775807', true],
  ['cpus>00000000000000000000008', true],
  ['huge>1', false],
  ['huge<1', false],
  ['node-role.kubernetes.io/master', true],
  ['node-role.kubernetes.io/master=', true],
  ['rack=a,zone=dc1', true],
  ['rack=a,zone=dc2', false],
  ['rack=a , !shelf , cpus>1', true],
  ['rack in (a,b),zone notin (dc2)', true],
  ['in', true],
  ['in in (x)', true],
  ['in=x', true],
  ['notin', false],
  ['constructor', false],
  ['!toString', true],
])('%j is %s', (text, expected) => {
  const selector = parseLabelSelector(text);
  if (typeof selector !== 'function') throw new Error(selector.problem);
  expect(selector(LABELS)).toBe(expected);
});

test.each([
  [',', 'requirements are'],
  ['rack,', 'must follow the last ","'],
  ['rack, ', 'must follow the last ","'],
  [',rack', 'requirements are'],
  ['rack,,zone', 'requirements are'],
  ['rack zone', 'requirements are'],
  ['=a', 'requirements are'],
  ['!', 'requirements are'],
  ['!rack=a', 'requirements are'],
  ['rack===a', 'requirements are'],
  ['rack=a=b', 'requirements are'],
  ['rack in a', 'requirements are'],
  ['rack in (a', 'requirements are'],
  ['rack in a)', 'requirements are'],
  ['rack in', 'requirements are'],
  ['rack in (a) b', 'requirements are'],
  ['rack in (a=b)', 'requirements are'],
  ['rack in ((a))', 'requirements are'],
  ['rack in (a b)', 'label value "a b"'],
  ['(rack)', 'requirements are'],
  ['cpus>', 'compared with a whole number'],
  ['cpus>many', 'compared with a whole number'],
  ['cpus<1.5', 'compared with a whole number'],
  ['cpus<9223372036854775808', 'compared with a whole number'],
  ['_x', 'label key "_x"'],
  ['a//b=c', 'label key "a//b"'],
  [`rack=${'a'.repeat(64)}`, 'at most 63'],
])('%j is refused', (text, rule) => {
  const selector = parseLabelSelector(text);
  expect(selector).toHaveProperty('problem');
  expect('problem' in selector ? selector.problem : '').toContain(rule);
  expect('problem' in selector ? selector.problem : '').toContain(`"${text}"`);
});

test('joined requirements hold when each holds, whatever the order', () => {
  const requirement = fc.constantFrom(
    'rack',
    '!rack',
    'rack=a',
    'zone!=dc1',
    'cpus>8',
    'shelf',
    'rack in (a,b)',
    'zone notin (x)',
  );
  fc.assert(
    fc.property(fc.array(requirement, { minLength: 1, maxLength: 5 }), (parts) => {
      const holds = (text: string) => {
        const selector = parseLabelSelector(text);
        return typeof selector === 'function' && selector(LABELS);
      };
      expect(holds(parts.join(','))).toBe(parts.every(holds));
      expect(holds(parts.toReversed().join(' , '))).toBe(parts.every(holds));
    }),
  );
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[ab!=<>(), in]{0,20}$/)), (text) => {
      const selector = parseLabelSelector(text);
      if (typeof selector === 'function') expect(typeof selector(LABELS)).toBe('boolean');
    }),
  );
});
