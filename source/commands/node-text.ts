import type { EventRow } from '../model/kubernetes/event.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { valueOf, whyNot, type Reading } from '../model/reading.ts';
import { taintWords } from '../text/taint.ts';
import { sshMeaning } from '../product/keys.ts';
import { taintMeaning, taintSource } from '../product/node-roles.ts';
import { FIGURE_TITLES, nodeFigures } from '../state/node-figures.ts';
import type { NodeRow } from '../state/node-rows.ts';
import { age } from '../text/age.ts';
import { amountText, UNKNOWN } from '../text/amounts.ts';
import { plainTable } from '../text/table.ts';
import { visible } from '../text/visible.ts';
import { list } from '../text/words.ts';
import { sizeText, workloadsText } from '../state/node-words.ts';
import { section, titles, unknownSection } from './section.ts';

/** What is told of one node: its row, its pods with the largest request first, its events with the newest first. */
export type NodePage = {
  readonly row: NodeRow;
  readonly pods: Reading<readonly PodRow[]>;
  readonly events: Reading<readonly EventRow[]>;
};

const ago = (at: number | null, now: number): string => (at === null ? UNKNOWN : age(now - at));
const told = (reading: Reading<string>): string => valueOf(reading) ?? `${UNKNOWN} (${whyNot(reading) ?? ''})`;

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
    ['Workloads', workloadsText(row)],
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

function resources(row: NodeRow, now: number): string {
  const why = whyNot(row.used);
  return [
    section('Resources', titles(...FIGURE_TITLES), nodeFigures(row, now)),
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
