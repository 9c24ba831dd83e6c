import type { Amounts } from '../../../model/kubernetes/amounts.ts';
import type { NodeCondition } from '../../../model/kubernetes/node.ts';
import { valueOf, whyNot } from '../../../model/reading.ts';
import { taintWords } from '../../../text/taint.ts';
import { taintSource } from '../../../product/node-roles.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { sizeText } from '../../../state/node-words.ts';
import { bytes, cores } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import type { Context } from '../../screen.ts';
import { joined, plain, styled, type Span } from '../../widgets/spans.ts';
import { steadyAge } from '../../../text/age.ts';
import { readingSpans } from '../../widgets/cells.ts';
import { wordsHeight } from './words.ts';

/** Rows of the detail pane, its rule included. */
const DETAIL_HEIGHT = 7;
/** Title and column heads. */
const HEAD_HEIGHT = 2;
/** A list of at least this height stays when a large cluster shares the screen with the pane. */
const LEAST_LIST = 12;

export type Sizes = Pick<Context, 'height' | 'width' | 'list'>;

/** The pane is there when it hides no node, or when the list beside it is long enough to work in. */
export function detailHeight({ height, width, list }: Sizes): number {
  const room = height - wordsHeight({ height, width }) - HEAD_HEIGHT - DETAIL_HEIGHT;
  return room >= Math.min(Math.max(list.whole, 1), LEAST_LIST) ? DETAIL_HEIGHT : 0;
}

/** Rows for nodes: the body less what is said on top, title, column heads and detail pane. */
export const listHeight = (sizes: Sizes): number =>
  Math.max(sizes.height - wordsHeight(sizes) - HEAD_HEIGHT - detailHeight(sizes), 1);

const label = (text: string): Span => styled('label', text.padEnd(12));

const fact = (name: string, spans: readonly Span[]): readonly Span[] => [styled('label', `${name} `), ...spans];

/** What is used of it, where that is measured. */
function usedText({ used }: NodeRow, resource: keyof Amounts, text: (value: number) => string): string {
  const measured = resource === 'ephemeralStorage' ? null : (valueOf(used)?.[resource] ?? null);
  return measured === null ? '' : ` (${text(measured)} used)`;
}

/** Said of a machine that is small for its roles. */
function sizeFact(row: NodeRow): readonly Span[] {
  const met = valueOf(row.demandMet);
  return met === null || met === 'yes' ? [] : [styled(met === 'no' ? 'warning' : 'intent', visible(sizeText(row)))];
}

/** Cells that measured figures take as a rule: they stand still while the selection moves, which is also fewer bytes. */
const FIGURES = {
  cpu: { name: 'cpu', requested: 4, fact: 28, text: cores },
  memory: { name: 'memory', requested: 6, fact: 37, text: bytes },
  ephemeralStorage: { name: 'ephemeral storage', requested: 0, fact: 0, text: bytes },
} as const;

function amount(row: NodeRow, resource: keyof typeof FIGURES): readonly Span[] {
  const { name, requested, fact: cells, text } = FIGURES[resource];
  const whole = row.node.allocatable[resource];
  const offered = whole === null ? '?' : text(whole);
  const used = usedText(row, resource, text);
  const figures = (amounts: Amounts) => {
    const taken = text(amounts[resource]);
    return used === ''
      ? `${taken} of ${offered}`
      : `${taken.padStart(requested)} of ${offered}${used}`.padEnd(cells - name.length - 1);
  };
  return fact(name, readingSpans(row.requested, figures));
}

/** Conditions that say something is wrong, then Ready, then those that are as they should be. */
const worstFirst = (conditions: readonly NodeCondition[]) =>
  conditions
    .map((condition) => ({
      ...condition,
      good: condition.type === 'Ready' ? condition.status === 'True' : condition.status === 'False',
    }))
    .sort(
      (one, other) =>
        Number(one.good) - Number(other.good) || Number(other.type === 'Ready') - Number(one.type === 'Ready'),
    );

/** The selected node in six rows: who it is, what is requested, how it is, what keeps pods off it, its addresses. */
export function detailRows(row: NodeRow, now: number): readonly (readonly Span[])[] {
  const { node } = row;
  const { system } = node;
  const facts = [
    [plain(visible(node.name))],
    sizeFact(row),
    node.createdAt === null ? [] : fact('age', [plain(steadyAge(node.createdAt, now))]),
    system.kubelet === '' ? [] : fact('kubelet', [plain(visible(system.kubelet))]),
    system.containerRuntime === '' ? [] : fact('runtime', [plain(visible(system.containerRuntime))]),
    system.operatingSystem === '' ? [] : [plain(visible(system.operatingSystem))],
  ];
  const requests = [amount(row, 'cpu'), amount(row, 'memory'), amount(row, 'ephemeralStorage')];
  const conditions = worstFirst(node.conditions).map(({ type, status, reason, since, good }): readonly Span[] => {
    const text = `${visible(type)} ${visible(status)}`;
    const detail = good || reason === '' ? '' : ` ${visible(reason)}`;
    const age = since === null || good ? '' : ` ${steadyAge(since, now)}`;
    return [good ? plain(text) : styled(status === 'Unknown' ? 'unknown' : 'critical', `${text}${detail}${age}`)];
  });
  const taints = (node.taints ?? []).map((taint): readonly Span[] => [
    plain(visible(taintWords(taint))),
    styled('label', ` (${taintSource(taint)})`),
  ]);
  const addresses = [
    fact('control', readingSpans(row.planes.control, visible)),
    fact('workload', readingSpans(row.planes.workload, visible)),
    ...[whyNot(row.planes.workload)].filter((text) => text !== null).map((text) => [styled('unknown', text)]),
  ];
  const none: readonly Span[] = [styled('label', 'none')];
  return [
    joined(facts, '   '),
    [label('requests'), ...joined(requests, '   ')],
    [label('conditions'), ...(conditions.length === 0 ? none : joined(conditions, '   '))],
    [label('taints'), ...(taints.length === 0 ? none : joined(taints, '   '))],
    [label('planes'), ...joined(addresses, '   ')],
    [label('labels'), ...joined(labelFacts(row), '   ')],
  ];
}

/** Labels that an operator set: those that Kubernetes and the product put on every node say nothing here. */
function labelFacts({ node }: NodeRow): readonly (readonly Span[])[] {
  const own = Object.entries(node.labels).filter(
    ([key]) => !/^((beta|node)\.)?kubernetes\.io\/|^node-role\.kubernetes\.io\/|^metalk8s\.scality\.com\//.test(key),
  );
  if (own.length === 0) return [[styled('label', 'none of your own')]];
  return own.map(([key, value]) => [plain(visible(value === '' ? key : `${key}=${value}`))]);
}
