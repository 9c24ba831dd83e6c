import type { ReactNode } from 'react';
import { Box } from 'ink';
import type { Scope } from '../keys/scopes.ts';
import type { Context } from '../screen.ts';
import type { Notice } from '../view.ts';
import { Line } from '../widgets/lines.tsx';
import { footRows } from './foot.ts';
import { identityRow } from './identity.ts';
import { sentenceRows } from './sentence-rows.ts';
import { sourcesRow } from './sources.ts';
import { troubleOf } from './trouble.ts';
import { verdictRow } from './verdict.ts';

/** From this height on, rules part the body from what stands above and below it. */
const RULES_FROM = 30;

/** Rows for the keys, the same on every screen, so that nothing shifts. */
const footHeight = (rows: number): number => (rows >= RULES_FROM ? 2 : 1);

type Shown = Pick<Context, 'cluster' | 'now' | 'theme' | 'width'>;

/** A notice as long as what it was said of is true. */
export const standing = (notice: Notice | null, verdict: Context['verdict']): Notice | null =>
  notice?.during === undefined || notice.during === verdict().verdict ? notice : null;

/** Between body and keys: what is wrong with the picture, then a sentence for the operator or the sources. */
function lowerRows(shown: Shown, rows: number, notice: Notice | null): readonly string[] {
  const { cluster, theme, width } = shown;
  const trouble = troubleOf(cluster);
  const told = (sentence: Notice) => sentenceRows(sentence, { width, rows }, theme);
  return [...(trouble === null ? [] : told(trouble)), ...(notice === null ? [sourcesRow(shown)] : told(notice))];
}

/** Rows that the frame takes of a screen of `rows` rows: two above, the rules, those between body and keys, the keys. */
export const frameHeight = (shown: Shown, rows: number, notice: Notice | null): number =>
  2 + footHeight(rows) + (rows >= RULES_FROM ? 2 : 0) + lowerRows(shown, rows, notice).length;

/**
 * What stands around every screen: who and where, the verdict, then the body, then what is wrong with the picture, a
 * sentence for the operator or the sources with their age, and the keys.
 */
export function Frame({
  context,
  rows,
  scope,
  notice,
  children,
}: {
  readonly context: Context;
  readonly rows: number;
  readonly scope: Scope;
  readonly notice: Notice | null;
  readonly children: ReactNode;
}) {
  const { theme, width } = context;
  const rule = rows >= RULES_FROM ? <Line text={theme.label(theme.glyphs.rule.repeat(width))} /> : null;
  return (
    <Box flexDirection="column" width={width} height={rows} overflow="hidden">
      <Line text={identityRow(context)} />
      <Line text={verdictRow(context)} />
      {rule}
      {children}
      {rule}
      {lowerRows(context, rows, notice).map((text, index) => (
        <Line key={index} text={text} />
      ))}
      {footRows(scope, context, footHeight(rows)).map((text, index) => (
        <Line key={index} text={text} />
      ))}
    </Box>
  );
}
