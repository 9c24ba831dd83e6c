import type { EtcdMembers, EtcdStatus } from '../../links/etcd/decode.ts';
import type { EtcdDirectly } from '../../links/etcd/direct.ts';
import { isOfServer, membershipWith, type EtcdReader } from '../../links/etcd/reader.ts';
import type { Clock } from '../../links/kubernetes/clock.ts';
import { LinkFailure } from '../../links/kubernetes/failure.ts';
import type { Unanswered } from '../../model/cluster-event.ts';
import type { EtcdSource } from '../../model/etcd/etcd.ts';
import type { ClusterNode } from '../../model/kubernetes/node.ts';
import { ETCD_BUDGET } from '../etcd-budget.ts';
import type { Store } from '../store.ts';
import { unanswered } from '../unanswered.ts';
import type { EtcdAsk, MemberQuestion, Part } from './etcd-turns.ts';

export type EtcdLinks = {
  readonly etcd: Pick<EtcdReader, 'figures' | 'health' | 'members' | 'status'>;
  readonly directly: EtcdDirectly;
  /** Scheme, host and port of a member for this machine; null where it is not to be reached but through the cluster. */
  readonly addressOf: (node: ClusterNode) => Promise<string | null>;
};

/** How a turn went: whether the API server passed on what was asked (also where it refused), or gave no answer to anything. */
export type Door = 'open' | 'dark' | 'not-tried';

/** Asks about etcd, and tells the store what is answered. Nothing here rejects for what a cluster says. */
export type EtcdAsking = {
  /** Members by the proxy of their pods; who did not answer because the server does not is asked at its own address. */
  readonly members: (asks: readonly EtcdAsk[], nodes: readonly ClusterNode[]) => Promise<Door>;
  /** What etcdctl tells, in the pod of the node named or, where that fails, of another. */
  readonly part: (ask: EtcdAsk, nodes: readonly ClusterNode[]) => Promise<void>;
  /** All members at their own addresses; `why` is told of those that have none for this machine. */
  readonly directly: (nodes: readonly ClusterNode[], why: Unanswered) => Promise<void>;
  /** Whether the server answers again, learnt by asking for one member, of which only an answer is told. */
  readonly isBack: (node: string) => Promise<boolean>;
};

type Asking = EtcdLinks & { readonly store: Store; readonly clock: Clock; readonly signal: AbortSignal };

/** What one ask of a member came to: `silent` is the failure of a server that gave no answer. */
type Outcome = { readonly door: Door; readonly silent: (() => void) | null; readonly why: Unanswered | null };

const QUESTIONS: readonly MemberQuestion[] = ['etcdHealth', 'etcdFigures'];
const NOT_TRIED: Outcome = { door: 'not-tried', silent: null, why: null };
const OPEN: Outcome = { door: 'open', silent: null, why: null };

/** Failures to reach a member, which stand in the way of whatever else it is asked. */
const isOfOnePage = (error: unknown): boolean => error instanceof LinkFailure && error.kind === 'protocol';

export function createEtcdAsking({ etcd, directly, addressOf, store, clock, signal }: Asking): EtcdAsking {
  /** Until when a right that is missing is not asked for again. */
  const closed = { proxy: -Infinity, exec: -Infinity };
  /** Members that did not answer last: others are asked to speak for all. */
  const silent = new Set<string>();
  const parts: { members: EtcdMembers | Unanswered | null; status: EtcdStatus | Unanswered | null } = {
    members: null,
    status: null,
  };
  const running = new Set<Part>();

  const tell = (question: MemberQuestion | 'etcdMembership', about: string, failure: Unanswered) => {
    if (!signal.aborted) store.dispatch({ type: 'no-answer', at: clock.now(), question, about, failure });
  };
  const tellOf = (error: unknown, { node, ask }: MemberAsk, failure: Unanswered) => {
    for (const question of isOfOnePage(error) ? [ask] : QUESTIONS) tell(question, node, failure);
  };

  const answer = async (node: string, question: MemberQuestion, from: From): Promise<void> => {
    if (question === 'etcdFigures') {
      const figures = await from.figures();
      const told = { node, source: from.source, figures };
      if (!signal.aborted) store.dispatch({ type: 'answer', at: clock.now(), question, answer: told });
    } else {
      const health = await from.health();
      const told = { node, source: from.source, health };
      if (!signal.aborted) store.dispatch({ type: 'answer', at: clock.now(), question, answer: told });
    }
  };

  const byProxy = async (asked: MemberAsk): Promise<Outcome> => {
    const { node, ask } = asked;
    if (clock.now() < closed.proxy) return NOT_TRIED;
    const from: From = {
      source: 'pod proxy',
      figures: () => etcd.figures(node, signal),
      health: () => etcd.health(node, signal),
    };
    try {
      await answer(node, ask, from);
      silent.delete(node);
      return OPEN;
    } catch (error) {
      if (signal.aborted) return NOT_TRIED;
      const why = unanswered(error, 'get pods/proxy');
      if (why.kind === 'denied') closed.proxy = clock.now() + ETCD_BUDGET.denied;
      silent.add(node);
      const say = () => tellOf(error, asked, why);
      if (!(error instanceof LinkFailure) || isOfServer(error)) return { door: 'dark', silent: say, why };
      say();
      return OPEN;
    }
  };

  const atAddress = async (node: ClusterNode, why: Unanswered): Promise<void> => {
    const { name } = node;
    const address = await addressOf(node);
    if (address === null) {
      for (const question of QUESTIONS) tell(question, name, why);
      return;
    }
    const from: From = {
      source: 'directly',
      figures: () => directly.figures(name, address, signal),
      health: () => directly.health(name, address, signal),
    };
    await Promise.all(
      QUESTIONS.map(async (question) => {
        try {
          await answer(name, question, from);
        } catch (error) {
          if (!signal.aborted) tell(question, name, unanswered(error, 'none'));
        }
      }),
    );
  };

  const allDirectly = async (nodes: readonly ClusterNode[], why: Unanswered): Promise<void> => {
    tell('etcdMembership', '', why);
    await Promise.all(nodes.map((node) => atAddress(node, why)));
  };

  const members: EtcdAsking['members'] = async (asks, nodes) => {
    const first = await Promise.all(asks.filter(isMemberAsk).map(byProxy));
    const asked = new Set(asks.map(({ node }) => node));
    const others = nodes.filter(({ name }) => !asked.has(name));
    // One member may be frozen: only when none answers, it is the server that does not.
    const inDoubt = doorOf(first) === 'dark';
    const more = inDoubt ? await Promise.all(others.map(({ name }) => byProxy({ node: name, ask: 'etcdHealth' }))) : [];
    const outcomes = [...first, ...more];
    const door = doorOf(outcomes);
    const why = outcomes.find((outcome) => outcome.why !== null)?.why ?? null;
    if (door === 'dark' && why !== null) await allDirectly(nodes, why);
    else for (const outcome of outcomes) outcome.silent?.();
    return door;
  };

  const part: EtcdAsking['part'] = async ({ node, ask }, nodes) => {
    if ((ask !== 'members' && ask !== 'status') || running.has(ask) || clock.now() < closed.exec) return;
    const names = [node, ...nodes.map(({ name }) => name).filter((name) => name !== node)];
    const order = [...names.filter((name) => !silent.has(name)), ...names.filter((name) => silent.has(name))];
    running.add(ask);
    try {
      if (ask === 'members') parts.members = await etcd.members(order, signal);
      else parts.status = await etcd.status(order, signal);
    } catch (error) {
      if (signal.aborted) return;
      const why = unanswered(error, 'create pods/exec');
      if (why.kind === 'denied') closed.exec = clock.now() + ETCD_BUDGET.denied;
      parts[ask] = why;
    } finally {
      running.delete(ask);
    }
    if (!signal.aborted) tellMembership();
  };

  const tellMembership = () => {
    const { members, status } = parts;
    const failure = [members, status].find(isUnanswered);
    if (failure !== undefined) tell('etcdMembership', '', failure);
    if (isUnanswered(members) || isUnanswered(status) || members === null || status === null) return;
    const told = { source: 'etcdctl', membership: membershipWith(members, status) } as const;
    store.dispatch({ type: 'answer', at: clock.now(), question: 'etcdMembership', answer: told });
  };

  return {
    members,
    part,
    directly: allDirectly,
    isBack: async (node) => (await byProxy({ node, ask: 'etcdHealth' })).door === 'open',
  };
}

type MemberAsk = { readonly node: string; readonly ask: MemberQuestion };
type From = {
  readonly source: EtcdSource;
  readonly figures: () => ReturnType<EtcdReader['figures']>;
  readonly health: () => ReturnType<EtcdReader['health']>;
};

const isMemberAsk = (asked: EtcdAsk): asked is MemberAsk => asked.ask === 'etcdFigures' || asked.ask === 'etcdHealth';

const isUnanswered = (part: EtcdMembers | EtcdStatus | Unanswered | null): part is Unanswered =>
  part !== null && 'why' in part;

const doorOf = (outcomes: readonly Outcome[]): Door =>
  outcomes.some(({ door }) => door === 'open')
    ? 'open'
    : outcomes.some(({ door }) => door === 'dark')
      ? 'dark'
      : 'not-tried';
