import type { ClusterEvent, Question, Told } from '../model/cluster-event.ts';
import type { Asked, EtcdSample } from './cluster-state.ts';
import type { Picture } from './picture.ts';

type Answer = Extract<ClusterEvent, { type: 'answer' }>;
type NoAnswer = Extract<ClusterEvent, { type: 'no-answer' }>;

/** Of one cluster there is one answer. */
const WHOLE_CLUSTER = '';

/** Whom an answer is from, or about: the key under which it is kept. */
const ABOUT: { readonly [Q in Question]: (answer: Told[Q]) => string } = {
  etcdFigures: ({ node }) => node,
  etcdHealth: ({ node }) => node,
  etcdMembership: () => WHOLE_CLUSTER,
  leases: () => WHOLE_CLUSTER,
  apiServer: ({ address }) => address,
  certificate: ({ where }) => where,
  clientCertificates: () => WHOLE_CLUSTER,
  backups: () => WHOLE_CLUSTER,
};

/** Samples of a member lie this far apart at least, and are kept for so long, ms: 240 of them at most. */
const APART = 15_000;
const KEPT = 3_600_000;

/**
 * Of a question so many are kept that are asked it: more than there are masters and members, and all that is held of them.
 * Nodes come and go, and say what their addresses are.
 */
const MOST_ASKED = 32;

/** The shelf of any question, whose answers are those of that question alone: the event says which. */
const shelfOf = (picture: Picture, question: Question) => picture.asked[question] as Map<string, Asked<Question>>;

/** Keeps an answer; whoever answers is heard again. */
export function putAnswer(picture: Picture, event: Answer): void {
  const { question, answer, at } = event;
  const about = (ABOUT[question] as (answer: Told[Question]) => string)(answer);
  const shelf = shelfOf(picture, question);
  const before = shelf.get(about);
  put(picture, question, about, { answer: { at, ...saidSince(before, event), value: answer }, failure: null });
  if (event.question === 'etcdFigures') putSample(picture, event.answer.node, { at, figures: event.answer.figures });
  picture.revision.asked += 1;
}

/** Keeps why there was no answer, and since when; the last answer stays. */
export function putNoAnswer(picture: Picture, { question, about, failure, at }: NoAnswer): void {
  const shelf = shelfOf(picture, question);
  const before = shelf.get(about);
  const since = before?.failure?.since ?? at;
  put(picture, question, about, { answer: before?.answer ?? null, failure: { since, at, failure } });
  picture.revision.asked += 1;
}

/** Whoever comes to a full shelf takes the place of the one that was asked longest ago. */
function put(picture: Picture, question: Question, about: string, asked: Asked<Question>): void {
  const shelf = shelfOf(picture, question);
  shelf.set(about, asked);
  if (shelf.size <= MOST_ASKED) return;
  const [oldest] = [...shelf].reduce((one, other) => (askedAt(other[1]) < askedAt(one[1]) ? other : one));
  shelf.delete(oldest);
  if (question === 'etcdFigures') picture.etcdSamples.delete(oldest);
}

const askedAt = ({ answer, failure }: Asked<Question>): number => failure?.at ?? answer?.at ?? -Infinity;

/** Since when a member says that it is as healthy as it says now, without a silence between; of all else, since now. */
function saidSince(
  before: Asked<Question> | undefined,
  { question, answer, at }: Answer,
): { readonly since: number; readonly sawBegin: boolean } {
  if (question !== 'etcdHealth' || before === undefined) return { since: at, sawBegin: false };
  if (before.failure !== null || before.answer === null)
    return { since: at, sawBegin: before.failure?.failure.kind === 'lost' };
  const { value, since, sawBegin } = before.answer;
  const { health } = value as Told['etcdHealth'];
  const same = health.healthy === answer.health.healthy && health.reason === answer.health.reason;
  return same ? { since, sawBegin } : { since: at, sawBegin: true };
}

function putSample({ etcdSamples }: Picture, node: string, sample: EtcdSample): void {
  const before = etcdSamples.get(node) ?? [];
  const last = before.at(-1);
  if (last !== undefined && sample.at - last.at < APART) return;
  etcdSamples.set(node, [...before.filter(({ at }) => sample.at - at < KEPT), sample]);
}
