import type { EventRow } from '../model/kubernetes/event.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { valueOf, whyNot, type Reading } from '../model/reading.ts';
import { taintWords } from '../text/taint.ts';
import { sshMeaning } from '../product/keys.ts';
import { taintMeaning, taintSource } from '../product/node-roles.ts';
import type { NodeRow } from '../state/node-rows.ts';
import { age } from '../text/age.ts';
import { amountText, percent, UNKNOWN } from '../text/amounts.ts';
import { plainTable, type Column } from '../text/table.ts';
import { visible } from '../text/visible.ts';
import { list } from '../text/words.ts';
import { closedBy, sizeText } from '../state/node-words.ts';

/** What is told of one node: its row, its pods with the largest request first, its events with the newest first. */
export type NodePage = {
  readonly row: NodeRow;
  readonly pods: Reading<readonly PodRow[]>;
  readonly events: Reading<readonly EventRow[]>;
};

const titles = (...names: readonly string[]): Column[] => names.map((title) => ({ title }));
const ago = (at: number | null, now: number): string => (at === null ? UNKNOWN : age(now - at));
const told = (reading: Reading<string>): string => valueOf(reading) ?? `${UNKNOWN} (${whyNot(reading) ?? ''})`;

function section(title: string, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return `${title}: none\n`;
  const table = plainTable(columns, rows).trimEnd().split('\n');
  return [`${title}:`, ...table.map((line) => `  ${line}`), ''].join('\n');
}

const unknownSection = (title: string, why: string | null): string =>
  `${title}: not known${why === null ? '' : visible(`: ${why}`)}\n`;

const workloads = ({ node, open }: NodeRow): string =>
  open ? 'may be placed here' : `are kept off: ${list(closedBy(node))}`;

function summary(row: NodeRow, now: number): string {
  const { node, status, roles, planes, metalk8sVersion } = row;
  const flags = status.map(({ name, since, reason }) =>
    [name, since === null ? '' : `for ${age(now - since)}`, reason === '' ? '' : `(${reason})`]
      .filter(Boolean)
      .join(' '),
  );
  const rows = [
    ['Name', node.name],
    ['Uid', node.uid],
    ['Age', ago(node.createdAt, now)],
    ['Status', flags.join(', ')],
    ['Roles', [...roles].sort().join(', ') || '-'],
    ['Group', row.group],
    ['Serves', `${list(row.serves)} plane`],
    ['Workloads', workloads(row)],
    ['Size', sizeText(row)],
    ['MetalK8s', metalk8sVersion ?? UNKNOWN],
    ['Kubelet', node.system.kubelet || UNKNOWN],
    ['Runtime', node.system.containerRuntime || UNKNOWN],
    ['System', node.system.operatingSystem || UNKNOWN],
    ['Kernel', node.system.kernel || UNKNOWN],
    ['Architecture', node.system.architecture || UNKNOWN],
    ['Control plane', told(planes.control)],
    ['Workload plane', told(planes.workload)],
  ];
  return plainTable(titles('', ''), rows, { noHeader: true });
}

const RESOURCES = [
  ['CPU', 'cpu'],
  ['Memory', 'memory'],
  ['Ephemeral storage', 'ephemeralStorage'],
] as const;

/** "1.5, none on 3 of 12": pods without a limit may take what there is, so limits alone bound nothing. */
function limitText({ limits, unlimited, pods }: NodeRow, resource: (typeof RESOURCES)[number][1]): string {
  const sum = amountText(resource, valueOf(limits)?.[resource] ?? null);
  const without = resource === 'ephemeralStorage' ? null : (valueOf(unlimited)?.[resource] ?? null);
  const active = amountText('pods', valueOf(pods)?.active ?? null);
  return without === null || without === 0 ? sum : `${sum}, none on ${without} of ${active}`;
}

/** What was measured of a resource, with its age where that is not of now. */
function usedText({ used, node }: NodeRow, resource: (typeof RESOURCES)[number][1], now: number): string {
  if (resource === 'ephemeralStorage') return '-';
  const part = valueOf(used)?.[resource] ?? null;
  const old = used.state === 'stale' ? ` (${age(now - used.since)} ago)` : '';
  return `${amountText(resource, part)} ${percent(part, node.allocatable[resource])}${old}`;
}

function resources(row: NodeRow, now: number): string {
  const { node, requested, free, pods, used } = row;
  const rows = RESOURCES.map(([title, resource]) => {
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
  });
  const active = valueOf(pods)?.active ?? null;
  const places = node.allocatable.pods;
  rows.push([
    'Pods',
    amountText('pods', node.capacity.pods),
    amountText('pods', places),
    `${amountText('pods', active)} ${percent(active, places)}`,
    '-',
    '-',
    amountText('pods', active === null || places === null ? null : places - active),
  ]);
  const why = whyNot(used);
  return [
    section('Resources', titles('', 'CAPACITY', 'ALLOCATABLE', 'REQUESTED', 'LIMITS', 'USED', 'FREE'), rows),
    why === null ? '' : `  What is used is not known: ${visible(why)}\n`,
  ].join('');
}

const podRow = (pod: PodRow, now: number): string[] => [
  pod.namespace,
  pod.name,
  `${pod.ready.containers}/${pod.ready.of}`,
  pod.status,
  String(pod.restarts),
  amountText('cpu', pod.requests.cpu),
  amountText('memory', pod.requests.memory),
  ago(pod.createdAt, now),
];

const pairs = (record: Readonly<Record<string, string>>, meaning: (key: string) => string): string[][] =>
  Object.keys(record)
    .sort()
    .map((key) => [key, record[key] ?? '', meaning(key)]);

/** Everything of one node, for people. */
export function nodeText({ row, pods, events }: NodePage, now: number): string {
  const { node } = row;
  const podRows = valueOf(pods);
  const eventRows = valueOf(events);
  return [
    summary(row, now),
    resources(row, now),
    section(
      'Conditions',
      titles('TYPE', 'STATUS', 'SINCE', 'REASON', 'MESSAGE'),
      node.conditions.map(({ type, status, since, reason, message }) => [
        type,
        status,
        ago(since, now),
        reason,
        message,
      ]),
    ),
    section(
      'Addresses',
      titles('TYPE', 'ADDRESS'),
      node.addresses.map(({ type, address }) => [type, address]),
    ),
    section(
      'Taints',
      titles('TAINT', 'SOURCE', 'MEANING'),
      (node.taints ?? []).map((taint) => [taintWords(taint), taintSource(taint), taintMeaning(taint) ?? '']),
    ),
    section(
      'Labels',
      titles('KEY', 'VALUE'),
      pairs(node.labels, () => ''),
    ),
    section(
      'Annotations',
      titles('KEY', 'VALUE', 'MEANING'),
      pairs(node.annotations, (key) => sshMeaning(key) ?? ''),
    ),
    podRows === null
      ? unknownSection('Pods', whyNot(pods))
      : section(
          'Pods',
          titles('NAMESPACE', 'NAME', 'READY', 'STATUS', 'RESTARTS', 'CPU', 'MEMORY', 'AGE'),
          podRows.map((pod) => podRow(pod, now)),
        ),
    eventRows === null
      ? unknownSection('Events', whyNot(events))
      : section(
          'Events',
          titles('LAST-SEEN', 'TYPE', 'REASON', 'COUNT', 'SOURCE', 'MESSAGE'),
          eventRows.map(({ at, type, reason, count, source, message }) => [
            ago(at, now),
            type,
            reason,
            String(count),
            source,
            message,
          ]),
        ),
  ].join('\n');
}
