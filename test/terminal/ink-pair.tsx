import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { Box, render, Text } from 'ink';
import { createTerminalOutput } from '../../source/terminal/terminal-output.ts';
import { createCells, type CellsOptions } from './cells.ts';
import { createHeldTerminal } from './held-terminal.ts';

/** Finished rows on a whole screen, as the console has them. */
const Screen = ({ rows, columns }: { readonly rows: readonly string[]; readonly columns: number }) => (
  <Box flexDirection="column" width={columns} height={rows.length} overflow="hidden">
    {rows.map((row, index) => (
      <Text key={index} wrap="truncate">
        {row === '' ? ' ' : row}
      </Text>
    ))}
  </Box>
);

/** Ink drawing at once onto two terminals: one gets what it writes, the other what the stream makes of it. */
export function openPair(
  size: { readonly columns: number; readonly rows: number },
  { incremental = false, ...options }: CellsOptions & { readonly incremental?: boolean } = {},
) {
  const direct = createCells(size.columns, size.rows, options);
  const through = createCells(size.columns, size.rows, options);
  const held = createHeldTerminal(size.columns, size.rows, through.write);
  const output = createTerminalOutput(held.terminal);
  const stdout = Object.assign(new EventEmitter(), {
    ...{ isTTY: true, writable: true, ...size },
    write(text: string, callback?: () => void) {
      direct.write(text);
      output.stream.write(text);
      callback?.();
      return true;
    },
  });
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  });
  const instance = render(<Screen rows={[]} columns={size.columns} />, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    interactive: true,
    alternateScreen: true,
    incrementalRendering: incremental,
    maxFps: 0,
    patchConsole: false,
    exitOnCtrlC: false,
  });
  return {
    direct,
    through,
    held,
    output,
    unmount: () => instance.unmount(),
    draw: (rows: readonly string[]) => instance.rerender(<Screen rows={rows} columns={stdout.columns} />),
    resize(columns: number, rows: number) {
      direct.resize(columns, rows);
      through.resize(columns, rows);
      Object.assign(stdout, { columns, rows });
      held.resize(columns, rows);
      stdout.emit('resize');
    },
    async drawn() {
      await direct.drawn();
      await through.drawn();
    },
  };
}
