import type { Fit, FitRequest } from '../model/headroom/fits.ts';
import type { Loss } from '../model/headroom/loss.ts';
import type { Amounts, NodeAmounts } from '../model/kubernetes/amounts.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { valueOf, whyNot, type Reading } from '../model/reading.ts';
import { withMargin } from '../product/sizing.ts';
import { headroomOf, type Headroom } from '../state/headroom.ts';
import {
  asideWords,
  ESTIMATE,
  FATES,
  freeSentence,
  holeSentence,
  lossSentence,
  type Fate,
} from '../state/headroom-words.ts';
import { gigabytes, nameWithState } from '../state/node-words.ts';
import { againstWords } from '../state/obstacle-words.ts';
import { amountText, cores, coresWords, percent } from '../text/amounts.ts';
import type { Column } from '../text/table.ts';
import { asSentence, list, plural } from '../text/words.ts';
import type { HeadroomAnswer } from './headroom-answer.ts';
import { section, sentences, titles, unknownSection } from './section.ts';

type Resource = keyof Amounts;
type HeadroomColumn = Column & { readonly wide?: true; readonly cell: (headroom: Headroom) => string };

const figure = (reading: Reading<Partial<NodeAmounts>>, resource: keyof NodeAmounts): number | null =>
  valueOf(reading)?.[resource] ?? null;
const amount = (
  reading: Reading<Partial<NodeAmounts>>,
  resource: keyof NodeAmounts,
  round: 'nearest' | 'down' = 'nearest',
): string => amountText(resource, figure(reading, resource), { round });

/** `12.3/45 27%`: requested, of allocatable. */
function share({ requested, allocatable }: Headroom, resource: Resource): string {
  const share = percent(figure(requested, resource), figure(allocatable, resource));
  return `${amount(requested, resource)}/${amount(allocatable, resource)} ${share}`;
}

/** The columns of one resource: requested of allocatable, free, and free on open nodes. */
const columnsOf = (title: string, resource: Resource, wide?: true): readonly HeadroomColumn[] =>
  [
    { title, cell: (headroom: Headroom) => share(headroom, resource) },
    { title: `${title}-FREE`, align: 'right' as const, cell: ({ free }: Headroom) => amount(free, resource, 'down') },
    {
      title: `${title}-OPEN`,
      align: 'right' as const,
      cell: ({ freeForWorkloads }: Headroom) => amount(freeForWorkloads, resource, 'down'),
    },
  ].map((column) => ({ ...column, ...(wide && { wide }) }));

const limitsAndUsed = (title: string, resource: 'cpu' | 'memory'): readonly HeadroomColumn[] => [
  { title: `${title}-LIMITS`, wide: true, align: 'right', cell: ({ limits }) => amount(limits, resource) },
  { title: `${title}-USED`, wide: true, align: 'right', cell: ({ used }) => amount(used, resource) },
];

const COUNTS: readonly HeadroomColumn[] = [
  { title: 'NODES', align: 'right', cell: ({ nodes }) => String(nodes) },
  { title: 'OPEN', align: 'right', cell: ({ open }) => String(open) },
];
const OPEN: HeadroomColumn = { title: 'OPEN', cell: ({ open }) => (open > 0 ? 'yes' : 'no') };

const FIGURES: readonly HeadroomColumn[] = [
  ...columnsOf('CPU', 'cpu'),
  ...limitsAndUsed('CPU', 'cpu'),
  ...columnsOf('MEMORY', 'memory'),
  ...limitsAndUsed('MEMORY', 'memory'),
  ...columnsOf('STORAGE', 'ephemeralStorage', true),
  {
    title: 'PODS',
    cell: ({ requested, allocatable }) => `${amount(requested, 'pods')}/${amount(allocatable, 'pods')}`,
  },
];

function table(title: string, first: string, rows: Iterable<readonly [string, Headroom]>, wide: boolean): string {
  const columns = [...(first === 'NODE' ? [OPEN] : COUNTS), ...FIGURES].filter(
    (column) => wide || column.wide !== true,
  );
  return section(
    title,
    [{ title: first }, ...columns],
    [...rows].map(([name, headroom]) => [name, ...columns.map(({ cell }) => cell(headroom))]),
  );
}

const names = (nodes: readonly string[]): string => (nodes.length === 0 ? '-' : list(nodes, 5));

/** What the roles of nodes need by the guide, against which a machine is undersized or tight. */
const demandTable = (byRole: Iterable<readonly [string, Headroom]>): string =>
  section(
    'Needed by the roles of these nodes, and with the margin of half as much again (memory in GB of 10^9 bytes)',
    titles('ROLE', 'NODES', 'CPU', 'MEMORY', 'CPU-MARGIN', 'MEMORY-MARGIN', 'UNDERSIZED', 'TIGHT'),
    [...byRole].map(([role, { nodes, demand, undersized, tight }]) => {
      const more = withMargin(demand);
      return [
        role,
        String(nodes),
        cores(demand.cpu),
        gigabytes(demand.memory),
        cores(more.cpu),
        gigabytes(more.memory),
        names(undersized),
        names(tight),
      ];
    }),
  );

/** Where each pod of a lost node ends; what goes wrong comes first. */
function lossTable(loss: Loss): string {
  const row = ({ namespace, name, requests }: PodRow, end: string) => [
    namespace,
    name,
    amountText('cpu', requests.cpu),
    amountText('memory', requests.memory),
    end,
  ];
  return section(
    `Pods of ${loss.node} that do not go with the machine`,
    titles('NAMESPACE', 'NAME', 'CPU', 'MEMORY', 'END'),
    [
      ...(Object.keys(FATES) as Fate[]).flatMap((fate) =>
        loss[fate].map((pod) => row(pod, `${FATES[fate].end}: ${FATES[fate].one}`)),
      ),
      ...loss.moved.map(({ pod, to }) => row(pod, `moves to ${to}`)),
    ],
  );
}

/** "3 pods of 2 cores and 4Gi". */
function requestWords({ cpu, memory, ephemeralStorage, replicas, selector }: FitRequest): string {
  const asked = [
    cpu === 0 ? '' : coresWords(cpu),
    memory === 0 ? '' : `${amountText('memory', memory)} of memory`,
    ephemeralStorage === 0 ? '' : `${amountText('ephemeralStorage', ephemeralStorage)} of ephemeral storage`,
  ].filter(Boolean);
  const labels = Object.keys(selector);
  return [
    `${plural(replicas, 'pod')} ${asked.length === 0 ? 'without requests' : `of ${list(asked)}`}`,
    labels.length === 0 ? '' : `on nodes with ${list(labels)}`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** Whether and where a request fits, and what is in the way on the other nodes. */
function fitSentences({ request, fits, most, where, obstacles }: Fit, facts: HeadroomAnswer['facts']): string[] {
  const room = where.map(({ node, replicas }) => `${replicas} on ${nameWithState(node, facts.nodes)}`);
  return [
    `${fits ? 'Fits' : 'Does not fit'}: ${requestWords(request)}; ` +
      (most === 0 ? 'there is room for none.' : `there is room for ${most}: ${list(room, 5)}.`),
    ...obstacles.map((against) => `  on ${plural(against.nodes, 'node')}: ${againstWords(against, facts)}`),
  ];
}

/** What is left, what fits and what a loss would cost, for people. */
export function headroomText(answer: HeadroomAnswer, wide: boolean): string {
  const { question, rows, all, sums, chosen, hole, loss, fits, facts } = answer;
  const lost = valueOf(loss);
  const aside = lost === null ? null : asideWords('some of these pods ask', lost.unmodelled);
  const words = [
    ...(question.role === null ? [] : [`Of the nodes with the role ${question.role}:`]),
    freeSentence(chosen),
    holeSentence(hole),
    lossSentence(loss, all),
    ...(lost === null ? [] : [ESTIMATE]),
    ...(aside === null ? [] : [asSentence(aside)]),
  ];
  const asked = valueOf(fits);
  const nodes = rows.map((row) => [row.node.name, headroomOf([row])] as const);
  return [
    sentences(...words),
    ...(question.fits.length === 0
      ? []
      : [
          asked === null
            ? unknownSection('Whether it fits', whyNot(fits))
            : sentences(...asked.flatMap((fit) => fitSentences(fit, facts))),
        ]),
    ...(question.lost === null || lost === null ? [] : [lossTable(lost)]),
    table('By group (a node counts once)', 'GROUP', [...sums.byGroup, ['cluster', sums.cluster]], wide),
    table('By plane (a node counts in each that it serves)', 'PLANE', sums.byPlane, wide),
    table('By role (a node counts under each of its roles)', 'ROLE', sums.byRole, wide),
    demandTable(sums.byRole),
    ...(wide || question.role !== null ? [table('By node', 'NODE', nodes, wide)] : []),
  ].join('\n');
}
