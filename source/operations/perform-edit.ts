import type { ClusterNode } from '../model/kubernetes/node.ts';
import { list } from '../text/words.ts';
import { holdsAfter, subject } from './change.ts';
import { lookAt, PATIENCE, seenInPicture, watchFor } from './observe.ts';
import type { Sight } from './observe.ts';
import type { NodeStep } from './operation.ts';
import { watchingOf, type End, type Run } from './run.ts';
import { verdictOn } from './refusal.ts';

/** Sends the patch, and sees its effect in the live picture or by reading the node. */
export async function performEdit(step: NodeStep, run: Run, observing: () => void): Promise<End> {
  const ended = (state: End['state'], why: string | null): End => ({ state, why });
  let answer: ClusterNode;
  try {
    // The signal of the run is not passed on: a request on its way is waited for, so that its end is known.
    answer = await run.writer.patchNode({ name: step.node, patch: step.patch, dryRun: false });
  } catch (error) {
    const { state, why } = await verdictOn(step, error, run.reader);
    observing();
    return state === 'look' ? lookAfterSilence(step, run, why) : ended(state, why);
  }
  observing();
  const missing = step.changes.filter((change) => !holdsAfter(answer, change));
  if (missing.length > 0)
    return ended(
      'failed',
      `The server took the request and did not make it so: ${list(missing.map(subject), 4)} on ${step.node} (a webhook changed it).`,
    );
  const { bound } = run.patience ?? PATIENCE;
  if (run.store && (await seenInPicture(run.store, step, bound, watchingOf(run)))) return ended('done', null);
  return afterAnswer(step, await lookAt(step, run.reader));
}

/** The server had said yes. What cannot be looked at now was still done. */
function afterAnswer(step: NodeStep, sight: Sight): End {
  const lost = (why: string): End => ({ state: 'failed', why });
  switch (sight) {
    case 'same':
      return lost(
        `The server made the change, and ${step.node} does not show it any more: somebody or a controller put it back.`,
      );
    case 'replaced':
      return lost(`The server made the change, and ${step.node} was re-created since.`);
    case 'gone':
      return lost(`The server made the change, and ${step.node} was deleted since.`);
    default:
      return { state: 'done', why: null };
  }
}

/** No answer, or one that does not tell whether the change was made: the node is asked, the request is never repeated. */
async function lookAfterSilence(step: NodeStep, run: Run, why: string): Promise<End> {
  const patience = run.patience ?? PATIENCE;
  const sight = await watchFor(step, run.reader, patience, watchingOf(run));
  if (sight === 'seen') return { state: 'done', why: null };
  if (sight === 'replaced' || sight === 'gone')
    return {
      state: 'conflict',
      why: `${why} Meanwhile ${step.node} was ${sight === 'gone' ? 'deleted' : 're-created'}.`,
    };
  const look =
    sight === 'same' ? `${step.node} does not show the change yet.` : `${step.node} could not be looked at either.`;
  return { state: 'unknown', why: `${why} ${look} Check it before trying again.` };
}
