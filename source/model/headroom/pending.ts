import type { Candidate, Obstacle, Site } from './site.ts';
import { grouped, surveyOf, type Against } from './survey.ts';

/** A node that a candidate might get, with all that keeps it off; none means that it fits now. */
export type Nearest = { readonly node: string; readonly obstacles: readonly Obstacle[] };

/** Nodes kept for each kind of candidate. */
const MOST = 10;

/** A taint that Kubernetes sets for a condition goes with the condition, not by hand. */
const CONDITION_TAINT = 'node.kubernetes.io/';

/** A shortage of up to this part of what is asked is a small one. */
const SMALL = 0.5;

type Short = Extract<Obstacle, { kind: 'short' }>;
type Asked = Candidate['requests'];

/** What is missing as a part of what is asked; more than any where a node does not say what it offers. */
function shareMissing({ resource, by }: Short, asked: Asked): number {
  if (by === null) return Infinity;
  return by / (resource === 'pods' ? 1 : asked[resource]);
}

/** Efforts, each ten times the one before: many of one kind are still less than one of the next. */
const EFFORT = { command: 1, change: 10, condition: 100, claim: 1_000, elsewhere: 10_000 } as const;

/** What an obstacle takes to be got rid of. */
function effortOf(obstacle: Obstacle, asked: Asked): keyof typeof EFFORT {
  switch (obstacle.kind) {
    case 'cordoned':
      return 'command';
    case 'taint':
      return obstacle.taint.key.startsWith(CONDITION_TAINT) ? 'condition' : 'command';
    case 'short':
      return shareMissing(obstacle, asked) <= SMALL ? 'command' : 'change';
    case 'port':
    case 'label':
      return 'change';
    case 'affinity':
      return 'condition';
    case 'claim':
      return obstacle.why === 'elsewhere' ? 'elsewhere' : 'claim';
  }
}

const missingOf = (obstacles: readonly Obstacle[], asked: Asked): number =>
  obstacles.reduce((sum, obstacle) => (obstacle.kind === 'short' ? sum + shareMissing(obstacle, asked) : sum), 0);

type Survey = { readonly nearest: readonly Nearest[]; readonly against: readonly Against[] };

function surveyed(candidate: Candidate, site: Site): Survey {
  const obstacles = surveyOf(candidate, site);
  const asked = candidate.requests;
  const ranked = site.places.map(({ node }, place) => {
    const against = obstacles[place] ?? [];
    return {
      node: node.name,
      obstacles: against,
      effort: against.reduce((sum, obstacle) => sum + EFFORT[effortOf(obstacle, asked)], 0),
      missing: missingOf(against, asked),
    };
  });
  ranked.sort(
    (one, other) =>
      one.effort - other.effort || compare(one.missing, other.missing) || (one.node < other.node ? -1 : 1),
  );
  return {
    nearest: ranked.slice(0, MOST).map(({ node, obstacles: against }) => ({ node, obstacles: against })),
    against: grouped(obstacles),
  };
}

/** Also of two that are infinite. */
const compare = (one: number, other: number): number => (one === other ? 0 : one - other);

/** A number for each object that rows share, so that it can be part of a key. */
const numbers = new WeakMap<object, number>();
let numbered = 0;
function numberOf(shared: object): number {
  const before = numbers.get(shared);
  if (before !== undefined) return before;
  numbered += 1;
  numbers.set(shared, numbered);
  return numbered;
}

/** The same for candidates that have the same obstacles everywhere, as the pods of one controller do. */
const kindOf = ({ requests, tolerations, placement, claims, namespace }: Candidate): string =>
  [requests, tolerations, placement].map(numberOf).join() +
  (claims.length === 0 ? '' : JSON.stringify([namespace, claims]));

/** Worked out once for each kind of candidate of a site, which is not changed but replaced. */
const surveys = new WeakMap<Site, Map<string, Survey>>();

function surveyFor(candidate: Candidate, site: Site): Survey {
  const held = surveys.get(site) ?? new Map<string, Survey>();
  surveys.set(site, held);
  const kind = kindOf(candidate);
  const survey = held.get(kind) ?? surveyed(candidate, site);
  held.set(kind, survey);
  return survey;
}

/**
 * The nodes that a candidate could get with the least effort, easiest first, ten at most: what is cordoned, tainted or
 * a little short comes before a missing label, that before a claim, and volumes elsewhere come last. Of equals, the one
 * that misses the smaller part of what is asked, then the first by name.
 */
export const nearestTo = (candidate: Candidate, site: Site, most = 3): readonly Nearest[] =>
  surveyFor(candidate, site).nearest.slice(0, most);

/** What keeps a candidate off, with the number of nodes for each, most nodes first. */
export const reasonsAgainst = (candidate: Candidate, site: Site): readonly Against[] =>
  surveyFor(candidate, site).against;
