import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from './program.ts';

const PROGRAM = join(import.meta.dirname, 'frames-program.ts');
/** Some 12 kB each, of which a tty that is not read takes a few. */
const FRAMES = 200;
const SIZE = { columns: 200, rows: 60 };

/** The program on a terminal that reads nothing, when it has drawn all its frames. */
async function drawnUnread() {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const screen = startProgram([], {
    ...SIZE,
    command: [process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM, `${port}`, `${FRAMES}`],
  });
  screen.stopReading();
  const [socket] = (await once(server, 'connection')) as [Socket];
  const told = createInterface({ input: socket })[Symbol.asyncIterator]();
  const next = async () => (await told.next()).value;
  expect(await next()).toBe('drawn');
  return { screen, next };
}

test('a terminal that is not read stops neither program nor keys, and shows the last frame when it reads again', async () => {
  const { screen, next } = await drawnUnread();
  screen.press('k');
  expect(await next()).toBe('key k');
  screen.readOn();
  await screen.until((rows) => rows.every((row) => row.startsWith(`frame ${FRAMES} `)), 'the last frame, whole');
  expect(screen.bytes()).toBeLessThan((FRAMES * SIZE.columns * SIZE.rows) / 4);
  screen.press('q');
  expect(await next()).toBe('taken');
  expect((await screen.exited).exitCode).toBe(0);
  await screen.until(() => !screen.isAlternate(), 'the screen of before');
});

test('a terminal that reads again in time is given back', async () => {
  const { screen, next } = await drawnUnread();
  screen.press('q');
  screen.readOn();
  expect(await next()).toBe('taken');
  expect((await screen.exited).exitCode).toBe(0);
  await screen.until(() => !screen.isAlternate(), 'the screen of before');
});

test('a terminal that is never read again does not keep the program from ending', async () => {
  const { screen, next } = await drawnUnread();
  screen.press('q');
  expect(await next()).toBe('not taken');
  expect(await next()).toBeUndefined();
  screen.readOn();
  expect((await screen.exited).exitCode).toBe(0);
});

test('a program that ends at once gives a terminal back that reads again in time', async () => {
  const { screen } = await drawnUnread();
  screen.press('x');
  screen.readOn();
  expect((await screen.exited).exitCode).toBe(0);
  await screen.until(() => !screen.isAlternate(), 'the screen of before');
});

test('a program that ends at once is not held by a terminal that is never read', async () => {
  const { screen, next } = await drawnUnread();
  screen.press('x');
  // It tells the end of its connection by being gone: the listeners of its exit are over.
  expect(await next()).toBeUndefined();
  screen.readOn();
  expect((await screen.exited).exitCode).toBe(0);
});
