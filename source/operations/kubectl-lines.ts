import { taintWords } from '../text/taint.ts';
import type { Change, NodeStep } from './operation.ts';

/** A word as a POSIX shell reads it back unchanged. */
export const shellWord = (word: string): string =>
  /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const line = (...words: readonly string[]): string => words.map(shellWord).join(' ');

const kubectlWords = (chosenContext: string | undefined): readonly string[] =>
  chosenContext === undefined ? ['kubectl'] : ['kubectl', '--context', chosenContext];

/** A line of kubectl, quoted for a shell; it names a context that the operator chose. */
export const kubectlLine = (words: readonly string[], chosenContext?: string): string =>
  line(...kubectlWords(chosenContext), ...words);

/** kubectl refuses to change a label or taint that is there already unless it is told to overwrite. */
const overwrite = (changes: readonly Change[]): readonly string[] =>
  changes.some(({ before, after }) => before !== null && after !== null) ? ['--overwrite'] : [];

function linesOf(kubectl: readonly string[], nodes: readonly string[], changes: readonly Change[]): readonly string[] {
  const labels = changes.filter((change) => change.field === 'label');
  const taints = changes.filter((change) => change.field === 'taint');
  const cordons = changes.filter((change) => change.field === 'cordoned');
  const lines: string[] = [];
  if (labels.length > 0) {
    const words = labels.map(({ key, after }) => (after === null ? `${key}-` : `${key}=${after}`));
    lines.push(line(...kubectl, 'label', 'nodes', ...nodes, ...words, ...overwrite(labels)));
  }
  if (taints.length > 0) {
    const words = taints.map(({ key, effect, after }) => (after === null ? `${key}:${effect}-` : taintWords(after)));
    lines.push(line(...kubectl, 'taint', 'nodes', ...nodes, ...words, ...overwrite(taints)));
  }
  for (const { after } of cordons) lines.push(line(...kubectl, after ? 'cordon' : 'uncordon', ...nodes));
  return lines;
}

/** What of a change the command line says, so that nodes with the same lines can share them. */
const wording = (changes: readonly Change[]): string =>
  JSON.stringify(
    changes.map((change) =>
      change.field === 'taint'
        ? [change.field, change.key, change.effect, change.after?.value ?? null, change.before !== null]
        : [change.field, change.field === 'label' ? change.key : null, change.after, change.before !== null],
    ),
  );

/**
 * The kubectl lines that make the changes of the steps, nodes with the same changes in one line, quoted for a shell. A
 * context that the operator chose is named, since kubectl would act on the current one.
 */
export function kubectlLines(
  steps: readonly Pick<NodeStep, 'node' | 'changes'>[],
  chosenContext?: string,
): readonly string[] {
  const kubectl = kubectlWords(chosenContext);
  const groups = Map.groupBy(steps, ({ changes }) => wording(changes));
  return [...groups.values()].flatMap((group) =>
    linesOf(
      kubectl,
      group.map(({ node }) => node),
      group[0]?.changes ?? [],
    ),
  );
}
