import { expect, onTestFinished, test, vi } from 'vitest';
import { openConsole } from '../../source/console/open-console.tsx';
import { createStore } from '../../source/state/store.ts';
import { createEmulator } from './emulator.ts';
import { clusterEvents } from './made-cluster.ts';
import { madeSession } from './made-session.ts';

const CTRL_L = '\f';
/** What takes the screen of the console away, and what brings it. */
const LEAVES = '\u001b[?1049l';
const ENTERS = '\u001b[?1049h';

async function opened() {
  const warnings = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => warnings.mockRestore());
  const screen = createEmulator(120, 36);
  const ended = openConsole({
    session: madeSession(createStore(clusterEvents())).session,
    stdin: screen.stdin,
    stdout: screen.stdout,
    stderr: screen.stdout,
    environment: {},
    colour: true,
  });
  await screen.untilText('worker-1');
  const times = (sequence: string) => screen.raw().split(sequence).length - 1;
  return { screen, ended, warnings, times };
}

test('the console is one that React has nothing to warn about', async () => {
  const { screen, ended, warnings } = await opened();
  screen.press('q');
  expect(await ended).toBe(0);
  expect(warnings.mock.calls).toEqual([]);
});

test('to draw anew while it is drawn anew is one redraw, and the next is another', async () => {
  const { screen, ended, times } = await opened();
  for (const redraws of [1, 2]) {
    screen.press(CTRL_L + CTRL_L + CTRL_L);
    await screen.until(() => screen.isAlternate() && times(ENTERS) === 1 + redraws, `redraw ${redraws}`);
    await screen.untilText('worker-1');
    expect(times(LEAVES)).toBe(redraws);
  }
  screen.press('q');
  expect(await ended).toBe(0);
});
