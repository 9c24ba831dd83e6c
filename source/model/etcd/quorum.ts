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
 * What one may think of doing to a member. While it is added, restarted or defragmented it answers nobody: a member that
 * joins counts as a voter from when it is added, and takes part once it has started and caught up. A learner has no vote:
 * whatever is done to it costs none, until it is promoted.
 */
export type QuorumStep =
  | { readonly act: 'add' }
  | { readonly act: 'add-learner' }
  | { readonly act: 'promote'; readonly member: 'healthy' | 'failed' }
  | { readonly act: 'remove' | 'restart' | 'defragment'; readonly member: 'healthy' | 'failed' | 'learner' };

/** Whether the others go on without it, and what is said to that. */
export type QuorumAdvice = {
  readonly isSafe: boolean;
  readonly reason: string;
  /** How the voters stand meanwhile. */
  readonly meanwhile: Voters;
};

/** What a step takes from the voters and from those that take part, or gives to them. */
function during({ voters, healthy }: Voters, step: QuorumStep): Voters {
  if (step.act === 'add-learner') return { voters, healthy };
  if (step.act === 'add') return { voters: voters + 1, healthy };
  if (step.act === 'promote') return { voters: voters + 1, healthy: step.member === 'healthy' ? healthy + 1 : healthy };
  if (step.member === 'learner') return { voters, healthy };
  const taken = step.member === 'healthy' ? 1 : 0;
  return { voters: step.act === 'remove' ? voters - 1 : voters, healthy: healthy - taken };
}

const ACT_WORDS: Readonly<Record<QuorumStep['act'], string>> = {
  add: 'while the new member starts',
  'add-learner': 'while it learns, without a vote',
  promote: 'once it has a vote',
  remove: 'without that member',
  restart: 'while that member restarts',
  defragment: 'while that member is defragmented',
};

/** What is said of a step whatever the others are; the members that are there are those of the caller. */
function regardless(step: QuorumStep): Pick<QuorumAdvice, 'isSafe' | 'reason'> | null {
  if ((step.act !== 'restart' && step.act !== 'defragment') || step.member === 'healthy') return null;
  if (step.act === 'restart')
    return {
      isSafe: true,
      reason:
        step.member === 'learner'
          ? 'It has no vote, so its restart costs nothing.'
          : 'It takes no part now, so its restart costs nothing.',
    };
  return {
    isSafe: false,
    // etcd: a learner takes no request but for its status and reads of its own.
    reason:
      step.member === 'learner'
        ? 'A learner takes no command but for its status; promote it first.'
        : 'A member that answers nobody cannot be defragmented.',
  };
}

const standing = ({ voters, healthy }: Voters): string =>
  `${healthy} of ${voters} take part and ${majorityOf(voters)} are needed`;

/** What it means for what comes then that so many vote. */
function afterwards({ voters }: Voters, { act }: QuorumStep): string {
  if (act === 'restart' || act === 'defragment' || act === 'add-learner') return '';
  if (voters === 1) return ' A single member is left: the cluster stops with it.';
  return voters % 2 === 1 ? '' : ` ${voters} members stand no more losses than ${voters - 1}: have an odd number.`;
}

function checkThere(now: Voters, step: QuorumStep): void {
  if (!('member' in step) || step.act === 'promote' || step.member === 'learner') return;
  const there = step.member === 'healthy' ? now.healthy : now.voters - now.healthy;
  if (there < 1) throw new RangeError(`There is no ${step.member} voter to ${step.act}.`);
}

/**
 * Whether a step leaves a quorum at every moment, by Raft's arithmetic alone: a change of members must be agreed on by
 * the members before it, and what is written meanwhile by those that are left. Restarting a failed voter takes nothing
 * away, whatever the others are; one that answers nobody cannot be defragmented. Of a member that is not there, such as
 * a failed one where all are healthy, nothing is said: that is an error of the caller.
 */
export function quorumAdvice(now: Voters, step: QuorumStep): QuorumAdvice {
  checkThere(now, step);
  const meanwhile = during(now, step);
  const always = regardless(step);
  if (always !== null) return { ...always, meanwhile };
  if (!isQuorum(now))
    return { isSafe: false, reason: `There is no quorum: ${standing(now)}. Bring a member back first.`, meanwhile };
  if (meanwhile.voters === 0)
    return { isSafe: false, reason: 'It is the only voter: without it there is no etcd.', meanwhile };
  const then = `${standing(meanwhile)} ${ACT_WORDS[step.act]}`;
  if (!isQuorum(meanwhile)) return { isSafe: false, reason: `Nothing could be written: ${then}.`, meanwhile };
  const spare = canLose(meanwhile);
  const most = `so ${spare === 0 ? 'none' : spare} of them may fail.`;
  return { isSafe: true, reason: `${then}, ${most}${afterwards(meanwhile, step)}`, meanwhile };
}
