import { steadyAge } from '../../text/age.ts';
import type { NodeRow } from '../../state/node-rows.ts';
import { createMeasure } from '../../state/ordered.ts';
import { visible } from '../../text/visible.ts';
import { SIGNS } from '../theme.ts';
import type { Context } from '../screen.ts';
import { drawnRow, joined, plain, styled, type Span } from '../widgets/spans.ts';

type Rank = 0 | 1 | 2;
type Sentence = { readonly rank: Rank; readonly spans: readonly Span[] };

const answering = (latency: number | null): Sentence => ({
  rank: 2,
  spans: [plain(latency === null ? 'api ok' : `api ok ${Math.round(latency)}ms`)],
});

const silent = (since: number, now: number): Sentence => ({
  rank: 0,
  spans: [styled('warning', `${SIGNS.warning} api has not answered for ${steadyAge(since, now)}`)],
});

/** The API server: never judged by more than what was just asked of it; trouble.ts says what is wrong and what to do. */
function apiSentence({ cluster, now }: Context): Sentence {
  const { status } = cluster.resources.nodes;
  switch (status.state) {
    case 'live':
      return cluster.unansweredSince === null ? answering(cluster.latency) : silent(cluster.unansweredSince, now);
    case 'loading':
      return { rank: 1, spans: [styled('progress', `${SIGNS.progress} api connecting`)] };
    case 'stale':
      return {
        rank: 0,
        spans: [styled('critical', `${SIGNS.critical} api: nothing new for ${steadyAge(status.since, now)}`)],
      };
    case 'denied':
    case 'absent':
      return { rank: 0, spans: [styled('critical', `${SIGNS.critical} api: no picture of the nodes`)] };
  }
}

const WORDS = [
  { flag: 'NotReady', style: 'critical', word: 'not ready' },
  { flag: 'Unknown', style: 'critical', word: 'unknown' },
  { flag: 'NeverRegistered', style: 'unknown', word: 'never registered' },
  { flag: 'Cordoned', style: 'intent', word: 'cordoned' },
] as const;

const has = ({ status }: NodeRow, flag: string): boolean => status.some(({ name }) => name === flag);

/** How many nodes are something, and the name of the first of them. */
type Found = { readonly count: number; readonly first: string | null };
/** How nodes are: by the words above, and in all. */
type States = {
  readonly ready: number;
  readonly pressed: number;
  readonly bad: number;
  readonly found: readonly Found[];
};

const NOBODY: Found = { count: 0, first: null };
const NOTHING_FOUND: readonly Found[] = WORDS.map(() => NOBODY);

const foundIn = (row: NodeRow): readonly Found[] =>
  WORDS.some(({ flag }) => has(row, flag))
    ? WORDS.map(({ flag }) => (has(row, flag) ? { count: 1, first: row.node.name } : NOBODY))
    : NOTHING_FOUND;

const bothFound = (one: readonly Found[], other: readonly Found[]): readonly Found[] => {
  if (other === NOTHING_FOUND) return one;
  if (one === NOTHING_FOUND) return other;
  return one.map((found, index) => {
    const { count, first } = other[index] ?? NOBODY;
    return { count: found.count + count, first: found.first ?? first };
  });
};

const statesOf = createMeasure<NodeRow, States>({
  empty: { ready: 0, pressed: 0, bad: 0, found: NOTHING_FOUND },
  one: (row) => ({
    ready: has(row, 'Ready') ? 1 : 0,
    pressed: row.severity <= 1 && row.status.some(({ name }) => /Pressure|Network/.test(name)) ? 1 : 0,
    bad: row.severity <= 2 ? 1 : 0,
    found: foundIn(row),
  }),
  combine: (one, other) => ({
    ready: one.ready + other.ready,
    pressed: one.pressed + other.pressed,
    bad: one.bad + other.bad,
    found: bothFound(one.found, other.found),
  }),
});

function nodesSentence({ nodes: { rows } }: Context): Sentence | null {
  if (rows.size === 0) return null;
  const { ready, pressed, bad, found } = statesOf(rows);
  const parts = WORDS.flatMap(({ style, word }, index) => {
    const { count, first } = found[index] ?? NOBODY;
    if (first === null) return [];
    return [[styled(style, `${SIGNS[style]} ${count === 1 ? visible(first) : count} ${word}`)]];
  });
  if (pressed > 0) parts.push([styled('warning', `${SIGNS.warning} ${pressed} under pressure`)]);
  return {
    rank: bad === 0 ? 2 : 0,
    spans: joined([[plain(`nodes ${ready} of ${rows.size} ready`)], ...parts], '  '),
  };
}

function podsSentence({ cluster }: Context): Sentence | null {
  const { status } = cluster.resources.pods;
  if (status.state !== 'loading') return null;
  const total = status.total === null ? '' : ` of ${status.total}`;
  return { rank: 1, spans: [styled('progress', `${SIGNS.progress} reading the pods, ${status.loaded}${total}`)] };
}

/** Second line of every screen: a sentence for each thing that is known so far, worst first. */
export function verdictRow(context: Context): string {
  const sentences = [apiSentence(context), nodesSentence(context), podsSentence(context)].filter((one) => one !== null);
  const sorted = [...sentences].sort((one, other) => one.rank - other.rank);
  return drawnRow(
    [
      plain(' '),
      ...joined(
        sorted.map(({ spans }) => spans),
        '   ',
      ),
    ],
    context.width,
    context.theme,
  );
}
