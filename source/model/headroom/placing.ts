import type { NodeAmounts } from '../kubernetes/amounts.ts';
import type { ClusterNode } from '../kubernetes/node.ts';
import type { HostPort, Placement } from '../kubernetes/placement.ts';
import type { Toleration } from '../kubernetes/pod.ts';
import type { PersistentVolume } from '../kubernetes/storage.ts';
import { tolerates } from '../kubernetes/tolerations.ts';
import { claimsOf, type Bindings, type ClaimsOn } from './claims.ts';
import { placementObstacles, portObstacles, taintObstacles } from './obstacles.ts';
import { weightOf, type AmountsAndPods, type Candidate, type Site, type Weight } from './site.ts';

/** Places candidates one after the other; each takes the room, ports and volumes that it gets. */
export type Placing = {
  /** Name of the node that the candidate gets, or null where it would stay pending. */
  place(candidate: Candidate): string | null;
  /** What is left of what a node offers, negative where it is over-committed; null for a node that is not there. */
  free(node: string): NodeAmounts | null;
};

/** The room of a node while candidates are placed. What it does not say is NaN, in which nothing fits. */
type Room = {
  readonly node: ClusterNode;
  readonly offers: Readonly<AmountsAndPods>;
  readonly taken: { -readonly [K in keyof AmountsAndPods]: AmountsAndPods[K] };
  readonly weighed: { -readonly [K in keyof Weight]: Weight[K] };
  hostPorts: readonly HostPort[];
};

/** Rooms that a kind of candidate may get as far as their nodes go; how many taints each has that it would rather not. */
type Choice = { readonly rooms: readonly Room[]; readonly avoided: ReadonlyMap<Room, number> };

const untold = (amount: number | null): number => amount ?? NaN;

/** Points of a node out of 100 for each rule, and how much a rule counts (Kubernetes: default plugins). */
const MOST_POINTS = 100;
const TAINTS_COUNT = 3;

/** More points for more that is left (Kubernetes: NodeResourcesFit, LeastAllocated). */
const leastAllocated = (taken: number, whole: number): number =>
  taken > whole || !(whole > 0) ? 0 : Math.floor(((whole - taken) * MOST_POINTS) / whole);

const shareOf = (taken: number, whole: number): number => (whole > 0 ? Math.min(1, taken / whole) : 1);

/** Points for the room that is left, and for CPU and memory being used alike (Kubernetes: BalancedAllocation). */
function pointsOf({ offers, taken, weighed }: Room, requests: Weight, weight: Weight): number {
  const left = Math.floor(
    (leastAllocated(weighed.cpu + weight.cpu, offers.cpu) +
      leastAllocated(weighed.memory + weight.memory, offers.memory)) /
      2,
  );
  const apart = Math.abs(
    shareOf(taken.cpu + requests.cpu, offers.cpu) - shareOf(taken.memory + requests.memory, offers.memory),
  );
  return left + Math.floor((1 - apart / 2) * MOST_POINTS);
}

const holds = ({ offers, taken }: Room, { cpu, memory, ephemeralStorage }: Candidate['requests']): boolean =>
  offers.pods - taken.pods >= 1 &&
  (cpu === 0 || offers.cpu - taken.cpu >= cpu) &&
  (memory === 0 || offers.memory - taken.memory >= memory) &&
  (ephemeralStorage === 0 || offers.ephemeralStorage - taken.ephemeralStorage >= ephemeralStorage);

const avoidedOn = ({ taints }: ClusterNode, tolerations: readonly Toleration[]): number =>
  taints === null
    ? 0
    : taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !tolerates(tolerations, taint)).length;

/** What was worked out for a key before, or is made now. */
function heldOr<K, V>(held: Map<K, V>, key: K, make: () => V): V {
  const before = held.get(key);
  if (before !== undefined) return before;
  const made = make();
  held.set(key, made);
  return made;
}

/**
 * Chooses nodes as the scheduler does by default: of those without an obstacle the one with most points for room that
 * is left, for CPU and memory in balance, and against taints that it should rather avoid; of equals, the first by name
 * (the scheduler takes any). What it does not weigh: preferred affinity, spread, images. The site is not changed.
 * Candidates that share tolerations and placement have their nodes looked through once.
 */
export function createPlacing({ places, storage }: Site): Placing {
  const rooms = new Map<string, Room>();
  for (const { node, taken, weighed, hostPorts } of places)
    rooms.set(node.name, {
      node,
      offers: {
        cpu: untold(node.allocatable.cpu),
        memory: untold(node.allocatable.memory),
        ephemeralStorage: untold(node.allocatable.ephemeralStorage),
        pods: untold(node.allocatable.pods),
      },
      taken: { ...taken },
      weighed: { ...weighed },
      hostPorts,
    });
  const promised = new Map<string, PersistentVolume>();

  const bearing = new Map<readonly Toleration[], readonly Room[]>();
  const choices = new Map<readonly Toleration[], Map<Placement, Choice>>();
  const choiceOf = ({ tolerations, placement }: Candidate): Choice => {
    const byPlacement = heldOr(choices, tolerations, () => new Map<Placement, Choice>());
    return heldOr(byPlacement, placement, () => {
      const open = heldOr(bearing, tolerations, () =>
        [...rooms.values()].filter(({ node }) => taintObstacles(tolerations, node).length === 0),
      );
      const chosen = open.filter(({ node }) => placementObstacles(placement, node).length === 0);
      const counts = chosen.map((room) => [room, avoidedOn(room.node, tolerations)] as const);
      return { rooms: chosen, avoided: new Map(counts.filter(([, count]) => count > 0)) };
    });
  };

  const fits = (room: Room, { requests, placement }: Candidate, claims: ClaimsOn | null): boolean =>
    holds(room, requests) &&
    (placement.hostPorts.length === 0 || portObstacles(placement.hostPorts, room.hostPorts).length === 0) &&
    (claims === null || !('length' in claims(room.node)));

  const choose = (candidate: Candidate, claims: ClaimsOn | null): Room | null => {
    const { rooms: open, avoided } = choiceOf(candidate);
    const weight = weightOf(candidate.requests);
    // Points against taints are shared out by the most that any node has on which the candidate fits.
    let most = 0;
    for (const [room, count] of avoided) if (count > most && fits(room, candidate, claims)) most = count;
    let best: Room | null = null;
    let bestPoints = -1;
    for (const room of open) {
      if (!fits(room, candidate, claims)) continue;
      const points =
        pointsOf(room, candidate.requests, weight) + (most === 0 ? 0 : taintPoints(avoided.get(room), most));
      if (best === null || points > bestPoints || (points === bestPoints && room.node.name < best.node.name)) {
        best = room;
        bestPoints = points;
      }
    }
    return best;
  };

  return {
    place(candidate) {
      const claims = candidate.claims.length === 0 ? null : claimsOf(candidate, storage, promised);
      const room = choose(candidate, claims);
      if (room === null) return null;
      take(room, candidate);
      const bindings = claims?.(room.node);
      if (isBindings(bindings)) for (const [claim, volume] of bindings) promised.set(claim, volume);
      return room.node.name;
    },
    free(name) {
      const room = rooms.get(name);
      if (room === undefined) return null;
      const left = (resource: keyof AmountsAndPods): number | null => {
        const whole = room.node.allocatable[resource];
        return whole === null ? null : whole - room.taken[resource];
      };
      return {
        cpu: left('cpu'),
        memory: left('memory'),
        ephemeralStorage: left('ephemeralStorage'),
        pods: left('pods'),
      };
    },
  };
}

const isBindings = (claims: ReturnType<ClaimsOn> | undefined): claims is Bindings =>
  claims !== undefined && !('length' in claims);

const taintPoints = (count: number | undefined, most: number): number =>
  TAINTS_COUNT * (MOST_POINTS - (count === undefined ? 0 : Math.floor((count * MOST_POINTS) / most)));

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
