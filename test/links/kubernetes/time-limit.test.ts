import { describe, expect, test } from 'vitest';
import { within } from '../../../source/links/kubernetes/time-limit.ts';
import { FakeClock } from './fake-clock.ts';

const never = () => new Promise<string>(() => undefined);

function limited(ask: (signal: AbortSignal) => Promise<string>, signal?: AbortSignal) {
  const clock = new FakeClock();
  return { clock, asked: within({ clock, milliseconds: 3_000, signal, late: () => new Error('too late') }, ask) };
}

describe('a limit of time', () => {
  test('changes nothing for what comes in time, and leaves no timer', async () => {
    const { clock, asked } = limited(() => Promise.resolve('here'));
    expect(await asked).toBe('here');
    expect(clock.timers).toBe(0);
    await expect(limited(() => Promise.reject(new Error('no'))).asked).rejects.toThrow('no');
  });

  test('ends what does not come, also where its signal is not heeded', async () => {
    let told: AbortSignal | null = null;
    const { clock, asked } = limited((signal) => {
      told = signal;
      return never();
    });
    const failed = expect(asked).rejects.toThrow('too late');
    await clock.advance(3_000);
    await failed;
    expect(told).toMatchObject({ aborted: true });
  });

  test('is not to blame where the caller gives up', async () => {
    const stop = new AbortController();
    const { clock, asked } = limited(never, stop.signal);
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    expect(clock.timers).toBe(0);
    await expect(limited(never, stop.signal).asked).rejects.toThrow('enough');
  });
});
