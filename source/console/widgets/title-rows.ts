import { cellWidth, cut } from '../../text/width.ts';
import type { Theme } from '../theme.ts';
import { drawnRow, justified, plain, spansWidth, styled, wrapped, type Span } from './spans.ts';

/** The text if it fits, else its last words, behind the sign of a cut. */
function endOf(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  const words = text.split(' ');
  const ends = words.map((_, index) => `… ${words.slice(index).join(' ')}`);
  return ends.find((end) => cellWidth(end) <= width) ?? cut(text, width);
}

/**
 * The two rows above a page: its title with what is said beside it, and a blank one. A title that leaves no room for
 * that goes on in the second row, so that what names are counted at its end is read; `title` is visible text.
 */
export function titleRows(title: string, beside: readonly Span[], width: number, theme: Theme): [string, string] {
  const heading = styled('heading', ` ${title}`);
  if (spansWidth([heading, plain(' '), ...beside]) <= width) return [justified([heading], beside, width, theme), ''];
  const [first = ''] = wrapped(title, width - 2);
  const rest = title.slice(first.length).trimStart();
  const room = width - spansWidth(beside) - 2;
  return [
    drawnRow([styled('heading', ` ${first}`)], width, theme),
    justified([styled('heading', ` ${endOf(rest, room)}`)], beside, width, theme),
  ];
}
