import { describe, expect, it, test } from 'vitest';
import { COMMON_DEMAND, demandMet, demandOf, ROLE_DEMAND, withMargin } from '../../source/product/sizing.ts';
import { ROLES, type Role } from '../../source/product/roles.ts';

const amounts = (cores: number, gigabytes: number) => ({ cpu: cores * 1e3, memory: gigabytes * 1e9 });

// The sizing table of the guide: cores, and GB of 10^9 bytes.
test.each<[Role, number, number]>([
  ['bootstrap', 1, 2],
  ['etcd', 0.5, 1],
  ['master', 0.5, 1],
  ['infra', 0.5, 2],
  ['node', 0, 0],
])('%s needs %f cores and %f GB', (role, cores, gigabytes) => {
  expect(ROLE_DEMAND[role]).toEqual(amounts(cores, gigabytes));
});

test('every node needs 0.2 cores and 0.5 GB besides', () => {
  expect(COMMON_DEMAND).toEqual(amounts(0.2, 0.5));
  expect(demandOf([])).toEqual(COMMON_DEMAND);
});

// Sums of co-located roles, and with half as much again.
test.each<[string, number, number, number, number]>([
  ['bootstrap', 1.2, 2.5, 1.8, 3.75],
  ['bootstrap master etcd', 2.2, 4.5, 3.3, 6.75],
  ['bootstrap master etcd infra', 2.7, 6.5, 4.05, 9.75],
  ['master etcd', 1.2, 2.5, 1.8, 3.75],
  ['master etcd infra', 1.7, 4.5, 2.55, 6.75],
  ['etcd', 0.7, 1.5, 1.05, 2.25],
  ['infra', 0.7, 2.5, 1.05, 3.75],
  ['node', 0.2, 0.5, 0.3, 0.75],
])('%s: %f cores and %f GB, with the margin %f and %f', (roles, cores, gigabytes, moreCores, moreGigabytes) => {
  const demand = demandOf(ROLES.filter((role) => roles.split(' ').includes(role)));
  expect(demand).toEqual(amounts(cores, gigabytes));
  expect(withMargin(demand)).toEqual(amounts(moreCores, moreGigabytes));
});

describe('whether a machine is large enough', () => {
  const demand = amounts(2, 4);
  const machine = (cores: number | null, gigabytes: number | null) => ({
    cpu: cores === null ? null : cores * 1e3,
    memory: gigabytes === null ? null : gigabytes * 1e9,
    ephemeralStorage: null,
    pods: null,
  });

  test.each<[number, number, string]>([
    [3, 6, 'yes'],
    [2.85, 5.7, 'yes'],
    [2.84, 6, 'tight'],
    [3, 5.69, 'tight'],
    [1.9, 3.8, 'tight'],
    [1.89, 6, 'no'],
    [64, 3.79, 'no'],
    [0, 0, 'no'],
  ])('%f cores and %f GB: %s, firmware and kernel keeping a twentieth', (cores, gigabytes, met) => {
    expect(demandMet(demand, machine(cores, gigabytes))).toEqual({ state: 'known', value: met });
  });

  it('is not known of a machine that does not say what it has', () => {
    for (const unknown of [machine(null, 8), machine(8, null)])
      expect(demandMet(demand, unknown)).toMatchObject({ state: 'absent', why: expect.any(String) as string });
  });
});
