// What the cases share: each is a question to the console and to the scheduler, after which the site is as it was.
import type { Site } from '../../../source/model/headroom/site.ts';
import type { Random } from '../../../source/sandbox/random.ts';
import type { Api } from '../servers/api.ts';
import type { Judge, Verdict } from './judge.ts';
import type { PlacingSite } from './site.ts';

export type Court = {
  readonly api: Api;
  readonly judge: Judge;
  readonly planted: PlacingSite;
  /** As the console reads the planted site. */
  readonly site: Site;
  readonly random: Random;
  readonly now: Date;
};

export const SCHEDULER = 'kube-scheduler 1.20';

/** For the notes: the one rule in which the scheduler of the real tier is older than the one that the console follows. */
export const OVER_COMMITTED =
  'The scheduler of 1.20 keeps a pod that asks for anything off a node that is over-committed in what it does not ask for; since then (1.29) only what is asked for is compared, and so does the console.';

/** A node, or `pending`. */
export const words = (verdict: Verdict | undefined): string =>
  verdict === undefined ? 'no verdict' : 'node' in verdict ? verdict.node : 'pending';

/** What the cases came upon, so that a test can say that they were not all of one kind. */
export const met = { inPart: 0, fitting: 0, fittingNowhere: 0, moved: 0, pending: 0, held: 0 };
