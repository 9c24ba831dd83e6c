import { valueOf } from '../model/reading.ts';
import { steadyAge } from '../text/age.ts';
import { amountText, percent } from '../text/amounts.ts';
import type { NodeRow } from './node-rows.ts';

const RESOURCES = [
  ['CPU', 'cpu'],
  ['Memory', 'memory'],
  ['Ephemeral storage', 'ephemeralStorage'],
] as const;
type Counted = (typeof RESOURCES)[number][1];

/** The columns of `nodeFigures`. */
export const FIGURE_TITLES = ['', 'CAPACITY', 'ALLOCATABLE', 'REQUESTED', 'LIMITS', 'USED', 'FREE'] as const;

/** "1.5, none on 3 of 12": pods without a limit may take what there is, so limits alone bound nothing. */
function limitText({ limits, unlimited, pods }: NodeRow, resource: Counted): string {
  const sum = amountText(resource, valueOf(limits)?.[resource] ?? null);
  const without = resource === 'ephemeralStorage' ? null : (valueOf(unlimited)?.[resource] ?? null);
  const active = amountText('pods', valueOf(pods)?.active ?? null);
  return without === null || without === 0 ? sum : `${sum}, none on ${without} of ${active}`;
}

/** What was measured of a resource, with its age where that is not of now. */
function usedText({ used, node }: NodeRow, resource: Counted, now: number): string {
  if (resource === 'ephemeralStorage') return '-';
  const part = valueOf(used)?.[resource] ?? null;
  const old = used.state === 'stale' ? ` (${steadyAge(used.since, now)} ago)` : '';
  return `${amountText(resource, part)} ${percent(part, node.allocatable[resource])}${old}`;
}

/** What a node has, gives away and has left, a row a resource: the same figures for a page and for a command. */
export function nodeFigures(row: NodeRow, now: number): readonly (readonly string[])[] {
  const { node, requested, free, pods } = row;
  const active = valueOf(pods)?.active ?? null;
  const slots = node.allocatable.pods;
  return [
    ...RESOURCES.map(([title, resource]) => {
      const part = valueOf(requested)?.[resource] ?? null;
      return [
        title,
        amountText(resource, node.capacity[resource]),
        amountText(resource, node.allocatable[resource]),
        `${amountText(resource, part)} ${percent(part, node.allocatable[resource])}`,
        limitText(row, resource),
        usedText(row, resource, now),
        amountText(resource, valueOf(free)?.[resource] ?? null, { round: 'down' }),
      ];
    }),
    [
      'Pods',
      amountText('pods', node.capacity.pods),
      amountText('pods', slots),
      `${amountText('pods', active)} ${percent(active, slots)}`,
      '-',
      '-',
      amountText('pods', active === null || slots === null ? null : slots - active),
    ],
  ];
}
