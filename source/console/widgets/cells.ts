import type { StatusFlag } from '../../model/kubernetes/node-status.ts';
import type { Reading } from '../../model/reading.ts';
import { steadyAge } from '../../text/age.ts';
import { visible } from '../../text/visible.ts';
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

/** Each thing that a node is, worst first, with sign, word, and since when for what is wrong. */
export function statusSpans(flags: readonly StatusFlag[], now: number): readonly Span[] {
  return flags.flatMap((flag, index) => {
    const style = STYLES[flag.severity];
    const isWrong = flag.severity === 'critical' || flag.severity === 'warning' || flag.severity === 'unknown';
    const since = isWrong && flag.since !== null ? ` ${steadyAge(flag.since, now)}` : '';
    const word = `${signOf(style)}${visible(flag.name)}${since}`;
    const span = style === null ? plain(word) : styled(style, word);
    return index === 0 ? [span] : [plain(' '), span];
  });
}

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
