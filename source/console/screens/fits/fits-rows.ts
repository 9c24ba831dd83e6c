import { parseFit, type Fit } from '../../../model/headroom/fits.ts';
import { whyNot } from '../../../model/reading.ts';
import { nameWithState } from '../../../state/node-words.ts';
import { againstWords } from '../../../state/obstacle-words.ts';
import { visible } from '../../../text/visible.ts';
import { plural } from '../../../text/words.ts';
import type { Context } from '../../screen.ts';
import type { FitsView } from '../../view.ts';
import { textOf } from '../../widgets/line-editor.ts';
import { lineSpans } from '../../widgets/line-spans.ts';
import { blankRow, headingRow, sentences, type PageRow } from '../../widgets/page.tsx';
import { plain, styled } from '../../widgets/spans.ts';

const GRAMMAR =
  'What one pod asks for, and how many: cpu=2,memory=4Gi,replicas=3; also ephemeral-storage=10Gi. What is left out is not asked for.';
const ESTIMATE =
  'For pods without tolerations, affinity or claims, by requests and pod slots, as long as nothing else is placed.';

const fitWords = (count: number): string => (count === 1 ? 'fits' : 'fit');

function answerRows({ request, fits, most }: Fit, width: number): readonly PageRow[] {
  const { replicas } = request;
  if (fits) {
    const asked = replicas === 1 ? 'Yes, it fits.' : `Yes, all ${replicas} fit.`;
    return sentences(`${asked} ${most} ${fitWords(most)} in all.`, width);
  }
  const words = most === 0 ? 'No, not one fits.' : `No, only ${most} of ${replicas} ${fitWords(most)}.`;
  return sentences(words, width, 'critical');
}

function whereRows({ where }: Fit, { cluster }: Pick<Context, 'cluster'>): readonly PageRow[] {
  if (where.length === 0) return [];
  const [widest = 0] = where.map(({ replicas }) => String(replicas).length);
  return [
    headingRow('Where', `how many fit on each of ${plural(where.length, 'node')}`),
    ...where.map(({ node, replicas }): PageRow => [
      plain(`   ${String(replicas).padStart(widest)}  ${visible(nameWithState(node, cluster.nodes))}`),
    ]),
    blankRow,
  ];
}

const againstRows = ({ obstacles }: Fit, { cluster, width }: Context): readonly PageRow[] =>
  obstacles.length === 0
    ? []
    : [
        headingRow('Why not elsewhere'),
        ...obstacles.flatMap((against) =>
          sentences(visible(`  ${againstWords(against, cluster)} (${plural(against.nodes, 'node')})`), width),
        ),
        blankRow,
      ];

/** The line that is typed, and below it the answer, what is wrong with it, or how it is written. */
export function fitsRows(view: FitsView, context: Context): readonly PageRow[] {
  const { width, headroom, nodes } = context;
  const line: PageRow = [styled('progress', ' fits  '), ...lineSpans(view.line)];
  const text = textOf(view.line);
  const grammar = sentences(GRAMMAR, width, 'label');
  const below = (rows: readonly PageRow[]): readonly PageRow[] => [line, ...grammar, blankRow, ...rows];
  if (text.trim() === '') return below([]);
  const request = parseFit(text);
  if ('problem' in request) return below(sentences(`${visible(request.problem)}.`, width, 'warning'));
  const why = nodes.rows.size === 0 ? 'no node is known' : whyNot(headroom.cluster.requested);
  if (why !== null) return below(sentences(`It cannot be told: ${visible(why)}.`, width, 'unknown'));
  const { value: fit } = context.fit(request);
  if (fit === null) return below(sentences('It is being worked out.', width, 'progress'));
  return below([
    ...answerRows(fit, width),
    blankRow,
    ...whereRows(fit, context),
    ...againstRows(fit, context),
    ...sentences(ESTIMATE, width, 'label'),
  ]);
}
