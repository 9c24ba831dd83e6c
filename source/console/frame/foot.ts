import { keysOf } from '../keys/key-table.ts';
import type { Scope } from '../keys/scopes.ts';
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

/** Kept before all others where there is no room for all: the way to the others, the way out, and what is asked most. */
const FIRST: readonly Entry['command'][][] = [
  ['help', 'quit', 'back', 'leave'],
  ['open', 'filter', 'next-problem', 'headroom', 'taints', 'roles'],
];

const rankOf = ({ command, writes }: Entry): number => {
  const rank = FIRST.findIndex((commands) => commands.includes(command));
  return rank === -1 ? FIRST.length + (writes === true ? 0 : 1) : rank;
};

type Shown = { readonly entry: Entry; readonly spans: readonly Span[]; readonly width: number };

/** The entries in rows of `width` cells, in the order of the table. */
function rowsOf(entries: readonly Shown[], width: number): readonly (readonly Shown[])[] {
  const rows: Shown[][] = [[]];
  let room = width - 1;
  for (const one of entries) {
    if (one.width > room) {
      rows.push([]);
      room = width - 1;
    }
    room -= one.width;
    rows.at(-1)?.push(one);
  }
  return rows;
}

/** The last lines: the keys that work here, now. What does not fit is left to the help, never cut in the middle. */
export function footRows(scope: Scope, { mayWrite, width, theme }: Context, lines: number): readonly string[] {
  const entries = keysOf(scope, mayWrite).flatMap((entry): readonly Shown[] => {
    if (entry.foot === null || width >= (entry.footBelow ?? Infinity)) return [];
    const key = entry.keys[0] ?? '';
    const spans: readonly Span[] = [plain(`${SHORT[key] ?? key} `), styled('label', entry.foot)];
    return [{ entry, spans, width: spansWidth(spans) + SEPARATOR.length }];
  });
  let kept: readonly Shown[] = [];
  for (const one of entries.toSorted((one, other) => rankOf(one.entry) - rankOf(other.entry))) {
    const more = entries.filter((entry) => entry === one || kept.includes(entry));
    if (one.width < width && rowsOf(more, width).length <= lines) kept = more;
  }
  const rows = rowsOf(kept, width);
  // The last row is always one of keys.
  return Array.from({ length: lines }, (_, line) => {
    const shown = rows[line - lines + rows.length]?.map(({ spans }) => spans) ?? [];
    return drawnRow([plain(' '), ...joined(shown, SEPARATOR)], width, theme);
  });
}
