import type { EtcdMembers, EtcdStatus } from '../../links/etcd/decode.ts';
import type { EtcdDirectly } from '../../links/etcd/direct.ts';
import { isOfServer, membershipWith, type EtcdReader } from '../../links/etcd/reader.ts';
import type { Clock } from '../../links/kubernetes/clock.ts';
import { LinkFailure } from '../../links/kubernetes/failure.ts';
import type { Unanswered } from '../../model/cluster-event.ts';
import type { EtcdSource } from '../../model/etcd/etcd.ts';
import type { ClusterState } from '../cluster-state.ts';
import { ETCD_BUDGET } from '../etcd-budget.ts';
import { hostOf, type EtcdHost } from '../etcd-nodes.ts';
import type { Store } from '../store.ts';
import { unanswered } from '../unanswered.ts';
import { createDoubts } from './etcd-doubts.ts';
import { seenMembers, type EtcdMemory, type SeenMember } from './etcd-memory.ts';
import type { EtcdAsk, MemberQuestion, Part } from './etcd-turns.ts';

export type EtcdLinks = {
  readonly etcd: Pick<EtcdReader, 'figures' | 'health' | 'members' | 'status' | 'nodesAtHand'>;
  readonly directly: EtcdDirectly;
  /** Scheme, host and port of a member for this machine; null where it is not to be reached but through the cluster. */
  readonly addressOf: (host: EtcdHost) => Promise<string | null>;
  readonly memory: EtcdMemory;
};

/** How a turn went: whether the API server passed on what was asked (also where it refused), or gave no answer to anything. */
export type Door = 'open' | 'dark' | 'not-tried';

/** Asks about etcd, and tells the store what is answered. Nothing here rejects for what a cluster says. */
export type EtcdAsking = {
  /**
   * The nodes of etcd for when the server does not list them: those remembered, else those that it has at hand; none where
   * it does not answer.
   */
  readonly lastKnown: () => Promise<readonly EtcdHost[]>;
  /** Members by the proxy of their pods; of whom the server gave no answer is asked at its own address. */
  readonly members: (asks: readonly EtcdAsk[], nodes: readonly EtcdHost[]) => Promise<Door>;
  /** What etcdctl tells, in the pod of the node named or, where that fails, of another. */
  readonly part: (ask: EtcdAsk, nodes: readonly EtcdHost[]) => Promise<void>;
  /** All members at their own addresses; `why` is told of those that have none for this machine. */
  readonly directly: (nodes: readonly EtcdHost[], why: Unanswered) => Promise<void>;
  /** Whether the server answers again, learnt by asking for one member, of which only an answer is told. */
  readonly isBack: (node: string) => Promise<boolean>;
};

type Asking = EtcdLinks & { readonly store: Store; readonly clock: Clock; readonly signal: AbortSignal };

/** What one ask of a member came to: `silence` is why the server gave no answer. */
type Outcome = MemberAsk & { readonly door: Door; readonly silence: Unanswered | null };

/** What a member did not answer at its own address. */
type Silence = { readonly question: MemberQuestion; readonly failure: Unanswered };

const QUESTIONS: readonly MemberQuestion[] = ['etcdHealth', 'etcdFigures'];

/** Failures to reach a member, which stand in the way of whatever else it is asked. */
const isOfOnePage = (error: unknown): boolean => error instanceof LinkFailure && error.kind === 'protocol';

export function createEtcdAsking({ etcd, directly, addressOf, memory, store, clock, signal }: Asking): EtcdAsking {
  /** Until when a right that is missing is not asked for again. */
  const closed = { proxy: -Infinity, exec: -Infinity };
  /** Members that did not answer last: others are asked to speak for all. */
  const silent = new Set<string>();
  const parts: { members: EtcdMembers | Unanswered | null; status: EtcdStatus | Unanswered | null } = {
    members: null,
    status: null,
  };
  const running = new Set<Part>();
  const remembered = memory.recall();

  const tell = (question: MemberQuestion | 'etcdMembership', about: string, failure: Unanswered) => {
    if (!signal.aborted) store.dispatch({ type: 'no-answer', at: clock.now(), question, about, failure });
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
    if (clock.now() < closed.proxy) return { ...asked, door: 'not-tried', silence: null };
    const from: From = {
      source: 'pod proxy',
      figures: () => etcd.figures(node, signal),
      health: () => etcd.health(node, signal),
    };
    try {
      await answer(node, ask, from);
      silent.delete(node);
      return { ...asked, door: 'open', silence: null };
    } catch (error) {
      if (signal.aborted) return { ...asked, door: 'not-tried', silence: null };
      const why = unanswered(error, 'get pods/proxy');
      if (why.kind === 'denied') closed.proxy = clock.now() + ETCD_BUDGET.denied;
      silent.add(node);
      if (!(error instanceof LinkFailure) || isOfServer(error)) return { ...asked, door: 'dark', silence: why };
      for (const question of isOfOnePage(error) ? [ask] : QUESTIONS) tell(question, node, why);
      return { ...asked, door: 'open', silence: null };
    }
  };

  /** What a member did not answer at its own address, and why. Its health is that of whoever told its figures. */
  const atAddress = async ({ name }: EtcdHost, address: string): Promise<readonly Silence[]> => {
    const from: From = {
      source: 'directly',
      figures: () => directly.figures(name, address, idsSeen(store.state, remembered), signal),
      health: () => directly.health(name, address, signal),
    };
    const silenceOf = (questions: readonly MemberQuestion[]) => (error: unknown) => {
      if (signal.aborted) return [];
      const failure = unanswered(error, 'none');
      return questions.map((question): Silence => ({ question, failure }));
    };
    const none = (): readonly Silence[] => [];
    const untold = await answer(name, 'etcdFigures', from).then(none, silenceOf(QUESTIONS));
    return untold.length > 0 || signal.aborted
      ? untold
      : answer(name, 'etcdHealth', from).then(none, silenceOf(['etcdHealth']));
  };

  const tellBoth = (node: string, failure: Unanswered) => {
    for (const question of QUESTIONS) tell(question, node, failure);
  };

  const allDirectly = async (nodes: readonly EtcdHost[], why: Unanswered): Promise<void> => {
    doubts.clear();
    tell('etcdMembership', '', why);
    await Promise.all(
      nodes.map(async (node) => {
        const address = await addressOf(node);
        if (address === null) tellBoth(node.name, why);
        else for (const { question, failure } of await atAddress(node, address)) tell(question, node.name, failure);
      }),
    );
  };

  const doubts = createDoubts(
    async (node) => {
      const address = await addressOf(node);
      return address === null ? null : (await atAddress(node, address)).length === 0;
    },
    clock,
    signal,
  );

  /** Asks by the proxy, and whoever is in doubt at its own address in its turn. */
  const asked = async (asks: readonly MemberAsk[], nodes: readonly EtcdHost[]): Promise<readonly Outcome[]> => {
    const direct = nodes.filter(({ name }) => doubts.isDirectNext(name) && asks.some(({ node }) => node === name));
    const byProxies = asks.filter(({ node }) => !direct.some(({ name }) => name === node));
    const [outcomes] = await Promise.all([Promise.all(byProxies.map(byProxy)), ...direct.map(doubts.ask)]);
    return outcomes;
  };

  const members: EtcdAsking['members'] = async (asks, nodes) => {
    const first = await asked(asks.filter(isMemberAsk), nodes);
    const others = nodes.filter(({ name }) => !asks.some(({ node }) => node === name));
    // One member may be frozen: only when none answers, it is the server that does not.
    const isInDoubt = doorOf(first) === 'dark';
    const more = isInDoubt
      ? await Promise.all(others.map(({ name }) => byProxy({ node: name, ask: 'etcdHealth' })))
      : [];
    const outcomes = [...first, ...more];
    const door = doorOf(outcomes);
    const why = outcomes.find(({ silence }) => silence !== null)?.silence ?? null;
    if (door === 'dark' && why !== null) {
      await allDirectly(nodes, why);
      return door;
    }
    await Promise.all(
      nodes.map(async (node) => {
        const own = outcomes.filter((outcome) => outcome.node === node.name);
        const silences = own.filter(({ silence }) => silence !== null);
        if (own.length > 0 && silences.length === 0) doubts.settle(node.name);
        if (silences.length > 0) await doubts.raise(node, () => tellSilence(node.name, own));
      }),
    );
    return door;
  };

  /** What found no answer; of a member that answered nothing, everything. */
  const tellSilence = (node: string, outcomes: readonly Outcome[]) => {
    const answersNothing = outcomes.every(({ silence }) => silence !== null);
    for (const { ask, silence } of outcomes)
      if (silence !== null) for (const question of answersNothing ? QUESTIONS : [ask]) tell(question, node, silence);
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
    memory.keep(seenMembers(store.state));
  };

  const lastKnown = async (): Promise<readonly EtcdHost[]> => {
    if (remembered.length > 0) return remembered;
    try {
      return (await etcd.nodesAtHand(signal)).map(hostOf);
    } catch (error) {
      // Why it does not answer stands with the nodes, which it is asked for all the time.
      if (!signal.aborted) unanswered(error, 'list nodes');
      return [];
    }
  };

  return {
    lastKnown,
    members,
    part,
    directly: allDirectly,
    isBack: async (node) => (await byProxy({ node, ask: 'etcdHealth' })).door === 'open',
  };
}

/** The ids of the members seen through the API server so far, else before, which only members of this etcd have. */
function idsSeen({ asked }: ClusterState, remembered: readonly SeenMember[]): ReadonlySet<string> {
  const listed = asked.etcdMembership.get('')?.answer?.value.membership.members ?? [];
  const told = [...asked.etcdFigures.values()].flatMap(({ answer }) =>
    answer === null || answer.value.source === 'directly' ? [] : (answer.value.figures.id ?? []),
  );
  const seen = [...listed.map(({ id }) => id), ...told];
  return new Set(seen.length > 0 ? seen : remembered.map(({ id }) => id));
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
