import type { EtcdFigures, EtcdHealth, EtcdMember, EtcdMembership } from '../../model/etcd/etcd.ts';
import { LinkFailure } from '../../links/kubernetes/failure.ts';
import { explained } from '../../model/etcd/explained-health.ts';
import { ownsAddressOf } from '../../model/etcd/member-node.ts';
import type { ClusterNode } from '../../model/kubernetes/node.ts';
import { list } from '../../text/words.ts';
import type { MemberPlace } from '../operation.ts';
import { isForeseen } from '../refusal.ts';
import type { EtcdReading } from './etcd-link.ts';

/** A member with what it answers now. `figures` null: not told. */
export type Seat = {
  readonly member: EtcdMember;
  /** The node that runs it; null where no node of the role etcd goes with its name or addresses. */
  readonly node: string | null;
  readonly health: EtcdHealth;
  readonly figures: EtcdFigures | null;
};

/** What the members say of themselves and of each other at one moment. */
export type Survey = { readonly membership: EtcdMembership; readonly seats: readonly Seat[] };

/**
 * While an alarm is raised, of which member ever, all say so in place of their health, and take part otherwise (etcd 3.5).
 * Of an alarm that is not known here nobody can say so.
 */
const ALARMED = /^ALARM (NOSPACE|CORRUPT)(, (NOSPACE|CORRUPT))*$/i;

/** Whether a member answers and takes part; one that only tells of an alarm counts where `spared`. */
export const isSound = ({ health, figures }: Seat, spared: boolean): boolean =>
  (health.healthy || (spared && ALARMED.test(health.reason))) && figures?.hasLeader !== false;

/** A member in words: its name, or its id while it has none. */
export const memberWords = ({ name, id }: Pick<EtcdMember, 'id' | 'name'>): string => (name === '' ? id : name);

/** Who is not sound, and why, as in `master-2 (RAFT NO LEADER)`. */
export const unsoundWords = (unsound: readonly Seat[]): string =>
  list(
    unsound.map(({ member, health, figures }) => {
      const why = figures?.hasLeader === false && health.healthy ? 'it has no leader' : health.reason;
      return `${memberWords(member)} (${why === '' ? 'it says it is not healthy' : why})`;
    }),
    4,
  );

/** Which node runs each member. */
export type Seating = (member: EtcdMember) => string | null;

/** The node of a member: the product names members after nodes; else the one that owns its address. */
export const seatingOn =
  (nodes: readonly ClusterNode[]): Seating =>
  (member) =>
    (nodes.find(({ name }) => name === member.name) ?? nodes.find(ownsAddressOf(member)))?.name ?? null;

/** The seating of a plan: a member that was none then has no node. */
export const seatingOf =
  (places: readonly MemberPlace[]): Seating =>
  ({ id }) =>
    places.find(({ member }) => member.id === id)?.node ?? null;

/**
 * Asks all members anew: one of them for the list, each for its health and figures. A member that does not answer is
 * not healthy, with the reason. Rejects as the reader does when no member gives the list, or when a right is missing.
 */
export async function survey(
  nodes: readonly string[],
  seating: Seating,
  reader: EtcdReading,
  signal?: AbortSignal,
): Promise<Survey> {
  const membership = await reader.membership(nodes, signal);
  const seats = await Promise.all(
    membership.members.map(async (member): Promise<Seat> => {
      const node = seating(member);
      if (node === null)
        return { member, node, health: { healthy: false, reason: 'no node is known that runs it' }, figures: null };
      const [health, figures] = await Promise.all([
        answered(reader.health(node, signal)),
        answered(reader.figures(node, signal)),
      ]);
      return seated(
        member,
        node,
        typeof health === 'string' ? { healthy: false, reason: health } : explained(health, membership.alarms),
        typeof figures === 'string' ? null : figures,
      );
    }),
  );
  return { membership, seats };
}

/** What answers on the node of a member may be another one: a member that was replaced stays listed until it is removed. */
function seated(member: EtcdMember, node: string, health: EtcdHealth, figures: EtcdFigures | null): Seat {
  const answering = figures?.id ?? member.id;
  return answering === member.id
    ? { member, node, health, figures }
    : { member, node, health: { healthy: false, reason: `on ${node} runs member ${answering}` }, figures: null };
}

/** What a member measures of itself now; null where it does not tell, or is not there. */
export const figuresOf = ({ seats }: Survey, id: string): EtcdFigures | null =>
  seats.find(({ member }) => member.id === id)?.figures ?? null;

/** The answer, or why there is none. What is forbidden is so for all members, and says nothing of how one is: it rejects. */
async function answered<T>(question: Promise<T>): Promise<T | string> {
  try {
    return await question;
  } catch (error) {
    if (!isForeseen(error) || (error instanceof LinkFailure && error.kind === 'forbidden')) throw error;
    return error.message.replace(/\.$/, '');
  }
}
