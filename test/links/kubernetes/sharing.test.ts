import { expect, test } from 'vitest';
import { createSharing, sharedRows } from '../../../source/links/kubernetes/sharing.ts';
import { makePod } from '../../state/made.ts';

const fresh = (uid: string, claims: readonly string[] = []) => structuredClone(makePod({ uid, claims }));

test('rows that agree share what they agree on, also with rows of before', () => {
  const sharing = createSharing();
  const [one] = sharedRows([fresh('a')], sharing);
  const [other] = sharedRows([fresh('b')], sharing);
  expect(other).toEqual(fresh('b'));
  for (const part of ['requests', 'limits', 'tolerations', 'placement', 'owner', 'ready'] as const)
    expect(other?.[part]).toBe(one?.[part]);
});

test('what rows ask of nodes stays shared, however many claims there are between them', () => {
  const sharing = createSharing();
  const [first] = sharedRows([fresh('first')], sharing);
  sharedRows(
    Array.from({ length: 10_100 }, (_, index) => fresh(`${index}`, [`claim-${index}`])),
    sharing,
  );
  const [last] = sharedRows([fresh('last')], sharing);
  for (const part of ['requests', 'tolerations', 'placement'] as const) expect(last?.[part]).toBe(first?.[part]);
});
