import { expect, onTestFinished, test, vi } from 'vitest';
import type { Call } from '../../source/commands/command.ts';
import { console as openedConsole } from '../../source/commands/console.ts';

const timersMeanwhile: number[] = [];
vi.mock(import('../../source/commands/memory.ts'), () => ({ boundMemory: () => undefined }));
vi.mock(import('../../source/commands/cluster.ts'), async (original) => ({
  ...(await original()),
  withSession: (_call, _how, work) => work({} as Parameters<typeof work>[0]),
}));
vi.mock(import('../../source/console/open-console.tsx'), () => ({
  openConsole: () => {
    timersMeanwhile.push(vi.getTimerCount());
    return Promise.resolve(7);
  },
}));

test('what compiled code is kept by is waited for while the console is open, and not after', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const surroundings = { terminal: {}, environment: {} };
  expect(await openedConsole({ flags: {}, surroundings } as unknown as Call)).toBe(7);
  expect(timersMeanwhile).toEqual([1]);
  expect(vi.getTimerCount()).toBe(0);
});
