import type { Loss } from '../../../model/headroom/loss.ts';
import type { PodRow } from '../../../model/kubernetes/pod.ts';
import { whyNot } from '../../../model/reading.ts';
import {
  asideWords,
  ESTIMATE,
  fateWords,
  FATES,
  leavingWords,
  leftWords,
  movesWords,
  type Fate,
} from '../../../state/headroom-words.ts';
import { bytes, cores } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { cellWidth, fit } from '../../../text/width.ts';
import { asSentence, capital, plural } from '../../../text/words.ts';
import type { Context } from '../../screen.ts';
import { blankRow, headingRow, sentences, type PageRow } from '../../widgets/page.tsx';
import { plain } from '../../widgets/spans.ts';

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

/** The pods of one fate under it, with the reason. */
function section(fate: Fate, pods: readonly PodRow[], width: number): readonly PageRow[] {
  if (pods.length === 0) return [];
  const { end, many } = FATES[fate];
  const rows = podRows(
    pods.map((pod) => ({ pod, to: '' })),
    width,
  );
  return [headingRow(`${capital(end)}: ${pods.length}`, many), ...rows, blankRow];
}

/** What a loss costs in sentences, the answer first. */
function answerRows(loss: Loss, width: number): readonly PageRow[] {
  const { vanishing, unmodelled } = loss;
  const told = (clause: string | null, style: 'critical' | 'warning' | null): readonly PageRow[] =>
    clause === null ? [] : sentences(visible(asSentence(clause)), width, style);
  return [
    ...told(movesWords(loss), null),
    ...fateWords(loss).flatMap(({ fate, long }) => told(long, fate === 'pending' ? 'critical' : 'warning')),
    ...told(leavingWords(loss), 'warning'),
    ...told(leftWords(loss), loss.open === 0 ? 'critical' : null),
    ...told(asideWords('some of these pods ask', unmodelled), 'warning'),
    ...told(
      vanishing === 0
        ? null
        : `${plural(vanishing, 'pod')} of daemon sets, or static, ${vanishing === 1 ? 'goes' : 'go'} with the node`,
      null,
    ),
  ];
}

const pages = new WeakMap<Loss, { readonly width: number; readonly rows: readonly PageRow[] }>();

/**
 * The page of the loss of a node, of the largest where none is named, or why there is none; made once for a loss and a
 * width.
 */
export function lossRows(node: string | null, context: Context): readonly PageRow[] {
  const { width, headroom } = context;
  const why = whyNot(headroom.cluster.requested);
  if (why !== null) return sentences(`It is not known: ${visible(why)}.`, width, 'unknown');
  const { value: loss } = context.loss(node);
  if (loss === null) return sentences('It is being worked out.', width, 'progress');
  const before = pages.get(loss);
  if (before?.width === width) return before.rows;
  const rows = rowsOf(loss, width);
  pages.set(loss, { width, rows });
  return rows;
}

function rowsOf(loss: Loss, width: number): readonly PageRow[] {
  return [
    ...answerRows(loss, width),
    blankRow,
    ...(Object.keys(FATES) as Fate[]).flatMap((fate) => section(fate, loss[fate], width)),
    ...(loss.leaving.length === 0
      ? []
      : [
          headingRow(`Being deleted already: ${loss.leaving.length}`),
          ...podRows(
            loss.leaving.map((pod) => ({ pod, to: '' })),
            width,
          ),
          blankRow,
        ]),
    ...(loss.moved.length === 0
      ? []
      : [headingRow(`Find room: ${loss.moved.length}`), ...podRows(loss.moved, width), blankRow]),
    ...sentences(ESTIMATE, width, 'label'),
  ];
}
