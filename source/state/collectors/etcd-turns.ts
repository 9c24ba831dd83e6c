import { EXEC_EVERY } from '../etcd-budget.ts';

/** What is asked of one member by the proxy of its pod. */
export type MemberQuestion = 'etcdFigures' | 'etcdHealth';

/** What etcdctl is asked, in the pod of a member. */
export type Part = 'members' | 'status';

/** One thing to ask of the member on a node. */
export type EtcdAsk = { readonly node: string; readonly ask: MemberQuestion | Part };

const PARTS: readonly Part[] = ['members', 'status'];

/** One entry of a list by a number that only grows; undefined for an empty list. */
const byTurn = <T>(list: readonly T[], turn: number): T | undefined => list[turn % list.length];

/** All that there is to ask, once. */
export const wholeTurn = (nodes: readonly string[]): readonly EtcdAsk[] => [
  ...nodes.flatMap((node): EtcdAsk[] => [
    { node, ask: 'etcdHealth' },
    { node, ask: 'etcdFigures' },
  ]),
  ...nodes.slice(0, 1).flatMap((node) => PARTS.map((ask) => ({ node, ask }))),
];

/**
 * A turn while somebody looks: two requests a member. In two turns of three one member, each in its turn, is asked by
 * etcdctl in place of its health.
 */
export function attendedTurn(nodes: readonly string[], turn: number): readonly EtcdAsk[] {
  const part = PARTS[turn % 3];
  const spokesman = byTurn(nodes, Math.floor(turn / 3) + (turn % 3));
  return nodes.flatMap((node): EtcdAsk[] => [
    { node, ask: 'etcdFigures' },
    { node, ask: node === spokesman && part !== undefined ? part : 'etcdHealth' },
  ]);
}

/** A turn while nobody looks: one request. The health of all, their figures, and so on; one turn of five is etcdctl's. */
export function quietTurn(nodes: readonly string[], turn: number): readonly EtcdAsk[] {
  const round = Math.floor(turn / EXEC_EVERY);
  const within = turn % EXEC_EVERY;
  const isPart = within === EXEC_EVERY - 1;
  const asked = round * (EXEC_EVERY - 1) + within;
  const node = byTurn(nodes, isPart ? Math.floor(round / 2) : asked);
  if (node === undefined) return [];
  const part = byTurn(PARTS, round);
  if (isPart && part !== undefined) return [{ node, ask: part }];
  return [{ node, ask: Math.floor(asked / nodes.length) % 2 === 0 ? 'etcdHealth' : 'etcdFigures' }];
}
