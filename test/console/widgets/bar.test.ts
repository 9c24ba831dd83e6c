import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { bar } from '../../../source/console/widgets/bar.ts';

test.each([
  ['nothing', 0, null, '[..........]'],
  ['a third', 0.33, null, '[###.......]'],
  ['all', 1, null, '[##########]'],
  ['more than all', 1.7, null, '[##########]'],
  ['used less than requested', 0.5, 0.2, '[##|##.....]'],
  ['used more than requested', 0.2, 0.75, '[##.....|..]'],
  ['used more than there is', 0.2, 2, '[##.......|]'],
  ['given away more often than it is there, with a use below zero', -1, -1, '[|.........]'],
])('%s', (_, filled, mark, drawn) => expect(bar(12, filled, mark)).toBe(drawn));

it('is as wide as asked, whatever the figures', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 200 }),
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.option(fc.double({ min: -5, max: 5, noNaN: true })),
      (width, filled, mark) => {
        expect(bar(width, filled, mark)).toHaveLength(width);
      },
    ),
  ));
