import { describe, expect, test } from 'vitest';
import { createReachability, type Way } from '../../../source/links/kubernetes/reachability.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { answered, connectionRefused, reset } from './fake-server.ts';

const SECOND = 1_000;
/** The moment over which what waited goes on. */
const SPREAD = 1_200;

type Told = { readonly name: string; readonly why: string };

/** Followers of one console that ask once more whenever they may, and what came of each request. */
function followers(...names: readonly string[]) {
  const clock = new FakeClock(0);
  const reachability = createReachability(clock, () => 0.5);
  const asked: (readonly [name: string, at: number])[] = [];
  const told: Told[] = [];
  const failing = new Map<string, () => Error>();
  const stops = new Map<string, AbortController>();
  const wait = 500;
  const follow = async (name: string) => {
    const stop = new AbortController();
    stops.set(name, stop);
    const way: Way = reachability.join(stop.signal, name === 'nodes');
    const ask = way.watched(() => {
      asked.push([name, clock.now()]);
      const failure = failing.get(name) ?? failing.get('all');
      return failure === undefined ? Promise.resolve() : Promise.reject(failure());
    });
    while (!stop.signal.aborted) {
      const failure: unknown = await ask({ signal: stop.signal }).then(
        () => null,
        (error: unknown) => error,
      );
      if (failure === null) return;
      await way.again({
        failure,
        wait,
        what: `watch ${name}`,
        tell: (other) => told.push({ name, why: (other as Error).message }),
      });
    }
  };
  return {
    clock,
    asked: () => asked.splice(0),
    told,
    failing,
    start: () => Promise.all(names.map(follow)),
    stop: (name: string) => stops.get(name)?.abort(new Error('stopped')),
  };
}

describe('while nobody is answered', () => {
  test('one asks at a time, each in its turn, with waits that grow for all', async () => {
    const { clock, asked, failing, start } = followers('pods', 'nodes', 'events');
    failing.set('all', connectionRefused);
    const ended = start();
    await settled();
    expect(asked().map(([name]) => name)).toEqual(['pods', 'nodes', 'events']);
    await clock.advance(15 * SECOND);
    // 0.6 s doubled: three quarters of each wait.
    expect(asked()).toEqual([
      ['pods', 600],
      ['nodes', 1_800],
      ['events', 4_200],
      ['pods', 9_000],
    ]);
    failing.clear();
    await clock.advance(30 * SECOND);
    await ended;
    expect(clock.timers).toBe(0);
  });

  test('everybody hears why the last one was not, as of its own question', async () => {
    const { clock, told, failing, start } = followers('pods', 'nodes');
    failing.set('all', connectionRefused);
    void start();
    await settled();
    told.length = 0;
    failing.set('all', () => answered(401, 'Unauthorized'));
    await clock.advance(700);
    expect(told).toEqual([
      {
        name: 'nodes',
        why: 'Cannot watch nodes at https://fake:6443: the server does not accept the credentials (401); renew the certificate or token of this user in the kubeconfig.',
      },
    ]);
  });

  test('another takes over from one that ends, whether it waits or asks', async () => {
    const { clock, asked, failing, start, stop } = followers('pods', 'nodes', 'events');
    failing.set('all', connectionRefused);
    const ended = start();
    await settled();
    stop('pods');
    asked();
    await clock.advance(700);
    expect(asked().map(([name]) => name)).toEqual(['nodes']);
    failing.set('events', () => {
      stop('events');
      return new Error('aborted');
    });
    await clock.advance(2 * SECOND);
    failing.clear();
    expect(asked().map(([name]) => name)).toEqual(['events', 'nodes']);
    await clock.advance(30 * SECOND);
    await ended;
    expect(clock.timers).toBe(0);
  });
});

describe('when the server answers again', () => {
  test.each([
    ['any success', undefined],
    ['a refusal of what was asked', () => answered(403, 'forbidden')],
    ['an error of its own', () => answered(500, 'internal')],
  ])('%s sends the leader at once, and after its answer the rest over a moment', async (_, first) => {
    const { clock, asked, failing, start } = followers('pods', 'nodes', 'events', 'claims');
    failing.set('all', connectionRefused);
    void start();
    await settled();
    asked();
    failing.delete('all');
    if (first !== undefined) failing.set('pods', first);
    await clock.advance(600 + SPREAD);
    expect(asked().filter(([name, at]) => name !== 'pods' || at === 600)).toEqual([
      ['pods', 600],
      ['nodes', 600],
      ['events', 600 + SPREAD / 2],
      ['claims', 600 + SPREAD / 2],
    ]);
  });

  test('the rest stays where it is if the leader is not answered after all', async () => {
    const { clock, asked, failing, start } = followers('pods', 'nodes', 'events');
    failing.set('all', connectionRefused);
    void start();
    await settled();
    asked();
    failing.delete('all');
    failing.set('nodes', connectionRefused);
    await clock.advance(600);
    expect(asked().map(([name]) => name)).toEqual(['pods', 'nodes']);
    failing.clear();
    await clock.advance(10 * SECOND);
    expect(asked().map(([name]) => name)).toEqual(['events', 'nodes']);
  });
});

describe('one that is cut off', () => {
  test('goes after its own wait, and not beside another that finds out', async () => {
    const clock = new FakeClock(0);
    const reachability = createReachability(clock, () => 0.5);
    const [one, other] = [0, 1].map(() => reachability.join(new AbortController().signal, false));
    const went: (readonly [string, number])[] = [];
    const lost = (name: string, wait: number) => ({ failure: reset(), wait, what: name, tell: () => undefined });
    void one?.again(lost('one', 900)).then(() => went.push(['one', clock.now()]));
    void other?.again(lost('other', 400)).then(() => went.push(['other', clock.now()]));
    await clock.advance(5 * SECOND);
    expect(went).toEqual([['other', 400]]);
    await other?.watched(() => Promise.resolve())({});
    await clock.advance(SPREAD / 2);
    expect(went).toEqual([
      ['other', 400],
      ['one', 5 * SECOND + SPREAD / 2],
    ]);
  });
});

test('a refusal of one thing is waited out by its follower alone', async () => {
  const { clock, asked, failing, start } = followers('pods', 'nodes');
  failing.set('all', () => answered(503, 'starting'));
  void start();
  await clock.advance(1_100);
  expect(asked()).toEqual([0, 500, 1_000].flatMap((at) => ['pods', 'nodes'].map((name) => [name, at])));
});
