import { withMargin } from '../../../product/sizing.ts';
import { EVERY, ROLE_KINDS, type ClusterHeadroom } from '../../../state/headroom.ts';
import type { Headroom } from '../../../state/headroom-sum.ts';
import { gigabytes } from '../../../state/node-words.ts';
import { capacityOf, type Capacity } from './capacity.ts';
import { cores, UNKNOWN } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { fit } from '../../../text/width.ts';
import { list } from '../../../text/words.ts';
import { missingWords } from '../../frame/trouble.ts';
import type { Context } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import { blankRow, headingRow, sentences, type PageRow } from '../../widgets/page.tsx';
import { fitSpans, plain, styled, type Span } from '../../widgets/spans.ts';
import { FIGURE_TITLES, figureSpan, remarksOn, RESOURCE_TITLES } from './figures.ts';
import { BLOCK_GAP, COUNT_WIDTH, NAME_WIDTH, type Layout, type PageOfBlocks } from './layout.ts';

/** The columns that are shown. */
export type Shown = Pick<Layout, 'figureWidth'> & { readonly blocks: PageOfBlocks };

type Summed = { readonly name: string; readonly headroom: Headroom };
/** With what the nodes that are summed up have as machines. */
type Machines = Summed & { readonly capacity: Capacity };

/** Kinds without nodes are left out. */
const named = (by: ReadonlyMap<string, Headroom>): readonly Summed[] =>
  [...by].flatMap(([kind, headroom]) => (headroom.nodes === 0 ? [] : [{ name: kind.replace('-', ' '), headroom }]));

const gap = plain(' '.repeat(BLOCK_GAP));

function headRows({ blocks, figureWidth }: Shown): readonly PageRow[] {
  const blank = ' '.repeat(NAME_WIDTH + COUNT_WIDTH);
  const resources = blocks.flatMap(({ resource, figures }): readonly Span[] => [
    gap,
    styled('heading', fit(RESOURCE_TITLES[resource], figures.length * figureWidth, 'right')),
  ]);
  const figures = blocks.flatMap((block): readonly Span[] => [
    gap,
    ...block.figures.map((figure) => styled('label', fit(FIGURE_TITLES[figure], figureWidth, 'right'))),
  ]);
  return [
    [plain(blank), ...resources],
    [styled('label', fit('', NAME_WIDTH) + fit('OPEN', COUNT_WIDTH, 'right')), ...figures],
  ];
}

function summedRow({ name, headroom }: Summed, { blocks, figureWidth }: Shown): PageRow {
  const cells = blocks.flatMap(({ resource, figures }): readonly Span[] => [
    gap,
    ...figures.flatMap((figure) => fitSpans([figureSpan(headroom, resource, figure)], figureWidth, 'right')),
  ]);
  return [
    plain(fit(`  ${name}`, NAME_WIDTH)),
    plain(fit(`${headroom.open}/${headroom.nodes}`, COUNT_WIDTH, 'right')),
    ...cells,
  ];
}

/** From this width on there is room to say which nodes are too small in words, as the rows below do in any case. */
const WORDED = 100;
const demandWidth = (width: number): number => (width < WORDED ? 7 : 8);

/** How many nodes are too small for their roles. */
function sizeSpans({ undersized, tight }: Headroom, width: number): readonly Span[] {
  const counted = (style: 'critical' | 'warning', { length }: readonly string[], word: string): readonly Span[] =>
    length === 0 ? [] : [styled(style, `  ${SIGNS[style]} ${length}${width < WORDED ? '' : ` ${word}`}`)];
  return [...counted('critical', undersized, 'undersized'), ...counted('warning', tight, 'tight')];
}

/** More nodes than these are counted. */
const MOST_NAMES = 12;

/** Which nodes are too small for their roles. */
const sizeRows = ({ undersized, tight }: Headroom, width: number): readonly PageRow[] => {
  const named = (text: string, names: readonly string[], style: 'critical' | 'warning'): readonly PageRow[] =>
    names.length === 0 ? [] : sentences(`${text}: ${visible(list(names, MOST_NAMES))}.`, width, style);
  return [
    ...named('Undersized, they have less than their roles need', undersized, 'critical'),
    ...named('Tight, they have less than that with its margin', tight, 'warning'),
  ];
};

function demandRow({ name, headroom, capacity }: Machines, width: number): PageRow {
  const wide = withMargin(headroom.demand);
  const cell = (text: string): Span => plain(fit(text, demandWidth(width), 'right'));
  return [
    plain(fit(`  ${name}`, NAME_WIDTH + COUNT_WIDTH)),
    gap,
    cell(cores(headroom.demand.cpu)),
    cell(cores(wide.cpu)),
    cell(capacity.cpu === null ? UNKNOWN : cores(capacity.cpu)),
    gap,
    cell(gigabytes(headroom.demand.memory)),
    cell(gigabytes(wide.memory)),
    cell(capacity.memory === null ? UNKNOWN : gigabytes(capacity.memory)),
    ...sizeSpans(headroom, width),
  ];
}

const DEMAND_TITLES = ['CPU', '+50%', 'HAS', 'MEM GB', '+50%', 'HAS'] as const;

function demandRows(cluster: Machines, roles: readonly Machines[], width: number): readonly PageRow[] {
  const titles = DEMAND_TITLES.map(
    (title, index) => `${index % 3 === 0 ? ' ' : ''}${fit(title, demandWidth(width), 'right')}`,
  );
  return [
    headingRow('What the roles need', 'by the sizing table of the guide, applications not counted'),
    [styled('label', ' '.repeat(NAME_WIDTH + COUNT_WIDTH) + titles.join(''))],
    ...[cluster, ...roles].map((one) => demandRow(one, width)),
    ...sentences('All roles of a node count under each of them. HAS: the capacity of the nodes.', width, 'label'),
    ...sizeRows(cluster.headroom, width),
  ];
}

/** The whole page: sums of the cluster and by group, plane and role, what they leave out, and what the roles need. */
export function headroomRows(
  { cluster: all, byGroup, byPlane, byRole }: ClusterHeadroom,
  shown: Shown,
  { width, nodes: { rows }, cluster: { resources } }: Pick<Context, 'width' | 'nodes' | 'cluster'>,
): readonly PageRow[] {
  const cluster: Summed = { name: 'cluster', headroom: all };
  const roles = named(byRole);
  const section = (title: string, words: string, summed: readonly Summed[]): readonly PageRow[] =>
    summed.length === 0 ? [] : [headingRow(title, words), ...summed.map((one) => summedRow(one, shown))];
  const machines = [...ROLE_KINDS].flatMap(([role, kind]): readonly Machines[] => {
    const headroom = byRole.get(role);
    return headroom === undefined || headroom.nodes === 0
      ? []
      : [{ name: role, headroom, capacity: capacityOf(kind, rows) }];
  });
  const missing = missingWords('pods', resources.pods.status);
  const remarks = remarksOn(all, missing).flatMap((remark) => sentences(visible(remark), width, 'label'));
  return [
    ...headRows(shown),
    summedRow(cluster, shown),
    ...section('By group', 'each node once', named(byGroup)),
    ...section('By plane', 'a node that serves both counts in both', named(byPlane)),
    ...section('By role', 'a node counts under each of its roles', roles),
    blankRow,
    ...remarks,
    ...sentences(
      'OPEN: ready, not cordoned, not being deleted, no taint that keeps pods out. FOR WL: free for workloads, on the open nodes.',
      width,
      'label',
    ),
    blankRow,
    ...demandRows({ ...cluster, capacity: capacityOf(EVERY, rows) }, machines, width),
  ];
}
