import { describe, expect, it } from 'vitest';
import { laggingClock, manualClock, microTimestamp, systemClock, timestamp } from '../../source/sandbox/clock.ts';
import { humanDuration } from '../../source/sandbox/server/durations.ts';

describe('a manual clock', () => {
  it('runs what falls due in order, each at its own time, and nothing that was cancelled', () => {
    const clock = manualClock(0);
    const told: [string, number][] = [];
    const tell = (name: string) => (): void => void told.push([name, clock.now()]);
    clock.after(200, tell('second'));
    clock.after(100, () => {
      tell('first')();
      clock.after(50, tell('begun by the first'));
    });
    clock.after(200, tell('third'));
    clock.after(150, tell('never'))();
    clock.advance(199);
    expect(told).toEqual([
      ['first', 100],
      ['begun by the first', 150],
    ]);
    clock.advance(1);
    expect(told.slice(2)).toEqual([
      ['second', 200],
      ['third', 200],
    ]);
  });
});

describe('the clock of the system', () => {
  it('takes any time, and lets happen at once only what is due', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', note);
    const fired: number[] = [];
    const far = [2 ** 31, Infinity].map((time) => systemClock.after(time, () => fired.push(time)));
    await Promise.all([0, -5, 5].map((time) => new Promise<void>((done) => systemClock.after(time, done))));
    process.off('warning', note);
    for (const cancel of far) cancel();
    expect([fired, warnings]).toEqual([[], []]);
  });
});

describe('times', () => {
  it('are written as Kubernetes writes them', () => {
    expect(timestamp(Date.UTC(2026, 0, 31, 12, 0, 0, 999))).toBe('2026-01-31T12:00:00Z');
    expect(microTimestamp(Date.UTC(2026, 0, 31, 12, 0, 0, 42))).toBe('2026-01-31T12:00:00.042000Z');
  });

  const SECOND = 1000;
  const HOUR = 3600 * SECOND;
  const DAY = 24 * HOUR;
  it.each([
    [0, '0s'],
    [119 * SECOND, '119s'],
    [120 * SECOND, '2m'],
    [570 * SECOND, '9m30s'],
    [600 * SECOND, '10m'],
    [179 * 60 * SECOND, '179m'],
    [3 * HOUR, '3h'],
    [7 * HOUR + 5 * 60 * SECOND, '7h5m'],
    [47 * HOUR, '47h'],
    [3 * DAY + 4 * HOUR, '3d4h'],
    [41 * DAY, '41d'],
    [741 * DAY, '2y11d'],
    [9 * 365 * DAY, '9y'],
    [-5 * SECOND, '<invalid>'],
  ])('%i ms of age are %s', (milliseconds, text) => expect(humanDuration(milliseconds)).toBe(text));
});

describe('a clock that lags', () => {
  it('lives through the past in order, and goes on with the other clock where it left off', () => {
    const present = manualClock();
    const start = present.now();
    const clock = laggingClock(present, 60_000);
    const seen: [what: string, at: number][] = [];
    const see = (what: string) => () => void seen.push([what, clock.now() - start]);
    clock.after(90_000, see('later'));
    const cancel = clock.after(80_000, see('never'));
    clock.after(20_000, () => {
      see('second')();
      clock.after(50_000, see('third'));
    });
    clock.after(10_000, see('first'));
    expect([clock.now() - start, seen]).toEqual([-60_000, []]);
    clock.catchUp();
    expect(clock.now()).toBe(start);
    expect(seen).toEqual([
      ['first', -50_000],
      ['second', -40_000],
    ]);
    cancel();
    present.advance(30_000);
    expect(seen.slice(2)).toEqual([
      ['third', 10_000],
      ['later', 30_000],
    ]);
  });

  it('asks the other clock for no time that has gone, however long the past took to live through', () => {
    const present = manualClock();
    const asked: number[] = [];
    const strict = {
      now: () => present.now(),
      after(milliseconds: number, callback: () => void) {
        asked.push(milliseconds);
        return present.after(milliseconds, callback);
      },
    };
    const clock = laggingClock(strict, 60_000);
    clock.after(60_005, () => undefined);
    clock.after(1000, () => present.advance(100));
    clock.catchUp();
    expect(asked).toEqual([0]);
  });
});
