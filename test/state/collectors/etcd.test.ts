import { describe, expect, test } from 'vitest';
import { ETCD_BUDGET } from '../../../source/state/etcd-budget.ts';
import { collecting, FIGURES, MEMBERS, foreign, forbidden, lost, refused } from './etcd-collecting.ts';

describe('asking about etcd', () => {
  test('begins when the nodes are known, with everything together', async () => {
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

  test('lets the rows and the lists come first, unless somebody waits for it', async () => {
    const patient = collecting();
    patient.list();
    expect(await patient.during(ETCD_BUDGET.first - 1)).toEqual([]);
    expect(await patient.during(1)).not.toEqual([]);
    const awaited = collecting();
    awaited.attend('etcd');
    awaited.list();
    expect(await awaited.during(0)).not.toEqual([]);
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
    const { begin, attend, during, rules, membership, clock } = collecting();
    await begin();
    const begun = clock.now();
    attend('etcd');
    rules.exec = (what) => (what.startsWith('members') ? refused : null);
    await during(30_000);
    expect(membership()?.failure).not.toBeNull();
    expect(membership()?.answer?.at).toBe(begun);
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
