// Counts how often the console and a foreign judge say the same of one figure.
import type { AgreementRow } from './agreement.ts';

type Said = string | bigint | readonly string[];

/** One figure, compared again and again. */
export type Comparison = {
  readonly figure: string;
  readonly judge: string;
  /**
   * Compares what both say in one case. `explains` tells, where they differ, whether the difference is exactly the one that
   * the note explains; it must say yes to no other.
   */
  compare(where: string, ours: Said, theirs: Said, explains?: () => boolean): void;
  /** The differences that nothing explains, readable; a test expects none. */
  unexplained(): readonly string[];
  /** What was counted so far. */
  row(): AgreementRow;
};

const words = (said: Said): string => (typeof said === 'object' ? said.join(' ') : said.toString());

/** A comparison without cases. The note says what the cases are, and why the two differ where they may. */
export function comparison(figure: string, judge: string, note: string): Comparison {
  let cases = 0;
  let explained = 0;
  const unexplained: string[] = [];
  return {
    figure,
    judge,
    compare(where, ours, theirs, explains = () => false) {
      cases += 1;
      if (words(ours) === words(theirs)) return;
      if (explains()) explained += 1;
      else unexplained.push(`${where}: the console says "${words(ours)}", ${judge} "${words(theirs)}"`);
    },
    unexplained: () => unexplained,
    row: () => ({ figure, judge, cases, differences: explained + unexplained.length, note }),
  };
}
