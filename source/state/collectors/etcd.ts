import type { Clock } from '../../links/kubernetes/clock.ts';
import type { Unanswered } from '../../model/cluster-event.ts';
import type { AttentionOf } from '../attention.ts';
import { ETCD_BUDGET, MOST_MEMBERS } from '../etcd-budget.ts';
import { etcdNodes, hostOf, type EtcdHost } from '../etcd-nodes.ts';
import type { Store } from '../store.ts';
import { createEtcdAsking, type EtcdAsking, type EtcdLinks } from './etcd-asking.ts';
import { attendedTurn, quietTurn, wholeTurn, type EtcdAsk } from './etcd-turns.ts';
import { askByRhythm } from './rhythm.ts';

export type EtcdCollecting = EtcdLinks & {
  readonly store: Store;
  readonly attention: AttentionOf;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/**
 * Keeps asking about etcd until the signal aborts, and resolves then: all there is at first, and from then on by turns
 * (etcd-turns.ts). Until the nodes are listed, which they are not without a quorum, of those known last. While the API
 * server gives no answer the members are asked at their own addresses, and it is asked for one of them in each turn,
 * unless it is known not to answer at all.
 */
export async function collectEtcd(collecting: EtcdCollecting): Promise<void> {
  const { store, attention, clock, signal } = collecting;
  const asking = createEtcdAsking(collecting);
  const turns = { attended: 0, quiet: 0, dark: 0 };
  /** No turn waits for etcdctl, and what nobody foresaw of it ends them all. */
  const unforeseen = Promise.withResolvers<never>();
  let isDark = false;
  let isFirst = true;
  const isAttended = () => attention.current() === 'etcd';

  const next = (nodes: readonly string[]): readonly EtcdAsk[] => {
    if (isFirst) return wholeTurn(nodes);
    return isAttended() ? attendedTurn(nodes, turns.attended++) : quietTurn(nodes, turns.quiet++);
  };

  const turn = async (): Promise<void> => {
    const all = areAwaited(store) ? await asking.lastKnown() : etcdNodes(store.state).map(hostOf);
    const nodes = all.slice(0, MOST_MEMBERS);
    const why = silenceOf(store);
    if (nodes.length === 0) return;
    if (why !== null) await asking.directly(nodes, why);
    else if (isDark) isDark = !(await darkTurn(asking, nodes, turns.dark++));
    else {
      const asks = next(nodes.map(({ name }) => name));
      isFirst = false;
      for (const ask of asks) asking.part(ask, nodes).catch(unforeseen.reject);
      isDark = (await asking.members(asks, nodes)) === 'dark';
    }
  };

  const every = () => {
    const budget = isDark || silenceOf(store) !== null ? ETCD_BUDGET.directly : ETCD_BUDGET;
    return isAttended() ? budget.attended : budget.otherwise;
  };
  const after = () => (isAttended() ? 0 : ETCD_BUDGET.first);
  const rhythm = { store, attention, clock, every };
  const listed = new AbortController();
  const look = () => areKnown(store) && listed.abort();
  const leave = store.subscribe(look);
  look();
  const before = AbortSignal.any([signal, listed.signal]);
  const asked = askByRhythm({ ...rhythm, signal: before, may: () => areAwaited(store) }, turn)
    .finally(leave)
    .then(() => askByRhythm({ ...rhythm, signal, may: () => areKnown(store), after }, turn));
  await Promise.race([asked, unforeseen.promise]);
}

/** Resolves with whether the server answers again. */
async function darkTurn(asking: EtcdAsking, nodes: readonly EtcdHost[], turn: number): Promise<boolean> {
  const probed = nodes[turn % nodes.length]?.name ?? '';
  const [isBack] = await Promise.all([asking.isBack(probed), asking.directly(nodes, DARK)]);
  return isBack;
}

const DARK: Unanswered = {
  kind: 'lost',
  why: 'The API server gives no answer about any member of etcd, and this machine has no other way to them; look at etcd on the machines of the control plane.',
  right: null,
};

/** Why nobody needs to ask the server: whoever follows the nodes finds out when it is back. */
function silenceOf({ state }: Store): Unanswered | null {
  const { status } = state.resources.nodes;
  return status.state === 'stale' ? { kind: 'lost', why: status.why, right: null } : null;
}

/** No list of the nodes has come, whether it still may or failed; where there is no right to it, none will. */
const areAwaited = ({ state }: Store): boolean => ['absent', 'loading'].includes(state.resources.nodes.status.state);

/** The list of nodes has come, whole: it may be old by now. */
const areKnown = ({ state }: Store): boolean => ['live', 'stale'].includes(state.resources.nodes.status.state);
