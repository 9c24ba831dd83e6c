import type { AmountsAndPods } from '../model/headroom/site.ts';
import { bothTold, leftOf, NOBODY, NOTHING, toldOf, toldReading, type Told } from '../model/headroom/sums.ts';
import { areExact, NO_AMOUNTS, type Amounts, type NodeAmounts } from '../model/kubernetes/amounts.ts';
import { absent, valueOf, whyNot, type Reading } from '../model/reading.ts';
import { bothKnown, knowledgeOf, readingOf, WHOLE, type Knowledge } from '../model/readings.ts';
import type { Headroom } from './headroom.ts';
import type { NodeRow } from './node-rows.ts';
import type { Measure } from './ordered.ts';

type Pair = { readonly cpu: number; readonly memory: number };
const NO_PAIR: Pair = { cpu: 0, memory: 0 };
const bothPairs = (one: Pair, other: Pair): Pair =>
  one === NO_PAIR ? other : other === NO_PAIR ? one : { cpu: one.cpu + other.cpu, memory: one.memory + other.memory };

/** What is measured, of the nodes of which both figures are; where there is none, why of the first. */
type Used = Pair & { readonly measured: number; readonly known: Knowledge; readonly why: Reading<never> | null };
const NOT_MEASURED: Used = { ...NO_PAIR, measured: 0, known: WHOLE, why: null };

/**
 * Headroom on its way: what is known of some nodes in a form in which two add up to that of both, so that nothing ever
 * has to be subtracted and a reading that is not known stays so.
 */
export type HeadroomSum = {
  readonly nodes: number;
  readonly open: number;
  readonly untold: number;
  /** All that comes from pods is known as well as their count. */
  readonly pods: Knowledge;
  readonly podsOfOpen: Knowledge;
  readonly allocatable: Told;
  readonly requested: AmountsAndPods;
  readonly limits: Amounts;
  readonly unlimited: Pair;
  readonly free: Told;
  readonly freeForWorkloads: Told;
  readonly used: Used;
  readonly demand: Pair;
  readonly undersized: readonly string[];
  readonly tight: readonly string[];
};

const NONE: readonly never[] = [];

export const NO_HEADROOM: HeadroomSum = {
  nodes: 0,
  open: 0,
  untold: 0,
  pods: WHOLE,
  podsOfOpen: WHOLE,
  allocatable: NOBODY,
  requested: NOTHING,
  limits: NO_AMOUNTS,
  unlimited: NO_PAIR,
  free: NOBODY,
  freeForWorkloads: NOBODY,
  used: NOT_MEASURED,
  demand: NO_PAIR,
  undersized: NONE,
  tight: NONE,
};

/** What is taken on a node, pod slots too; null where its pods are not known. */
export function takenOn({ requested, pods }: NodeRow): AmountsAndPods | null {
  const [amounts, counts] = [valueOf(requested), valueOf(pods)];
  return amounts === null || counts === null ? null : { ...amounts, pods: counts.active };
}

const saysAll = ({ cpu, memory, ephemeralStorage, pods }: NodeAmounts): boolean =>
  cpu !== null && memory !== null && ephemeralStorage !== null && pods !== null;

function usedOn({ used }: NodeRow): Used {
  if (used.state === 'absent' || used.state === 'denied') return { ...NOT_MEASURED, why: used };
  const { cpu, memory } = used.value;
  if (cpu === null || memory === null)
    return { ...NOT_MEASURED, why: absent('the metrics API does not say what the node uses') };
  return { cpu, memory, measured: 1, known: knowledgeOf(used), why: null };
}

function one(row: NodeRow): HeadroomSum {
  const { node, open } = row;
  const pods = knowledgeOf(row.pods);
  const taken = takenOn(row);
  const left = taken === null ? NOBODY : toldOf(leftOf(node.allocatable, taken));
  const met = valueOf(row.demandMet);
  return {
    nodes: 1,
    open: open ? 1 : 0,
    untold: saysAll(node.allocatable) ? 0 : 1,
    pods,
    podsOfOpen: open ? pods : WHOLE,
    allocatable: toldOf(node.allocatable),
    requested: taken ?? NOTHING,
    limits: valueOf(row.limits) ?? NO_AMOUNTS,
    unlimited: valueOf(row.unlimited) ?? NO_PAIR,
    free: left,
    freeForWorkloads: open ? left : NOBODY,
    used: usedOn(row),
    demand: row.demand,
    undersized: met === 'no' ? [node.name] : NONE,
    tight: met === 'tight' ? [node.name] : NONE,
  };
}

const bothAmounts = (one: Amounts, other: Amounts): Amounts => ({
  cpu: one.cpu + other.cpu,
  memory: one.memory + other.memory,
  ephemeralStorage: one.ephemeralStorage + other.ephemeralStorage,
});

const bothUsed = (one: Used, other: Used): Used => ({
  cpu: one.cpu + other.cpu,
  memory: one.memory + other.memory,
  measured: one.measured + other.measured,
  known: bothKnown(one.known, other.known),
  why: one.why ?? other.why,
});

const bothNamed = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.length === 0 ? other : other.length === 0 ? one : [...one, ...other];

function combine(one: HeadroomSum, other: HeadroomSum): HeadroomSum {
  if (one === NO_HEADROOM) return other;
  if (other === NO_HEADROOM) return one;
  return {
    nodes: one.nodes + other.nodes,
    open: one.open + other.open,
    untold: one.untold + other.untold,
    pods: bothKnown(one.pods, other.pods),
    podsOfOpen: bothKnown(one.podsOfOpen, other.podsOfOpen),
    allocatable: bothTold(one.allocatable, other.allocatable),
    requested: {
      cpu: one.requested.cpu + other.requested.cpu,
      memory: one.requested.memory + other.requested.memory,
      ephemeralStorage: one.requested.ephemeralStorage + other.requested.ephemeralStorage,
      pods: one.requested.pods + other.requested.pods,
    },
    limits: bothAmounts(one.limits, other.limits),
    unlimited: bothPairs(one.unlimited, other.unlimited),
    free: bothTold(one.free, other.free),
    freeForWorkloads: bothTold(one.freeForWorkloads, other.freeForWorkloads),
    used: bothUsed(one.used, other.used),
    demand: bothPairs(one.demand, other.demand),
    undersized: bothNamed(one.undersized, other.undersized),
    tight: bothNamed(one.tight, other.tight),
  };
}

/** Adds up the headroom of those nodes that are of a kind. */
export const headroomMeasure = (is: (row: NodeRow) => boolean): Measure<NodeRow, HeadroomSum> => ({
  empty: NO_HEADROOM,
  one: (row) => (is(row) ? one(row) : NO_HEADROOM),
  combine,
});

const capped = <A extends Amounts>(amounts: A): A =>
  areExact(amounts)
    ? amounts
    : {
        ...amounts,
        cpu: Math.min(Number.MAX_SAFE_INTEGER, amounts.cpu),
        memory: Math.min(Number.MAX_SAFE_INTEGER, amounts.memory),
        ephemeralStorage: Math.min(Number.MAX_SAFE_INTEGER, amounts.ephemeralStorage),
      };

/** What is left, as known as the pods are, and not at all where nobody says what there is. */
function leftReading(pods: Knowledge, told: Told): Reading<NodeAmounts> {
  const left = toldReading(told);
  const value = valueOf(left);
  const reading = readingOf(pods, value ?? NOTHING);
  return value === null && whyNot(reading) === null ? left : reading;
}

/** The headroom that a sum stands for. */
export function headroomFrom(sum: HeadroomSum): Headroom {
  const { nodes, open, untold, pods, used, demand, undersized, tight } = sum;
  return {
    nodes,
    open,
    untold,
    allocatable: toldReading(sum.allocatable),
    requested: readingOf(pods, capped(sum.requested)),
    limits: readingOf(pods, capped(sum.limits)),
    unlimited: readingOf(pods, sum.unlimited),
    free: leftReading(pods, sum.free),
    freeForWorkloads: leftReading(sum.podsOfOpen, sum.freeForWorkloads),
    measured: used.measured,
    used:
      used.measured > 0
        ? readingOf(used.known, { cpu: used.cpu, memory: used.memory })
        : (used.why ?? absent('there is no node to measure')),
    demand,
    undersized,
    tight,
  };
}
