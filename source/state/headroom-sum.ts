import type { AmountsAndPods } from '../model/headroom/site.ts';
import { leftOf, NOTHING } from '../model/headroom/sums.ts';
import { NO_AMOUNTS, type Amounts, type NodeAmounts } from '../model/kubernetes/amounts.ts';
import { absent, known, valueOf, whyNot, type Reading } from '../model/reading.ts';
import { bothKnown, knowledgeOf, readingOf, WHOLE, type Knowledge } from '../model/readings.ts';
import type { Demand } from '../product/sizing.ts';
import type { NodeSums } from './cluster-state.ts';
import type { NodeRow } from './node-rows.ts';
import type { Measure } from './ordered.ts';

/** Sums over some nodes. CPU in millicores, memory and ephemeral storage in bytes. */
export type Headroom = {
  readonly nodes: number;
  /** Nodes on which pods without tolerations are placed. */
  readonly open: number;
  /** Nodes that do not say all of what they offer; what they leave out is in no sum of what is allocatable or free. */
  readonly untold: number;
  /** A resource of which no node here says how much it offers is null, here and in what is free. */
  readonly allocatable: Reading<NodeAmounts>;
  readonly requested: Reading<AmountsAndPods>;
  readonly limits: Reading<Amounts>;
  /** Active pods without a limit, which the limits do not bound. */
  readonly unlimited: Reading<NodeSums['unlimited']>;
  /** Negative where nodes are over-committed. */
  readonly free: Reading<NodeAmounts>;
  /** Free on the open nodes. */
  readonly freeForWorkloads: Reading<NodeAmounts>;
  /** Measured, of the nodes that are. */
  readonly used: Reading<{ readonly cpu: number; readonly memory: number }>;
  readonly measured: number;
  /** What the roles of the nodes need by the guide. */
  readonly demand: Demand;
  /** Names of the nodes that are smaller than their roles need, without and with the margin that the guide advises. */
  readonly undersized: readonly string[];
  readonly tight: readonly string[];
};

/**
 * Headroom on its way: what is known of some nodes in a form in which two add up to that of both, so that nothing ever
 * has to be subtracted and a reading that is not known stays so.
 */
export type HeadroomSum = {
  /** All that is added number by number, as `numbersOf` lays it out. */
  readonly numbers: readonly number[];
  /** How well pods are known, which all that comes from them is as well; and those of the open nodes. */
  readonly pods: Knowledge;
  readonly podsOfOpen: Knowledge;
  readonly measurements: Knowledge;
  /** Why the first node that is not measured is not. */
  readonly unmeasured: Reading<never> | null;
  readonly undersized: Names;
  readonly tight: Names;
};

/** Names, or those of two sums after each other: only whoever reads them puts them in a row. */
type Names = readonly string[] | { readonly one: Names; readonly other: Names };

const NONE: Names = [];

const bothNamed = (one: Names, other: Names): Names => (one === NONE ? other : other === NONE ? one : { one, other });

function* eachOf(names: Names): Generator<string> {
  if (!('one' in names)) {
    yield* names;
    return;
  }
  yield* eachOf(names.one);
  yield* eachOf(names.other);
}

/** What is taken on a node, pod slots too; null where its pods are not known. */
export function takenOn({ requested, pods }: NodeRow): AmountsAndPods | null {
  const [amounts, counts] = [valueOf(requested), valueOf(pods)];
  return amounts === null || counts === null ? null : { ...amounts, pods: counts.active };
}

const saysAll = ({ cpu, memory, ephemeralStorage, pods }: NodeAmounts): boolean =>
  cpu !== null && memory !== null && ephemeralStorage !== null && pods !== null;

/** Where the numbers of each part begin. What nodes tell takes nine, the others one for each figure. */
const PARTS = { counts: 0, requested: 3, limits: 7, unlimited: 10, used: 12, demand: 15, told: 17, left: 26, open: 35 };
const NUMBERS = 44;

/** What nodes tell: how many they are, then of each resource how many name it and how much. */
type TellingNumbers = readonly [number, number, number, number, number, number, number, number, number];
const NOBODY: TellingNumbers = [0, 0, 0, 0, 0, 0, 0, 0, 0];

/** What is not told adds nothing; that it was not told is counted beside it. */
const UNTOLD = 0;
const told = (amount: number | null): number => (amount === null ? 0 : 1);

const telling = ({ cpu, memory, ephemeralStorage, pods }: NodeAmounts): TellingNumbers => [
  1,
  told(cpu),
  cpu ?? UNTOLD,
  told(memory),
  memory ?? UNTOLD,
  told(ephemeralStorage),
  ephemeralStorage ?? UNTOLD,
  told(pods),
  pods ?? UNTOLD,
];

const NO_UNLIMITED = { cpu: 0, memory: 0 };

function numbersOf(row: NodeRow, taken: AmountsAndPods | null, used: Pair | null): readonly number[] {
  const { node, open, demand } = row;
  const requested = taken ?? NOTHING;
  const limits = valueOf(row.limits) ?? NO_AMOUNTS;
  const unlimited = valueOf(row.unlimited) ?? NO_UNLIMITED;
  const left = taken === null ? NOBODY : telling(leftOf(node.allocatable, taken));
  return [
    ...[1, open ? 1 : 0, saysAll(node.allocatable) ? 0 : 1],
    ...[requested.cpu, requested.memory, requested.ephemeralStorage, requested.pods],
    ...[limits.cpu, limits.memory, limits.ephemeralStorage],
    ...[unlimited.cpu, unlimited.memory],
    ...(used === null ? [0, 0, 0] : [1, used.cpu, used.memory]),
    ...[demand.cpu, demand.memory],
    ...telling(node.allocatable),
    ...left,
    ...(open ? left : NOBODY),
  ];
}

type Pair = { readonly cpu: number; readonly memory: number };

/** What a node uses, where both figures are measured, else why not. */
function usedOn({ used }: NodeRow): Pair | Reading<never> {
  if (used.state === 'absent' || used.state === 'denied') return used;
  const { cpu, memory } = used.value;
  return cpu === null || memory === null ? absent('the metrics API does not say what the node uses') : { cpu, memory };
}

function one(row: NodeRow): HeadroomSum {
  const { node, open } = row;
  const pods = knowledgeOf(row.pods);
  const used = usedOn(row);
  const isMeasured = 'cpu' in used;
  const met = valueOf(row.demandMet);
  return {
    numbers: numbersOf(row, takenOn(row), isMeasured ? used : null),
    pods,
    podsOfOpen: open ? pods : WHOLE,
    measurements: isMeasured ? knowledgeOf(row.used) : WHOLE,
    unmeasured: isMeasured ? null : used,
    undersized: met === 'no' ? [node.name] : NONE,
    tight: met === 'tight' ? [node.name] : NONE,
  };
}

function added(one: readonly number[], other: readonly number[]): readonly number[] {
  const sums = one.slice();
  for (let place = 0; place < NUMBERS; place += 1) sums[place] = (sums[place] ?? NaN) + (other[place] ?? NaN);
  return sums;
}

export const NO_HEADROOM: HeadroomSum = {
  numbers: new Array<number>(NUMBERS).fill(0),
  pods: WHOLE,
  podsOfOpen: WHOLE,
  measurements: WHOLE,
  unmeasured: null,
  undersized: NONE,
  tight: NONE,
};

function combine(one: HeadroomSum, other: HeadroomSum): HeadroomSum {
  if (one === NO_HEADROOM) return other;
  if (other === NO_HEADROOM) return one;
  return {
    numbers: added(one.numbers, other.numbers),
    pods: bothKnown(one.pods, other.pods),
    podsOfOpen: bothKnown(one.podsOfOpen, other.podsOfOpen),
    measurements: bothKnown(one.measurements, other.measurements),
    unmeasured: one.unmeasured ?? other.unmeasured,
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

/** Reads numbers in turn; sums are capped at 2^53-1, since beyond it they are no longer exact. */
function reader(numbers: readonly number[], from: number): () => number {
  let place = from;
  return () => {
    const number = Number(numbers[place]);
    place += 1;
    return Math.min(Number.MAX_SAFE_INTEGER, number);
  };
}

/** What nodes tell: known as nothing where there are no nodes; absent where none of them tells anything. */
function toldReading(numbers: readonly number[], from: number): Reading<NodeAmounts> {
  const next = reader(numbers, from);
  if (next() === 0) return known(NOTHING);
  const named = (): number | null => {
    const [isTold, amount] = [next() > 0, next()];
    return isTold ? amount : null;
  };
  const amounts = { cpu: named(), memory: named(), ephemeralStorage: named(), pods: named() };
  return Object.values(amounts).every((amount) => amount === null)
    ? absent('no node here says what it offers')
    : known(amounts);
}

/** What is left, as known as the pods are, and not at all where nobody says what there is. */
function leftReading(pods: Knowledge, left: Reading<NodeAmounts>): Reading<NodeAmounts> {
  const value = valueOf(left);
  const reading = readingOf(pods, value ?? NOTHING);
  return value === null && whyNot(reading) === null ? left : reading;
}

/** The headroom that a sum stands for. */
export function headroomFrom(sum: HeadroomSum): Headroom {
  const { numbers, pods, podsOfOpen, measurements, unmeasured, undersized, tight } = sum;
  const at = (part: keyof typeof PARTS) => reader(numbers, PARTS[part]);
  const [counts, requested, limits, unlimited, used, demand] = [
    at('counts'),
    at('requested'),
    at('limits'),
    at('unlimited'),
    at('used'),
    at('demand'),
  ];
  const measured = used();
  return {
    nodes: counts(),
    open: counts(),
    untold: counts(),
    allocatable: toldReading(numbers, PARTS.told),
    requested: readingOf(pods, {
      cpu: requested(),
      memory: requested(),
      ephemeralStorage: requested(),
      pods: requested(),
    }),
    limits: readingOf(pods, { cpu: limits(), memory: limits(), ephemeralStorage: limits() }),
    unlimited: readingOf(pods, { cpu: unlimited(), memory: unlimited() }),
    free: leftReading(pods, toldReading(numbers, PARTS.left)),
    freeForWorkloads: leftReading(podsOfOpen, toldReading(numbers, PARTS.open)),
    measured,
    used:
      measured > 0
        ? readingOf(measurements, { cpu: used(), memory: used() })
        : (unmeasured ?? absent('there is no node to measure')),
    demand: { cpu: demand(), memory: demand() },
    get undersized() {
      return [...eachOf(undersized)];
    },
    get tight() {
      return [...eachOf(tight)];
    },
  };
}
