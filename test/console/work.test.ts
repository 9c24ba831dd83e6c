import { expect, test } from 'vitest';
import { createWork, NO_REST } from '../../source/console/work.ts';
import type { Steps } from '../../source/model/headroom/steps.ts';

/** Work of steps that take a millisecond each, on a clock that only they move. */
function opened() {
  let now = 0;
  let told = 0;
  let next: (() => void) | null = null;
  const begun: string[] = [];
  const delays: number[] = [];
  const work = createWork(
    {
      elapsed: () => now,
      setTimeout: (run, milliseconds) => {
        delays.push(milliseconds);
        next = run;
        return run;
      },
      clearTimeout: () => (next = null),
    },
    () => (told += 1),
  );
  function* taking(milliseconds: number, answer: string): Steps<string> {
    begun.push(answer);
    for (let step = 0; step < milliseconds; step += 1) {
      now += 1;
      yield;
    }
    return answer;
  }
  return {
    ask: (name: string, ground: number, milliseconds: number) =>
      work.ask(name, [ground], () => taking(milliseconds, `${name} ${ground}`)),
    /** The same where an operator waits for it. */
    askNow: (name: string, ground: number, milliseconds: number) =>
      work.ask(name, [ground], () => taking(milliseconds, `${name} ${ground}`), NO_REST),
    /** The same where the answer is needed at once. */
    now: (name: string, ground: number, milliseconds: number) =>
      work.now(name, [ground], () => taking(milliseconds, `${name} ${ground}`)),
    /** How long each timer was to wait, ms. */
    delays: () => delays,
    /** Runs what waits; the milliseconds that it took, null when nothing waits. */
    turn: () => {
      const run = next;
      next = null;
      const before = now;
      run?.();
      return run === null ? null : now - before;
    },
    pass: (milliseconds: number) => void (now += milliseconds),
    told: () => told,
    begun,
    stop: () => work.stop(),
  };
}

test('what is short is done at once, and once for the same ground', () => {
  const { ask, begun, turn, told } = opened();
  expect(ask('a', 1, 2)).toEqual({ value: 'a 1', isUnderWay: false });
  expect(ask('a', 1, 2)).toEqual({ value: 'a 1', isUnderWay: false });
  expect([begun, turn(), told()]).toEqual([['a 1'], null, 0]);
});

test('what is long is done in slices, and told when it is there', () => {
  const { ask, turn, told } = opened();
  expect(ask('a', 1, 30)).toEqual({ value: null, isUnderWay: true });
  let slices = 0;
  for (let took = turn(); took !== null; took = turn()) {
    expect(took).toBeLessThanOrEqual(4);
    slices += 1;
  }
  expect(slices).toBeGreaterThan(5);
  expect(told()).toBe(1);
  expect(ask('a', 1, 30)).toEqual({ value: 'a 1', isUnderWay: false });
});

test('what is needed at once is brought to its end from where it is, once for the same ground', () => {
  const { ask, now, turn, told, begun } = opened();
  expect(ask('a', 1, 30)).toEqual({ value: null, isUnderWay: true });
  expect(now('a', 1, 30)).toBe('a 1');
  expect(now('a', 1, 30)).toBe('a 1');
  expect(ask('a', 1, 30)).toEqual({ value: 'a 1', isUnderWay: false });
  expect([begun, turn(), told()]).toEqual([['a 1'], 0, 0]);
  expect(now('a', 2, 30)).toBe('a 2');
  expect(begun).toEqual(['a 1', 'a 2']);
});

test('the answer before stands while a newer is worked out, and work rests before it begins anew', () => {
  const { ask, turn, pass, begun } = opened();
  const finish = () => {
    while (turn() !== null);
  };
  ask('a', 1, 30);
  finish();
  expect(ask('a', 2, 30)).toEqual({ value: 'a 1', isUnderWay: false });
  expect(begun).toEqual(['a 1']);
  pass(30 * 20);
  expect(ask('a', 2, 30)).toEqual({ value: 'a 1', isUnderWay: true });
  expect(ask('a', 3, 30)).toEqual({ value: 'a 1', isUnderWay: true });
  finish();
  expect(ask('a', 3, 30)).toEqual({ value: 'a 2', isUnderWay: false });
  expect(begun).toEqual(['a 1', 'a 2']);
});

test('what was asked for last is done first, and what nobody asks for any more is dropped', () => {
  const { ask, turn, begun, stop } = opened();
  for (let name = 0; name < 12; name += 1) ask(`${name}`, 1, 10);
  expect(begun).toHaveLength(12);
  turn();
  turn();
  expect(ask('11', 1, 10).value).toBe('11 1');
  expect(ask('0', 1, 10)).toEqual({ value: null, isUnderWay: true });
  expect(begun).toHaveLength(13);
  stop();
  expect(turn()).toBeNull();
});

test('what an operator waits for goes before other work, and is begun anew for another ground', () => {
  const { ask, askNow, turn, begun } = opened();
  askNow('list', 1, 100);
  ask('loss', 1, 100);
  turn();
  askNow('list', 2, 10);
  expect(begun).toEqual(['list 1', 'loss 1', 'list 2']);
  while (askNow('list', 2, 10).isUnderWay) turn();
  expect(askNow('list', 2, 10).value).toBe('list 2');
  expect(ask('loss', 1, 100).isUnderWay).toBe(true);
});

test('an old answer is told of when it has rested, in some seconds at the latest', () => {
  const { ask, turn, told, delays } = opened();
  ask('a', 1, 30_000);
  while (ask('a', 1, 30_000).isUnderWay) turn();
  const before = told();
  expect(ask('a', 2, 1)).toEqual({ value: 'a 1', isUnderWay: false });
  expect(delays().at(-1)).toBe(5_000);
  turn();
  expect(told()).toBe(before + 1);
});
