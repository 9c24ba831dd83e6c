import { describe, expect, it } from 'vitest';
import type { Clock } from '../../source/links/kubernetes/clock.ts';
import { LinkFailure } from '../../source/links/kubernetes/failure.ts';
import type { ClusterEvent, Resource, ServerFacts } from '../../source/model/cluster-event.ts';
import { collect, MEASURE_EVERY, type Collecting } from '../../source/state/collectors.ts';
import { createStore } from '../../source/state/store.ts';
import { tellServer } from '../../source/state/server-facts.ts';
import { makeNode } from './made.ts';

const FACTS: ServerFacts = {
  cluster: 'prod',
  context: 'admin@prod',
  user: 'admin',
  kubernetesVersion: null,
  metalk8sVersion: null,
  door: { address: 'https://192.0.2.1:6443', first: true },
};

/** Time that a test turns by hand. */
function turnedClock(): Clock & { turn(milliseconds: number): Promise<void> } {
  let now = 0;
  const waiting = new Set<{ at: number; run: () => void }>();
  return {
    now: () => now,
    after(milliseconds, run) {
      const entry = { at: now + milliseconds, run };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    async turn(milliseconds) {
      for (const end = now + milliseconds; now < end;) {
        now = Math.min(end, ...[...waiting].map(({ at }) => at));
        for (const entry of [...waiting].filter(({ at }) => at <= now)) {
          waiting.delete(entry);
          entry.run();
        }
        await settled();
      }
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function collecting(answers: Partial<Collecting['reader']> = {}) {
  const asked: string[] = [];
  const emitters = new Map<Resource, (event: ClusterEvent) => void>();
  const stopping = new AbortController();
  const clock = turnedClock();
  const store = createStore();
  const doors: (readonly string[])[] = [];
  const answer =
    <T>(name: string, value: T) =>
    () => {
      asked.push(name);
      return Promise.resolve(value);
    };
  const done = collect({
    reader: {
      follow: (resource, emit, signal) => {
        emitters.set(resource, emit);
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      },
      version: answer('version', 'v1.29.8'),
      metalk8sVersion: answer('metalk8s version', '129.0.3'),
      mayI: answer('right', true),
      ping: answer('ping', 8),
      ...answers,
    },
    store,
    tell: (facts) => tellServer(store, FACTS, clock.now, facts),
    doors: (addresses) => void doors.push(addresses),
    clock,
    signal: stopping.signal,
  });
  return {
    asked,
    doors,
    store,
    clock,
    emit: (event: ClusterEvent & { resource: Resource }) => emitters.get(event.resource)?.(event),
    live: () => emitters.get('nodes')?.({ type: 'status', at: 1, resource: 'nodes', status: { state: 'live' } }),
    stale: () =>
      emitters.get('nodes')?.({
        type: 'status',
        at: 1,
        resource: 'nodes',
        status: { state: 'stale', since: 1, why: 'x' },
      }),
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

const unreachable = () => Promise.reject(new LinkFailure({ kind: 'unreachable', message: 'No.', sent: false }));

describe('collectors', () => {
  it('ask nothing beside the lists before the nodes are live', async () => {
    const { asked, clock, stop } = collecting();
    await clock.turn(120_000);
    expect(asked).toEqual([]);
    await stop();
  });

  it('ask for versions, right and round trip when the nodes come to life, and for the right only once', async () => {
    const { asked, live, stale, store, stop } = collecting();
    live();
    await settled();
    expect(asked.toSorted()).toEqual(['metalk8s version', 'ping', 'right', 'version']);
    expect(store.state.server).toEqual({ ...FACTS, kubernetesVersion: 'v1.29.8', metalk8sVersion: '129.0.3' });
    expect([store.state.rights, store.state.latency]).toEqual([{ patchNodes: true }, 8]);
    stale();
    live();
    await settled();
    expect(asked.filter((name) => name === 'version')).toHaveLength(2);
    expect(asked.filter((name) => name === 'right')).toHaveLength(1);
    await stop();
  });

  it('tell when a question finds no answer, and when one does again', async () => {
    let ping: () => Promise<number> = () => Promise.resolve(8);
    const { live, clock, store, stop } = collecting({ ping: () => ping() });
    live();
    await settled();
    expect(store.state.unansweredSince).toBeNull();
    ping = unreachable;
    await clock.turn(MEASURE_EVERY);
    const since = clock.now();
    await clock.turn(MEASURE_EVERY);
    expect(store.state.unansweredSince).toBe(since);
    ping = () => Promise.resolve(9);
    await clock.turn(MEASURE_EVERY);
    expect([store.state.unansweredSince, store.state.latency]).toEqual([null, 9]);
    await stop();
  });

  it.each([
    [403, true],
    [429, true],
    // Without a quorum of etcd a server says these, and knows nothing (kube-apiserver: 500 of etcd, 504 of its own limit).
    [500, false],
    [503, false],
    [504, false],
  ])('take a refusal for an answer, and no fault of the server: %d', async (status, isAnswer) => {
    let ping: () => Promise<number> = () => Promise.resolve(8);
    const { live, clock, store, stop } = collecting({ ping: () => ping() });
    live();
    await settled();
    ping = () => Promise.reject(new LinkFailure({ kind: 'timeout', status, message: 'No.', sent: true }));
    await clock.turn(MEASURE_EVERY);
    expect(store.state.unansweredSince === null).toBe(isAnswer);
    await stop();
  });

  it('stay within two requests a quiet minute beside the watches', async () => {
    const { asked, live, clock, stop } = collecting();
    live();
    await settled();
    asked.length = 0;
    await clock.turn(10 * 60_000);
    expect(asked).toEqual(Array.from({ length: 20 }, () => 'ping'));
    await stop();
  });

  it('keep what is known when a question is not answered, and ask for the right again at the next return', async () => {
    let rights = 0;
    const { live, stale, store, stop } = collecting({
      metalk8sVersion: unreachable,
      ping: unreachable,
      mayI: () => ((rights += 1) === 1 ? unreachable() : Promise.resolve(false)),
    });
    live();
    await settled();
    expect(store.state.server).toEqual({ ...FACTS, kubernetesVersion: 'v1.29.8' });
    expect(store.state.rights.patchNodes).toBeNull();
    stale();
    live();
    await settled();
    expect(store.state.rights.patchNodes).toBe(false);
    await stop();
  });

  it('tell the connection the control-plane addresses of the masters when those change', async () => {
    const { emit, doors, stop } = collecting();
    const master = (name: string, address: string) =>
      makeNode({
        name,
        labels: { 'node-role.kubernetes.io/master': '' },
        addresses: [
          { type: 'Hostname', address: name },
          { type: 'InternalIP', address },
        ],
      });
    emit({ type: 'listed', at: 1, resource: 'nodes', items: [master('a', '10.1.0.1'), makeNode({ name: 'w' })] });
    emit({ type: 'list-ended', at: 1, resource: 'nodes' });
    emit({ type: 'changed', at: 2, resource: 'nodes', items: [makeNode({ name: 'w' })] });
    emit({ type: 'changed', at: 3, resource: 'nodes', items: [master('b', '10.1.0.2')] });
    expect(doors).toEqual([['10.1.0.1'], ['10.1.0.1', '10.1.0.2']]);
    await stop();
  });

  it('take no text from a node for an address that is none', async () => {
    const { emit, doors, stop } = collecting();
    const items = [
      'evil.example.com',
      'https://evil.example.com',
      'not an address',
      'fe80::1%eth0',
      '',
      '10.1.0.1',
      'fd00::1',
    ].map((address, index) =>
      makeNode({
        name: `master-${index}`,
        labels: { 'node-role.kubernetes.io/master': '' },
        addresses: [{ type: 'InternalIP', address }],
      }),
    );
    emit({ type: 'changed', at: 1, resource: 'nodes', items });
    expect(doors).toEqual([['10.1.0.1', 'fd00::1']]);
    await stop();
  });

  it('end with the signal, and what comes after changes nothing', async () => {
    const { stop, live, store } = collecting();
    await stop();
    live();
    expect(store.state.resources.nodes.status.state).toBe('absent');
  });
});
