// What the console says of a pod, put as the scheduler puts it: for each node the reasons of the first filter that it fails.
import { obstaclesOn } from '../../../source/model/headroom/obstacles.ts';
import type { AmountsAndPods, Candidate, Obstacle, Place, Site } from '../../../source/model/headroom/site.ts';
import type { Reasons } from './phrases.ts';

/** The filters in their turn, by the kinds of obstacle that are theirs. */
const FILTERS: readonly (readonly Obstacle['kind'][])[] = [
  ['cordoned'],
  ['taint'],
  ['label', 'affinity'],
  ['port'],
  ['short'],
  ['claim'],
];

function wordsOf(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'taint':
      return `taint ${obstacle.taint.key}=${obstacle.taint.value}`;
    case 'label':
    case 'affinity':
      return 'label or affinity';
    case 'short':
      return `short ${obstacle.resource}`;
    case 'claim':
      return `claim ${obstacle.why}`;
    default:
      return obstacle.kind;
  }
}

/** Claims of which no node is asked: the scheduler says so of all nodes, and looks no further. */
const OF_EVERY_NODE: ReadonlySet<string> = new Set(['claim no-claim', 'claim not-bound']);

const ASKABLE = ['cpu', 'memory', 'ephemeralStorage'] as const satisfies readonly (keyof AmountsAndPods)[];

/**
 * What the scheduler of Kubernetes 1.20 adds, and 1.29 does not: a pod that asks for anything is kept off a node that is
 * over-committed in what it does not ask for.
 */
export const overCommitted = ({ requests }: Pick<Candidate, 'requests'>, { node, taken }: Place): Obstacle[] =>
  ASKABLE.every((resource) => requests[resource] === 0)
    ? []
    : ASKABLE.filter((resource) => {
        const offered = node.allocatable[resource];
        // What a node does not tell is nothing to the scheduler.
        return requests[resource] === 0 && (offered === null ? taken[resource] > 0 : taken[resource] > offered);
      }).map((resource) => ({ kind: 'short', resource, by: null }));

/** The rules of the console, or these and the one of 1.20 that it does not follow. */
export type Rules = (candidate: Candidate, place: Place, storage: Site['storage']) => readonly Obstacle[];
export const OLDER: Rules = (candidate, place, storage) => [
  ...obstaclesOn(candidate, place, storage),
  ...overCommitted(candidate, place),
];

/** Names of the nodes that nothing keeps a candidate off. */
export const fitting = (candidate: Candidate, { places, storage }: Site, rules: Rules = obstaclesOn): string[] =>
  places.filter((place) => rules(candidate, place, storage).length === 0).map(({ node }) => node.name);

function reasonsOn(obstacles: readonly Obstacle[]): readonly string[] {
  const filter = FILTERS.find((kinds) => obstacles.some(({ kind }) => kinds.includes(kind))) ?? [];
  const words = obstacles.filter(({ kind }) => filter.includes(kind)).map(wordsOf);
  // Of several taints the scheduler names the first.
  return [...new Set(filter.includes('taint') ? words.slice(0, 1) : words)];
}

/**
 * How many nodes each reason keeps a candidate off that is confined to nodes which do not fit: it is the confinement that keeps
 * it off those that do.
 */
export function reasonsAgainst(candidate: Candidate, { places, storage }: Site, rules: Rules = obstaclesOn): Reasons {
  const reasons = new Map<string, number>();
  const count = (reason: string) => reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const place of places) {
    const told = obstaclesOn(candidate, place, storage);
    const ofEvery = told.map(wordsOf).find((words) => OF_EVERY_NODE.has(words));
    if (ofEvery !== undefined) count(ofEvery);
    else if (told.length === 0) count(wordsOf({ kind: 'affinity' }));
    else reasonsOn(rules(candidate, place, storage)).forEach(count);
  }
  return reasons;
}
