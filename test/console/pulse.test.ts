import { expect, test } from 'vitest';
import { createPulse } from '../../source/console/pulse.ts';
import { createStore } from '../../source/state/store.ts';
import { makeNode } from '../state/made.ts';

/** A clock that moves only when told. */
function createClock(start: number) {
  let now = start;
  const timers = new Map<object, { at: number; work: () => void }>();
  return {
    now: () => now,
    elapsed: () => now,
    setTimeout: (work: () => void, milliseconds: number) => {
      const timer = {};
      timers.set(timer, { at: now + milliseconds, work });
      return timer;
    },
    clearTimeout: (timer: object) => void timers.delete(timer),
    pending: () => timers.size,
    advance(milliseconds: number) {
      const end = now + milliseconds;
      for (;;) {
        const next = [...timers].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at)[0];
        if (next === undefined) break;
        timers.delete(next[0]);
        now = next[1].at;
        next[1].work();
      }
      now = end;
    },
  };
}

const change = (at: number) => ({ type: 'latency', at, milliseconds: 8 }) as const;

function watched() {
  const clock = createClock(1_000_000);
  const store = createStore();
  const pulse = createPulse(store, clock);
  let beats = 0;
  pulse.subscribe(() => (beats += 1));
  return { clock, store, pulse, beats: () => beats };
}

test('the first change is drawn at once', () => {
  const { clock, store, beats } = watched();
  store.dispatch(change(clock.now()));
  clock.advance(0);
  expect(beats()).toBe(1);
});

test('a storm of changes is drawn at most four times a second', () => {
  const { clock, store, beats } = watched();
  for (let count = 0; count < 1000; count += 1) {
    store.dispatch(change(clock.now()));
    clock.advance(2);
  }
  expect(beats()).toBeGreaterThanOrEqual(7);
  expect(beats()).toBeLessThanOrEqual(9);
});

test('that a server was heard, and has nothing new, is not drawn', () => {
  const { clock, store, beats } = watched();
  store.dispatch(change(clock.now()));
  clock.advance(1_000);
  store.dispatch({ type: 'heard', at: clock.now(), resource: 'nodes' });
  clock.advance(1_000);
  expect(beats()).toBe(1);
});

test('a quiet minute is looked at six times, for the ages', () => {
  const { clock, beats } = watched();
  clock.advance(60_000);
  expect(beats()).toBe(6);
});

test('the time of ages moves in steps', () => {
  const { clock, pulse } = watched();
  const before = pulse.current().now;
  clock.advance(3_000);
  expect(pulse.current().now).toBe(before);
  clock.advance(10_000);
  expect(pulse.current().now).toBe(before + 10_000);
});

test('a stopped pulse leaves no timer behind', () => {
  const { clock, store, pulse } = watched();
  store.dispatch(change(clock.now()));
  pulse.stop();
  expect(clock.pending()).toBe(0);
});

test('the first nodes are told at once, whatever was told just before', () => {
  const { clock, store, beats } = watched();
  store.dispatch(change(1));
  clock.advance(0);
  expect(beats()).toBe(1);
  store.dispatch(change(2));
  clock.advance(10);
  expect(beats()).toBe(1);
  store.dispatch({ type: 'changed', at: 3, resource: 'nodes', items: [makeNode({ name: 'a' })] });
  clock.advance(0);
  expect(beats()).toBe(2);
  store.dispatch({ type: 'changed', at: 4, resource: 'nodes', items: [makeNode({ name: 'b' })] });
  clock.advance(10);
  expect(beats()).toBe(2);
});
