// Whether and where a single pod fits, and what keeps it off elsewhere.
import type { Candidate } from '../../../source/model/headroom/site.ts';
import { comparison } from '../comparison.ts';
import { pick } from '../seed/quantities.ts';
import type { PodObject } from '../wire.ts';
import { met, OVER_COMMITTED, SCHEDULER, words, type Court } from './court.ts';
import type { Verdict } from './judge.ts';
import { reasonsIn, reasonWords } from './phrases.ts';
import { confined, type Question } from './questions.ts';
import { releaseClaims, removePods } from './site.ts';
import { fitting, OLDER, reasonsAgainst } from './told.ts';

export const SINGLE = {
  nodes: comparison(
    'nodes that a pod fits on: on no other',
    SCHEDULER,
    `Confined to the others, it stays pending. ${OVER_COMMITTED}`,
  ),
  one: comparison(
    'nodes that a pod fits on: one of them',
    SCHEDULER,
    'The pod itself is bound to one of them, and to one of them by chance when confined to it; or stays pending where there is none.',
  ),
  reasons: comparison(
    'what keeps a pod off, and how many nodes',
    SCHEDULER,
    `Its message, by a table of its phrases. ${OVER_COMMITTED}`,
  ),
};

/** Whether and where a pod fits, and what keeps it off elsewhere. */
export async function compareSingle(
  { api, judge, site, planted, random }: Court,
  { pod, claims }: Question,
  candidate: Candidate,
): Promise<void> {
  const name = pod.metadata.name;
  const nodes = fitting(candidate, site);
  const older = fitting(candidate, site, OLDER);
  const elsewhere = nodes.length === 0 ? pod : confined(pod, `${name}-elsewhere`, 'NotIn', nodes);
  const ask = async (one: PodObject): Promise<Verdict | undefined> => {
    const verdict = (await judge.judge([one])).get(one.metadata.name);
    await removePods(api, [one]);
    if (verdict !== undefined && 'node' in verdict) await judge.settle(site.places.length);
    return verdict;
  };
  const verdict = await ask(elsewhere);
  SINGLE.nodes.compare(name, 'pending', words(verdict));
  if (verdict !== undefined && 'message' in verdict) {
    const told = (rules?: typeof OLDER) => reasonWords(reasonsAgainst(candidate, site, rules));
    const found = reasonWords(reasonsIn(verdict.message));
    SINGLE.reasons.compare(name, told(), found, () => told(OLDER).join() === found.join());
  }
  met.fitting += Number(nodes.length > 0);
  met.fittingNowhere += Number(nodes.length === 0);
  if (nodes.length > 0) {
    const itself = words(await ask(pod));
    SINGLE.one.compare(
      name,
      'one of them',
      nodes.includes(itself) ? 'one of them' : itself,
      () => older.length === 0 && itself === 'pending',
    );
    // The claims of a pod that was bound are not to be had any more.
    if (claims.length === 0) {
      const one = pick(random, older.length > 0 ? older : nodes);
      SINGLE.one.compare(`${name} on ${one}`, one, words(await ask(confined(pod, `${name}-there`, 'In', [one]))));
    }
  }
  await releaseClaims(api, planted, claims);
}
