import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysLeft, RENEWALS, renewalOf, renewalOfClients, VALID_FOR } from '../../source/product/certificates.ts';

const DAY = 86_400_000;
const at = (left: number, valid = 365) => ({ from: (left - valid) * DAY, until: left * DAY });

describe('the renewal of a certificate', () => {
  test.each([
    [at(365), 'not-due'],
    [at(90), 'not-due'],
    [at(89.9), 'due'],
    [at(45), 'due'],
    [at(44.9), 'overdue'],
    [at(0.1), 'overdue'],
    [at(0), 'expired'],
    [at(-3), 'expired'],
    [at(366), 'not-yet-valid'],
    // A CA, and one of thirty days.
    [at(89, 3650), 'due'],
    [at(8, 30), 'not-due'],
    [at(7, 30), 'due'],
    [at(3, 30), 'overdue'],
    // One that ends before it begins.
    [{ from: DAY, until: -DAY }, 'expired'],
  ] as const)('%j is %s', (end, renewal) => {
    expect(renewalOf(end, 0)).toBe(renewal);
  });

  test('only comes nearer', () => {
    const order = ['not-yet-valid', 'not-due', 'due', 'overdue', 'expired'];
    expect([...order].sort()).toEqual([...RENEWALS].sort());
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 * VALID_FOR }),
        fc.array(fc.integer({ min: -DAY, max: 11 * VALID_FOR }), { minLength: 2 }),
        (until, times) => {
          const ranks = times
            .sort((one, other) => one - other)
            .map((now) => order.indexOf(renewalOf({ from: 0, until }, now)));
          return ranks.every((rank, index) => index === 0 || rank >= (ranks[index - 1] ?? rank));
        },
      ),
    );
  });

  test.each([
    [at(1.5), 1],
    [at(1), 1],
    [at(0.5), 0],
    [at(-0.5), -1],
  ])('days left of %j are %i', (end, days) => {
    expect(daysLeft(end, 0)).toBe(days);
  });
});

test.each<[string, number | null, number | null, ReturnType<typeof renewalOfClients>]>([
  ['beyond what is counted', null, 1, null],
  ['that may be gone since', 7 * DAY, null, null],
  ['above what a state run renews', 180 * DAY, 1, 'not-due'],
  ['at what a state run renews', 90 * DAY, 1, 'due'],
  ['at what Salt asks for', 45 * DAY, 1, 'overdue'],
])('a client certificate that ends first %s', (_, bound, since, renewal) => {
  expect(renewalOfClients({ below: bound === null ? null : bound / 1_000, since })).toBe(renewal);
});
