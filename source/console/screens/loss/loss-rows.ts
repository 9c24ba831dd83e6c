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

/** What a loss costs in sentences, the answer first. */
function answerRows(loss: Loss, openLeft: number, width: number): readonly PageRow[] {
  const { moved, pending, bound, unowned, untold, vanishing, left } = loss;
  const room = `${cores(left.cpu, down)} cores, ${bytes(left.memory, down)} and ${plural(left.pods, 'pod slot')}`;
  const rest = `${room} are then left for workloads on ${plural(openLeft, 'open node')}.`;
  const told = (count: number, text: string): readonly PageRow[] =>
    count === 0 ? [] : sentences(`${plural(count, 'pod')} ${text}.`, width, 'warning');
  const movers = moved.length + pending.length;
  const answer =
    movers === 0
      ? sentences(`No pod has to go elsewhere. ${rest}`, width)
      : pending.length === 0
        ? sentences(
            `It fits: ${movers === 1 ? 'the pod that has' : `all ${movers} pods that have`} to go elsewhere find a place. ${rest}`,
            width,
          )
        : sentences(
            `It does not fit: ${pending.length} of the ${plural(movers, 'pod')} that have to go elsewhere would stay Pending. ${rest}`,
            width,
            'critical',
          );
  return [
    ...answer,
    ...told(bound.length, 'held by volumes of the node: they start nowhere else, and come back with the machine'),
    ...told(unowned.length, 'without a controller: nothing makes them again'),
    ...told(untold.length, 'with claims may go where nobody can say: claims and volumes cannot be read'),
    ...(vanishing === 0
      ? []
      : sentences(
          `${plural(vanishing, 'pod')} of the node itself, of daemon sets and static ones, go with it.`,
          width,
        )),
  ];
}

/** What the estimate leaves out, and whether that matters for the pods at hand. */
function estimateRows({ unmodelled }: Loss, width: number): readonly PageRow[] {
  const asked =
    unmodelled.length === 0
      ? 'none of these pods asks for either'
      : `some of these pods ask for ${list(unmodelled)}, so they may find no place where one is named`;
  return sentences(
    `An estimate: pods are placed by requests, node selectors, required node affinity, taints, host ports, volumes and pod slots; affinity between pods and spread are not worked out, and nothing is evicted to make room: ${asked}.`,
    width,
    unmodelled.length === 0 ? 'label' : 'warning',
  );
}

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
    ...estimateRows(loss, width),
  ];
}
