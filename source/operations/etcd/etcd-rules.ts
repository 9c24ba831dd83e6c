import {
  canLose,
  isQuorum,
  majorityOf,
  quorumAdvice,
  takesPart,
  type QuorumAdvice,
  type Voters,
} from '../../model/etcd/quorum.ts';
import { bytesWords } from '../../text/amounts.ts';
import { list, plural } from '../../text/words.ts';
import type { Effect, EtcdRequest } from '../operation.ts';
import { alarmed, corruption } from './alarms.ts';
import { isSound, memberWords, unsoundWords, type Seat, type Survey } from './survey.ts';

/** What must hold before anything is sent. Both give sentences; `refuses` null when it holds. */
export type Rule = {
  readonly name: string;
  readonly refuses: (survey: Survey) => string | null;
  readonly passed: (survey: Survey) => string;
};

export const isLeader = ({ membership }: Survey, { member, figures }: Seat): boolean =>
  membership.leader === null ? figures?.isLeader === true : membership.leader === member.id;

/** How the voters stand. One that is only out of space still votes. */
export function votersOf({ seats }: Survey): Voters {
  const voters = seats.filter(({ member }) => !member.isLearner);
  const healthy = voters.filter(({ health, figures }) => takesPart(health) && figures?.hasLeader !== false);
  return { voters: voters.length, healthy: healthy.length };
}

/** What it means for the quorum that a healthy member answers nobody for a while; null where none is healthy. */
const adviceOf = (survey: Survey): QuorumAdvice | null => {
  const now = votersOf(survey);
  return now.healthy === 0 ? null : quorumAdvice(now, { act: 'defragment', member: 'healthy' });
};

/** Whether the others go on while one member answers nobody. */
export const keepsQuorum = (survey: Survey): boolean => adviceOf(survey)?.isSafe === true;

/** What it means that one member after the other answers nobody. */
export function meanwhile(survey: Survey): readonly Effect[] {
  const advice = adviceOf(survey);
  if (advice === null) return [];
  const isNote = advice.isSafe && canLose(advice.meanwhile) > 0;
  return [
    {
      severity: isNote ? 'note' : 'warning',
      sentence: `One member after the other answers nobody for a while. ${advice.reason}`,
    },
  ];
}

/** How much the files of those that are chosen give back, and where it is nothing. */
export function freedEffects(chosen: readonly Seat[]): readonly Effect[] {
  const free = chosen.flatMap(({ member, figures }) => {
    const { dbSize = null, dbSizeInUse = null } = figures ?? {};
    return member.isLearner || dbSize === null || dbSizeInUse === null
      ? []
      : [{ name: memberWords(member), bytes: dbSize - dbSizeInUse }];
  });
  const most = Math.max(0, ...free.map(({ bytes }) => bytes));
  const without = free.filter(({ bytes }) => bytes <= 0).map(({ name }) => name);
  const gain: Effect = { severity: 'note', sentence: `A file has up to ${bytesWords(most)} free inside to give back.` };
  const none: Effect = {
    severity: 'warning',
    sentence: `Nothing is gained on ${list(without, 4)}: nothing is free inside the file to give back.`,
  };
  return [...(most > 0 ? [gain] : []), ...(without.length > 0 ? [none] : [])];
}

/** From this part of the quota on, what stays in use is told to be much. */
const MUCH = 0.8;

/** Members whose space in use leaves little of the quota even with a file that has no free pages. */
export function quotaEffects({ seats }: Survey): readonly Effect[] {
  const full = seats.flatMap(({ member, figures }) => {
    const { dbSizeInUse = null, quota = null } = figures ?? {};
    return dbSizeInUse !== null && quota !== null && quota > 0 && dbSizeInUse > quota * MUCH
      ? [`${memberWords(member)} (${bytesWords(dbSizeInUse)} of ${bytesWords(quota)})`]
      : [];
  });
  if (full.length === 0) return [];
  return [
    {
      severity: 'warning',
      sentence:
        `Much of the quota is in use on ${list(full, 4)}: where that is not old history, the alarm is raised again ` +
        'until objects are deleted or the quota is made larger.',
    },
  ];
}

const learnersOf = (seats: readonly Seat[]): readonly string[] =>
  seats.filter(({ member }) => member.isLearner).map(({ member }) => memberWords(member));

/** Learners that are left as they are. */
export function learnerEffects(seats: readonly Seat[]): readonly Effect[] {
  const learners = learnersOf(seats);
  if (learners.length === 0 || learners.length === seats.length) return [];
  const sentence = `Left as they are, since learners take no command but for their status: ${list(learners, 4)}.`;
  return [{ severity: 'note', sentence }];
}

const healthy = (spared: boolean): Rule => ({
  name: 'members-healthy',
  refuses(survey) {
    const unsound = survey.seats.filter((seat) => !isSound(seat, spared));
    if (unsound.length === 0) return null;
    const { voters, healthy: sound } = votersOf(survey);
    return (
      `Every member has to be healthy, and not all are: ${unsoundWords(unsound)}. ` +
      `${sound} of ${voters} take part and ${majorityOf(voters)} are needed; bring them back first.`
    );
  },
  passed(survey) {
    const { voters } = votersOf(survey);
    const isAlarmed = survey.seats.some(({ health }) => !health.healthy);
    return `All members ${isAlarmed ? 'take part, though an alarm is raised' : 'are healthy'}: ${voters} vote and ${majorityOf(voters)} are needed.`;
  },
});

const placed: Rule = {
  name: 'members-known',
  refuses({ seats }) {
    if (seats.length === 0) return 'etcd lists no members.';
    const lost = seats.filter(({ node }) => node === null).map(({ member }) => memberWords(member));
    return lost.length === 0
      ? null
      : `No node is known that runs ${list(lost, 4)}: start it, or remove it from the list of members.`;
  },
  passed: ({ seats }) => `The nodes of all ${plural(seats.length, 'member')} are known.`,
};

const led: Rule = {
  name: 'leader-known',
  refuses: (survey) =>
    survey.seats.some((seat) => isLeader(survey, seat)) ? null : 'etcd has no leader now, so nothing can be written.',
  passed: (survey) => {
    const leader = survey.seats.find((seat) => isLeader(survey, seat));
    return `The leader is ${leader === undefined ? 'known' : memberWords(leader.member)}.`;
  },
};

const notCorrupt: Rule = {
  name: 'no-corruption',
  refuses: corruption,
  passed: () => 'No member has the alarm CORRUPT.',
};

const hasSpace: Rule = {
  name: 'no-alarm',
  refuses(survey) {
    const full = alarmed(survey, 'NOSPACE');
    return full.length === 0
      ? null
      : `${list(full, 4)} raised the alarm NOSPACE: disarm it instead, which compacts, defragments and disarms in that order.`;
  },
  passed: () => 'No member has the alarm NOSPACE.',
};

const standing = ({ voters, healthy: sound }: Voters): string =>
  `${sound} of ${voters} members take part and ${majorityOf(voters)} are needed.`;

const quorate: Rule = {
  name: 'quorum',
  refuses: (survey) => (isQuorum(votersOf(survey)) ? null : `There is no quorum: ${standing(votersOf(survey))}`),
  passed: (survey) => standing(votersOf(survey)),
};

const successor = (to: Seat | null): Rule => ({
  name: 'successor-healthy',
  refuses() {
    if (to === null) return 'No other member is healthy and votes, so there is none to lead.';
    if (to.member.isLearner) return `${memberWords(to.member)} is a learner, which cannot lead.`;
    return isSound(to, true) ? null : `The new leader has to be healthy, and this is not: ${unsoundWords([to])}.`;
  },
  passed: () => (to === null ? '' : `${memberWords(to.member)} is healthy and votes.`),
});

/** Where all that are chosen are learners, nothing is left to do. */
function votes(chosen: readonly Seat[]): readonly Rule[] {
  const learners = learnersOf(chosen);
  if (learners.length === 0 || learners.length < chosen.length) return [];
  const words = learners.length === 1 ? 'is a learner, which takes' : 'are learners, which take';
  const sentence = `${list(learners, 4)} ${words} no command but for the status: promote first.`;
  return [{ name: 'member-votes', refuses: () => sentence, passed: () => '' }];
}

/** The guards of each operation. */
export const RULES = {
  defragment: (chosen: readonly Seat[]): readonly Rule[] => [
    placed,
    led,
    notCorrupt,
    hasSpace,
    healthy(false),
    ...votes(chosen),
  ],
  disarm: [placed, led, notCorrupt, healthy(true)],
  'move-leader': (to: Seat | null): readonly Rule[] => [led, quorate, notCorrupt, successor(to)],
} as const satisfies Record<EtcdRequest['kind'], unknown>;
