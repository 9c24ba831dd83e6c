import { cellWidth } from '../../text/width.ts';
import { keysOf, type Scope } from '../keys/key-table.ts';
import type { Context } from '../screen.ts';
import { drawnRow, plain, styled, type Span } from '../widgets/spans.ts';

/** How a key is written where there is little room. */
const SHORT: Readonly<Record<string, string>> = { escape: 'Esc', enter: 'Enter', space: 'Space', tab: 'Tab' };

/** The last line: the keys that work here, now. What does not fit is left to the help, never cut in the middle. */
export function footRow(scope: Scope, { mayWrite, width, theme }: Context): string {
  const spans: Span[] = [];
  let used = 1;
  const entries = keysOf(scope, mayWrite);
  const ranked = [...entries].sort((one, other) => Number(other.command === 'help') - Number(one.command === 'help'));
  const shown = new Set<string>();
  for (const { command, keys, foot } of ranked) {
    if (foot === null) continue;
    const needed = cellWidth(`${SHORT[keys[0] ?? ''] ?? keys[0] ?? ''} ${foot}`) + 3;
    if (used + needed > width) continue;
    used += needed;
    shown.add(command);
  }
  for (const { command, keys, foot } of entries) {
    if (foot === null || !shown.has(command)) continue;
    const key = keys[0] ?? '';
    spans.push(plain(`${SHORT[key] ?? key} `), styled('label', foot), plain('   '));
  }
  return drawnRow([plain(' '), ...spans], width, theme);
}
