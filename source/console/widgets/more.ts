import { styled, type Span } from './spans.ts';

/** Which rows of a text are shown, when not all are: what tells that there is more above or below. */
export function moreSpans(top: number, height: number, count: number): readonly Span[] {
  if (count <= height) return [];
  return [styled('label', ` ${top + 1}-${Math.min(top + height, count)} of ${count} rows `)];
}
