import { list } from '../../text/words.ts';
import { VERDICTS, type Area, type AreaVerdict, type Reason, type Verdict } from './verdict.ts';

/**
 * Something that was found in an area: a clause that names its object. Findings of members that are
 * `alike` differ in `who` alone, and are told together where there is room for one, by these words behind several names.
 */
export type Finding = Omit<Reason, 'area' | 'since' | 'next'> &
  Partial<Pick<Reason, 'since' | 'next'>> & {
    readonly alike?: { readonly who: string; readonly words: string };
    /** No part of the verdict, as what is not known of one of many that are judged by the others. */
    readonly isAside?: boolean;
  };

const rankOf = (verdict: Verdict): number => VERDICTS.indexOf(verdict);

/** Of all of them the worst; healthy when there is none. */
export const worstOf = (verdicts: Iterable<Verdict>): Verdict =>
  [...verdicts].reduce((worst, verdict) => (rankOf(verdict) > rankOf(worst) ? verdict : worst), 'healthy');

/** The worst first; those that are as bad stay as they stand. */
export const worstFirst = <T extends { readonly severity: Verdict }>(all: readonly T[]): readonly T[] =>
  all.toSorted((one, other) => rankOf(other.severity) - rankOf(one.severity));

/** Of those that are alike, so many are named; more of them are counted, so that what is wrong has room behind them. */
const MOST_NAMED = 2;

/** The first of them in words, together with all that are like it, and how many are left. */
function headOf(found: readonly Finding[]): string {
  const [first] = found;
  if (first === undefined) return '';
  const { alike } = first;
  const same = alike === undefined ? [] : found.filter((other) => other.alike?.words === alike.words);
  const whos = same.map((other) => other.alike?.who ?? '');
  const who = whos.length > MOST_NAMED ? `${whos.length} members` : list(whos);
  const sentence = whos.length < 2 ? first.sentence : `${who} ${alike?.words ?? ''}`;
  const left = found.length - Math.max(1, whos.length);
  return left === 0 ? sentence : `${sentence} and ${left} more`;
}

/**
 * An area by what was found in it: as bad as the worst of that. Its sentence is `headline`, as in "etcd 2 of 3, can lose
 * 0", with the worst finding behind it unless nothing is wrong; what is only told is left to the reasons, and so is what
 * is beside the point (`isAside`), however bad.
 */
export function judged(area: Area, headline: string, findings: readonly Finding[]): AreaVerdict {
  const found = worstFirst(findings);
  const wrong = found.filter(({ severity, isAside }) => severity !== 'healthy' && isAside !== true);
  return {
    area,
    verdict: wrong[0]?.severity ?? 'healthy',
    isAbsent: false,
    sentence: wrong.length === 0 ? headline : `${headline}: ${headOf(wrong)}`,
    reasons: found.map(({ severity, sentence, since = null, next = null }) => ({
      area,
      severity,
      sentence,
      since,
      next,
    })),
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
