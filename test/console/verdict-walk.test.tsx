import { expect, test } from 'vitest';
import { etcdEvents, troubledEtcd } from './etcd-cluster.ts';
import { openScreen } from './open-screen.tsx';

test('! leads to the worst, from there to the next, and back leads to the list', async () => {
  const screen = openScreen({ columns: 200, rows: 40, events: troubledEtcd() });
  await screen.untilText('worker-3');
  expect(screen.screen()[1]).toMatch(/^ X control plane: .* {3}X etcd /);
  screen.press('!');
  await screen.untilText('(1 of ');
  screen.press('!');
  await screen.untilText('(2 of ');
  await screen.untilText(' etcd: ');
  screen.press('!');
  await screen.untilText('(3 of ');
  screen.press('\u001b[27u');
  await screen.untilText('sorted by');
});

test('the second line is the same on every screen', async () => {
  const screen = openScreen({ columns: 200, rows: 40, events: etcdEvents() });
  await screen.untilText('! nodes 5 of 6 ready');
  const line = screen.screen()[1];
  for (const [key, shows] of [
    ['e', 'CAN LOSE'],
    ['\u001b[27u', 'sorted by'],
    ['h', 'By role'],
  ] as const) {
    screen.press(key);
    await screen.untilText(shows);
    expect(screen.screen()[1]).toBe(line);
  }
});
