import { useMemo } from 'react';
import { Box, Text } from 'ink';
import { FIGURE_TITLES, nodeFigures } from '../../../state/node-figures.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { sizeText, workloadsText } from '../../../state/node-words.ts';
import { taintSource } from '../../../product/node-roles.ts';
import { whyNot, type Reading } from '../../../model/reading.ts';
import { instant, steadyAge } from '../../../text/age.ts';
import { visible } from '../../../text/visible.ts';
import { list } from '../../../text/words.ts';
import type { Context } from '../../screen.ts';
import { SmallTable, type SmallColumn } from '../../widgets/small-table.tsx';

/** A small table of the overview: nothing but its name when it has no rows. */
type Section = {
  readonly title: string;
  readonly columns: readonly SmallColumn[];
  readonly rows: readonly (readonly string[])[];
  readonly none: string;
};

const textOf = (reading: Reading<string>): string =>
  reading.state === 'known' || reading.state === 'stale' ? visible(reading.value) : `? (${whyNot(reading) ?? ''})`;

function sectionsOf(row: NodeRow, now: number): readonly Section[] {
  const { node } = row;
  const { system } = node;
  return [
    {
      title: 'Resources',
      columns: FIGURE_TITLES.map((title) => ({
        title: title === '' ? 'resource' : title.toLowerCase(),
        align: title === '' ? 'left' : 'right',
      })),
      rows: nodeFigures(row, now),
      none: '',
    },
    {
      title: 'Place in the cluster',
      columns: [{ title: 'what' }, { title: 'value' }],
      rows: [
        ['roles', row.roles.join(', ') || 'none'],
        ['group and planes', `${row.group}, serves ${list(row.serves)}`],
        ['workloads', visible(workloadsText(row))],
        ['size for its roles', visible(sizeText(row))],
        ...(whyNot(row.used) === null ? [] : [['used is not known', visible(whyNot(row.used) ?? '')]]),
      ],
      none: '',
    },
    {
      title: 'Conditions',
      columns: [
        { title: 'type' },
        { title: 'status' },
        { title: 'for', align: 'right' },
        { title: 'reason' },
        { title: 'message' },
      ],
      rows: node.conditions.map(({ type, status, reason, message, since }) => [
        visible(type),
        visible(status),
        since === null ? '?' : steadyAge(since, now),
        visible(reason),
        visible(message),
      ]),
      none: 'none yet: the kubelet has never registered',
    },
    {
      title: 'Taints',
      columns: [{ title: 'key' }, { title: 'value' }, { title: 'effect' }, { title: 'source' }],
      rows: (node.taints ?? []).map((taint) => [
        visible(taint.key),
        taint.value === '' ? '-' : visible(taint.value),
        visible(taint.effect),
        taintSource(taint),
      ]),
      none: 'none',
    },
    {
      title: 'Addresses and planes',
      columns: [{ title: 'what' }, { title: 'address' }],
      rows: [
        ['control plane', textOf(row.planes.control)],
        ['workload plane', textOf(row.planes.workload)],
        ...node.addresses.map(({ type, address }) => [visible(type), visible(address)]),
      ],
      none: '',
    },
    {
      title: 'System',
      columns: [{ title: 'what' }, { title: 'value' }],
      rows: (
        [
          ['metalk8s', row.metalk8sVersion ?? ''],
          ['kubelet', system.kubelet],
          ['container runtime', system.containerRuntime],
          ['operating system', system.operatingSystem],
          ['kernel', system.kernel],
          ['architecture', system.architecture],
          ['created', node.createdAt === null ? '' : instant(node.createdAt)],
          ['uid', node.uid],
        ] as const
      ).map(([what, value]) => [what, value === '' ? '?' : visible(value)]),
      none: '',
    },
  ];
}

/** Title, head, rows, and a blank row after. */
const sectionHeight = ({ rows }: Section): number => (rows.length === 0 ? 2 : rows.length + 3);

/** How many rows the whole overview takes; ages do not change that. */
export const overviewHeight = (row: NodeRow): number =>
  sectionsOf(row, Date.UTC(2000, 0)).reduce((sum, section) => sum + sectionHeight(section), 0);

export function Overview({
  row,
  context,
  top,
  height,
}: {
  readonly row: NodeRow;
  readonly context: Context;
  readonly top: number;
  readonly height: number;
}) {
  const { now, width, theme } = context;
  const sections = useMemo(() => sectionsOf(row, now), [row, now]);
  return (
    <Box height={height} overflow="hidden" flexDirection="column" contentOffsetY={top}>
      <Box flexDirection="column" flexShrink={0}>
        {sections.map((section) => (
          <Box key={section.title} flexDirection="column" height={sectionHeight(section)} flexShrink={0}>
            <Text wrap="truncate">
              {` ${theme.heading(section.title)}${section.rows.length === 0 ? `  ${theme.label(section.none)}` : ''}`}
            </Text>
            {section.rows.length > 0 && (
              <SmallTable columns={section.columns} rows={section.rows} width={width} theme={theme} />
            )}
          </Box>
        ))}
      </Box>
    </Box>
  );
}
