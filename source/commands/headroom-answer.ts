import { whatFits, type Fit, type FitRequest } from '../model/headroom/fits.ts';
import { largestNode, lossOf, type Loss } from '../model/headroom/loss.ts';
import type { Site } from '../model/headroom/site.ts';
import { absent, mapReading, valueOf, whyNot, type Reading } from '../model/reading.ts';
import type { Role } from '../product/roles.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { clusterHeadroom, headroomOf, type ClusterHeadroom } from '../state/headroom.ts';
import type { Headroom } from '../state/headroom-sum.ts';
import { largestHole, type Hole } from '../state/largest-hole.ts';
import { NO_LARGEST, whyNoHole } from '../state/headroom-words.ts';
import type { NodeRow } from '../state/node-rows.ts';
import type { StorageFacts } from '../state/obstacle-words.ts';
import { seen } from '../state/seen.ts';
import { siteOf } from '../state/site.ts';
import { noSuchNode } from './choose-nodes.ts';
import { UsageError } from './exit.ts';
import { rowsOf } from './nodes.ts';

/** The word for the node whose loss would take most. */
export const LARGEST = 'largest';

/** What is asked besides the sums. */
export type Question = {
  readonly role: Role | null;
  /** Name of a node, LARGEST, or null when it was not asked for. */
  readonly lost: string | null;
  readonly fits: readonly FitRequest[];
};

export type HeadroomAnswer = {
  readonly question: Question;
  /** The nodes with the role that is asked for, else all, in the order of names. */
  readonly rows: readonly NodeRow[];
  readonly all: readonly NodeRow[];
  readonly sums: ClusterHeadroom;
  /** The sums over `rows`. */
  readonly chosen: Headroom;
  readonly hole: Reading<Hole>;
  /** Of the node that is asked for, else of the largest. */
  readonly loss: Reading<Loss>;
  readonly fits: Reading<readonly Fit[]>;
  readonly storage: Site['storage'];
  /** For the words about nodes, claims and volumes. */
  readonly facts: StorageFacts & Pick<ClusterState, 'nodes'>;
};

/** A reading of something that there may be none of, with what is said then. */
function orAbsent<T>(reading: Reading<T | null>, why: string): Reading<T> {
  if (whyNot(reading) === null && valueOf(reading) === null) return absent(why);
  return reading as Reading<T>;
}

const largestOf = (site: Site, rows: readonly NodeRow[]): string | null => {
  const names = new Set(rows.map(({ node }) => node.name));
  return largestNode({ ...site, places: site.places.filter(({ node }) => names.has(node.name)) });
};

/** Works out all that is asked. Throws a UsageError for the loss of a node that is not there. */
export function answerOf(state: ClusterState, question: Question): HeadroomAnswer {
  const { role, lost, fits } = question;
  if (lost !== null && lost !== LARGEST && !state.nodes.has(lost)) throw new UsageError(noSuchNode(lost, state));
  const all = rowsOf(state, true);
  const rows = all.filter(({ roles }) => role === null || roles.includes(role));
  const whole = siteOf(state);
  // Without the pods nobody knows what is taken, and nothing can be placed.
  const site = seen(whole, state.resources.pods, 'the pods are still being read');
  const lossIn = (): Loss | null => {
    const node = lost === null || lost === LARGEST ? largestOf(whole, rows) : lost;
    return node === null ? null : lossOf(whole, node, state.podsByNode.get(node)?.values() ?? []);
  };
  const chosen = headroomOf(rows);
  return {
    question,
    rows,
    all,
    sums: clusterHeadroom(all),
    chosen,
    hole: orAbsent(
      mapReading(site, () => largestHole(rows)),
      whyNoHole(chosen),
    ),
    loss: orAbsent(mapReading(site, lossIn), NO_LARGEST),
    storage: whole.storage,
    facts: state,
    fits: mapReading(site, () => fits.map((request) => whatFits(whole, request))),
  };
}
