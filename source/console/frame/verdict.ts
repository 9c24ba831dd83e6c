import type { AreaVerdict, Verdict } from '../../checks/verdict/verdict.ts';
import { visible } from '../../text/visible.ts';
import { begun } from '../../text/width.ts';
import { SIGNS, type StyleName } from '../theme.ts';
import type { Context } from '../screen.ts';
import { drawnRow, joined, plain, spansWidth, styled, type Span } from '../widgets/spans.ts';

/** How each verdict is drawn; what is normal has no colour. */
export const VERDICT_STYLES: Readonly<Record<Verdict, (StyleName & keyof typeof SIGNS) | null>> = {
  'at-risk': 'critical',
  degraded: 'warning',
  unknown: 'unknown',
  healthy: null,
};

/** What comes first where not all have room: the worst, then what will soon be known. */
const RANKS = ['at-risk', 'degraded', 'progress', 'unknown', 'healthy', 'absent'] as const;
type Rank = (typeof RANKS)[number];

type Clause = { readonly rank: Rank; readonly spans: readonly Span[] };

const byRank = (one: Clause, other: Clause): number => RANKS.indexOf(one.rank) - RANKS.indexOf(other.rank);

const SEPARATOR = '   ';
const MARGIN = 1;

function clauseOf({ verdict, sentence, isAbsent }: AreaVerdict, width: number): Clause {
  const style = VERDICT_STYLES[verdict];
  const text = visible(begun(sentence, width));
  if (isAbsent) return { rank: 'absent', spans: [styled('label', text)] };
  return { rank: verdict, spans: [style === null ? plain(text) : styled(style, `${SIGNS[style]} ${text}`)] };
}

/** What is still on its way: many pods take a while. */
function progress({ cluster }: Pick<Context, 'cluster'>): readonly Clause[] {
  const { status } = cluster.resources.pods;
  if (status.state !== 'loading') return [];
  const total = status.total === null ? '' : ` of ${status.total}`;
  const text = `${SIGNS.progress} reading the pods, ${status.loaded}${total}`;
  return [{ rank: 'progress', spans: [styled('progress', text)] }];
}

const roomOf = (clauses: readonly Clause[]): number =>
  MARGIN +
  spansWidth(
    joined(
      clauses.map(({ spans }) => spans),
      SEPARATOR,
    ),
  );

/** As many of the clauses as have room whole; of the first that has none, if something is wrong, its beginning. */
function fitting(clauses: readonly Clause[], width: number): readonly Clause[] {
  const kept: Clause[] = [];
  for (const clause of clauses) {
    if (roomOf([...kept, clause]) <= width) kept.push(clause);
    else return clause.rank === 'healthy' || clause.rank === 'absent' ? kept : [...kept, clause];
  }
  return kept;
}

/**
 * Second line of every screen: a clause for each area, in their order where all have room, else the worst first. Areas
 * that are not there come last, where there is room for them.
 */
export function verdictRow(context: Pick<Context, 'cluster' | 'verdict' | 'width' | 'theme'>): string {
  const { width, theme } = context;
  const areas = context.verdict().areas.map((area) => clauseOf(area, width));
  const there = [...areas.filter(({ rank }) => rank !== 'absent'), ...progress(context)];
  const absent = areas.filter(({ rank }) => rank === 'absent');
  const inOrder = roomOf(there) <= width ? [...there, ...absent] : there.toSorted(byRank);
  const shown = fitting(inOrder, width).map(({ spans }) => spans);
  return drawnRow([plain(' '.repeat(MARGIN)), ...joined(shown, SEPARATOR)], width, theme);
}
