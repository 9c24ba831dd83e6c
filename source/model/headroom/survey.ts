import type { Obstacle } from './site.ts';

/** How many nodes an obstacle stands on. Of a shortage the least is told, and `most` where it is more on others. */
export type Against = { readonly obstacle: Obstacle; readonly nodes: number; readonly most: number | null };

const missing = (obstacle: Obstacle): number | null => (obstacle.kind === 'short' ? obstacle.by : null);

/** What obstacles have in common when they are counted as one. */
function identityOf(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'cordoned':
    case 'affinity':
      return obstacle.kind;
    case 'gates':
      return JSON.stringify(['gates', ...obstacle.gates]);
    case 'taint':
      return JSON.stringify(['taint', obstacle.taint.key, obstacle.taint.value, obstacle.taint.effect]);
    case 'label':
      return JSON.stringify(['label', obstacle.key, obstacle.value]);
    case 'short':
      return JSON.stringify(['short', obstacle.resource, obstacle.by === null]);
    case 'port':
      return JSON.stringify(['port', obstacle.port]);
    case 'claim':
      return JSON.stringify(['claim', obstacle.claim, obstacle.why]);
  }
}

/** Of two shortages of one resource, the smaller one is what helps first. */
const lesser = (one: Obstacle, other: Obstacle): Obstacle =>
  one.kind === 'short' && other.kind === 'short' && one.by !== null && other.by !== null && other.by < one.by
    ? other
    : one;

const larger = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

/** Obstacles of nodes that are looked at one after the other, each said once with the number of nodes it stands on. */
export type Grouped = {
  add(obstacles: readonly Obstacle[]): void;
  /** Most nodes first. Shortages of one resource count as one obstacle, of which the smallest is told. */
  all(): readonly Against[];
};

export function createGrouped(): Grouped {
  const groups = new Map<string, Against>();
  return {
    add(obstacles) {
      for (const obstacle of obstacles) {
        const identity = identityOf(obstacle);
        const before = groups.get(identity);
        groups.set(
          identity,
          before === undefined
            ? { obstacle, nodes: 1, most: missing(obstacle) }
            : {
                obstacle: lesser(before.obstacle, obstacle),
                nodes: before.nodes + 1,
                most: larger(before.most, missing(obstacle)),
              },
        );
      }
    },
    all: () =>
      [...groups.values()]
        .map((against) => (against.most === missing(against.obstacle) ? { ...against, most: null } : against))
        .sort((one, other) => other.nodes - one.nodes),
  };
}
