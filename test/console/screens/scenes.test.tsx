import { expect, test } from 'vitest';
import { openScreen } from '../open-screen.tsx';

const ENTER = '\r';

test('S shows the scenes of a demo, with what each is, and the one that is shown', async () => {
  const screen = openScreen();
  await screen.untilText('worker-3');
  screen.press('S');
  await screen.untilText('Show another cluster in a box');
  const text = screen.screen().join('\n');
  expect(text).toMatch(/> \* standard +all is well/);
  expect(text).toMatch(/ {4}etcd-member-down +a member of etcd is down/);
});

test('Enter asks for the scene under the cursor', async () => {
  const screen = openScreen();
  await screen.untilText('worker-3');
  screen.press('S');
  await screen.untilText('Show another cluster in a box');
  screen.press('j');
  screen.press(ENTER);
  await expect.poll(() => screen.requests).toEqual(['show-scene']);
});

test('without a demo it is said what scenes need', async () => {
  const screen = openScreen({ scenes: null });
  await screen.untilText('worker-3');
  screen.press('S');
  await screen.untilText('start the console with --demo');
});
