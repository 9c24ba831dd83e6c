import type { Fit, FitRequest } from '../model/headroom/fits.ts';
import type { Loss } from '../model/headroom/loss.ts';
import type { Amounts, NodeAmounts } from '../model/kubernetes/amounts.ts';
import type { PodRow } from '../model/kubernetes/pod.ts';
import { valueOf, whyNot, type Reading } from '../model/reading.ts';
import { withMargin } from '../product/sizing.ts';
import { headroomOf } from '../state/headroom.ts';
import type { Headroom } from '../state/headroom-sum.ts';
import {
  asideWords,
  ESTIMATE,
  FATES,
  freeSentence,
  holeSentence,
  lossSentence,
  OF_WHOLE_CLUSTER,
  type Fate,
} from '../state/headroom-words.ts';
import { capacityWords, gigabytes, nameWithState } from '../state/node-words.ts';
import { againstWords } from '../state/obstacle-words.ts';
import { amountText, bytesWords, cores, coresWords, percent } from '../text/amounts.ts';
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

/** `12.3/45 27%`: requested, of allocatable, which is cut as what is free: of what is untouched both read the same. */
function share({ requested, allocatable }: Headroom, resource: Resource): string {
  const share = percent(figure(requested, resource), figure(allocatable, resource));
  return `${amount(requested, resource)}/${amount(allocatable, resource, 'down')} ${share}`;
}

/** What the limits add up to; a limit of nothing is none. */
const limit = (limits: Headroom['limits'], resource: 'cpu' | 'memory'): string =>
  figure(limits, resource) === 0 ? '-' : amount(limits, resource);

/** `9.5 (of 2 of 3 nodes)`: what is used, and by how many nodes where not all are measured. */
const usage = ({ used, measured, nodes }: Headroom, resource: 'cpu' | 'memory'): string =>
  `${amount(used, resource)}${measured === 0 || measured === nodes ? '' : ` (of ${measured} of ${plural(nodes, 'node')})`}`;

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
  { title: `${title}-LIMITS`, wide: true, align: 'right', cell: ({ limits }) => limit(limits, resource) },
  { title: `${title}-USED`, wide: true, align: 'right', cell: (headroom) => usage(headroom, resource) },
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

/** What the roles of nodes need by the guide, against which a machine is undersized or tight, and what they have. */
const demandTable = ({ sums, all }: Pick<HeadroomAnswer, 'sums' | 'all'>): string =>
  section(
    'Needed by the roles of these nodes, with the margin of half as much again, and what the machines have (memory in GB of 10^9 bytes)',
    titles(
      ...['ROLE', 'NODES', 'CPU', 'CPU-MARGIN', 'CPU-HAS', 'MEMORY', 'MEMORY-MARGIN', 'MEMORY-HAS'],
      ...['UNDERSIZED', 'TIGHT'],
    ),
    [...sums.byRole].map(([role, { nodes, demand, undersized, tight }]) => {
      const more = withMargin(demand);
      const rows = all.filter(({ roles }) => roles.includes(role));
      return [
        role,
        String(nodes),
        cores(demand.cpu),
        cores(more.cpu),
        capacityWords(rows, 'cpu', cores),
        gigabytes(demand.memory),
        gigabytes(more.memory),
        capacityWords(rows, 'memory', gigabytes),
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
    memory === 0 ? '' : `${bytesWords(memory)} of memory`,
    ephemeralStorage === 0 ? '' : `${bytesWords(ephemeralStorage)} of ephemeral storage`,
  ].filter(Boolean);
  const labels = Object.keys(selector);
  return [
    `${plural(replicas, 'pod')} ${asked.length === 0 ? 'without requests' : `of ${list(asked)}`}`,
    labels.length === 0 ? '' : `on nodes with ${list(labels)}`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** Whether and where a request fits, and what is in the way on the other nodes where it does not. */
function fitSentences({ request, fits, most, where, obstacles }: Fit, { question, facts }: HeadroomAnswer): string[] {
  const room = where.map(({ node, replicas }) => `${replicas} on ${nameWithState(node, facts.nodes)}`);
  // A loss that is asked for besides is not taken away first.
  const when = question.lost === null ? '' : ' with all nodes up';
  return [
    `${fits ? 'Fits' : 'Does not fit'}${when}: ${requestWords(request)}; ` +
      (most === 0 ? 'there is room for none.' : `there is room for ${most}: ${list(room, 5)}.`),
    ...(fits ? [] : obstacles).map(
      (against) => `  on ${plural(against.nodes, 'node')}: ${againstWords(against, facts)}`,
    ),
  ];
}

/** The answers to --fits, which nothing is said of where nothing is asked. */
function fitsWords(answer: HeadroomAnswer): string {
  if (answer.question.fits.length === 0) return '';
  const asked = valueOf(answer.fits);
  return asked === null
    ? unknownSection('Whether it fits', whyNot(answer.fits))
    : sentences(...asked.flatMap((fit) => fitSentences(fit, answer)));
}

/** What a loss would cost, and how far that holds. */
function lossWords({ question, loss, all }: HeadroomAnswer): readonly string[] {
  const lost = valueOf(loss);
  if (lost === null) return [lossSentence(loss, all)];
  const aside = asideWords('some of these pods ask', lost.unmodelled);
  return [
    lossSentence(loss, all),
    ...(question.role === null ? [] : [OF_WHOLE_CLUSTER]),
    ESTIMATE,
    ...(aside === null ? [] : [asSentence(aside)]),
  ];
}

/** What is left, what fits and what a loss would cost, for people: first what was asked. */
export function headroomText(answer: HeadroomAnswer, wide: boolean): string {
  const { question, rows, sums, chosen, hole, loss } = answer;
  const lost = valueOf(loss);
  const lossAsked = question.lost !== null;
  const nodes = rows.map((row) => [row.node.name, headroomOf([row])] as const);
  return [
    fitsWords(answer) +
      sentences(
        ...(lossAsked ? lossWords(answer) : []),
        ...(question.role === null ? [] : [`Of the nodes with the role ${question.role}:`]),
        freeSentence(chosen),
        holeSentence(hole),
        ...(lossAsked ? [] : lossWords(answer)),
      ),
    ...(!lossAsked || lost === null ? [] : [lossTable(lost)]),
    table('By group (a node counts once)', 'GROUP', [...sums.byGroup, ['cluster', sums.cluster]], wide),
    table('By plane (a node counts in each that it serves)', 'PLANE', sums.byPlane, wide),
    table('By role (a node counts under each of its roles)', 'ROLE', sums.byRole, wide),
    demandTable(answer),
    ...(wide || question.role !== null ? [table('By node', 'NODE', nodes, wide)] : []),
  ].join('\n');
}
