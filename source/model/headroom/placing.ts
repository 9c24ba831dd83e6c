import type { NodeAmounts } from '../kubernetes/amounts.ts';
import type { ClusterNode } from '../kubernetes/node.ts';
import type { HostPort, Placement } from '../kubernetes/placement.ts';
import type { Toleration } from '../kubernetes/pod.ts';
import type { PersistentVolume } from '../kubernetes/storage.ts';
import { claimsOf, type ClaimsOn } from './claims.ts';
import { wishesOf } from './kind.ts';
import { hasRoom, nodeObstacles, portObstacles } from './obstacles.ts';
import { avoidedOn, roomPoints, taintPoints } from './points.ts';
import { weightOf, type AmountsAndPods, type Candidate, type Place, type Site, type Weight } from './site.ts';
import { leftOf } from './sums.ts';

/** Places candidates one after the other; each takes the room, ports and volumes that it gets. */
export type Placing = {
  /** Name of the node that the candidate gets, or null where it would stay pending. */
  place(candidate: Candidate): string | null;
  /** What is left of what a node offers, negative where it is over-committed; null for a node that is not there. */
  free(node: string): NodeAmounts | null;
};

/** The room of a node while candidates are placed, and how many of the site come before it by name. */
type Room = {
  readonly order: number;
  readonly node: ClusterNode;
  readonly taken: { -readonly [K in keyof AmountsAndPods]: AmountsAndPods[K] };
  readonly weighed: { -readonly [K in keyof Weight]: Weight[K] };
  hostPorts: readonly HostPort[];
};

/** Points of a room that a candidate cannot get: what is taken is never given back, so it stays so. */
const CLOSED = -1;

/** Rooms that candidates may get as far as the nodes themselves go, in the order of names. */
type Choice = {
  readonly rooms: readonly Room[];
  /** The index of each room of the site among these, NOWHERE for those that are not. */
  readonly indexes: Int32Array;
  /** By index, the taints that they had rather avoid, where there are any. */
  readonly avoided: ReadonlyMap<number, number>;
};

/** What one kind of candidate, claims aside, makes of the rooms of its choice. */
type Ranking = {
  readonly choice: Choice;
  /** By index. */
  readonly points: Int16Array;
  /** How many of the changes of rooms are in the points. */
  upTo: number;
};

const NOWHERE = -1;

const byName = (one: Place, other: Place): number => (one.node.name < other.node.name ? -1 : 1);

/**
 * Chooses nodes as the scheduler does by default: of those without an obstacle the one with most points for room that
 * is left, for CPU and memory in balance, and against taints that it should rather avoid; of equals, the first by name
 * (the scheduler takes any). What it does not weigh: preferred affinity, spread, images. The site is not changed.
 * Candidates of one kind have every node looked at once, and after that those alone of which something was taken.
 */
export function createPlacing({ places, storage }: Site): Placing {
  const rooms = places.toSorted(byName).map(({ node, taken, weighed, hostPorts }, order): Room => ({
    order,
    node,
    taken: { ...taken },
    weighed: { ...weighed },
    hostPorts,
  }));
  const byNodeName = new Map(rooms.map((room) => [room.node.name, room]));
  const promised = new Map<string, PersistentVolume>();
  /** Rooms of which something was taken, one after the other. */
  const changes: Room[] = [];
  const choices = new Map<readonly Toleration[], Map<Placement, Choice>>();
  const rankings = new Map<string, Ranking>();

  function choiceOf({ tolerations, placement }: Candidate): Choice {
    const byPlacement = choices.get(tolerations) ?? new Map<Placement, Choice>();
    choices.set(tolerations, byPlacement);
    const choice = byPlacement.get(placement) ?? choiceAmong(rooms, { tolerations, placement });
    byPlacement.set(placement, choice);
    return choice;
  }

  function ranked(candidate: Candidate): Ranking {
    const weight = weightOf(candidate.requests);
    const choice = choiceOf(candidate);
    const points = new Int16Array(choice.rooms.length);
    choice.rooms.forEach((room, index) => {
      points[index] = pointsIn(room, candidate, weight);
    });
    return { choice, points, upTo: changes.length };
  }

  function rankingOf(candidate: Candidate): Ranking {
    const kind = wishesOf(candidate);
    const ranking = rankings.get(kind) ?? ranked(candidate);
    rankings.set(kind, ranking);
    const { choice, points } = ranking;
    const weight = weightOf(candidate.requests);
    for (const room of new Set(changes.slice(ranking.upTo))) {
      const index = choice.indexes[room.order] ?? NOWHERE;
      if (index !== NOWHERE && points[index] !== CLOSED) points[index] = pointsIn(room, candidate, weight);
    }
    ranking.upTo = changes.length;
    return ranking;
  }

  return {
    place(candidate) {
      const claims = candidate.claims.length === 0 ? null : claimsOf(candidate, storage, promised);
      const room = chosen(rankingOf(candidate), claims);
      if (room === null) return null;
      take(room, candidate);
      changes.push(room);
      const bindings = claims?.(room.node);
      if (bindings !== undefined && !('length' in bindings))
        for (const [claim, volume] of bindings) promised.set(claim, volume);
      return room.node.name;
    },
    free(name) {
      const room = byNodeName.get(name);
      return room === undefined ? null : leftOf(room.node.allocatable, room.taken);
    },
  };
}

function choiceAmong(rooms: readonly Room[], candidate: Pick<Candidate, 'tolerations' | 'placement'>): Choice {
  const open = rooms.filter(({ node }) => nodeObstacles(candidate, node).length === 0);
  const indexes = new Int32Array(rooms.length).fill(NOWHERE);
  const avoided = new Map<number, number>();
  open.forEach(({ node, order }, index) => {
    indexes[order] = index;
    const count = avoidedOn(node, candidate.tolerations);
    if (count > 0) avoided.set(index, count);
  });
  return { rooms: open, indexes, avoided };
}

function pointsIn(room: Room, { requests, placement }: Candidate, weight: Weight): number {
  const isFree =
    hasRoom(requests, room.node.allocatable, room.taken) &&
    portObstacles(placement.hostPorts, room.hostPorts).length === 0;
  return isFree ? roomPoints(room, requests, weight) : CLOSED;
}

/** The room with most points of those that also do for the claims. */
function chosen({ choice: { rooms, avoided }, points }: Ranking, claims: ClaimsOn | null): Room | null {
  const takes = (room: Room): boolean => claims === null || !('length' in claims(room.node));
  // Points against taints are shared out by the most that any node has on which the candidate fits.
  let most = 0;
  for (const [index, count] of avoided) {
    const room = rooms[index];
    if (count > most && points[index] !== CLOSED && room !== undefined && takes(room)) most = count;
  }
  let best: Room | null = null;
  let bestPoints = -Infinity;
  for (let index = 0; index < points.length; index += 1) {
    const own = points[index] ?? CLOSED;
    // Taints only take points away.
    if (own <= bestPoints || own === CLOSED) continue;
    const count = most === 0 ? undefined : avoided.get(index);
    const left = count === undefined ? own : own - taintPoints(count, most);
    const room = rooms[index];
    if (left <= bestPoints || room === undefined || !takes(room)) continue;
    best = room;
    bestPoints = left;
  }
  return best;
}

function take(room: Room, { requests, placement }: Candidate): void {
  const { taken, weighed } = room;
  const weight = weightOf(requests);
  taken.cpu += requests.cpu;
  taken.memory += requests.memory;
  taken.ephemeralStorage += requests.ephemeralStorage;
  taken.pods += 1;
  weighed.cpu += weight.cpu;
  weighed.memory += weight.memory;
  if (placement.hostPorts.length > 0) room.hostPorts = [...room.hostPorts, ...placement.hostPorts];
}
