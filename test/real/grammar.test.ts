// The grammar of labels, taints and selectors: what the console takes and refuses before it asks, against kubectl and the API server.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  isProblem,
  parseLabelArguments,
  parseTaintArguments,
  splitNodesAndEdits,
} from '../../source/model/kubernetes/edits.ts';
import {
  labelKeyProblem,
  labelValueProblem,
  nodeNameProblem,
  taintProblem,
} from '../../source/model/kubernetes/names.ts';
import { TAINT_EFFECTS } from '../../source/model/kubernetes/node.ts';
import { parseLabelSelector } from '../../source/model/kubernetes/selector.ts';
import { seededRandom, type Random } from '../../source/sandbox/random.ts';
import { recordAgreement } from './agreement.ts';
import { comparison, type Comparison } from './comparison.ts';
import { selector, text } from './grammar/generated.ts';
import { LABEL_WORDS, SELECTORS, TAINT_WORDS, type Typed } from './grammar/tables.ts';
import { kubectl } from './kubectl.ts';
import { pick } from './seed/quantities.ts';
import { seedCluster } from './seed.ts';
import { startRealCluster, type RealCluster } from './servers/cluster.ts';
import type { UserName } from './servers/users.ts';
import type { List, NodeObject, Taint } from './wire.ts';

const NODES = 100;
const GENERATED = 400;
const MERGE = 'application/merge-patch+json';
const REFUSED = 'refused';

/** Where the cases come from, and every reason for a difference once. */
const noteOn = (typed: readonly Typed<unknown>[]): string => {
  const all = [...new Set(typed.flatMap(({ reason }) => reason ?? []))];
  return `Written by hand.${all.length === 0 ? '' : ` Differences: ${all.join('; ')}.`}`;
};

const LABELS = comparison(
  'arguments of label: taken or refused, and the labels afterwards',
  'kubectl label',
  noteOn(LABEL_WORDS),
);
const TAINTS = comparison(
  'arguments of taint: taken or refused, and the taints afterwards',
  'kubectl taint',
  noteOn(TAINT_WORDS),
);
const SELECTED = comparison(
  'selectors: refused, or the nodes that they choose',
  'kubectl get nodes -l',
  noteOn(SELECTORS),
);
const SERVER = 'kube-apiserver';
const BY_CHANCE = 'Made by chance, with a fixed seed.';
const SELECTED_BY_CHANCE = comparison('selectors: refused, or the nodes that they choose', SERVER, BY_CHANCE);
const LABELS_BY_CHANCE = comparison('keys and values of labels: taken or refused', SERVER, BY_CHANCE);
const TAINTS_BY_CHANCE = comparison('taints: taken or refused', SERVER, BY_CHANCE);
const NAMES_BY_CHANCE = comparison('names of nodes: taken or refused', SERVER, BY_CHANCE);
const FROM_TABLES = [
  { compared: LABELS, table: LABEL_WORDS },
  { compared: TAINTS, table: TAINT_WORDS },
  { compared: SELECTED, table: SELECTORS },
];
const FROM_CHANCE = [SELECTED_BY_CHANCE, LABELS_BY_CHANCE, TAINTS_BY_CHANCE, NAMES_BY_CHANCE];

let cluster: RealCluster;
/** What kubectl has learned about the server, so that it asks once and not each time. */
let cache: string;
let nodes: readonly NodeObject[];

const labelsOf = (node: NodeObject) => node.metadata.labels ?? {};
const taintsOf = (node: NodeObject) => node.spec?.taints ?? [];
const labelWords = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([key, value]) => `${key}=${value}`);
const taintWords = (taints: readonly Taint[]) =>
  taints.map(({ key, value, effect }) => `${key}=${value ?? ''}:${effect}`);
const told = (name: string, words: readonly string[]) => `${name}: ${words.toSorted().join(' ')}`;

type Result = string | readonly string[];

/** What the console would make of each node that is named, in words. */
function edited(
  words: readonly string[],
  edit: (node: NodeObject, edits: readonly string[]) => readonly string[] | null,
) {
  const split = splitNodesAndEdits(words);
  if (isProblem(split)) return REFUSED;
  const results = split.nodes.map((name) => {
    const node = nodes.find(({ metadata }) => metadata.name === name);
    const after = node === undefined ? null : edit(node, split.edits);
    return after === null ? null : told(name, after);
  });
  return results.includes(null) ? REFUSED : results.map(String).sort();
}

const labelled = (words: readonly string[]): Result =>
  edited(words, (node, edits) => {
    const parsed = parseLabelArguments(edits);
    if (isProblem(parsed)) return null;
    const kept = Object.entries(labelsOf(node)).filter(([key]) => !parsed.remove.includes(key));
    return labelWords({ ...Object.fromEntries(kept), ...parsed.set });
  });

const tainted = (words: readonly string[]): Result =>
  edited(words, (node, edits) => {
    const parsed = parseTaintArguments(edits);
    if (isProblem(parsed)) return null;
    const { add, remove } = parsed;
    const isGone = (own: Taint) =>
      remove.some(({ key, effect }) => key === own.key && (effect ?? own.effect) === own.effect) ||
      add.some(({ key, effect }) => key === own.key && effect === own.effect);
    return taintWords([...taintsOf(node).filter((own) => !isGone(own)), ...add]);
  });

const ask = (user: UserName, ...words: readonly string[]) =>
  kubectl(cluster.kubeconfig(user), `--cache-dir=${cache}`, ...words);

/** What kubectl says each node would be, in the same words. It prints one object after the other. */
async function byKubectl(
  verb: 'label' | 'taint',
  words: readonly string[],
  wordsOf: (node: NodeObject) => readonly string[],
): Promise<Result> {
  const flags = ['--overwrite', '--dry-run=server', '--output=json'];
  const { code, stdout } = await ask('operator', verb, ...flags, '--', 'node', ...words);
  if (code !== 0) return REFUSED;
  const objects = [...stdout.matchAll(/^\{$[^]*?^\}$/gm)].map(([object]) => JSON.parse(object) as NodeObject);
  return objects.map((node) => told(node.metadata.name, wordsOf(node))).sort();
}

const namesOf = (items: readonly NodeObject[]) => items.map(({ metadata }) => metadata.name).sort();

function chosen(typed: string): Result {
  const holds = parseLabelSelector(typed);
  return isProblem(holds) ? REFUSED : namesOf(nodes.filter((node) => holds(labelsOf(node))));
}

async function chosenByKubectl(typed: string): Promise<Result> {
  const { code, stdout } = await ask('reader', 'get', 'nodes', '-o', 'name', `--selector=${typed}`);
  return code === 0 ? [...stdout.matchAll(/^node\/(\S+)$/gm)].map((match) => match[1] ?? '').sort() : REFUSED;
}

async function chosenByServer(typed: string): Promise<Result> {
  const path = `/api/v1/nodes?labelSelector=${encodeURIComponent(typed)}`;
  const { status, body } = await cluster.api.admin.ask('GET', path);
  if (status !== 200 && status !== 400) throw new Error(`GET ${path}: ${status}`);
  return status === 200 ? namesOf((body as List<NodeObject>).items) : REFUSED;
}

const refusals = new Map<Comparison, number>();
const choices = new Set<string>();

/** Compares, and counts how often the answer was no: chance must bring about both. */
function compareByChance(compared: Comparison, where: unknown, ours: Result, theirs: Result): void {
  compared.compare(JSON.stringify(where), ours, theirs);
  refusals.set(compared, (refusals.get(compared) ?? 0) + (theirs === REFUSED ? 1 : 0));
  if (compared === SELECTED_BY_CHANCE) choices.add(String(theirs));
}

/** Whether the server takes a write that changes nothing. */
async function taken(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<string> {
  const { status } = await cluster.api.admin.ask(
    method,
    `${path}?dryRun=All`,
    body,
    method === 'PATCH' ? MERGE : undefined,
  );
  if (![200, 201, 409, 422].includes(status))
    throw new Error(`${method} ${path} with ${JSON.stringify(body)}: ${status}`);
  return status === 422 ? REFUSED : 'taken';
}
const takenUnless = (problem: string | null) => (problem === null ? 'taken' : REFUSED);

async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

const made = <T>(seed: number, make: (random: Random) => T): T[] => {
  const random = seededRandom(seed);
  return Array.from({ length: GENERATED }, () => make(random));
};

/** One of the two is right for sure, else hardly any pair would be. */
const keyAndValue = (random: Random) =>
  random.between(0, 1) === 0 ? { key: text(random), value: 'a' } : { key: 'a', value: text(random) };
const taint = (random: Random) => ({
  ...keyAndValue(random),
  effect: pick(random, [...TAINT_EFFECTS, ...TAINT_EFFECTS, 'noSchedule', '']),
});

async function compareAll(): Promise<void> {
  const shown = JSON.stringify;
  await sideBySide(LABEL_WORDS, async ({ typed, reason }) => {
    const theirs = await byKubectl('label', typed, (node) => labelWords(labelsOf(node)));
    LABELS.compare(shown(typed), labelled(typed), theirs, () => reason !== undefined);
  });
  await sideBySide(TAINT_WORDS, async ({ typed, reason }) => {
    const theirs = await byKubectl('taint', typed, (node) => taintWords(taintsOf(node)));
    TAINTS.compare(shown(typed), tainted(typed), theirs, () => reason !== undefined);
  });
  await sideBySide(SELECTORS, async ({ typed, reason }) => {
    SELECTED.compare(shown(typed), chosen(typed), await chosenByKubectl(typed), () => reason !== undefined);
  });
  await sideBySide(made(1, selector), async (typed) => {
    compareByChance(SELECTED_BY_CHANCE, typed, chosen(typed), await chosenByServer(typed));
  });
  const node = '/api/v1/nodes/bootstrap';
  await sideBySide(made(2, keyAndValue), async ({ key, value }) => {
    const ours = takenUnless(labelKeyProblem(key) ?? labelValueProblem(value));
    const theirs = await taken('PATCH', node, { metadata: { labels: { [key]: value } } });
    compareByChance(LABELS_BY_CHANCE, { key, value }, ours, theirs);
  });
  await sideBySide(made(3, taint), async (one) => {
    const theirs = await taken('PATCH', node, { spec: { taints: [one] } });
    compareByChance(TAINTS_BY_CHANCE, one, takenUnless(taintProblem(one)), theirs);
  });
  await sideBySide(made(4, text), async (name) => {
    const theirs = await taken('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name } });
    compareByChance(NAMES_BY_CHANCE, name, takenUnless(nodeNameProblem(name)), theirs);
  });
}

beforeAll(async () => {
  cluster = await startRealCluster();
  cache = await mkdtemp(join(tmpdir(), 'kubectl-cache-'));
  const { admin } = cluster.api;
  const seeded = await seedCluster(admin, { seed: 5, nodes: NODES, pods: 0 });
  await sideBySide([...seeded.nodes.entries()], async ([index, { name, taints }]) => {
    const labels = {
      units: index % 17 === 0 ? 'many' : String(index % 13),
      ...(index % 3 > 0 && { rack: `r${index % 5}`, 'example.com/rack': `r${index % 2}` }),
      ...(index % 4 === 0 && { empty: '', in: 'in', huge: '9223372036854775808' }),
    };
    const own: Taint[] = [
      { key: 'dedicated', value: 'db', effect: 'NoSchedule' },
      { key: 'dedicated', effect: 'NoExecute' },
    ];
    const spec = index === 0 ? { spec: { taints: [...taints, ...own] } } : {};
    await admin.do('PATCH', `/api/v1/nodes/${name}`, { metadata: { labels }, ...spec }, MERGE);
  });
  nodes = (await admin.do<List<NodeObject>>('GET', '/api/v1/nodes')).items;
  await compareAll();
});
afterAll(async () => {
  await cluster.stop();
  await rm(cache, { recursive: true, force: true });
});

test.each(FROM_TABLES)('$compared.figure by $compared.judge', ({ compared, table }) => {
  expect(compared.unexplained()).toEqual([]);
  expect(compared.row()).toMatchObject({
    cases: table.length,
    differences: table.filter(({ reason }) => reason !== undefined).length,
  });
});

test.each(FROM_CHANCE)('$figure by $judge', (compared) => {
  expect(compared.unexplained()).toEqual([]);
  expect(compared.row().cases).toBe(GENERATED);
  expect(refusals.get(compared)).toBeGreaterThan(GENERATED / 10);
  expect(refusals.get(compared)).toBeLessThan((GENERATED * 9) / 10);
});

test('selectors by chance choose many different sets of nodes', () => {
  expect(choices.size).toBeGreaterThan(20);
});

test('docs/agreement.md says so', () => {
  recordAgreement(
    'grammar',
    [...FROM_TABLES.map(({ compared }) => compared), ...FROM_CHANCE].map((one) => one.row()),
  );
});
