import { keysOf, type Scope } from '../keys/key-table.ts';
import type { Context } from '../screen.ts';
import { drawnRow, joined, plain, spansWidth, styled, type Span } from '../widgets/spans.ts';

/** How a key is written where there is little room. */
const SHORT: Readonly<Record<string, string>> = {
  escape: 'Esc',
  enter: 'Enter',
  space: 'Space',
  tab: 'Tab',
  'ctrl-c': 'Ctrl-C',
};

const SEPARATOR = '  ';

type Entry = ReturnType<typeof keysOf>[number];

/** Which entries are kept when there is no room for all: the way to the others, the way out, what writes, the rest. */
const rankOf = ({ command, writes }: Entry): number =>
  ['help', 'quit', 'back', 'leave'].includes(command) ? 0 : writes === true ? 1 : 2;

/** The last line: the keys that work here, now. What does not fit is left to the help, never cut in the middle. */
export function footRow(scope: Scope, { mayWrite, width, theme }: Context): string {
  const entries = keysOf(scope, mayWrite).flatMap((entry) => {
    if (entry.foot === null) return [];
    const key = entry.keys[0] ?? '';
    const spans: readonly Span[] = [plain(`${SHORT[key] ?? key} `), styled('label', entry.foot)];
    return [{ entry, spans, width: spansWidth(spans) + SEPARATOR.length }];
  });
  let room = width - 1;
  const fitting = new Set<Entry>();
  for (const one of entries.toSorted((one, other) => rankOf(one.entry) - rankOf(other.entry))) {
    if (one.width > room) continue;
    room -= one.width;
    fitting.add(one.entry);
  }
  const shown = entries.filter(({ entry }) => fitting.has(entry)).map(({ spans }) => spans);
  return drawnRow([plain(' '), ...joined(shown, SEPARATOR)], width, theme);
}
