import { plural } from '../../text/words.ts';
import { VERDICTS, type Area, type AreaVerdict, type Reason, type Verdict } from './verdict.ts';

/** Something that was found in an area: a clause that names its object. */
export type Finding = Omit<Reason, 'area' | 'since' | 'next'> & Partial<Pick<Reason, 'since' | 'next'>>;

const rankOf = (verdict: Verdict): number => VERDICTS.indexOf(verdict);

/** Of all of them the worst; healthy when there is none. */
export const worstOf = (verdicts: Iterable<Verdict>): Verdict =>
  [...verdicts].reduce((worst, verdict) => (rankOf(verdict) > rankOf(worst) ? verdict : worst), 'healthy');

/** The worst first; those that are as bad stay as they stand. */
export const worstFirst = <T extends { readonly severity: Verdict }>(all: readonly T[]): readonly T[] =>
  all.toSorted((one, other) => rankOf(other.severity) - rankOf(one.severity));

/**
 * An area by what was found in it: as bad as the worst of that. Its sentence is `headline`, as in "etcd 2 of 3, can lose
 * 0", with the worst finding behind it unless nothing is wrong; what is only told is left to the reasons.
 */
export function judged(area: Area, headline: string, findings: readonly Finding[]): AreaVerdict {
  const reasons = worstFirst(findings).map((finding): Reason => ({ since: null, next: null, ...finding, area }));
  const wrong = reasons.filter(({ severity }) => severity !== 'healthy');
  const [worst, ...others] = wrong;
  const more = others.length === 0 ? '' : ` and ${plural(others.length, 'more', 'more')}`;
  return {
    area,
    verdict: worst?.severity ?? 'healthy',
    isAbsent: false,
    sentence: worst === undefined ? headline : `${headline}: ${worst.sentence}${more}`,
    reasons,
  };
}

/** An area that is not there. */
export const absentArea = (area: Area, why: string): AreaVerdict => ({
  area,
  verdict: 'unknown',
  isAbsent: true,
  sentence: `${area}: ${why}`,
  reasons: [],
});
