import { describe, expect, it } from 'vitest';
import { ranBetween, runTimes } from '../../bench/processor.ts';

it.each([
  { what: 'threads that ran on', before: { a: 10, b: 5 }, after: { a: 25, b: 5 }, ran: 15 },
  { what: 'a thread that began', before: { a: 10 }, after: { a: 10, b: 4 }, ran: 4 },
  { what: 'a thread that ended', before: { a: 10, b: 5 }, after: { a: 12 }, ran: 2 },
])('adds what ran: $what', ({ before, after, ran }) =>
  expect(ranBetween(new Map(Object.entries(before)), new Map(Object.entries(after)))).toBe(ran),
);

describe.runIf(process.platform === 'linux')('a process', () => {
  it('has run for as long as it has computed', () => {
    const before = runTimes(process.pid) ?? new Map<string, number>();
    const began = process.cpuUsage();
    let used = began;
    while (used.user + used.system - began.user - began.system < 50_000) used = process.cpuUsage();
    expect(ranBetween(before, runTimes(process.pid) ?? new Map<string, number>())).toBeGreaterThan(40);
  });
});
