import type { Question, Told } from '../model/cluster-event.ts';
import { absent, denied, known, stale, type Reading } from '../model/reading.ts';
import type { Asked } from './cluster-state.ts';

const NOT_ASKED = absent('not asked yet');

/**
 * What was answered last. It grows stale when the question finds no answer any more, or was not asked for `fresh` ms;
 * without an answer it is why there is none.
 */
export function askedReading<Q extends Question>(
  asked: Asked<Q> | undefined,
  now: number,
  fresh: number,
): Reading<Told[Q]> {
  const { answer, failure } = asked ?? { answer: null, failure: null };
  if (answer !== null)
    return failure === null && now - answer.at <= fresh ? known(answer.value) : stale(answer.value, answer.at);
  if (failure === null) return NOT_ASKED;
  const { right, why } = failure.failure;
  return failure.failure.kind === 'denied' && right !== null ? denied(right) : absent(why);
}

/** When a question was asked last, answered or not; null where it never was. */
const askedAt = ({ answer, failure }: Asked<Question>): number | null => failure?.at ?? answer?.at ?? null;

/** Since when nobody answers who was asked in the last `fresh` ms; null while they do, refuse, or are not asked. */
export const silentSince = ({ failure }: Asked<Question>, now: number, fresh: number): number | null =>
  failure?.failure.kind === 'lost' && now - failure.at <= fresh ? failure.since : null;

/** What was asked in the last round of `fresh` ms; whoever is not asked any more is gone. */
export function lastRound<A extends Asked<Question>>(
  shelf: ReadonlyMap<string, A>,
  fresh: number,
): readonly (readonly [string, A])[] {
  const latest = Math.max(...[...shelf.values()].map((asked) => askedAt(asked) ?? -Infinity));
  return [...shelf].filter(([, asked]) => latest - (askedAt(asked) ?? -Infinity) <= fresh);
}
