import { pause } from '../../links/kubernetes/clock.ts';
import { LinkFailure } from '../../links/kubernetes/failure.ts';
import type { Patience } from '../observe.ts';
import type { EtcdStep } from '../operation.ts';
import { isForeseen } from '../refusal.ts';
import { watchingOf, type End, type Run } from '../run.ts';
import { endOfSending, type Sent } from '../sent.ts';
import type { EtcdWriting } from './etcd-link.ts';
import { obstacle } from './obstacle.ts';
import { settled } from './settled.ts';
import { seatingOf, survey, type Survey } from './survey.ts';

/** How long a member may take to be healthy again, and the pause between two looks at all of them, ms. */
export const ETCD_PATIENCE: Patience = { bound: 120_000, pause: 1_000 };

function send(step: EtcdStep, writer: EtcdWriting): Promise<void> {
  switch (step.task) {
    case 'compact':
      return writer.compact(step.node, step.revision).catch(unlessCompacted);
    case 'defragment':
      return writer.defragment(step.node);
    case 'disarm':
      return writer.disarm(step.node);
    case 'move-leader':
      return writer.moveLeader(step.node, step.to.id);
  }
}

/**
 * What a full etcd refuses to write does not move its revision on, so a recovery that was broken off is planned again
 * with the revision to which it compacted before: etcd says no, and there is nothing left to do (etcd: ErrCompacted).
 */
function unlessCompacted(error: unknown): void {
  if (!(error instanceof LinkFailure) || error.detail?.includes('revision has been compacted') !== true) throw error;
}

/** A look at all members; a sentence where nobody gives the list. */
async function look({ cluster, node }: EtcdStep, { etcd }: Run): Promise<Survey | string> {
  const others = cluster.map((place) => place.node).filter((other) => other !== node);
  try {
    return await survey([...new Set([...others, node])], seatingOf(cluster), etcd.reader);
  } catch (error) {
    if (!isForeseen(error)) throw error;
    return error.message;
  }
}

/**
 * Looks at all members, sends the command if nothing stands against it now, and waits until its effect shows and all
 * members are healthy again. A command whose answer was lost is never repeated: its effect is looked for.
 */
export async function performEtcd(step: EtcdStep, run: Run, observing: () => void): Promise<End> {
  const before = await look(step, run);
  const nothingSent = `Nothing was sent to ${step.node}.`;
  if (typeof before === 'string')
    return { state: 'failed', why: `The members of etcd cannot be asked: ${before} ${nothingSent}` };
  const against = obstacle(step, before);
  if (against !== null) return { state: 'conflict', why: `${against} ${nothingSent}` };
  const sent = await endOfSending(send(step, run.etcd.writer), step.node);
  observing();
  return sent.state === 'ended' ? sent.end : settle(step, before, sent, run);
}

async function settle(step: EtcdStep, before: Survey, sent: Exclude<Sent, { state: 'ended' }>, run: Run): Promise<End> {
  const { bound, pause: wait } = run.patience ?? ETCD_PATIENCE;
  const { clock, signal } = watchingOf(run);
  const looks = Math.max(1, Math.ceil(bound / wait));
  let missing = '';
  for (let count = 0; count < looks; count += 1) {
    const now = await look(step, run);
    const sight = typeof now === 'string' ? { missing: now } : settled(step, before, now, sent.state === 'lost');
    if ('says' in sight) return { state: 'done', why: sight.says };
    ({ missing } = sight);
    await pause(clock, wait, signal);
    if (signal.aborted) return { state: 'unknown', why: `Stopped before its end was seen: ${missing} Check it.` };
  }
  return sent.state === 'lost'
    ? { state: 'unknown', why: `${sent.why} ${missing} Check it before trying again.` }
    : { state: 'failed', why: `etcd did it, and all is not well after it: ${missing} No other member is touched.` };
}
