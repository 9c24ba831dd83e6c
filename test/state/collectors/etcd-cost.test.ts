import { describe, expect, onTestFinished, test } from 'vitest';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { createAttention } from '../../../source/state/attention.ts';
import { collectEtcd, type EtcdCollecting } from '../../../source/state/collectors/etcd.ts';
import { createStore } from '../../../source/state/store.ts';
import { FakeClock } from '../../links/kubernetes/fake-clock.ts';
import { figures, masterNode, membership } from '../etcd-made.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** What a member may be asked in `WINDOW` while its screen is shown. */
const MOST = 2;
const WINDOW = 5 * SECOND;

const silence = () => new LinkFailure({ kind: 'timeout', message: 'No answer within 3 s.', sent: true });

/** A collector over members of which some are frozen, that notes when each is asked, by whichever way. */
function place(count: number) {
  const clock = new FakeClock(0);
  const store = createStore();
  const attention = createAttention();
  const stopping = new AbortController();
  const asked: { readonly node: string; readonly at: number }[] = [];
  const frozen = new Set<string>();
  const names = Array.from({ length: count }, (_, index) => `node-${index + 1}`);
  const answer = async <T>(node: string, value: T): Promise<T> => {
    asked.push({ node, at: clock.now() });
    if (!frozen.has(node)) return value;
    await new Promise<void>((resolve) => clock.after(3 * SECOND, resolve));
    throw silence();
  };
  const { cluster, members } = membership();
  const figuresOf = (node: string) => answer(node, figures('node-1'));
  const healthOf = (node: string) => answer(node, { healthy: true, reason: '' });
  const collecting: EtcdCollecting = {
    etcd: {
      figures: figuresOf,
      health: healthOf,
      members: ([node = '']) => answer(node, { cluster, members }),
      status: ([node = '']) =>
        answer(node, {
          endpoint: 'https://127.0.0.1:2379',
          cluster,
          leader: 'a1',
          term: 2,
          revision: '7',
          errors: [],
          figures: figures('node-1'),
        }),
      nodesAtHand: () => Promise.resolve([]),
    },
    directly: { figures: figuresOf, health: healthOf },
    addressOf: ({ name }) => Promise.resolve(`http://${name}:2381`),
    memory: { recall: () => [], keep: () => undefined },
    store,
    attention,
    clock,
    signal: stopping.signal,
  };
  const done = collectEtcd(collecting);
  onTestFinished(() => {
    stopping.abort(new Error('stopped'));
    return done;
  });
  /** The most that was asked from `since` on in any window, of all members or of one. */
  const busiest = (since: number, of: readonly string[]) => {
    const times = asked.filter(({ node, at }) => at >= since && of.includes(node)).map(({ at }) => at);
    return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + WINDOW).length));
  };
  return {
    clock,
    names,
    frozen,
    attend: attention.attend,
    of: busiest,
    count: (since: number) => asked.filter(({ at }) => at >= since).length,
    begin: async () => {
      store.dispatch({ type: 'listed', at: 0, resource: 'nodes', items: names.map((name) => masterNode(name)) });
      store.dispatch({ type: 'status', at: 0, resource: 'nodes', status: { state: 'live' } });
      await clock.advance(MINUTE);
    },
  };
}

describe('what members of etcd are asked at most while their screen is shown', () => {
  test.each([1, 3, 5, 9])('two things each in any five seconds, of %d', async (count) => {
    const { begin, attend, clock, names, of } = place(count);
    await begin();
    const since = clock.now();
    attend('etcd');
    await clock.advance(5 * MINUTE);
    for (const name of names) expect(of(since, [name])).toBe(MOST);
  });

  test('no more when somebody looks away and back all the time', async () => {
    const { begin, attend, clock, names, of } = place(3);
    await begin();
    const since = clock.now();
    for (let turn = 0; turn < 200; turn += 1) {
      attend(turn % 2 === 0 ? 'etcd' : 'elsewhere');
      await clock.advance(700);
    }
    for (const name of names) expect(of(since, [name])).toBe(MOST);
  });

  test.each([
    ['one', 1],
    ['two', 2],
    ['all', 3],
  ])('no more of all together where %s is silent, by all ways together', async (_, silent) => {
    const { begin, attend, clock, names, frozen, of } = place(3);
    await begin();
    attend('etcd');
    await clock.advance(MINUTE);
    for (const name of names.slice(0, silent)) frozen.add(name);
    // The turn in which silence is found out asks again, once.
    await clock.advance(2 * WINDOW);
    const since = clock.now();
    await clock.advance(5 * MINUTE);
    expect(of(since, names)).toBeLessThanOrEqual(MOST * names.length + (silent === 3 ? 1 : 0));
  });
});

test('a quiet minute costs four requests, of however many members', async () => {
  const { begin, clock, names, of, count } = place(9);
  await begin();
  const since = clock.now() + 1;
  await clock.advance(10 * MINUTE);
  expect(of(since, names)).toBe(1);
  expect(count(since)).toBe(4 * 10);
});
