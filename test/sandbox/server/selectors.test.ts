import { describe, expect, it } from 'vitest';
import { fieldRequirements, labelSelector } from '../../../source/sandbox/server/selectors.ts';

const labels = { tier: 'front', zone: 'a', empty: '' };

describe('a label selector', () => {
  it.each([
    ['', true],
    ['tier', true],
    ['!tier', false],
    ['other', false],
    ['!other', true],
    ['tier=front', true],
    ['tier==front', true],
    ['tier = front', true],
    ['tier!=front', false],
    ['other!=front', true],
    ['empty=', true],
    ['tier=', false],
    ['tier in (front,back)', true],
    ['tier in (back)', false],
    ['empty in (,x)', true],
    ['tier notin (front)', false],
    ['other notin (front)', true],
    ['tier=front,zone=a', true],
    ['tier=front,zone=b', false],
    ['tier,!other,zone in (a,b)', true],
    ['in=x', false],
  ])('%j selects %s', (text, selected) => expect(labelSelector(text)(labels)).toBe(selected));

  it.each([
    ['tier in (', "found '', expected: ',', ')' or identifier"],
    ['tier in front', "found 'front', expected: '('"],
    ['tier in (a b)', "found 'b', expected: ',' or ')'"],
    ['tier=front,', "found '', expected: identifier after ','"],
    ['=x', "found '=', expected: !, identifier, or 'end of string'"],
    ['tier > 5', "found '>', expected: in, notin, =, ==, !=, gt, lt"],
  ])('%j is refused', (text, why) => expect(() => labelSelector(text)).toThrow(why));
});

describe('a field selector', () => {
  it.each([
    ['a=b', [{ field: 'a', equal: true, value: 'b' }]],
    [
      'a==b,c!=d',
      [
        { field: 'a', equal: true, value: 'b' },
        { field: 'c', equal: false, value: 'd' },
      ],
    ],
    ['a=b\\,c', [{ field: 'a', equal: true, value: 'b,c' }]],
    ['a=', [{ field: 'a', equal: true, value: '' }]],
    ['', []],
  ])('%j', (text, requirements) => expect(fieldRequirements(text)).toEqual(requirements));

  it('without an operator is refused', () => expect(() => fieldRequirements('a')).toThrow("can't understand 'a'"));
});
