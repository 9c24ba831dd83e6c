import type { ReactNode } from 'react';
import { Box } from 'ink';
import { visible } from '../../text/visible.ts';
import type { Scope } from '../keys/key-table.ts';
import type { Context } from '../screen.ts';
import { SIGNS } from '../theme.ts';
import type { Notice } from '../view.ts';
import { Line } from '../widgets/lines.tsx';
import { drawnRow, plain, styled, type Span } from '../widgets/spans.ts';
import { footRow } from './foot.ts';
import { identityRow } from './identity.ts';
import { sourcesRow } from './sources.ts';
import { troubleRows } from './trouble.ts';
import { verdictRow } from './verdict.ts';

/** From this height on, rules part the body from what stands above and below it. */
const RULES_FROM = 30;

/** Rows that the frame takes of a screen: two lines above, two below, the rules, and what is wrong with the picture. */
export const frameHeight = (rows: number, trouble: readonly string[]): number =>
  4 + (rows >= RULES_FROM ? 2 : 0) + trouble.length;

const noticeSpans = ({ severity, sentence }: Notice): readonly Span[] => {
  const text = visible(sentence);
  return severity === 'note' ? [plain(` ${text}`)] : [plain(' '), styled(severity, `${SIGNS[severity]} ${text}`)];
};

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
      {troubleRows(context.cluster, { width, rows }, theme).map((text, index) => (
        <Line key={index} text={text} />
      ))}
      <Line text={notice === null ? sourcesRow(context) : drawnRow(noticeSpans(notice), width, theme)} />
      <Line text={footRow(scope, context)} />
    </Box>
  );
}
