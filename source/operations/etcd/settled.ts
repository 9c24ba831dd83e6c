import { bytesWords } from '../../text/amounts.ts';
import type { EtcdStep } from '../operation.ts';
import { figuresOf, isSound, memberWords, unsoundWords, type Survey } from './survey.ts';

/** What a look says of a step that was sent: done, with what came of it, or what is missing to say so, as a sentence. */
export type Settling = { readonly says: string | null } | { readonly missing: string };

type Figure = 'dbSize' | 'dbSizeInUse' | 'defragmentations';

/** A figure of the step's member on both sides; null where one of them is not told. */
function both(step: EtcdStep, before: Survey, now: Survey, figure: Figure): Sides {
  const id = step.member.id;
  const [was, is] = [figuresOf(before, id)?.[figure] ?? null, figuresOf(now, id)?.[figure] ?? null];
  return was === null || is === null ? null : { was, is };
}

type Sides = { readonly was: number; readonly is: number } | null;

const isSmaller = (sides: Sides): boolean => sides !== null && sides.is < sides.was;

/** A member counts its defragmentations, also those that found nothing to give back. */
function isCounted(step: EtcdStep, before: Survey, now: Survey): boolean {
  const count = step.task === 'defragment' ? both(step, before, now, 'defragmentations') : null;
  return count !== null && count.is > count.was;
}

/** Whether the effect shows. What was answered well needs no more proof than etcd gives of it afterwards. */
function shows(step: EtcdStep, before: Survey, now: Survey, isLost: boolean): Settling {
  const missing = (sentence: string): Settling => ({ missing: sentence });
  switch (step.task) {
    case 'compact':
    case 'defragment': {
      const figure = step.task === 'compact' ? 'dbSizeInUse' : 'dbSize';
      const sizes = both(step, before, now, figure);
      if (isLost && !isSmaller(sizes) && !isCounted(step, before, now))
        return missing(`${memberWords(step.member)} does not show that it was done: what it holds is no smaller.`);
      const what = step.task === 'compact' ? 'in use' : 'in the file';
      return { says: sizes === null ? null : `${bytesWords(sizes.was)} ${what} before, ${bytesWords(sizes.is)} now.` };
    }
    case 'disarm':
      return now.membership.alarms.length === 0
        ? { says: null }
        : missing('An alarm is still raised, or was raised again.');
    case 'move-leader':
      return now.membership.leader === step.to.id
        ? { says: null }
        : missing(`${memberWords(step.to)} does not lead yet.`);
  }
}

/** Whether a step that was sent is done and all members are healthy again; only then may another one follow. */
export function settled(step: EtcdStep, before: Survey, now: Survey, isLost: boolean): Settling {
  const spared = step.task === 'compact' || step.task === 'defragment';
  const unsound = now.seats.filter((seat) => !isSound(seat, spared));
  if (step.task !== 'move-leader' && unsound.length > 0)
    return { missing: `Not every member is healthy: ${unsoundWords(unsound)}.` };
  return shows(step, before, now, isLost);
}
