import { lossOf, type Loss } from '../../../model/headroom/loss.ts';
import type { Site } from '../../../model/headroom/site.ts';
import type { PodRow } from '../../../model/kubernetes/pod.ts';
import { whyNot } from '../../../model/reading.ts';
import { bytes, cores } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { cellWidth, fit } from '../../../text/width.ts';
import { list, plural } from '../../../text/words.ts';
import type { Context } from '../../screen.ts';
import { blankRow, headingRow, sentences, type PageRow } from '../../widgets/page.tsx';
import { plain } from '../../widgets/spans.ts';

const losses = new WeakMap<Site, Map<string, Loss>>();

/** The loss of a node, worked out once for a picture. */
export function lossFor(node: string, { cluster, site }: Pick<Context, 'cluster' | 'site'>): Loss {
  const of = site();
  const known = losses.get(of) ?? new Map<string, Loss>();
  losses.set(of, known);
  const loss = known.get(node) ?? lossOf(of, node, cluster.podsByNode.get(node)?.values() ?? []);
  known.set(node, loss);
  return loss;
}

const down = { round: 'down' } as const;
const nameOf = ({ namespace, name }: PodRow): string => visible(`${namespace}/${name}`);
const byName = (one: PodRow, other: PodRow): number => (nameOf(one) < nameOf(other) ? -1 : 1);

/** Room for the name of a pod where it stands in a row with its size. */
const widestName = (width: number): number => Math.max(Math.floor(width / 2), 12);

/** A pod in a row: its name, what it requests, and where it goes. */
function podRows(pods: readonly { readonly pod: PodRow; readonly to: string }[], width: number): readonly PageRow[] {
  const sorted = pods.toSorted((one, other) => byName(one.pod, other.pod));
  const widest = Math.min(Math.max(...sorted.map(({ pod }) => cellWidth(nameOf(pod)))), widestName(width));
  return sorted.map(({ pod, to }) => {
    const { cpu, memory } = pod.requests;
    const size = `cpu ${cores(cpu).padEnd(6)}  mem ${bytes(memory).padEnd(7)}`;
    return [plain(`   ${fit(nameOf(pod), widest)}  ${size}${to === '' ? '' : `  to ${visible(to)}`}`)];
  });
}

const section = (title: string, words: string, pods: readonly PodRow[], width: number): readonly PageRow[] =>
  pods.length === 0
    ? []
    : [
        headingRow(`${title}: ${pods.length}`, words),
        ...podRows(
          pods.map((pod) => ({ pod, to: '' })),
          width,
        ),
        blankRow,
      ];

/** What is left for workloads afterwards. */
function leftWords({ left }: Loss, openLeft: number): string {
  if (openLeft === 0) return 'No open node is then left for workloads.';
  const room = `${cores(left.cpu, down)} cores, ${bytes(left.memory, down)} and ${plural(left.pods, 'pod slot')}`;
  return `${room} are then left for workloads on ${plural(openLeft, 'open node')}.`;
}

/** Whether those that have to go elsewhere find a place. */
function placeWords({ moved, pending }: Loss): string {
  const movers = moved.length + pending.length;
  const which = movers === 1 ? 'the pod that has' : `all ${movers} pods that have`;
  if (movers === 0) return 'No pod has to go elsewhere.';
  if (pending.length === 0) return `It fits: ${which} to go elsewhere find${movers === 1 ? 's' : ''} a place.`;
  return pending.length === movers
    ? `It does not fit: ${which} to go elsewhere would stay Pending.`
    : `It does not fit: ${pending.length} of the ${movers} pods that have to go elsewhere would stay Pending.`;
}

/** What a loss costs in sentences, the answer first. */
function answerRows(loss: Loss, openLeft: number, width: number): readonly PageRow[] {
  const { bound, unowned, untold, vanishing, unmodelled } = loss;
  const told = (count: number, one: string, many: string, style: 'warning' | null = 'warning'): readonly PageRow[] =>
    count === 0 ? [] : sentences(`${plural(count, 'pod')} ${count === 1 ? one : many}.`, width, style);
  return [
    ...sentences(`${placeWords(loss)} ${leftWords(loss, openLeft)}`, width, loss.fits ? null : 'critical'),
    ...told(
      bound.length,
      'is held by a volume of the node and starts nowhere else',
      'are held by volumes of the node and start nowhere else',
    ),
    ...told(unowned.length, 'has no controller and is gone for good', 'have no controller and are gone for good'),
    ...told(
      untold.length,
      'has claims that cannot be read, so nobody can say where it may go',
      'have claims that cannot be read, so nobody can say where they may go',
    ),
    ...(unmodelled.length === 0
      ? []
      : sentences(
          `Some of these pods ask for ${visible(list(unmodelled))}, which is not worked out.`,
          width,
          'warning',
        )),
    ...told(vanishing, 'of a daemon set, or static, goes with it', 'of daemon sets, or static, go with it', null),
  ];
}

const ESTIMATE =
  'An estimate: pods are placed by requests, node selectors, required node affinity, taints, host ports, volumes and pod slots. Affinity between pods and spread over topologies are not worked out, and nothing is evicted to make room.';

const pages = new WeakMap<Loss, { readonly width: number; readonly rows: readonly PageRow[] }>();

/** The page of a loss, or why there is none; made once for a loss and a width. */
export function lossRows(node: string, context: Context): readonly PageRow[] {
  const { width, headroom } = context;
  const why = whyNot(headroom.headroom.cluster.requested);
  if (why !== null) return sentences(`It is not known: ${visible(why)}.`, width, 'unknown');
  const loss = lossFor(node, context);
  const before = pages.get(loss);
  if (before?.width === width) return before.rows;
  const rows = rowsOf(loss, context);
  pages.set(loss, { width, rows });
  return rows;
}

function rowsOf(loss: Loss, { width, list: nodes }: Context): readonly PageRow[] {
  const openLeft = nodes.all.filter((row) => row.open && row.node.name !== loss.node).length;
  return [
    ...answerRows(loss, openLeft, width),
    blankRow,
    ...section('Would stay Pending', 'no other node takes them', loss.pending, width),
    ...section('Held by volumes of the node', 'they wait for the machine', loss.bound, width),
    ...section('Nothing makes them again', 'they have no controller', loss.unowned, width),
    ...section('Where they may go is not known', 'claims and volumes cannot be read', loss.untold, width),
    ...(loss.moved.length === 0
      ? []
      : [headingRow(`Find a place: ${loss.moved.length}`), ...podRows(loss.moved, width), blankRow]),
    ...sentences(ESTIMATE, width, 'label'),
  ];
}
