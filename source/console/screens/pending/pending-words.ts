import type { Nearest } from '../../../model/headroom/pending.ts';
import type { PodRow } from '../../../model/kubernetes/pod.ts';
import { asideWords } from '../../../state/headroom-words.ts';
import { nameWithState } from '../../../state/node-words.ts';
import { againstWords, helpWords } from '../../../state/obstacle-words.ts';
import { steadyAge } from '../../../text/age.ts';
import { bytes, cores } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { plural } from '../../../text/words.ts';
import { missingWords } from '../../frame/trouble.ts';
import type { Context } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import { sentences, type PageRow } from '../../widgets/page.tsx';
import { plain, spansWidth, styled, wrapped } from '../../widgets/spans.ts';

const NOT_SAID = 'the scheduler has not said why yet';

/** The domain of the taints and labels of roles, and that of conditions, which say nothing in a list. */
const DOMAIN = /^node(?:-role)?\.kubernetes\.io\//;
const taintKey = (taint: string): string => (taint.split(':', 1)[0] ?? '').replace(DOMAIN, '');

/** The longer sentences of the scheduler (those of Kubernetes 1.20 and later ones), as a row has room for them. */
const SHORTER: readonly (readonly [RegExp, string | ((...groups: string[]) => string)])[] = [
  [
    /node\(s\) had (?:untolerated )?taint \{([^{}]*)\}(?:, that the pod didn't tolerate)?/g,
    (_, taint = '') => `taint ${taintKey(taint)}`,
  ],
  [/node\(s\) had untolerated taint\(s\)/g, 'tainted'],
  [/node\(s\) were unschedulable/g, 'cordoned'],
  [/node\(s\) didn't match (?:Pod's )?node (?:affinity\/selector|affinity|selector)/g, 'labels'],
  [/node\(s\) didn't find available persistent volumes to bind/g, 'no volume free'],
  [/node\(s\) had volume node affinity conflict/g, 'volume elsewhere'],
  [/node\(s\) didn't have free ports for the requested pod ports/g, 'port taken'],
  [/Insufficient /g, 'short of '],
  [/node\(s\) /g, ''],
];

/** The scheduler's message in short, without the count that it begins with and what it says of preemption. */
export function shortReason({ unscheduled }: Pick<PodRow, 'unscheduled'>): string {
  if (unscheduled === null || unscheduled === '') return NOT_SAID;
  const end = unscheduled.indexOf('preemption:');
  const first = (end === -1 ? unscheduled : unscheduled.slice(0, end)).trimEnd();
  const told = (first.endsWith('.') ? first.slice(0, -1) : first).replace(/^\d+\/\d+ nodes are available:\s*/, '');
  const short = SHORTER.reduce((text, [long, brief]) => text.replace(long, brief as string), told);
  return short === '' ? unscheduled : short;
}

/** A node and all that would let the pod in there. */
function nearestText({ node, obstacles }: Nearest, { cluster }: Pick<Context, 'cluster'>): string {
  const name = nameWithState(node, cluster.nodes);
  const help = obstacles.map((obstacle) => helpWords(obstacle, cluster, node)).join('; ');
  return visible(`${name}: ${help === '' ? 'fits there now; the scheduler has yet to place it' : help}`);
}

/** Why nothing can be worked out for a pod; null when it can. */
function whyNotWorkedOut({ cluster, nodes }: Pick<PaneContext, 'cluster' | 'nodes'>): string | null {
  const missing = missingWords('pods', cluster.resources.pods.status);
  if (missing !== null) return missing;
  return nodes.rows.size === 0 ? 'no node is known' : null;
}

const LABEL_WIDTH = 12;
/** Before what goes on in a further row. */
const HANG = '  ';
const MOST_REASONS = 5;

/** What a pod is told from. */
export type PaneContext = Pick<Context, 'now' | 'width' | 'cluster' | 'nodes' | 'prospects'>;

/** A fact of the pane: its name, and its texts below each other, each wrapped. */
function fact(name: string, texts: readonly string[], width: number): readonly PageRow[] {
  const room = Math.max(width - LABEL_WIDTH - HANG.length - 2, 1);
  const rows = texts.flatMap((text) => wrapped(text, room).map((row, index) => (index === 0 ? row : `${HANG}${row}`)));
  return rows.map((row, index) => [styled('label', ` ${(index === 0 ? name : '').padEnd(LABEL_WIDTH)}`), plain(row)]);
}

/** Which pod it is, and what it asks for: in one row where there is room, else each wrapped. */
function identityRows(
  { namespace, name, createdAt, requests, owner }: PodRow,
  { now, width }: Pick<PaneContext, 'now' | 'width'>,
): readonly PageRow[] {
  const title = styled('heading', ` ${visible(`${namespace}/${name}`)}`);
  const facts = [
    `waits for ${createdAt === null ? SIGNS.unknown : steadyAge(createdAt, now)}`,
    `cpu ${cores(requests.cpu)}  mem ${bytes(requests.memory)}`,
    owner === null ? 'no controller' : visible(`${owner.kind} ${owner.name}`),
  ].join('   ');
  const row = [title, plain(`   ${facts}`)];
  if (spansWidth(row) <= width) return [row];
  return [
    ...wrapped(title.text.slice(1), width - 2).map((text) => [{ ...title, text: ` ${text}` }]),
    ...sentences(facts, width),
  ];
}

/** The pod in full: what it asks for, what the scheduler says, what would let it in where, what is against it. */
export function paneRows(pod: PodRow, context: PaneContext): readonly PageRow[] {
  const { width, cluster } = context;
  const said = visible(pod.unscheduled ?? NOT_SAID);
  const head = [...identityRows(pod, context), ...fact('scheduler', [said], width)];
  const why = whyNotWorkedOut(context);
  if (why !== null) return [...head, ...sentences(`what would let it in is not known: ${why}`, width, 'unknown')];
  const { value: prospects } = context.prospects(pod);
  if (prospects === null) return [...head, ...sentences('what would let it in is being worked out', width, 'progress')];
  const nearest = prospects.nearest.map((one) => nearestText(one, context));
  const against = prospects.against
    .slice(0, MOST_REASONS)
    .map((against) => visible(`${againstWords(against, cluster)} (${plural(against.nodes, 'node')})`));
  const aside = asideWords('this pod asks', pod.placement.unmodelled);
  return [
    ...head,
    ...(aside === null ? [] : sentences(visible(aside), width, 'warning')),
    ...fact('nearest', nearest, width),
    ...fact('against', against, width),
  ];
}
