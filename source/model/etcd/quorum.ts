import type { EtcdHealth } from './etcd.ts';

/** How many of so many voters must agree to anything that is written (Raft: a majority). */
export const majorityOf = (voters: number): number => Math.floor(voters / 2) + 1;

/** How the voters of a cluster stand. Learners are none of them. */
export type Voters = { readonly voters: number; readonly healthy: number };

export const isQuorum = ({ voters, healthy }: Voters): boolean => healthy >= majorityOf(voters);

/** How many healthy voters more may fail before nothing can be written; zero also when nothing can be written now. */
export const canLose = ({ voters, healthy }: Voters): number => Math.max(0, healthy - majorityOf(voters));

/**
 * Whether a member takes part in what the members agree on. One that only raised an alarm does: etcd tells of an alarm
 * in place of its health, and goes on voting (etcd: "Maintenance", "Space quota").
 */
export const takesPart = ({ healthy, reason }: EtcdHealth): boolean => healthy || /^ALARM\b/.test(reason);

/**
 * What one may think of doing to a voter. While it is added, restarted or defragmented it answers nobody: a member that
 * joins counts as a voter from when it is added, and takes part once it has started and caught up.
 */
export type QuorumStep =
  | { readonly act: 'add' }
  | { readonly act: 'remove' | 'restart' | 'defragment'; readonly member: 'healthy' | 'failed' };

/** Whether the others go on without it, and what is said to that. */
export type QuorumAdvice = {
  readonly isSafe: boolean;
  readonly reason: string;
  /** How the voters stand meanwhile. */
  readonly meanwhile: Voters;
};

/** What a step takes from the voters, and from those that take part. */
function during({ voters, healthy }: Voters, step: QuorumStep): Voters {
  if (step.act === 'add') return { voters: voters + 1, healthy };
  const taken = step.member === 'healthy' ? 1 : 0;
  return { voters: step.act === 'remove' ? voters - 1 : voters, healthy: healthy - taken };
}

const ACT_WORDS: Readonly<Record<QuorumStep['act'], string>> = {
  add: 'while the new member starts',
  remove: 'without that member',
  restart: 'while that member restarts',
  defragment: 'while that member is defragmented',
};

const standing = ({ voters, healthy }: Voters): string =>
  `${healthy} of ${voters} take part and ${majorityOf(voters)} are needed`;

/**
 * Whether a step leaves a quorum at every moment, by Raft's arithmetic alone: a change of members must be agreed on by
 * the members before it, and what is written meanwhile by those that are left. Restarting a failed voter takes nothing
 * away, whatever the others are; one that answers nobody cannot be defragmented. Of a member that is not there, such as
 * a failed one where all are healthy, nothing is said: that is an error of the caller.
 */
export function quorumAdvice(now: Voters, step: QuorumStep): QuorumAdvice {
  const meanwhile = during(now, step);
  if (step.act !== 'add') {
    const there = step.member === 'healthy' ? now.healthy : now.voters - now.healthy;
    if (there < 1) throw new RangeError(`There is no ${step.member} voter to ${step.act}.`);
    if (step.member === 'failed' && step.act === 'restart')
      return { isSafe: true, reason: 'It takes no part now, so its restart costs nothing.', meanwhile };
    if (step.member === 'failed' && step.act === 'defragment')
      return { isSafe: false, reason: 'A member that answers nobody cannot be defragmented.', meanwhile };
  }
  if (!isQuorum(now))
    return { isSafe: false, reason: `There is no quorum: ${standing(now)}. Bring a member back first.`, meanwhile };
  if (meanwhile.voters === 0)
    return { isSafe: false, reason: 'It is the only voter: without it there is no etcd.', meanwhile };
  const then = `${standing(meanwhile)} ${ACT_WORDS[step.act]}`;
  if (!isQuorum(meanwhile)) return { isSafe: false, reason: `Nothing could be written: ${then}.`, meanwhile };
  const spare = canLose(meanwhile);
  return { isSafe: true, reason: `${then}, so ${spare === 0 ? 'none' : spare} of them may fail.`, meanwhile };
}
