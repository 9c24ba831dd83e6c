import type { StatusFlag } from '../../model/kubernetes/node-status.ts';
import type { Reading } from '../../model/reading.ts';
import { steadyAge, WIDEST_AGE } from '../../text/age.ts';
import { visible } from '../../text/visible.ts';
import { cellWidth } from '../../text/width.ts';
import { SIGNS, type StyleName } from '../theme.ts';
import { plain, styled, type Span } from './spans.ts';

const STYLES: Readonly<Record<StatusFlag['severity'], StyleName | null>> = {
  normal: null,
  intent: 'intent',
  warning: 'warning',
  critical: 'critical',
  unknown: 'unknown',
};

const signOf = (style: StyleName | null): string =>
  style !== null && style in SIGNS ? `${SIGNS[style as keyof typeof SIGNS]} ` : '';

const isWrong = ({ severity }: StatusFlag): boolean =>
  severity === 'critical' || severity === 'warning' || severity === 'unknown';

const flagWord = ({ name, severity }: StatusFlag): string => `${signOf(STYLES[severity])}${visible(name)}`;

/** Each thing that a node is, worst first, with sign, word, and since when for what is wrong. */
export function statusSpans(flags: readonly StatusFlag[], now: number): readonly Span[] {
  return flags.flatMap((flag, index) => {
    const style = STYLES[flag.severity];
    const since = isWrong(flag) && flag.since !== null ? ` ${steadyAge(flag.since, now)}` : '';
    const word = `${flagWord(flag)}${since}`;
    const span = style === null ? plain(word) : styled(style, word);
    return index === 0 ? [span] : [plain(' '), span];
  });
}

/** Cells that `statusSpans` takes at most, however long the node has been so. */
export const statusWidth = (flags: readonly StatusFlag[]): number =>
  flags.reduce((sum, flag, index) => {
    const since = isWrong(flag) && flag.since !== null ? 1 + WIDEST_AGE : 0;
    return sum + (index === 0 ? 0 : 1) + cellWidth(flagWord(flag)) + since;
  }, 0);

/** A figure as its four values: itself, dim when stale, `?` when it cannot be known here. */
export function readingSpans<T>(reading: Reading<T>, text: (value: T) => string): readonly Span[] {
  switch (reading.state) {
    case 'known':
      return [plain(text(reading.value))];
    case 'stale':
      return [styled('unknown', text(reading.value))];
    case 'denied':
    case 'absent':
      return [styled('unknown', SIGNS.unknown)];
  }
}
