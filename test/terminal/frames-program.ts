// Draws whole screens, one after the other, through the product's output, and tells a socket how far it is. Keys: q
// gives the terminal back and ends, x ends at once, any other is told. Arguments: port of the socket, frames to draw.
import { connect } from 'node:net';
import { createTerminalOutput } from '../../source/terminal/terminal-output.ts';

const { stdin, stdout } = process;
const [port, frames] = process.argv.slice(2).map(Number) as [number, number];
const socket = connect(port, '127.0.0.1');
const tell = (what: string) => void socket.write(`${what}\n`);
const output = createTerminalOutput(stdout);

let drawn = 0;
function draw(): void {
  drawn += 1;
  const row = (y: number) => `frame ${drawn} ${String((drawn * 7919 + y * 104729) % 1_000_000).repeat(40)}`;
  const rows = Array.from({ length: stdout.rows }, (_, y) => row(y).slice(0, stdout.columns));
  output.stream.write(`\u001b[?2026h\u001b[H\u001b[J${rows.join('\n')}\u001b[?2026l`);
  if (drawn < frames) setImmediate(draw);
  else tell('drawn');
}

/** As a library does that gives the terminal back at the end of a program. */
function exit(): void {
  process.on('exit', () => {
    output.atExit(1_000);
    output.stream.write('\u001b[?1049l');
  });
  process.exit(0);
}

async function leave(): Promise<void> {
  output.stream.write('\u001b[?1049l');
  const isSettled = await output.settled(300);
  tell(isSettled ? 'taken' : 'not taken');
  output.close();
  socket.end(() => process.exit(0));
}

stdin.setRawMode(true);
stdin.on('data', (keys: Buffer) => {
  for (const key of keys.toString()) {
    if (key === 'q') void leave();
    else if (key === 'x') exit();
    else tell(`key ${key}`);
  }
});
output.stream.write('\u001b[?1049h');
draw();
