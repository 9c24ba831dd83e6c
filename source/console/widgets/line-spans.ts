import { graphemesOf } from '../../text/graphemes.ts';
import { visible } from '../../text/visible.ts';
import type { Line } from './line-editor.ts';
import { plain, styled, type Span } from './spans.ts';

/** A line being typed, its cursor drawn as a reversed cell. */
export function lineSpans({ before, after }: Line): readonly Span[] {
  const [under = ' ', ...rest] = [...graphemesOf(after)].map(({ segment }) => segment);
  return [plain(visible(before)), styled('selected', visible(under)), plain(visible(rest.join('')))];
}
