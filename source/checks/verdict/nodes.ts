import type { NodeRow } from '../../state/node-rows.ts';
import { createMeasure } from '../../state/ordered.ts';
import type { Role } from '../../product/roles.ts';
import { judged, type Finding } from './judged.ts';
import { pictureFindings } from './pictures.ts';
import { sinceWords } from './since.ts';
import type { Judge, Sight } from './sight.ts';
import type { Verdict } from './verdict.ts';

/** Roles whose loss the cluster feels as a whole. */
const VITAL: readonly Role[] = ['bootstrap', 'master', 'etcd'];

/** When more of the nodes than this are lost, what they ran hardly finds room elsewhere. */
const MOST_LOST = 1 / 3;

/** Nodes that are named of each kind of trouble; the others are counted. */
const MOST_NAMED = 3;

const isLost = (name: string): boolean => name === 'NotReady' || name === 'Unknown';
const isVital = ({ roles }: NodeRow): boolean => roles.some((role) => VITAL.includes(role));

/** What may be wrong with a node: which of its flags say so, how bad that is, and in which word. */
type Trouble = {
  readonly severity: Verdict;
  readonly holds: (flag: NodeRow['status'][number], row: NodeRow) => boolean;
  readonly word: (flag: string) => string;
  /** What is said of more nodes than are named. */
  readonly many: string;
};

const lostWord = (flag: string): string => (flag === 'NotReady' ? 'not ready' : 'silent');

/** The worst first. */
const TROUBLES: readonly Trouble[] = [
  {
    severity: 'at-risk',
    holds: ({ name }, row) => isLost(name) && isVital(row),
    word: lostWord,
    many: 'of the control plane not ready',
  },
  {
    severity: 'degraded',
    holds: ({ name }, row) => isLost(name) && !isVital(row),
    word: lostWord,
    many: 'not ready',
  },
  // Every further condition that is True is a warning to MetalK8s.
  { severity: 'degraded', holds: ({ severity }) => severity === 'warning', word: (flag) => flag, many: 'in trouble' },
  {
    severity: 'healthy',
    holds: ({ name }) => name === 'NeverRegistered',
    word: () => 'never registered',
    many: 'never registered',
  },
  { severity: 'healthy', holds: ({ name }) => name === 'Cordoned', word: () => 'cordoned', many: 'cordoned' },
];

type Named = { readonly name: string; readonly flag: string; readonly since: number | null };
type Troubled = { readonly count: number; readonly first: readonly Named[] };
type States = {
  readonly ready: number;
  readonly lost: number;
  readonly cordoned: number;
  readonly troubled: readonly Troubled[];
};

const NOBODY: Troubled = { count: 0, first: [] };
const NO_TROUBLE: readonly Troubled[] = TROUBLES.map(() => NOBODY);

function troubleOf(row: NodeRow): readonly Troubled[] {
  const { status, node } = row;
  if (status.length === 1 && status[0]?.name === 'Ready') return NO_TROUBLE;
  return TROUBLES.map(({ holds }) => {
    const flag = status.find((one) => holds(one, row));
    return flag === undefined ? NOBODY : { count: 1, first: [{ name: node.name, flag: flag.name, since: flag.since }] };
  });
}

function bothTroubled(one: readonly Troubled[], other: readonly Troubled[]): readonly Troubled[] {
  if (other === NO_TROUBLE) return one;
  if (one === NO_TROUBLE) return other;
  return one.map((here, index) => {
    const there = other[index] ?? NOBODY;
    if (there.count === 0) return here;
    return { count: here.count + there.count, first: [...here.first, ...there.first].slice(0, MOST_NAMED) };
  });
}

const statesOf = createMeasure<NodeRow, States>({
  empty: { ready: 0, lost: 0, cordoned: 0, troubled: NO_TROUBLE },
  one: (row) => ({
    ready: row.status.some(({ name }) => name === 'Ready') ? 1 : 0,
    lost: row.status.some(({ name }) => isLost(name)) ? 1 : 0,
    cordoned: row.node.cordoned ? 1 : 0,
    troubled: troubleOf(row),
  }),
  combine: (one, other) => ({
    ready: one.ready + other.ready,
    lost: one.lost + other.lost,
    cordoned: one.cordoned + other.cordoned,
    troubled: bothTroubled(one.troubled, other.troubled),
  }),
});

/** How many nodes do not report that they are Ready. */
export const countLost = ({ rows }: Pick<Sight, 'rows'>): number => statesOf(rows).lost;

function findingsOf({ severity, word, many }: Trouble, { count, first }: Troubled, now: number): readonly Finding[] {
  const named = first.map(({ name, flag, since }): Finding => ({
    severity,
    sentence: `${name} ${word(flag)}${sinceWords(since, now)}`,
    since,
    next: { screen: 'node', object: name },
  }));
  const others = count - named.length;
  if (others === 0) return named;
  return [...named, { severity, sentence: `${others} more ${many}`, next: { screen: 'nodes', object: null } }];
}

/** The nodes: one of the control plane that is lost is a risk, and so are many of the others. */
export const nodes: Judge = ({ state, rows, now }) => {
  const pictured = pictureFindings(state.resources.nodes.status, 'nodes', now);
  if (rows.size === 0) {
    const none: Finding = { severity: 'unknown', sentence: 'the API server names none' };
    return judged('nodes', 'nodes', pictured.length === 0 ? [none] : pictured);
  }
  const { ready, lost, cordoned, troubled } = statesOf(rows);
  const share: readonly Finding[] =
    lost > 1 && lost > rows.size * MOST_LOST
      ? [
          {
            severity: 'at-risk',
            sentence: 'more than a third are lost',
            next: { screen: 'nodes', object: null },
          },
        ]
      : [];
  const kept = cordoned === 0 ? '' : `, ${cordoned} cordoned`;
  return judged('nodes', `nodes ${ready} of ${rows.size} ready${kept}`, [
    ...share,
    ...TROUBLES.flatMap((trouble, index) => findingsOf(trouble, troubled[index] ?? NOBODY, now)),
    ...pictured,
  ]);
};
