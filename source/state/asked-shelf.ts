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
  backups: () => WHOLE_CLUSTER,
};

/** Samples of a member lie this far apart at least, and are kept for so long, ms: 240 of them at most. */
const APART = 15_000;
const KEPT = 3_600_000;

/** Keeps an answer; whoever answers is heard again. */
export function putAnswer<Q extends Question>(picture: Picture, { question, answer, at }: Answer): void {
  const shelf = picture.asked[question] as Map<string, Asked<Q>>;
  const value = answer as Told[Q];
  shelf.set(ABOUT[question as Q](value), { answer: { at, value }, failure: null });
  if (question === 'etcdFigures') putSample(picture, answer.node, { at, figures: answer.figures });
  picture.revision.asked += 1;
}

/** Keeps why there was no answer, and since when; the last answer stays. */
export function putNoAnswer<Q extends Question>(picture: Picture, { question, about, failure, at }: NoAnswer): void {
  const shelf = picture.asked[question] as Map<string, Asked<Q>>;
  const before = shelf.get(about);
  const since = before?.failure?.since ?? at;
  shelf.set(about, { answer: before?.answer ?? null, failure: { since, failure } });
  picture.revision.asked += 1;
}

function putSample({ etcdSamples }: Picture, node: string, sample: EtcdSample): void {
  const before = etcdSamples.get(node) ?? [];
  const last = before.at(-1);
  if (last !== undefined && sample.at - last.at < APART) return;
  etcdSamples.set(node, [...before.filter(({ at }) => sample.at - at < KEPT), sample]);
}
