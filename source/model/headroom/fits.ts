import { NO_AMOUNTS } from '../kubernetes/amounts.ts';
import { ANYWHERE } from '../kubernetes/placement.ts';
import { milliValue, parseQuantity, wholeValue, type Quantity } from '../kubernetes/quantity.ts';
import { obstaclesOf } from './obstacles.ts';
import type { AmountsAndPods, Candidate, Place, Site } from './site.ts';
import { finished, forEachInSteps, type Steps } from './steps.ts';
import { createGrouped, type Against } from './survey.ts';

/** So many pods of one size, without tolerations and claims: CPU in millicores, the rest in bytes. */
export type FitRequest = {
  readonly cpu: number;
  readonly memory: number;
  readonly ephemeralStorage: number;
  readonly replicas: number;
  /** Labels that a node must have. */
  readonly selector: Readonly<Record<string, string>>;
};

/** Whether and where a request fits as long as nothing else is placed. */
export type Fit = {
  readonly request: FitRequest;
  readonly fits: boolean;
  /** Replicas that fit on all nodes together. */
  readonly most: number;
  /** Replicas that fit on each node that takes any, most first, then by name. */
  readonly where: readonly { readonly node: string; readonly replicas: number }[];
  /** What is in the way on the nodes that take none. */
  readonly obstacles: readonly Against[];
};

const candidateOf = ({ cpu, memory, ephemeralStorage, selector }: FitRequest): Candidate => ({
  namespace: '',
  requests: { cpu, memory, ephemeralStorage },
  tolerations: [],
  placement: { ...ANYWHERE, selector },
  claims: [],
  priority: 0,
});

/** How many replicas a place without an obstacle takes: what is left of each resource that is asked, shared out. */
function replicasOn({ node, taken }: Place, asked: AmountsAndPods): number {
  let most = Infinity;
  for (const resource of ['pods', 'cpu', 'memory', 'ephemeralStorage'] as const) {
    const whole = node.allocatable[resource];
    if (asked[resource] > 0 && whole !== null)
      most = Math.min(most, Math.floor((whole - taken[resource]) / asked[resource]));
  }
  return most;
}

/** Where so many replicas fit, bit by bit, at a cost that does not depend on how many they are. */
export function* fitSteps({ places, storage }: Site, request: FitRequest): Steps<Fit> {
  const candidate = candidateOf(request);
  const asked: AmountsAndPods = { ...candidate.requests, pods: 1 };
  const obstaclesOn = obstaclesOf(candidate, storage);
  const where: { readonly node: string; readonly replicas: number }[] = [];
  const against = createGrouped();
  yield* forEachInSteps(places, (place) => {
    const obstacles = obstaclesOn(place);
    if (obstacles.length > 0) against.add(obstacles);
    else where.push({ node: place.node.name, replicas: replicasOn(place, asked) });
  });
  where.sort((one, other) => other.replicas - one.replicas || (one.node < other.node ? -1 : 1));
  yield;
  const most = where.reduce((sum, { replicas }) => sum + replicas, 0);
  return { request, fits: most >= request.replicas, most, where, obstacles: against.all() };
}

/** The same without a break. */
export const whatFits = (site: Site, request: FitRequest): Fit => finished(fitSteps(site, request));

/** A quantity in the unit of its field, or what is wrong with it, as the end of a sentence. */
type Read = (quantity: Quantity) => number | string;

const positive =
  (inUnits: (quantity: Quantity) => number): Read =>
  (quantity) =>
    quantity < 0n ? 'must not be negative' : inUnits(quantity);

/** A quantity counts thousand-millionths. */
const ONE = 1_000_000_000n;

const replicas: Read = (quantity) =>
  quantity >= ONE && quantity % ONE === 0n ? wholeValue(quantity) : 'must be a whole number from 1 on';

type Field = { readonly field: Exclude<keyof FitRequest, 'selector'>; readonly read: Read; readonly example: string };

/** What may be asked for by name, with an example of each. */
const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['cpu', { field: 'cpu', read: positive(milliValue), example: 'cpu=2' }],
  ['memory', { field: 'memory', read: positive(wholeValue), example: 'memory=4Gi' }],
  ['ephemeral-storage', { field: 'ephemeralStorage', read: positive(wholeValue), example: 'ephemeral-storage=10Gi' }],
  ['replicas', { field: 'replicas', read: replicas, example: 'replicas=3' }],
]);
const FORM = [...FIELDS.values()].map(({ example }) => example).join(',');

/**
 * Reads `cpu=2,memory=4Gi,replicas=3` with the quantities of Kubernetes; what is left out is not asked for, replicas is
 * then 1. A problem is one sentence without a full stop that names the text and the rule.
 */
export function parseFit(text: string): FitRequest | { readonly problem: string } {
  const wrong = (rule: string) => ({ problem: `fit "${text}": ${rule}` });
  if (text.trim() === '') return wrong(`it asks for nothing; write for instance ${FORM}`);
  const request = { ...NO_AMOUNTS, replicas: 1, selector: {} };
  const given = new Set<string>();
  for (const part of text.split(',')) {
    const [name = '', value, ...more] = part.split('=').map((piece) => piece.trim());
    const known = FIELDS.get(name);
    if (value === undefined || more.length > 0) return wrong(`"${part.trim()}" is not NAME=QUANTITY, as in ${FORM}`);
    if (known === undefined) return wrong(`"${name}" is none of ${[...FIELDS.keys()].join(', ')}`);
    if (given.has(name)) return wrong(`"${name}" is given twice`);
    given.add(name);
    const quantity = parseQuantity(value);
    if (quantity === null) return wrong(`"${value}" is no quantity, as in ${known.example}`);
    const amount = known.read(quantity);
    if (typeof amount === 'string') return wrong(`${name} ${amount}`);
    request[known.field] = amount;
  }
  return request;
}
