import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../source/links/kubernetes/access.ts';
import { collecting, forbidden, lost, noQuorum, refused } from './etcd-collecting.ts';

describe('asking about etcd when the API server gives no answer', () => {
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
});
