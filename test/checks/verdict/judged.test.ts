import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeOf } from '../../../source/checks/verdict/cluster.ts';
import { absentArea, judged, worstOf } from '../../../source/checks/verdict/judged.ts';
import { AREAS, VERDICTS, type Area, type AreaVerdict, type Verdict } from '../../../source/checks/verdict/verdict.ts';

const verdict = fc.constantFrom(...VERDICTS);
const findings = fc.array(fc.record({ severity: verdict, sentence: fc.string() }), { maxLength: 5 });
const areaOf = (area: Area): fc.Arbitrary<AreaVerdict> =>
  fc.oneof(
    { weight: 4, arbitrary: findings.map((found) => judged(area, area, found)) },
    { weight: 1, arbitrary: fc.constant(absentArea(area, 'not here')) },
  );
const areas = fc.tuple(...AREAS.map(areaOf));

/** By the order of badness, said again and not as the program does. */
const BADNESS: Readonly<Record<Verdict, number>> = { healthy: 0, unknown: 1, degraded: 2, 'at-risk': 3 };

describe('an area', () => {
  it('is as bad as the worst that was found, which its sentence says', () => {
    const found = judged('etcd', 'etcd 2 of 3', [
      { severity: 'healthy', sentence: 'told' },
      { severity: 'degraded', sentence: 'slow' },
      { severity: 'at-risk', sentence: 'full' },
      { severity: 'unknown', sentence: 'dark' },
    ]);
    expect(found).toMatchObject({ verdict: 'at-risk', sentence: 'etcd 2 of 3: full and 2 more', isAbsent: false });
    expect(found.reasons.map(({ sentence }) => sentence)).toEqual(['full', 'slow', 'dark', 'told']);
  });

  it('is judged without what is aside, which stays a reason', () => {
    const found = judged('certificates', 'certificates 300d, 1 not read', [
      { severity: 'unknown', sentence: 'dark', isAside: true },
      { severity: 'healthy', sentence: 'told' },
    ]);
    expect(found).toMatchObject({ verdict: 'healthy', sentence: 'certificates 300d, 1 not read' });
    expect(found.reasons.map(({ severity }) => severity)).toEqual(['unknown', 'healthy']);
  });

  it('is healthy, and says no more, when nothing was found that is wrong', () => {
    expect(judged('etcd', 'etcd 3 of 3', [])).toMatchObject({ verdict: 'healthy', sentence: 'etcd 3 of 3' });
    expect(judged('etcd', 'etcd', [{ severity: 'healthy', sentence: 'told' }]).sentence).toBe('etcd');
  });
});

describe('the whole', () => {
  it('is the worst of the areas that are there: unknown hides nothing bad, absent counts for nothing', () => {
    fc.assert(
      fc.property(areas, (of) => {
        const there = of.filter(({ isAbsent }) => !isAbsent).map(({ verdict }) => BADNESS[verdict]);
        expect(BADNESS[wholeOf(of).verdict]).toBe(Math.max(0, ...there));
      }),
    );
  });

  it('has every reason, the worst first and then by area, in an order that does not change', () => {
    fc.assert(
      fc.property(areas, (of) => {
        const { reasons } = wholeOf(of);
        expect(reasons).toHaveLength(of.reduce((sum, area) => sum + area.reasons.length, 0));
        const ranks = reasons.map(({ severity, area }) => 10 * -BADNESS[severity] + AREAS.indexOf(area) / 100);
        expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
        expect(wholeOf(of)).toEqual(wholeOf([...of]));
      }),
    );
  });

  it('of nothing is healthy', () => expect(worstOf([])).toBe('healthy'));
});
