import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isSettled, untilSettled } from '../../source/commands/settled.ts';
import type { ClusterEvent, Resource, ResourceStatus } from '../../source/model/cluster-event.ts';
import { createStore } from '../../source/state/store.ts';

const AT = 1_795_000_000_000;
const DENIED = { kind: 'denied', why: 'forbidden', right: 'list' } as const;
const seen = (resource: Resource): ClusterEvent => ({ type: 'status', at: AT, resource, status: { state: 'live' } });
const refused = (question: 'backups' | 'leases'): ClusterEvent => ({
  type: 'no-answer',
  at: AT,
  question,
  about: '',
  failure: DENIED,
});
const leases = (movedAt: number | null, renewedAgo: number): ClusterEvent => ({
  type: 'answer',
  at: AT,
  question: 'leases',
  answer: [
    { name: 'kube-scheduler', holder: 'm-1_x', renewedAt: AT - renewedAgo, seconds: 15, transitions: 0, movedAt },
  ],
});

const LISTS = (['nodes', 'pods', 'deployments', 'daemonSets', 'statefulSets'] as const).map(seen);
const settled = (...events: readonly ClusterEvent[]): boolean => isSettled(createStore(events).state);

describe('all that makes a verdict has come', () => {
  it.each<[string, readonly ClusterEvent[], boolean]>([
    ['of a cluster without masters and members, once nothing more is to be asked', [...LISTS, refused('backups'), refused('leases')], true], // prettier-ignore
    ['not before the backups', [...LISTS, refused('leases')], false],
    ['not before the lists', [...LISTS.slice(1), refused('backups'), refused('leases')], false],
    ['with Leases that clocks agree on', [...LISTS, refused('backups'), leases(null, 2_000)], true],
    ['not with Leases that may be old by a clock that may be another', [...LISTS, refused('backups'), leases(null, 600_000)], false], // prettier-ignore
    ['with Leases that were seen to move', [...LISTS, refused('backups'), leases(AT - 4_000, 600_000)], true],
    ['with Leases that lapsed', [...LISTS, refused('backups'), leases(AT - 16_000, 600_000)], true],
  ])('%s', (_, events, expected) => expect(settled(...events)).toBe(expected));
});

describe('what does not answer is waited for', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const waited = async (...events: readonly ClusterEvent[]): Promise<number> => {
    const began = Date.now();
    const wait = untilSettled({ flags: {}, signal: new AbortController().signal }, createStore(events), isSettled);
    const ended = wait.then(() => Date.now() - began);
    await vi.runAllTimersAsync();
    return ended;
  };
  const nodesAre = (status: ResourceStatus): ClusterEvent => ({ type: 'status', at: AT, resource: 'nodes', status });

  it.each<[string, readonly ClusterEvent[], number]>([
    ['not, where all has come', [...LISTS, refused('backups'), refused('leases')], 0],
    ['10 s of a server that has the nodes', [nodesAre({ state: 'live' })], 10_000],
    ['10 s of a server that may yet answer', [nodesAre({ state: 'loading', loaded: 0, total: null })], 10_000],
    ['3.5 s of one that cannot be reached', [nodesAre({ state: 'absent', why: 'refused' })], 3_500],
  ])('%s', async (_, events, expected) => expect(await waited(...events)).toBe(expected));

  it('10 s of one that is reached meanwhile', async () => {
    const store = createStore([nodesAre({ state: 'absent', why: 'refused' })]);
    const began = Date.now();
    const wait = untilSettled({ flags: {}, signal: new AbortController().signal }, store, isSettled);
    const ended = wait.then(() => Date.now() - began);
    await vi.advanceTimersByTimeAsync(1_000);
    store.dispatch(nodesAre({ state: 'live' }));
    await vi.runAllTimersAsync();
    expect(await ended).toBe(10_000);
  });
});
