import { visible } from '../../text/visible.ts';
import { begun } from '../../text/width.ts';
import { SIGNS, type Theme } from '../theme.ts';
import type { Notice } from '../view.ts';
import { drawnRow, plain, styled, wrapped, type Span } from '../widgets/spans.ts';

/** Rows that a sentence may take: all it needs where there is room, one on a small terminal. */
const MOST_ROWS = 3;
const ROOMY_FROM = 20;

/** Cells and rows of the whole screen. */
export type ScreenSize = { readonly width: number; readonly rows: number };

/** A sentence for the operator as rows of the screen, its sign before it, wrapped so that what to do is never cut off. */
export function sentenceRows({ severity, sentence }: Notice, { width, rows }: ScreenSize, theme: Theme) {
  const sign: Span = severity === 'note' ? plain(' ') : styled(severity, ` ${SIGNS[severity]} `);
  const margin = sign.text.length;
  const texts = wrapped(visible(begun(sentence, width * MOST_ROWS)), Math.max(width - margin - 1, 1));
  const most = rows < ROOMY_FROM ? 1 : MOST_ROWS;
  // What goes beyond the last row is cut by it, with the sign of a cut.
  const shown = texts.length <= most ? texts : [...texts.slice(0, most - 1), texts.slice(most - 1).join(' ')];
  return shown.map((text, index) =>
    drawnRow([index === 0 ? sign : plain(' '.repeat(margin)), plain(text)], width, theme),
  );
}
