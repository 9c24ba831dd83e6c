// Asking about etcd, over members that answer by rules of the test.
import { onTestFinished } from 'vitest';
import type { EtcdStatus } from '../../../source/links/etcd/decode.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import type { EtcdFigures } from '../../../source/model/etcd/etcd.ts';
import { createAttention } from '../../../source/state/attention.ts';
import { collectEtcd } from '../../../source/state/collectors/etcd.ts';
import type { EtcdLinks } from '../../../source/state/collectors/etcd-asking.ts';
import type { SeenMember } from '../../../source/state/collectors/etcd-memory.ts';
import { ETCD_BUDGET } from '../../../source/state/etcd-budget.ts';
import { createStore } from '../../../source/state/store.ts';
import { FakeClock } from '../../links/kubernetes/fake-clock.ts';
import { makeNode } from '../made.ts';

export const FIGURES: EtcdFigures = {
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
export const MEMBERS = {
  cluster: 'c1',
  members: [{ id: 'a1', name: 'node-1', peerUrls: [], clientUrls: [], isLearner: false }],
};

export const lost = new LinkFailure({ kind: 'timeout', message: 'No answer within 3 s.', sent: true });
export const noQuorum = new LinkFailure({ kind: 'timeout', message: 'The server gave up.', status: 504, sent: true });
export const refused = new LinkFailure({ kind: 'unreachable', message: 'Not listening.', status: 503, sent: true });
export const forbidden = new LinkFailure({ kind: 'forbidden', message: 'No right.', status: 403, sent: true });
export const foreign = new LinkFailure({ kind: 'protocol', message: 'That is a web page.', sent: true });

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

export function collecting({ count = 3, addressOf, remembered = [] }: Given = {}) {
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
  const list = () => {
    const items = Array.from({ length: count }, (_, index) => etcdNode(index + 1));
    store.dispatch({ type: 'listed', at: 0, resource: 'nodes', items: [...items, makeNode({ name: 'worker' })] });
    status('live');
  };
  return {
    asked,
    idsSeen,
    kept,
    rules,
    clock,
    store,
    attend: attention.attend,
    status,
    list,
    stop,
    done,
    /** The nodes come, and everything is asked once. */
    begin: async () => {
      list();
      asked.length = 0;
      await clock.advance(attention.current() === 'etcd' ? 0 : ETCD_BUDGET.first);
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
