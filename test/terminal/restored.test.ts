import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startBox } from './sandboxed.ts';
import { startProgram } from './program.ts';
import { CLI } from './pty.ts';
import { KEYS } from './screen.ts';

const box = await startBox();

async function opened(columns = 100, rows = 30) {
  const screen = startProgram(['--kubeconfig', box.kubeconfig], { columns, rows, environment: box.environment });
  await screen.untilText('par1-bootstrap');
  expect(screen.isAlternate()).toBe(true);
  return screen;
}

/** The terminal is the shell's again: main screen, cursor shown, no mode left on. */
async function expectRestored(screen: ReturnType<typeof startProgram>) {
  // A program may have ended before all that it wrote is drawn.
  await screen.until(() => !screen.isAlternate(), 'the main screen');
  expect(screen.modes()).toEqual({ bracketedPaste: false, mouse: 'none' });
}

describe('the terminal is given back', () => {
  test.each([
    { keys: 'q', exitCode: 0 },
    { keys: KEYS.ctrlC, exitCode: 130 },
  ])('after $keys, with exit code $exitCode', async ({ keys, exitCode }) => {
    const screen = await opened();
    screen.press(keys);
    expect((await screen.exited).exitCode).toBe(exitCode);
    await expectRestored(screen);
  });

  test.each([
    { signal: 'SIGTERM', exitCode: 143 },
    { signal: 'SIGHUP', exitCode: 129 },
    { signal: 'SIGINT', exitCode: 130 },
  ] as const)('after $signal, with exit code $exitCode', async ({ signal, exitCode }) => {
    const screen = await opened();
    screen.kill(signal);
    expect((await screen.exited).exitCode).toBe(exitCode);
    await expectRestored(screen);
  });

  test('after a mistake that nothing caught: one sentence, no stack, exit code 1', async () => {
    const mistake = 'process.on("SIGUSR2", () => { throw new Error("the sky fell") })';
    const screen = startProgram([], {
      environment: box.environment,
      command: [process.execPath, '--import', `data:text/javascript,${mistake}`, CLI, '--kubeconfig', box.kubeconfig],
    });
    await screen.untilText('par1-bootstrap');
    screen.kill('SIGUSR2');
    expect((await screen.exited).exitCode).toBe(1);
    await expectRestored(screen);
    await screen.untilText('the sky fell');
    expect(screen.screen().join('\n')).not.toContain('    at ');
  });

  test.each([{ by: 'Ctrl-Z' }, { by: 'SIGTSTP' }])('on $by to the shell, and taken again by fg', async ({ by }) => {
    const screen = startProgram([], {
      columns: 100,
      rows: 30,
      environment: { ...box.environment, PS1: 'shell> ', KUBECONFIG: box.kubeconfig },
      command: ['/bin/bash', '--norc', '-i'],
    });
    await screen.untilText('shell>');
    const pidFile = join(box.folder, 'pid');
    screen.press(`sh -c 'echo $$ > ${pidFile}; exec ${process.execPath} dist/cli.js'\r`);
    await screen.untilText('par1-bootstrap');
    if (by === 'Ctrl-Z') screen.press(KEYS.ctrlZ);
    else process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTSTP');
    await screen.untilText('Stopped');
    // The shell reads again once the console has let go, not when its screen has gone.
    const atPrompt = (rows: readonly string[]) =>
      !screen.isAlternate() && rows.findLast((row) => row !== '')?.trim() === 'shell>';
    await screen.until(atPrompt, 'the prompt of the shell');
    expect(screen.modes()).toEqual({ bracketedPaste: true, mouse: 'none' });
    screen.press('fg\r');
    await screen.until(() => screen.isAlternate(), 'the screen of the console');
    await screen.untilText('par1-bootstrap');
    screen.press('q');
    await screen.until(atPrompt, 'the prompt of the shell');
    screen.press('exit\r');
    await screen.exited;
  });
});

test('when the terminal goes away the program ends by itself, and is not given up seconds later', async () => {
  const screen = await opened();
  screen.hangUp();
  expect(await screen.exited).toEqual({ exitCode: 129, signal: 0 });
});

test('a resize draws everything anew, in the new size', async () => {
  const screen = await opened(80, 24);
  screen.resize(160, 50);
  await screen.until(
    (rows) => rows.length === 50 && (rows.at(-1)?.includes('q quit') ?? false),
    'the foot at the new last row',
  );
  screen.resize(60, 15);
  await screen.until((rows) => rows.length === 15 && (rows.at(-1)?.includes('? help') ?? false), 'the foot at row 15');
  screen.press('q');
  await screen.exited;
});
