import type { EtcdAlarm, EtcdFigures, EtcdHealth, EtcdMembership } from '../../model/etcd/etcd.ts';
import type { ClusterNode } from '../../model/kubernetes/node.ts';
import { roleLabel } from '../../product/roles.ts';
import type { Clock } from '../kubernetes/clock.ts';
import type { Connection } from '../kubernetes/connection.ts';
import { decodeNode } from '../kubernetes/decode.ts';
import { LinkFailure, protocolFailure } from '../kubernetes/failure.ts';
import { asObject } from '../kubernetes/fields.ts';
import { about, READS, readsOnly, type Read } from '../kubernetes/reads.ts';
import { within } from '../kubernetes/time-limit.ts';
import { decodeMembers, decodeStatuses, membershipOf, type EtcdMembers, type EtcdStatus } from './decode.ts';
import { ETCD_READS, etcdPod } from './etcdctl.ts';
import { idOfDecimal } from './ids.ts';
import { readFigures, readHealth, whoseOf, type Decode } from './pages.ts';
import { runEtcdctl } from './run-etcdctl.ts';

/**
 * What is read of etcd through the API server: of a member by the proxy of its pod, of all by etcdctl in the pod of one
 * of `nodes`, tried in their order. Rejects with a LinkFailure, with a ConfigurationError when the credentials cannot be
 * had, or with the signal's reason.
 */
export type EtcdReader = {
  /**
   * The nodes that carry the role of etcd as the API server last saw them: it has them at hand without asking etcd, and
   * so also without a quorum. They may be old.
   */
  readonly nodesAtHand: (signal?: AbortSignal) => Promise<readonly ClusterNode[]>;
  readonly figures: (node: string, signal?: AbortSignal) => Promise<EtcdFigures>;
  /** Also of a member that says it is not healthy. */
  readonly health: (node: string, signal?: AbortSignal) => Promise<EtcdHealth>;
  readonly members: (nodes: readonly string[], signal?: AbortSignal) => Promise<EtcdMembers>;
  /** How the member stands that answers, with the alarms of all. */
  readonly status: (nodes: readonly string[], signal?: AbortSignal) => Promise<EtcdStatus>;
  /** Both, as one. */
  readonly membership: (nodes: readonly string[], signal?: AbortSignal) => Promise<EtcdMembership>;
  /** Revision of the store, a decimal int64. */
  readonly revision: (nodes: readonly string[], signal?: AbortSignal) => Promise<string>;
};

/** ms in which a member answers, or counts as one that does not. */
export const LONGEST_ANSWER = 3_000;

/** ms for etcdctl in one pod; it gives up by itself later, and another pod may answer at once. */
const LONGEST_COMMAND = 3_000;

/** Pods in which etcdctl is tried, one after the other. */
const MOST_PODS = 3;

export function createEtcdReader(
  way: Pick<Connection, 'request' | 'json' | 'exec' | 'access'>,
  clock: Clock,
): EtcdReader {
  const connection = readsOnly(way);
  const { server } = connection.access;

  const ask = async <T>(read: Read, node: string, decode: Decode<T>, signal?: AbortSignal): Promise<T> => {
    const { what, method, path } = about(read, node);
    const asked = { what, server };
    const limit = { clock, milliseconds: LONGEST_ANSWER, signal, late: () => noAnswer(node, server) };
    try {
      return await within(limit, async (signal) => {
        const answer = await connection.request({ what, method, path, accept: '*/*', answers: [503], signal });
        return decode(answer, asked, node);
      });
    } catch (error) {
      throw error instanceof LinkFailure ? ofMember(error, node) : error;
    }
  };

  /** What the first of the nodes answers; when none does, why the first did not. */
  const inAnyPod = async <T>(nodes: readonly string[], ask: (node: string) => Promise<T>, what: string): Promise<T> => {
    const failures: LinkFailure[] = [];
    for (const node of nodes.slice(0, MOST_PODS))
      try {
        return await ask(node);
      } catch (error) {
        if (!(error instanceof LinkFailure)) throw error;
        failures.push(error);
        if (isOfAll(error)) break;
      }
    throw failures[0] ?? protocolFailure({ what, server }, 'no node is known that runs etcd');
  };

  const command = async <T>(
    name: keyof typeof ETCD_READS,
    nodes: readonly string[],
    decode: (text: string, whose: string) => T,
    signal?: AbortSignal,
  ): Promise<T> => {
    const read = READ_WORDS[name];
    return inAnyPod(
      nodes,
      async (node) => {
        const how = { what: `${read} on ${node}`, node, command: ETCD_READS[name], timeout: LONGEST_COMMAND, signal };
        return decode(await runEtcdctl(connection, how), `etcdctl on ${node}`);
      },
      read,
    );
  };

  const nodesAtHand = async (signal?: AbortSignal): Promise<readonly ClusterNode[]> => {
    const { what } = READS.nodes;
    const late = () =>
      new LinkFailure({ kind: 'timeout', message: `Cannot ${what}: no answer from ${server}.`, sent: true });
    const answer = await within({ clock, milliseconds: LONGEST_ANSWER, signal, late }, (signal) =>
      connection.json({ ...READS.nodes, query: AT_HAND, signal }),
    );
    const items = asObject(answer)?.['items'];
    if (!Array.isArray(items)) throw protocolFailure({ what, server }, 'the answer is not what Kubernetes sends');
    return items.map(decodeNode).filter((node) => node !== null);
  };

  const members = (nodes: readonly string[], signal?: AbortSignal) => command('members', nodes, decodeMembers, signal);
  const status = (nodes: readonly string[], signal?: AbortSignal) => command('status', nodes, firstStatus, signal);

  return {
    nodesAtHand,
    figures: (node, signal) => ask(READS.etcdFigures, node, readFigures, signal),
    health: (node, signal) => ask(READS.etcdHealth, node, readHealth, signal),
    members,
    status,
    membership: async (nodes, signal) =>
      membershipWith(...(await Promise.all([members(nodes, signal), status(nodes, signal)]))),
    revision: async (nodes, signal) => {
      const { revision } = await status(nodes, signal);
      if (revision === null) throw protocolFailure({ what: READ_WORDS.status, server }, 'etcdctl tells no revision');
      return revision;
    },
  };
}

/** Of any age: from the cache of the server (Kubernetes: "resource versions"). */
const AT_HAND = { resourceVersion: '0', labelSelector: roleLabel('etcd') };

const READ_WORDS: Readonly<Record<keyof typeof ETCD_READS, string>> = {
  members: 'list the members of etcd',
  status: 'read the status of etcd',
};

function firstStatus(text: string, whose: string): EtcdStatus {
  const [status] = decodeStatuses(text, whose);
  if (status === undefined)
    throw new LinkFailure({ kind: 'protocol', message: `What ${whose} answered tells of no member.`, sent: true });
  return status;
}

/** The members with who leads them, and the alarms, as the member says that told its status. */
export const membershipWith = (members: EtcdMembers, status: EtcdStatus): EtcdMembership =>
  membershipOf(members, [status], alarmsIn(status.errors));

/**
 * etcd writes an alarm among the errors of a status by the text of its message: `memberID:1234 alarm:NOSPACE `. Zero is left
 * out of it, and stands for a member that is not known: a check for corruption that cannot say whose data are wrong
 * (etcd since 3.5.7). How many spaces such a text has is left open (protobuf).
 */
const ALARM = /^(?:memberID:\s*(\d+)\s+)?alarm:\s*(\w+)\s*$/;

function alarmsIn(errors: readonly string[]): readonly EtcdAlarm[] {
  const alarms = errors.flatMap((error) => {
    const [, id = '0', kind = 'NONE'] = ALARM.exec(error) ?? [];
    const member = idOfDecimal(id);
    return kind === 'NONE' ? [] : [{ member: member === '0' ? null : member, kind }];
  });
  return [...new Map(alarms.map((alarm) => [`${alarm.member ?? ''} ${alarm.kind}`, alarm])).values()];
}

/**
 * Whether a failure is of the API server and not of a member: nobody answers, or the server has no answer itself,
 * because it starts or its own requests to etcd find none (504, and its words for errors of etcd).
 */
export function isOfServer({ kind, status, detail }: LinkFailure): boolean {
  // Without a status, words are those of etcdctl.
  if (status === null) return kind !== 'protocol' && detail === null;
  return kind === 'starting' || status === 502 || status === 504 || OF_ETCD.test(detail ?? '');
}

/** What the server refuses or cannot answer for one pod, it does for all; only silence may be of a kubelet. */
const isOfAll = (failure: LinkFailure): boolean =>
  failure.kind === 'forbidden' || (isOfServer(failure) && (failure.kind !== 'timeout' || failure.status !== null));

const OF_ETCD = /\betcdserver: |request did not complete|leader changed/;

const noAnswer = (node: string, server: string) =>
  new LinkFailure({
    kind: 'timeout',
    message: `${whoseOf(node)} gave no answer within ${LONGEST_ANSWER / 1_000} s through ${server}; look at the pod ${etcdPod(node)}, or at the API server if no member answers.`,
    sent: true,
  });

/** The server reached no listener at the pod's address (Kubernetes: the words of its proxy). */
const NOT_REACHED = /^error trying to reach service: (.+)$/s;

/** What is the member's own, told as such. */
function ofMember(failure: LinkFailure, node: string): LinkFailure {
  const cause = NOT_REACHED.exec(failure.detail ?? '')?.[1];
  if (cause !== undefined)
    return failure.reworded(
      `${whoseOf(node)} does not answer (${cause}); look at the pod ${etcdPod(node)} and its node.`,
      'unreachable',
    );
  if (failure.kind === 'not-found' && failure.detail?.includes(`"${etcdPod(node)}`) === true)
    return failure.reworded(
      `No etcd runs on ${node}: there is no pod ${etcdPod(node)}; deploy the node, or look at its kubelet.`,
    );
  return failure;
}
