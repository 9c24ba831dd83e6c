import { describe, expect, test } from 'vitest';
import { fit } from '../../source/text/width.ts';
import { createTerminalOutput } from '../../source/terminal/terminal-output.ts';
import { createHeldTerminal } from './held-terminal.ts';

const SIZE = { columns: 200, rows: 60 };
const LIST = { first: 8, count: 44 };

const reversed = (text: string) => `\u001b[7m${text}\u001b[27m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;
const figure = (node: number, times: number, length: number) => String((node * times) % 9_973).padStart(length);

/** A node as a list shows it: a name, marks, figures, and blanks to the end of the row. */
const nodeText = (node: number): string =>
  fit(
    [
      `node-${String(node).padStart(4, '0')}  Ready   N   -       [${'|'.repeat(1 + (node % 9)).padEnd(9, '.')}]`,
      ...[31, 57, 71, 113, 131, 173, 199, 211].map((times) => figure(node, times, 9)),
      `10.1.${(node * 7) % 256}.${node % 256}   10.2.${(node * 7) % 256}.${node % 256}  v1.29.8  129.0.0  ${node % 40}d`,
    ].join('  '),
    SIZE.columns,
  );

type Screen = { readonly top: number; readonly selected: number; readonly clock?: number };

/** A list between a head and a foot, with a line on the selected node below it. */
const screenRows = ({ top, selected, clock = 0 }: Screen): readonly string[] =>
  Array.from({ length: SIZE.rows }, (_, y) => {
    const node = top + y - LIST.first;
    if (y === 0) return ` metalk8s ${dim('admin')} live 12:0${clock}`;
    if (y === LIST.first - 1 || y === LIST.first + LIST.count) return dim('─'.repeat(SIZE.columns));
    if (y < LIST.first) return dim(`head ${y}`);
    if (y === LIST.first + LIST.count + 1)
      return ` ${dim('node')} ${nodeText(selected).slice(0, 9)} ${dim('selected')}`;
    if (y > LIST.first + LIST.count) return `foot ${y} ${dim('a key  another key')}`;
    return node === selected ? reversed(`> ${nodeText(node)}`.slice(0, SIZE.columns)) : `  ${nodeText(node)}`.trimEnd();
  });

function opened() {
  const terminal = createHeldTerminal(SIZE.columns, SIZE.rows, () => undefined);
  const output = createTerminalOutput(terminal.terminal);
  output.stream.write('\u001b[?1049h');
  /** Bytes that it takes to show a screen. */
  const show = (screen: Screen): number => {
    const before = terminal.writes.length;
    output.stream.write(`\u001b[?2026h\u001b[H\u001b[J${screenRows(screen).join('\n')}\u001b[?2026l`);
    return Buffer.byteLength(terminal.writes.slice(before).join(''));
  };
  return { show, writes: terminal.writes };
}

describe('bytes at 200 x 60', () => {
  test.each([{ to: 21 }, { to: 19 }])('a move of the selection to $to takes less than its two rows', ({ to }) => {
    const { show } = opened();
    show({ top: 0, selected: 20 });
    const twoRows = [nodeText(20), reversed(nodeText(to))].map((row) => `\u001b[30;1H${row}`).join('');
    const bytes = show({ top: 0, selected: to });
    expect(bytes).toBeLessThanOrEqual(0.9 * Buffer.byteLength(twoRows));
  });

  test.each([{ by: 1 }, { by: -1 }])('a list scrolled by $by takes at most 700', ({ by }) => {
    const { show } = opened();
    const edge = by === 1 ? LIST.count - 1 : 0;
    show({ top: 100, selected: 100 + edge });
    expect(show({ top: 100 + by, selected: 100 + edge + by })).toBeLessThanOrEqual(700);
  });

  test('a cell takes at most 60', () => {
    const { show } = opened();
    show({ top: 0, selected: 3 });
    expect(show({ top: 0, selected: 3, clock: 1 })).toBeLessThanOrEqual(60);
  });

  test('nothing takes nothing', () => {
    const { show } = opened();
    show({ top: 0, selected: 3 });
    expect(show({ top: 0, selected: 3 })).toBe(0);
  });

  test('a frame is one write, within synchronized output', () => {
    const { show, writes } = opened();
    show({ top: 0, selected: 3 });
    const before = writes.length;
    show({ top: 1, selected: 4 });
    expect(writes.slice(before)).toEqual([expect.stringMatching(/^\u001b\[\?2026h[^]*\u001b\[\?2026l$/)]);
  });
});
