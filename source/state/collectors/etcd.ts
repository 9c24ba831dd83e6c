import { pause, type Clock } from '../../links/kubernetes/clock.ts';
import type { Unanswered } from '../../model/cluster-event.ts';
import type { AttentionOf } from '../attention.ts';
import { ETCD_BUDGET, MOST_MEMBERS } from '../etcd-budget.ts';
import { etcdNodes } from '../etcd-nodes.ts';
import type { Store } from '../store.ts';
import { createEtcdAsking, type EtcdAsking, type EtcdLinks } from './etcd-asking.ts';
import { attendedTurn, quietTurn, wholeTurn, type EtcdAsk } from './etcd-turns.ts';

export type EtcdCollecting = EtcdLinks & {
  readonly store: Store;
  readonly attention: AttentionOf;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/**
 * Keeps asking about etcd until the signal aborts, and resolves then: all there is when the nodes are known, and from
 * then on by turns (etcd-turns.ts). While the API server gives no answer the members are asked at their own addresses,
 * and it is asked for one of them in each turn, unless it is known not to answer at all.
 */
export async function collectEtcd(collecting: EtcdCollecting): Promise<void> {
  const { store, clock, signal } = collecting;
  const asking = createEtcdAsking(collecting);
  const turns = { attended: 0, quiet: 0, dark: 0 };
  let isDark = false;
  let isFirst = true;
  await untilNodesAreKnown(store, signal);
  while (!signal.aborted) {
    const began = clock.now();
    const nodes = membersOf(store);
    const why = silenceOf(store);
    if (nodes.length > 0) {
      if (why !== null) await asking.directly(nodes, why);
      else if (isDark) isDark = !(await darkTurn(asking, nodes, (turns.dark += 1)));
      else {
        const names = nodes.map(({ name }) => name);
        const asks = isFirst
          ? wholeTurn(names)
          : isAttended(collecting)
            ? attendedTurn(names, turns.attended++)
            : [quietTurn(names, turns.quiet++)].filter((ask) => ask !== null);
        isFirst = false;
        for (const ask of asks) void asking.part(ask, nodes);
        isDark = asks.some(isOfMember) && (await asking.members(asks, nodes)) === 'dark';
      }
    }
    await untilDue(collecting, began, () => isDark || silenceOf(store) !== null);
  }
}

/** Resolves with whether the server answers again. */
async function darkTurn(asking: EtcdAsking, nodes: ReturnType<typeof membersOf>, turn: number): Promise<boolean> {
  const probed = nodes[turn % nodes.length]?.name ?? '';
  const [isBack] = await Promise.all([asking.isBack(probed), asking.directly(nodes, DARK)]);
  return isBack;
}

const DARK: Unanswered = {
  kind: 'lost',
  why: 'The API server gives no answer about any member of etcd, and this machine has no other way to them; look at etcd on the machines of the control plane.',
  right: null,
};

const isOfMember = ({ ask }: EtcdAsk): boolean => ask === 'etcdFigures' || ask === 'etcdHealth';

const membersOf = (store: Store) => etcdNodes(store.state).slice(0, MOST_MEMBERS);

const isAttended = ({ attention }: EtcdCollecting): boolean => attention.current() === 'etcd';

/** Why nobody needs to ask the server: whoever follows the nodes finds out when it is back. */
function silenceOf({ state }: Store): Unanswered | null {
  const { status } = state.resources.nodes;
  return status.state === 'stale' ? { kind: 'lost', why: status.why, right: null } : null;
}

/** The list of nodes has come, whole: it may be old by now. */
const areKnown = ({ state }: Store): boolean => ['live', 'stale'].includes(state.resources.nodes.status.state);

function untilNodesAreKnown(store: Store, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!signal.aborted && !areKnown(store)) return;
      leave();
      signal.removeEventListener('abort', look);
      resolve();
    };
    const leave = store.subscribe(look);
    signal.addEventListener('abort', look);
    look();
  });
}

/** Until the next turn is due, which may be sooner once somebody looks. */
async function untilDue(collecting: EtcdCollecting, began: number, isDark: () => boolean): Promise<void> {
  const { attention, clock, signal } = collecting;
  for (;;) {
    const budget = isDark() ? ETCD_BUDGET.directly : ETCD_BUDGET;
    const wait = began + (isAttended(collecting) ? budget.attended : budget.otherwise) - clock.now();
    if (wait <= 0 || signal.aborted) return;
    const changed = new AbortController();
    const end = () => changed.abort();
    const leave = attention.subscribe(end);
    signal.addEventListener('abort', end);
    await pause(clock, wait, changed.signal);
    signal.removeEventListener('abort', end);
    leave();
  }
}
