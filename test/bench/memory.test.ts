import { describe, expect, it } from 'vitest';
import { mebibytesOf, residentSet } from '../../bench/memory.ts';

const STATUS = 'Name:\tnode\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t11\n';

it('reads a field in MiB', () => {
  expect(mebibytesOf(STATUS, 'VmHWM')).toBe(200);
  expect(mebibytesOf(STATUS, 'VmRSS')).toBe(100);
});

it.each(['Rss', 'Threads', 'Name'])('knows no amount of %s', (field) =>
  expect(() => mebibytesOf(STATUS, field)).toThrow(`There is no field "${field}" in kB.`),
);

describe.runIf(process.platform === 'linux')('a process', () => {
  it('has a resident set that is never larger than its peak, but for pages that the kernel has yet to count', () => {
    const resident = residentSet(process.pid);
    const now = resident?.now ?? NaN;
    expect(now).toBeGreaterThan(10);
    expect(resident?.peak).toBeGreaterThan(now * 0.9);
  });
});
