import { whyNot } from '../model/reading.ts';
import { ROLES, type Role } from '../product/roles.ts';
import { nodeRow, rowSources, type NodeRow } from '../state/node-rows.ts';
import type { ClusterState, ResourceView } from '../state/cluster-state.ts';
import { list } from '../text/words.ts';
import { byName, noSuchNode, readSelector } from './choose-nodes.ts';
import { withSession } from './cluster.ts';
import type { Run } from './command.ts';
import { envelope } from './envelope.ts';
import { exitCode, UsageError } from './exit.ts';
import type { NodeList } from './kinds/node-list.ts';
import { didYouMean } from './nearest.ts';
import { nodeItem } from './node-item.ts';
import { nodesText } from './node-columns.ts';
import { isForProgram, print, say } from './output.ts';
import { sizeSentences } from '../state/node-words.ts';

const WITHOUT_PODS: ResourceView = { status: { state: 'absent', why: 'left out by --no-pods' }, heardAt: null };

/** The role of `--role`, or null when none was given. Throws a UsageError for a word that is no role. */
export function readRole(text: string | undefined): Role | null {
  if (text === undefined) return null;
  const role = ROLES.find((name) => name === text);
  if (role !== undefined) return role;
  throw new UsageError(`There is no role "${text}"${didYouMean(text, ROLES) ?? `; the roles are ${list(ROLES)}.`}`);
}

/** One row a node, in the order of names. */
export const rowsOf = (state: ClusterState, withPods: boolean): NodeRow[] =>
  [...state.nodes.values()]
    .sort(byName)
    .map((node) => nodeRow(node, { ...rowSources(state, node.name), ...(withPods ? {} : { pods: WITHOUT_PODS }) }));

/** What a reader of the table should know besides: machines that are too small, and why nothing stands under used. */
function asides(rows: readonly NodeRow[], wide: boolean): readonly string[] {
  const why = wide && rows[0] !== undefined ? whyNot(rows[0].used) : null;
  return [...sizeSentences(rows, wide), ...(why === null ? [] : [`What nodes use is not known: ${why}.`])];
}

export const nodes: Run = (call) => {
  const { flags, arguments: names } = call;
  const role = readRole(flags.role);
  const selector = readSelector(flags.selector);
  const withPods = flags['no-pods'] !== true;
  // Nothing is asked that is not told: each request is a connection of its own.
  const withUsage = isForProgram(call) || flags.output === 'wide';
  return withSession(
    call,
    { resources: ['nodes', ...(withPods ? (['pods'] as const) : []), ...(withUsage ? (['usage'] as const) : [])] },
    async ({ store: { state }, now }) => {
      const rows = rowsOf(state, withPods).filter(
        ({ node, roles }) =>
          (names.length === 0 || names.includes(node.name)) &&
          (role === null || roles.includes(role)) &&
          (selector === null || selector(node.labels)),
      );
      await print(call, {
        document: (): NodeList => ({ ...envelope('NodeList', state, call), items: rows.map(nodeItem) }),
        text: (wide) => nodesText(rows, { wide, pods: withPods, now: now() }),
      });
      const unknown = [...new Set(names)].filter((name) => !state.nodes.has(name));
      for (const name of unknown) await say(call, noSuchNode(name, state));
      if (unknown.length > 0) return exitCode('usage');
      // To programs each item tells its own; a table has no room for it.
      for (const sentence of isForProgram(call) ? [] : asides(rows, flags.output === 'wide')) await say(call, sentence);
      const missing = withPods && rows[0] !== undefined ? whyNot(rows[0].requested) : null;
      if (missing !== null) await say(call, `What pods request and how many there are is not known: ${missing}.`);
      return exitCode(missing === null ? 'done' : 'untold');
    },
  );
};
