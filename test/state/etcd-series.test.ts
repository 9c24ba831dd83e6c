import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EtcdFigures } from '../../source/model/etcd/etcd.ts';
import { valueOf } from '../../source/model/reading.ts';
import { etcdGrowth } from '../../source/state/etcd-growth.ts';
import { growthOf, increase, p99Lately, p99Points } from '../../source/state/etcd-series.ts';
import { etcdPicture } from '../../source/state/etcd.ts';
import { known } from '../../source/model/reading.ts';
import { figures, GROUND, histogram, MINUTE, pictureOf, SECOND, T, tellsFigures } from './etcd-made.ts';

const samples = (apart: number, ...given: readonly Partial<EtcdFigures>[]) =>
  given.map((one, index) => ({ at: T + index * apart, figures: figures('node-1', one) }));
const fsync = ({ fsync }: EtcdFigures) => fsync;
const slow = ({ slowApplies }: EtcdFigures) => slowApplies;

/** 100 quick ones, then 100 slow ones. */
const QUICK = { fsync: { bounds: [0.001, 1, Infinity], counts: [100, 100, 100] } };
const THEN_SLOW = { fsync: { bounds: [0.001, 1, Infinity], counts: [100, 200, 200] } };

describe('the 99th percentile of late', () => {
  it.each<[string, ReturnType<typeof samples>, number | null]>([
    ['nothing told', [], null],
    ['of one sample: since the start', samples(MINUTE, { fsync: histogram(0.004) }), 0.004],
    ['of two: between them', samples(MINUTE, QUICK, THEN_SLOW), 0.001 + 0.999 * 0.99],
    ['of what is older than five minutes: nothing of it', samples(3 * MINUTE, { fsync: histogram(0.004) }, QUICK, THEN_SLOW), 0.001 + 0.999 * 0.99], // prettier-ignore
    ['of samples that lie further apart: between the last two', samples(6 * MINUTE, {}, QUICK, THEN_SLOW), 0.001 + 0.999 * 0.99], // prettier-ignore
    ['of no more writes: nothing', samples(MINUTE, QUICK, QUICK), null],
    ['after a restart: since that', samples(MINUTE, QUICK, { ...THEN_SLOW, startedAt: T }), 0.001 + 0.999 * 0.98],
    ['after a restart of one that does not tell when', samples(MINUTE, { ...THEN_SLOW, startedAt: null }, { ...QUICK, startedAt: null }), 0.00099], // prettier-ignore
    ['of one that tells no histogram', samples(MINUTE, QUICK, { fsync: null }), null],
  ])('%s', (_, of, value) => {
    const told = p99Lately(of, fsync);
    if (value === null) expect(told).toBe(null);
    else expect(told).toBeCloseTo(value, 9);
  });

  it('of each sample, against the one before', () => {
    expect(p99Points(samples(MINUTE, QUICK, QUICK, { fsync: null }, THEN_SLOW, THEN_SLOW), fsync)).toMatchObject([
      { at: T, value: null },
      { at: T + MINUTE, value: null },
      { at: T + 2 * MINUTE, value: null },
      // Nothing to hold it against: since the start.
      { at: T + 3 * MINUTE, value: expect.closeTo(0.001 + 0.999 * 0.98, 9) as number },
      { at: T + 4 * MINUTE, value: null },
    ]);
  });
});

describe('how much a counter rose', () => {
  const counts = (...values: readonly (number | null)[]) =>
    samples(MINUTE, ...values.map((slowApplies) => ({ slowApplies })));

  it.each<[string, ReturnType<typeof samples>, number | null]>([
    ['nothing told', [], null],
    ['told once', counts(5), null],
    ['told once among others', counts(null, 5, null), null],
    ['no rise', counts(5, 5, 5), 0],
    ['a rise', counts(5, 6, 9), 4],
    ['over a gap', counts(5, null, 9), 4],
    ['after a restart, which a lower count tells', counts(5, 9, 2, 3), 7],
    ['after a restart that hid in a higher count', samples(MINUTE, { slowApplies: 5 }, { slowApplies: 9, startedAt: T }), 9], // prettier-ignore
  ])('%s', (_, of, rise) => {
    expect(increase(of, slow)).toBe(rise);
  });

  it('is all that was counted, whenever the member restarted', () => {
    const life = fc.array(fc.record({ counted: fc.nat(50), restarts: fc.boolean() }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(life, (steps) => {
        let [count, sum, startedAt] = [0, 0, T];
        const given: Partial<EtcdFigures>[] = [{ slowApplies: 0, startedAt }];
        for (const [index, { counted, restarts }] of steps.entries()) {
          if (restarts) [count, startedAt] = [0, T + index + 1];
          count += counted;
          sum += counted;
          given.push({ slowApplies: count, startedAt });
        }
        expect(increase(samples(MINUTE, ...given), slow)).toBe(sum);
      }),
    );
  });
});

describe('growth', () => {
  const MIB = 2 ** 20;
  const sizes = (apart: number, ...values: readonly (number | null)[]) =>
    samples(apart, ...values.map((dbSize) => ({ dbSize })));

  it.each<[string, ReturnType<typeof samples>, number | null]>([
    ['too short a time', sizes(MINUTE, 0, MIB, 2 * MIB), null],
    ['a steady one', sizes(5 * MINUTE, 0, 5 * MIB, 10 * MIB), MIB / MINUTE],
    ['none', sizes(5 * MINUTE, MIB, MIB, MIB), 0],
    ['sizes that are not told', sizes(5 * MINUTE, 0, null, 10 * MIB), MIB / MINUTE],
    ['too short a time since it was defragmented', sizes(5 * MINUTE, 90 * MIB, 95 * MIB, 10 * MIB, 15 * MIB), null],
    ['since it was defragmented', sizes(5 * MINUTE, 90 * MIB, 95 * MIB, 0, 5 * MIB, 10 * MIB), MIB / MINUTE],
  ])('%s', (_, of, growth) => {
    expect(growthOf(of)).toBe(growth);
  });

  const row = (key: string, of: ReturnType<typeof samples>, size: number, quota: number) => ({
    key,
    samples: of,
    dbSize: known(size),
    quota: known(quota),
  });
  const steady = sizes(5 * MINUTE, 0, 5 * MIB, 10 * MIB);

  it('tells the member that is full first, and when', () => {
    const quick = sizes(5 * MINUTE, 0, 10 * MIB, 20 * MIB);
    expect(valueOf(etcdGrowth([row('slow', steady, 10 * MIB, 15 * MIB), row('quick', quick, 20 * MIB, 90 * MIB)]))).toEqual({
      member: 'slow',
      bytesPerDay: 1_440 * MIB,
      fullAt: T + 15 * MINUTE,
    }); // prettier-ignore
  });

  it.each<[string, number, number | null]>([
    ['is full now', 5 * MIB, T + 10 * MINUTE],
    ['is full later', 11 * MIB, T + 11 * MINUTE],
  ])('%s', (_, quota, fullAt) => {
    expect(valueOf(etcdGrowth([row('a', steady, 10 * MIB, quota)]))).toMatchObject({ fullAt });
  });

  it('of a file that stays as it is never fills', () => {
    const still = sizes(5 * MINUTE, MIB, MIB, MIB);
    expect(valueOf(etcdGrowth([row('a', still, MIB, 5 * MIB)]))).toEqual({ member: 'a', bytesPerDay: 0, fullAt: null });
  });
});

describe('over the samples of an hour', () => {
  const events = Array.from({ length: 300 }, (_, index) =>
    tellsFigures('node-1', T + index * 15 * SECOND, {
      slowApplies: index,
      dbSize: (400 + index) * 2 ** 20,
      fsync: { bounds: [0.001, 1, Infinity], counts: [0, index * 10, index * 10] },
    }),
  );
  const now = T + 300 * 15 * SECOND;
  const [row] = etcdPicture(pictureOf(GROUND, events), now).members;

  it('counts and draws that hour alone', () => {
    expect(row?.lastHour.milliseconds).toBe(239 * 15 * SECOND);
    expect(valueOf(row?.lastHour.slowApplies ?? known(null))).toBe(239);
    expect(row?.history.fsyncP99).toHaveLength(240);
  });

  it('grows by its samples', () => {
    const { growth } = etcdPicture(pictureOf(GROUND, events), now);
    expect(valueOf(growth)?.bytesPerDay).toBeCloseTo(5_760 * 2 ** 20, 0);
  });

  it('makes its history once for the same samples', () => {
    const state = pictureOf(GROUND, events);
    expect(etcdPicture(state, now).members[0]?.history).toBe(etcdPicture(state, now + 1).members[0]?.history);
  });
});
