import { bytesWords } from '../../text/amounts.ts';
import { list } from '../../text/words.ts';
import type { EtcdStep } from '../operation.ts';
import { corruption } from './alarms.ts';
import { isLeader } from './etcd-rules.ts';
import { figuresOf, isSound, memberWords, unsoundWords, type Survey } from './survey.ts';

const idsOf = (members: readonly { readonly id: string }[]): string =>
  members
    .map(({ id }) => id)
    .sort()
    .join();

/** What stands now against sending a step, as a sentence; null where nothing does. */
export function obstacle(step: EtcdStep, survey: Survey): string | null {
  const { membership, seats } = survey;
  if (idsOf(membership.members) !== idsOf(step.cluster.map(({ member }) => member)))
    return 'etcd has other members than when this was planned; plan it anew.';
  const corrupt = corruption(survey);
  if (corrupt !== null) return corrupt;
  if (!seats.some((seat) => isLeader(survey, seat))) return 'etcd has no leader now.';
  if (step.task === 'move-leader') return againstMove(step, survey);
  const unsound = seats.filter((seat) => !isSound(seat, true));
  if (unsound.length > 0) return `Not every member is healthy now: ${unsoundWords(unsound)}.`;
  switch (step.task) {
    case 'defragment':
      return againstDefragment(step, survey);
    case 'disarm':
      return againstDisarm(survey);
    case 'compact':
      return null;
  }
}

/** Two consoles that go over the members at one time must not come to touch two of them at once. */
function againstDefragment(step: EtcdStep & { readonly task: 'defragment' }, survey: Survey): string | null {
  if (!step.leads && survey.membership.leader === step.member.id)
    return `${memberWords(step.member)} became the leader meanwhile, which comes last; plan it anew.`;
  const count = figuresOf(survey, step.member.id)?.defragmentations ?? null;
  return step.count !== null && count !== null && count !== step.count
    ? `Somebody else defragmented ${memberWords(step.member)} since this was planned, or it was started anew; plan it anew.`
    : null;
}

function againstMove(step: EtcdStep & { readonly task: 'move-leader' }, survey: Survey): string | null {
  const from = survey.seats.find(({ member }) => member.id === step.member.id);
  if (from === undefined || !isLeader(survey, from))
    return `${memberWords(step.member)} does not lead any more; plan it anew.`;
  const to = survey.seats.find(({ member }) => member.id === step.to.id);
  if (to === undefined || !isSound(to, true))
    return `${memberWords(step.to)} is not healthy now${to === undefined ? '' : `: ${unsoundWords([to])}`}.`;
  return to.member.isLearner ? `${memberWords(step.to)} is a learner, which cannot lead.` : null;
}

/** A file that still fills the quota would raise the alarm again with the next write. */
function againstDisarm({ seats }: Survey): string | null {
  const full = seats.flatMap(({ member, figures }) => {
    const { dbSize = null, quota = null } = figures ?? {};
    return dbSize !== null && quota !== null && quota > 0 && dbSize >= quota
      ? [`${memberWords(member)} (${bytesWords(dbSize)} of ${bytesWords(quota)})`]
      : [];
  });
  return full.length === 0
    ? null
    : `The quota is still used up on ${list(full, 4)}, so the alarm would be raised again: delete objects or make it larger.`;
}
