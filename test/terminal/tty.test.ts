import { describe, expect, test, vi } from 'vitest';
import { createTerminalOutput } from '../../source/terminal/terminal-output.ts';
import { createHeldTerminal } from './held-terminal.ts';

const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?1049l';

function opened(more: object = {}, [columns, rows]: readonly [number, number] = [20, 5]) {
  const held = createHeldTerminal(columns, rows, () => undefined, more);
  return { held, output: createTerminalOutput(held.terminal) };
}
const frame = (text: string) => `\u001b[?2026h\u001b[H\u001b[J${text}\u001b[?2026l`;

describe('a terminal that does not know its size is drawn on as one of 80 by 24', () => {
  test.each([
    { columns: 0, rows: 0, size: [80, 24] },
    { columns: undefined, rows: undefined, size: [80, 24] },
    { columns: 132, rows: 0, size: [132, 24] },
    { columns: 0, rows: 50, size: [80, 50] },
    { columns: 132, rows: 50, size: [132, 50] },
  ])('$columns by $rows', ({ size: [width = NaN, height = NaN], ...size }) => {
    const { held, output } = opened(size);
    expect([output.stream.columns, output.stream.rows]).toEqual([width, height]);
    output.stream.write(ENTER);
    output.stream.write(frame(`${'x'.repeat(width - 1)}|${'\n'.repeat(height - 1)}the last row`));
    const written = held.writes.join('');
    expect(written).toContain('x|');
    expect(written).toContain(`\u001b[${height}H`);
    expect(written).toContain('the last row');
    expect(written).not.toContain('NaN');
  });

  test('and as it is once it knows', () => {
    const { held, output } = opened({}, [0, 0]);
    output.stream.write(ENTER);
    held.resize(30, 10);
    expect([output.stream.columns, output.stream.rows]).toEqual([30, 10]);
    output.stream.write(frame('\n'.repeat(9) + 'last'));
    expect(held.writes.join('')).toContain('\u001b[10H');
  });
});

test('a cursor that moves is told where no cell changes, and nothing while it is hidden or stays', async () => {
  const { held, output } = opened();
  output.stream.write(ENTER);
  output.stream.write(frame('text\u001b[3;4H'));
  const since = async (text: string) => {
    const before = held.writes.length;
    output.stream.write(text);
    await Promise.resolve();
    return held.writes.slice(before);
  };
  expect(await since('\u001b[2;2H')).toEqual(['\u001b[2;2H']);
  expect(await since('\u001b[2;2H')).toEqual([]);
  expect(await since('\u001b[?25l')).toEqual(['\u001b[?25l']);
  expect(await since('\u001b[4;4H')).toEqual([]);
  expect(await since('\u001b[?25h')).toEqual(['\u001b[?25h', '\u001b[4;4H']);
});

describe('writes wait for a terminal as ever', () => {
  const waits = (fd: number | undefined, ofLibuv: number | undefined) => {
    const told: boolean[] = [];
    const { held, output } = opened({
      fd,
      _handle: { fd: ofLibuv, setBlocking: (blocks: boolean) => told.push(blocks) },
    });
    output.stream.write(ENTER);
    held.hold();
    output.stream.write(LEAVE);
    held.release();
    return told;
  };
  test('outside the screen, and within it do not where it was opened anew', () =>
    expect(waits(1, 20)).toEqual([false, true]));
  test('where the one that others hold is written to', () => expect(waits(1, 1)).toEqual([]));
  test('where that is not known', () => expect(waits(1, undefined)).toEqual([]));
});

describe('giving back', () => {
  test('waits as long as the terminal takes some, and no longer than so many ms after', async () => {
    vi.useFakeTimers();
    try {
      const handle = { fd: 20, writeQueueSize: 10_000 };
      const { held, output } = opened({ fd: 1, writableLength: 10_000, _handle: handle });
      output.stream.write(ENTER);
      held.hold();
      output.stream.write(frame('text'));
      let settled: boolean | null = null;
      void output.settled(1_000).then((answer) => (settled = answer));
      for (let second = 0; second < 60; second += 1) {
        await vi.advanceTimersByTimeAsync(900);
        handle.writeQueueSize -= 100;
        await vi.advanceTimersByTimeAsync(100);
        expect(settled).toBeNull();
      }
      await vi.advanceTimersByTimeAsync(1_000);
      expect(settled).toBe(false);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
