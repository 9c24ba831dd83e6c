import { expect, test } from 'vitest';
import { controlPlaneEvents, etcdEvents, MEMBERS, troubledEtcd } from './etcd-cluster.ts';
import { NOON } from './made-cluster.ts';
import { openScreen } from './open-screen.tsx';

test('! leads to the worst, from there to the next, and back leads to the list', async () => {
  const screen = openScreen({ columns: 200, rows: 40, events: troubledEtcd() });
  await screen.untilText('worker-3');
  expect(screen.screen()[1]).toMatch(/^ control plane ok 8ms {3}X etcd 2 of 3, can lose 0: .* {3}! nodes 5 of 6 ready/);
  const steps = [
    ['(1 of 3', /^> master-2 /],
    ['(2 of 3', /^> bootstrap /],
    ['(3 of 3', /worker-3/],
    ['(1 of 3', /^> master-2 /],
  ] as const;
  for (const [place, selected] of steps) {
    screen.press('!');
    await screen.untilText(place);
    await screen.until((rows) => rows.some((row) => selected.test(row)), `the row ${String(selected)}`);
  }
  screen.press('\u001b[27u');
  await screen.untilText('sorted by');
});

test('on the control plane ! marks what is wrong, and brings it onto the screen', async () => {
  const screen = openScreen({ columns: 110, rows: 24, events: controlPlaneEvents() });
  await screen.untilText('worker-3');
  const marked: string[] = [];
  for (let step = 1; step <= 4; step += 1) {
    screen.press('!');
    await screen.untilText(`(${step} of `);
    marked.push(...screen.screen().filter((row) => row.startsWith('>')));
  }
  expect(marked).toEqual([
    expect.stringMatching(/^> *X over +2026-01-29 +client of the kubeconfig/),
    expect.stringMatching(/^> +master-2 +ok +X CrashLoopBackOff/),
    expect.stringMatching(/^> +master-1 +https:/),
    expect.stringMatching(/^> +master-2 +https:/),
  ]);
});

test('what ! said goes when it is no longer true', async () => {
  const screen = openScreen({ columns: 120, rows: 40, events: etcdEvents() });
  await screen.untilText('worker-3');
  screen.press('!');
  await screen.untilText('nodes: worker-3 silent since 4m10s (all that is wrong)');
  const [, , third] = MEMBERS;
  if (third === undefined) throw new Error('there are three members');
  for (const event of etcdEvents([...MEMBERS.slice(0, 2), { ...third, lostSince: NOON - 60_000 }]))
    screen.store.dispatch(event);
  await screen.untilText('X etcd 2 of 3, can lose 0');
  await screen.untilGone('all that is wrong');
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
