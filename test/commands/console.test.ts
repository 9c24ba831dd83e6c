import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Call } from '../../source/commands/command.ts';
import { console as openedConsole } from '../../source/commands/console.ts';
import type { Session } from '../../source/session/session.ts';
import { createStore, type Store } from '../../source/state/store.ts';

let steps: string[] = [];
let whileOpen: (store: Store) => void = () => undefined;

vi.mock(import('../../source/commands/memory.ts'), () => ({
  sizeYoungGenerations: () => void steps.push('sizes'),
  boundGrowth: () => void steps.push('bounds'),
}));
vi.mock(import('../../source/commands/cluster.ts'), async (original) => ({
  ...(await original()),
  withSession: (_call, _how, work) => {
    steps.push('starts the thread');
    return work({ store: createStore() } as Session);
  },
}));
vi.mock(import('../../source/console/open-console.tsx'), () => ({
  openConsole: ({ session }) => {
    steps.push('opens');
    whileOpen(session.store);
    return Promise.resolve(7);
  },
}));

const open = () => {
  const surroundings = { terminal: {}, environment: {} };
  return openedConsole({ flags: {}, surroundings } as unknown as Call);
};

afterEach(() => {
  steps = [];
  whileOpen = () => undefined;
});

test('what compiled code is kept by is waited for while the console is open, and not after', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const timersMeanwhile: number[] = [];
  whileOpen = () => void timersMeanwhile.push(vi.getTimerCount());
  expect(await open()).toBe(7);
  expect(timersMeanwhile).toEqual([1]);
  expect(vi.getTimerCount()).toBe(0);
});

test('memory is bounded once everything is loaded, which is when the cluster is heard of', async () => {
  whileOpen = (store) => {
    for (const milliseconds of [1, 2]) store.dispatch({ type: 'latency', milliseconds, at: 0 });
  };
  await open();
  expect(steps).toEqual(['sizes', 'starts the thread', 'opens', 'bounds']);
});
