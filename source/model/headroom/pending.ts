import { kindOf } from './kind.ts';
import { obstaclesOf } from './obstacles.ts';
import type { Candidate, Obstacle, Place, Site } from './site.ts';
import { finished, forEachInSteps, type Steps } from './steps.ts';
import { createGrouped, type Against } from './survey.ts';

/** A node that a candidate might get, with all that keeps it off; none means that it fits now. */
export type Nearest = { readonly node: string; readonly obstacles: readonly Obstacle[] };

/** Nodes kept for each kind of candidate. */
const MOST = 10;

/** A taint that Kubernetes sets for a condition goes with the condition, not by hand. */
const CONDITION_TAINT = 'node.kubernetes.io/';
/** A taint of a role keeps a machine for what belongs to the role, which is not given up lightly. */
const ROLE_TAINT = 'node-role.kubernetes.io/';

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
const EFFORT = {
  uncordon: 1,
  untaint: 10,
  little: 100,
  role: 1_000,
  change: 10_000,
  condition: 100_000,
  claim: 1_000_000,
  elsewhere: 10_000_000,
} as const;

function effortOfTaint(key: string): keyof typeof EFFORT {
  if (key.startsWith(CONDITION_TAINT)) return 'condition';
  return key.startsWith(ROLE_TAINT) ? 'role' : 'untaint';
}

/** What an obstacle takes to be got rid of. */
function effortOf(obstacle: Obstacle, asked: Asked): keyof typeof EFFORT {
  switch (obstacle.kind) {
    case 'cordoned':
      return 'uncordon';
    case 'taint':
      return effortOfTaint(obstacle.taint.key);
    case 'short':
      return shareMissing(obstacle, asked) <= SMALL ? 'little' : 'change';
    case 'port':
    case 'label':
      return 'change';
    case 'affinity':
      return 'condition';
    case 'gates':
      return 'condition';
    case 'claim':
      return obstacle.why === 'elsewhere' ? 'elsewhere' : 'claim';
  }
}

const missingOf = (obstacles: readonly Obstacle[], asked: Asked): number =>
  obstacles.reduce((sum, obstacle) => (obstacle.kind === 'short' ? sum + shareMissing(obstacle, asked) : sum), 0);

/** A node with how far it is from taking a candidate. */
type Ranked = Nearest & { readonly effort: number; readonly missing: number; readonly room: number };

/** The smaller of the shares of CPU and memory that are free; less than any where a node does not say what it offers. */
function roomOf({ node: { allocatable }, taken }: Place): number {
  const free = (whole: number | null, part: number): number =>
    whole === null || whole === 0 ? -Infinity : (whole - part) / whole;
  return Math.min(free(allocatable.cpu, taken.cpu), free(allocatable.memory, taken.memory));
}

function rankedOf(place: Place, obstacles: readonly Obstacle[], asked: Asked): Ranked {
  let effort = 0;
  for (const obstacle of obstacles) effort += EFFORT[effortOf(obstacle, asked)];
  return { node: place.node.name, obstacles, effort, missing: missingOf(obstacles, asked), room: roomOf(place) };
}

/** Also of two that are infinite. */
const compare = (one: number, other: number): number => (one === other ? 0 : one - other);

const nearestFirst = (one: Ranked, other: Ranked): number =>
  one.effort - other.effort ||
  compare(one.missing, other.missing) ||
  compare(other.room, one.room) ||
  (one.node < other.node ? -1 : 1);

/** Keeps the best of many without putting all of them in order. */
function keep(best: Ranked[], one: Ranked): void {
  const last = best[MOST - 1];
  if (last !== undefined && nearestFirst(one, last) > 0) return;
  best.splice(best.findLastIndex((other) => nearestFirst(other, one) < 0) + 1, 0, one);
  if (best.length > MOST) best.pop();
}

/** What keeps a kind of candidate off each place, and the nearest nodes. */
type Survey = {
  readonly obstacles: readonly (readonly Obstacle[])[];
  readonly nearest: readonly Nearest[];
  against: readonly Against[] | null;
};

function* surveySteps(candidate: Candidate, { places, storage }: Site): Steps<Survey> {
  const obstaclesOn = obstaclesOf(candidate, storage);
  const obstacles: (readonly Obstacle[])[] = [];
  const best: Ranked[] = [];
  yield* forEachInSteps(places, (place) => {
    const found = obstaclesOn(place);
    obstacles.push(found);
    keep(best, rankedOf(place, found, candidate.requests));
  });
  return { obstacles, nearest: best.map(({ node, obstacles: on }) => ({ node, obstacles: on })), against: null };
}

/** Worked out once for each kind of candidate of a site, which is not changed but replaced. */
const surveys = new WeakMap<Site, Map<string, Survey>>();

function* keptSurvey(candidate: Candidate, site: Site): Steps<Survey> {
  const held = surveys.get(site) ?? new Map<string, Survey>();
  surveys.set(site, held);
  const kind = kindOf(candidate);
  const survey = held.get(kind) ?? (yield* surveySteps(candidate, site));
  held.set(kind, survey);
  return survey;
}

function* groupedSteps(survey: Survey): Steps<readonly Against[]> {
  if (survey.against !== null) return survey.against;
  const groups = createGrouped();
  yield* forEachInSteps(survey.obstacles, (obstacles) => groups.add(obstacles));
  survey.against = groups.all();
  return survey.against;
}

/**
 * The nodes that a candidate could get with the least effort, easiest first, ten at most: what is cordoned, has a taint of
 * an operator or is a little short comes before one that is kept for a role, that before a missing label, that before a
 * claim, and volumes elsewhere come last. Of equals, the one that misses the smaller part of what is asked, then the one
 * with the most room, then the first by name.
 */
export const nearestTo = (candidate: Candidate, site: Site, most = NEAREST): readonly Nearest[] =>
  finished(keptSurvey(candidate, site)).nearest.slice(0, most);

/** How many of them are told if not asked otherwise. */
const NEAREST = 3;

/** What keeps a candidate off, with the number of nodes for each, most nodes first. */
export const reasonsAgainst = (candidate: Candidate, site: Site): readonly Against[] =>
  finished(groupedSteps(finished(keptSurvey(candidate, site))));

/** What there is to say of where a candidate may go. */
export type Prospects = { readonly nearest: readonly Nearest[]; readonly against: readonly Against[] };

/** Both of these, bit by bit. */
export function* prospectsSteps(candidate: Candidate, site: Site): Steps<Prospects> {
  const survey = yield* keptSurvey(candidate, site);
  return { nearest: survey.nearest.slice(0, NEAREST), against: yield* groupedSteps(survey) };
}
