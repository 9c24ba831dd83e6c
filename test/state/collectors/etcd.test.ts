import { describe, expect, onTestFinished, test } from 'vitest';
import type { EtcdStatus } from '../../../source/links/etcd/decode.ts';
import { ConfigurationError } from '../../../source/links/kubernetes/access.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import type { EtcdFigures } from '../../../source/model/etcd/etcd.ts';
import { createAttention } from '../../../source/state/attention.ts';
import { collectEtcd } from '../../../source/state/collectors/etcd.ts';
import type { EtcdLinks } from '../../../source/state/collectors/etcd-asking.ts';
import type { SeenMember } from '../../../source/state/collectors/etcd-memory.ts';
import { createStore } from '../../../source/state/store.ts';
import { FakeClock } from '../../links/kubernetes/fake-clock.ts';
import { makeNode } from '../made.ts';

const FIGURES: EtcdFigures = {
  id: 'a1',
  version: '3.5.15',
  startedAt: null,
  hasLeader: true,
  isLeader: true,
  isLearner: false,
  dbSize: 1,
  dbSizeInUse: 1,
  quota: 1,
  committed: 1,
  applied: 1,
  leaderChanges: 0,
  failedProposals: 0,
  pendingProposals: 0,
  slowApplies: 0,
  peerFailures: 0,
  defragmentations: 0,
  fsync: null,
  commit: null,
  roundTrips: {},
  requests: null,
  handling: {},
};
const STATUS: EtcdStatus = {
  endpoint: 'https://127.0.0.1:2379',
  cluster: 'c1',
  leader: 'a1',
  term: 2,
  revision: '7',
  errors: ['memberID:161 alarm:NOSPACE '],
  figures: FIGURES,
};
const MEMBERS = {
  cluster: 'c1',
  members: [{ id: 'a1', name: 'node-1', peerUrls: [], clientUrls: [], isLearner: false }],
};

const lost = new LinkFailure({ kind: 'timeout', message: 'No answer within 3 s.', sent: true });
const noQuorum = new LinkFailure({ kind: 'timeout', message: 'The server gave up.', status: 504, sent: true });
const refused = new LinkFailure({ kind: 'unreachable', message: 'Not listening.', status: 503, sent: true });
const forbidden = new LinkFailure({ kind: 'forbidden', message: 'No right.', status: 403, sent: true });
const foreign = new LinkFailure({ kind: 'protocol', message: 'That is a web page.', sent: true });

const etcdNode = (index: number) =>
  makeNode({
    name: `node-${index}`,
    labels: { 'node-role.kubernetes.io/etcd': '' },
    addresses: [{ type: 'InternalIP', address: `10.0.0.${index}` }],
  });

type Rule = (asked: string) => Error | null;

type Given = {
  readonly count?: number;
  readonly addressOf?: EtcdLinks['addressOf'];
  readonly remembered?: readonly SeenMember[];
};

function collecting({ count = 3, addressOf, remembered = [] }: Given = {}) {
  const clock = new FakeClock(0);
  const store = createStore();
  const attention = createAttention();
  const stopping = new AbortController();
  const asked: string[] = [];
  const idsSeen: string[] = [];
  const kept: (readonly SeenMember[])[] = [];
  const none: Rule = () => null;
  const rules = { proxy: none, exec: none, direct: none, list: (): Error | null => forbidden };
  const answer = async <T>(rule: keyof typeof rules, what: string, value: T): Promise<T> => {
    asked.push(what);
    const error = rules[rule](what);
    if (error === lost) await new Promise<void>((resolve) => clock.after(3_000, resolve));
    if (error !== null) throw error;
    return value;
  };
  const health = { healthy: true, reason: '' };
  const reader: EtcdLinks['etcd'] = {
    nodesAtHand: () =>
      answer(
        'list',
        'nodes at hand',
        Array.from({ length: count }, (_, index) => etcdNode(index + 1)),
      ),
    figures: (node) => answer('proxy', `${node} figures`, FIGURES),
    health: (node) => answer('proxy', `${node} health`, health),
    members: (nodes) => answer('exec', `members in ${nodes.join(' ')}`, MEMBERS),
    status: (nodes) => answer('exec', `status in ${nodes.join(' ')}`, STATUS),
  };
  const done = collectEtcd({
    etcd: reader,
    directly: {
      figures: (node, address, seen) => {
        idsSeen.push([...seen].toSorted().join());
        return answer('direct', `${node} figures at ${address}`, FIGURES);
      },
      health: (node, address) => answer('direct', `${node} health at ${address}`, health),
    },
    addressOf: addressOf ?? (({ name }) => Promise.resolve(`http://${name}:2381`)),
    memory: { recall: () => remembered, keep: (members) => void kept.push(members) },
    store,
    attention,
    clock,
    signal: stopping.signal,
  });
  const stop = () => {
    stopping.abort(new Error('stopped'));
    return done.catch(() => undefined);
  };
  onTestFinished(stop);
  const STATUS_OF = {
    loading: { state: 'loading', loaded: 0, total: null },
    live: { state: 'live' },
    failed: { state: 'absent', why: 'The request timed out.' },
    stale: { state: 'stale', since: 0, why: 'The connection was refused.' },
  } as const;
  const status = (state: keyof typeof STATUS_OF) =>
    store.dispatch({ type: 'status', at: clock.now(), resource: 'nodes', status: STATUS_OF[state] });
  return {
    asked,
    idsSeen,
    kept,
    rules,
    clock,
    store,
    attend: attention.attend,
    status,
    stop,
    done,
    /** The nodes come, and everything is asked once. */
    begin: async () => {
      const items = Array.from({ length: count }, (_, index) => etcdNode(index + 1));
      store.dispatch({ type: 'listed', at: 0, resource: 'nodes', items: [...items, makeNode({ name: 'worker' })] });
      status('live');
      asked.length = 0;
      await clock.advance(0);
    },
    /** What is asked in so many milliseconds. */
    during: async (milliseconds: number) => {
      asked.length = 0;
      await clock.advance(milliseconds);
      return [...asked];
    },
    health: (node: string) => store.state.asked.etcdHealth.get(node),
    figures: (node: string) => store.state.asked.etcdFigures.get(node),
    membership: () => store.state.asked.etcdMembership.get(''),
  };
}

describe('asking about etcd', () => {
  test('begins when the nodes are known, with everything at once', async () => {
    const { asked, begin, health, figures, membership } = collecting();
    await begin();
    expect(asked.toSorted()).toEqual([
      'members in node-1 node-2 node-3',
      'node-1 figures',
      'node-1 health',
      'node-2 figures',
      'node-2 health',
      'node-3 figures',
      'node-3 health',
      'status in node-1 node-2 node-3',
    ]);
    expect(health('node-3')?.answer?.value).toEqual({
      node: 'node-3',
      source: 'pod proxy',
      health: { healthy: true, reason: '' },
    });
    expect(figures('node-2')?.answer?.value.figures).toEqual(FIGURES);
    expect(membership()?.answer?.value).toEqual({
      source: 'etcdctl',
      membership: { ...MEMBERS, leader: 'a1', alarms: [{ member: 'a1', kind: 'NOSPACE' }] },
    });
  });

  test('asks nothing where no node runs etcd, and of nine members at most', async () => {
    const none = collecting({ count: 0 });
    await none.begin();
    expect(await none.during(600_000)).toEqual([]);
    const many = collecting({ count: 12 });
    await many.begin();
    expect(many.asked.filter((what) => what.endsWith('health'))).toHaveLength(9);
  });

  test('costs four requests in a quiet minute, and says how everybody is within two minutes', async () => {
    const { begin, during, store } = collecting();
    await begin();
    for (let minute = 0; minute < 5; minute += 1) expect(await during(60_000)).toHaveLength(4);
    const before = Math.min(...[...store.state.asked.etcdHealth.values()].map(({ answer }) => answer?.at ?? 0));
    expect(5 * 60_000 - before).toBeLessThanOrEqual(120_000);
  });

  test('asks two things of each member every five seconds while somebody looks, at once and until they do not', async () => {
    const { begin, attend, during } = collecting();
    await begin();
    await during(7_000);
    attend('etcd');
    expect(await during(0)).toHaveLength(6);
    expect(await during(4_999)).toHaveLength(0);
    expect(await during(1)).toHaveLength(6);
    expect(await during(55_000)).toHaveLength(11 * 6);
    attend('elsewhere');
    expect(await during(14_999)).toHaveLength(0);
    expect(await during(1)).toHaveLength(1);
  });

  test('is no sooner by looking away and back', async () => {
    const { begin, attend, during } = collecting();
    await begin();
    await during(5_000);
    attend('etcd');
    await during(0);
    for (let time = 0; time < 4; time += 1) {
      attend('elsewhere');
      attend('etcd');
      expect(await during(1_000)).toEqual([]);
    }
  });

  test('tells of one member that does not answer, and asks others to speak for all', async () => {
    const { begin, attend, during, rules, health, figures, asked } = collecting();
    rules.proxy = (what) => (what.startsWith('node-1') ? refused : null);
    await begin();
    expect(health('node-1')).toMatchObject({
      answer: null,
      failure: { failure: { kind: 'lost', why: 'Not listening.' } },
    });
    expect(health('node-2')?.failure).toBeNull();
    attend('etcd');
    await during(15_000);
    expect(asked.filter((what) => what.includes(' in '))).toContainEqual(
      expect.stringMatching(/ in node-2 node-3 node-1$/),
    );
    rules.proxy = () => null;
    await during(5_000);
    expect(figures('node-1')?.failure).toBeNull();
  });

  test('takes a frozen member for what it is while others answer, and does not hold them up', async () => {
    const { begin, during, rules, health, asked, clock } = collecting();
    rules.proxy = (what) => (what.startsWith('node-2') ? lost : null);
    rules.direct = rules.proxy;
    await begin();
    expect(health('node-3')?.answer?.at).toBe(clock.now());
    await during(3_000);
    expect(health('node-2')).toBeUndefined();
    expect(asked).toEqual(['node-2 figures at http://node-2:2381']);
    await during(500);
    expect(health('node-2')?.failure?.failure.why).toBe('No answer within 3 s.');
    await during(2_500);
  });

  test('takes no member for lost that answers at its own address, and costs no more by it', async () => {
    const { begin, attend, during, rules, health, figures, store } = collecting();
    await begin();
    attend('etcd');
    await during(5_000);
    rules.proxy = (what) => (what.startsWith('node-2') ? lost : null);
    const failures: unknown[] = [];
    store.subscribe(() => failures.push(health('node-2')?.failure ?? figures('node-2')?.failure ?? null));
    await during(15_000);
    expect(health('node-2')?.answer?.value.source).toBe('directly');
    for (let turn = 0; turn < 12; turn += 1) {
      const asked = (await during(5_000)).filter((what) => !what.includes(' in '));
      expect(asked.filter((what) => what.startsWith('node-2')).length).toBeLessThanOrEqual(2);
      expect(asked.filter((what) => what.startsWith('node-1')).length).toBeLessThanOrEqual(2);
    }
    expect(failures.filter((failure) => failure !== null)).toEqual([]);
    rules.proxy = () => null;
    await during(20_000);
    expect(health('node-2')?.answer?.value.source).toBe('pod proxy');
    expect((await during(60_000)).filter((what) => what.includes(' at '))).toEqual([]);
  });

  test('asks of a member that is in doubt in turns, until it answers one way or the other', async () => {
    const { begin, attend, during, rules, health } = collecting();
    rules.proxy = (what) => (what.startsWith('node-2') ? lost : null);
    rules.direct = rules.proxy;
    attend('etcd');
    await begin();
    await during(30_000);
    expect(health('node-2')?.failure?.failure.kind).toBe('lost');
    rules.direct = () => null;
    await during(15_000);
    expect(health('node-2')).toMatchObject({ answer: { value: { source: 'directly' } }, failure: null });
  });

  test('tells the member at its own address which ids were seen through the server, and believes none it told there', async () => {
    const { begin, during, status, idsSeen } = collecting();
    status('stale');
    await begin();
    expect(idsSeen).toEqual([]);
    await during(0);
    status('stale');
    await during(60_000);
    expect(new Set(idsSeen)).toEqual(new Set(['a1']));
  });

  describe('while the nodes are not listed yet', () => {
    test('asks the members on the nodes that the server has at hand, and themselves when it is dark', async () => {
      const { status, during, rules, health, attend, idsSeen } = collecting();
      rules.proxy = () => noQuorum;
      rules.exec = () => noQuorum;
      rules.list = () => null;
      attend('etcd');
      status('loading');
      await during(10_000);
      expect(health('node-3')?.answer?.value.source).toBe('directly');
      expect(new Set(idsSeen)).toEqual(new Set(['']));
      status('live');
      expect((await during(60_000)).filter((what) => what === 'nodes at hand')).toEqual([]);
    });

    test('asks those that are remembered, and believes no others at their addresses', async () => {
      const remembered = [{ name: 'node-2', address: '10.0.0.2', id: 'b2' }];
      const { during, rules, health, idsSeen, attend, status } = collecting({ remembered });
      rules.proxy = () => noQuorum;
      rules.exec = () => noQuorum;
      attend('etcd');
      status('failed');
      expect(await during(10_000)).not.toContain('nodes at hand');
      expect([health('node-1'), health('node-2')?.answer?.value.source]).toEqual([undefined, 'directly']);
      expect(new Set(idsSeen)).toEqual(new Set(['b2']));
    });

    test('waits for the list where the server has none at hand', async () => {
      const { status, during, rules, begin, health } = collecting();
      rules.list = () => forbidden;
      await during(0);
      status('loading');
      expect(new Set(await during(60_000))).toEqual(new Set(['nodes at hand']));
      await begin();
      await during(15_000);
      expect(health('node-1')?.failure).toBeNull();
    });
  });

  test('remembers the members that are listed, with their nodes', async () => {
    const { begin, kept } = collecting();
    await begin();
    expect(kept.at(-1)).toEqual([{ name: 'node-1', address: '10.0.0.1', id: 'a1' }]);
  });

  test('ends for what nobody foresaw, also of etcdctl', async () => {
    const { begin, rules, done } = collecting();
    rules.exec = () => new TypeError('a fault of the program');
    const failed = expect(done).rejects.toThrow('a fault of the program');
    await begin();
    await failed;
  });

  test('takes a page that is none for a failure of that page alone', async () => {
    const { begin, rules, health, figures } = collecting();
    rules.proxy = (what) => (what === 'node-1 figures' ? foreign : null);
    await begin();
    expect(figures('node-1')?.failure?.failure.why).toBe('That is a web page.');
    expect(health('node-1')?.failure).toBeNull();
  });

  test.each([
    ['gives no answer', lost],
    ['says that it has none', noQuorum],
    ['cannot be asked', new ConfigurationError('The token cannot be read.')],
  ])('goes to the members themselves within ten seconds when the server %s', async (_, failure) => {
    const { begin, attend, during, rules, health, figures, membership, asked, clock } = collecting();
    await begin();
    attend('etcd');
    await during(5_000);
    rules.proxy = () => failure;
    rules.exec = () => failure;
    rules.direct = (what) => (what.startsWith('node-1') ? null : refused);
    const from = clock.now();
    await during(10_000);
    expect(health('node-1')?.answer?.value.source).toBe('directly');
    expect(figures('node-1')?.answer?.value.source).toBe('directly');
    expect(health('node-2')?.failure?.failure.why).toBe('Not listening.');
    expect((health('node-2')?.failure?.since ?? Infinity) - from).toBeLessThanOrEqual(8_000);
    expect(membership()?.failure).not.toBeNull();
    await during(60_000);
    expect(asked.filter((what) => what.includes('figures at http://node-2:2381'))).toHaveLength(12);
    expect(asked.filter((what) => what.includes('health at http://node-1:2381'))).toHaveLength(12);
    expect(asked.filter((what) => !what.includes(' at '))).toHaveLength(12);
    attend('elsewhere');
    expect((await during(60_000)).filter((what) => !what.includes(' at '))).toHaveLength(4);
    rules.proxy = () => null;
    rules.exec = () => null;
    await during(90_000);
    expect(health('node-2')?.failure).toBeNull();
    expect(health('node-2')?.answer?.value.source).toBe('pod proxy');
    expect((await during(60_000)).filter((what) => what.includes(' at '))).toEqual([]);
  });

  test('makes sure with all the others before it takes one silence for that of the server', async () => {
    const { begin, during, rules, asked, health } = collecting();
    await begin();
    rules.proxy = (what) => (what.startsWith('node-1') ? lost : null);
    rules.direct = rules.proxy;
    await during(30_000);
    expect(asked).toContain('node-2 health');
    expect(asked.filter((what) => what.includes(' at ') && !what.startsWith('node-1'))).toEqual([]);
    expect(health('node-1')?.failure?.failure.kind).toBe('lost');
  });

  test('asks the server nothing while nobody reaches it, and goes on by itself after', async () => {
    const { begin, during, status, health, attend } = collecting();
    await begin();
    status('stale');
    const asked = await during(60_000);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((what) => !what.includes(' at '))).toEqual([]);
    attend('etcd');
    expect(await during(5_000)).toHaveLength(6);
    status('live');
    await during(5_000);
    expect(health('node-3')?.answer?.value.source).toBe('pod proxy');
  });

  test('says why nobody answers where this machine has no other way', async () => {
    const { begin, during, status, health, membership, asked } = collecting({ addressOf: () => Promise.resolve(null) });
    await begin();
    status('stale');
    await during(30_000);
    expect(health('node-1')).toMatchObject({
      answer: { value: { source: 'pod proxy' } },
      failure: { failure: { kind: 'lost', why: 'The connection was refused.' } },
    });
    expect(membership()?.failure?.failure.why).toBe('The connection was refused.');
    expect(asked).toEqual([]);
  });

  test('names the right that is missing, and asks for it again once a minute', async () => {
    const { begin, attend, during, rules, health, membership } = collecting();
    rules.proxy = () => forbidden;
    rules.exec = () => forbidden;
    attend('etcd');
    await begin();
    expect(health('node-1')?.failure?.failure).toEqual({ kind: 'denied', why: 'No right.', right: 'get pods/proxy' });
    expect(membership()?.failure?.failure).toMatchObject({ kind: 'denied', right: 'create pods/exec' });
    expect(await during(55_000)).toEqual([]);
    expect((await during(5_000)).length).toBeGreaterThan(0);
    rules.proxy = () => null;
    rules.exec = () => null;
    await during(120_000);
    expect([health('node-1')?.failure, membership()?.failure]).toEqual([null, null]);
  });

  test('tells no list of members that is half old', async () => {
    const { begin, attend, during, rules, membership } = collecting();
    await begin();
    attend('etcd');
    rules.exec = (what) => (what.startsWith('members') ? refused : null);
    await during(30_000);
    expect(membership()?.failure).not.toBeNull();
    expect(membership()?.answer?.at).toBe(0);
  });

  test('ends with the signal, also in the middle, and leaves no timer', async () => {
    const { begin, during, rules, stop, clock, store } = collecting();
    rules.proxy = () => lost;
    await begin();
    const revision = store.state.revision.asked;
    const stopped = stop();
    await during(3_000);
    await stopped;
    expect(store.state.revision.asked).toBe(revision);
    expect(clock.timers).toBe(0);
  });
});
